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
		case 'tiny': {
			tinyLibrary(builder);
			return;
		}
		case 'edge': {
			edgeLibrary(builder);
			return;
		}
		case 'large': {
			largeLibrary(builder, options);
			return;
		}
		case 'realistic': {
			realisticLibrary(builder, options);
			return;
		}
		case 'recorded': {
			recordedLibrary(app);
			return;
		}
		case 'empty':
			addPlainProfile(builder);
			addGroupProfile(builder, addFormats(builder));
	}
}
