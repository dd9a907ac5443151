// Chooses and builds the library of a new instance.
import type { App } from '../app.ts';
import type { LibraryOptions } from '../control/contract.ts';
import { Builder } from './builder.ts';
import { edgeLibrary } from './edge.ts';
import { largeLibrary } from './large.ts';
import { addFormats, addGroupProfile, addPlainProfile } from './profiles.ts';
import { realisticLibrary } from './realistic.ts';
import { recordedLibrary } from './recorded/recorded.ts';
import { tinyLibrary } from './tiny.ts';

export function fillLibrary(app: App, options: LibraryOptions): void {
	const builder = new Builder(app);
	builder.defaultRoot();
	switch (options.preset ?? 'tiny') {
		case 'tiny':
			return tinyLibrary(builder);
		case 'edge':
			return edgeLibrary(builder);
		case 'large':
			return largeLibrary(builder, options);
		case 'realistic':
			return realisticLibrary(builder, options);
		case 'recorded':
			return recordedLibrary(app);
		case 'empty':
			addPlainProfile(builder);
			addGroupProfile(builder, addFormats(builder));
	}
}
