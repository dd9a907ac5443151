// A library that looks like somebody's: for demonstrations. Filled in by the modules beside it.
import type { LibraryOptions } from '../control/contract.ts';
import type { Builder } from './builder.ts';
import { largeLibrary } from './large.ts';

export function realisticLibrary(builder: Builder, options: LibraryOptions): void {
	largeLibrary(builder, { series: 60, episodesPerSeries: 30, movies: 200, scenes: 400, ...options });
}
