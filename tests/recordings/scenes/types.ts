// What must happen in the application before each recorded exchange, so that it answers in the same state.
import type { InstanceOptions } from '../../fakes/arr/control/contract';
import type { Rig } from '../rig';

export type Step = (rig: Rig) => Promise<unknown>;

export interface Scene {
	/** options of the instance that the file begins with */
	options?: Partial<InstanceOptions>;
	/** by index of the exchange that follows */
	before?: Readonly<Record<number, Step>>;
}

/** Scenes by file of recordings. */
export type Scenes = Readonly<Record<string, Scene>>;

export const episode = (episodeId: number) => ({ episodeId });
export const season = (seriesId: number, number: number) => ({ seriesId, season: number });
export const movie = (movieId: number) => ({ movieId });

export const searchEpisodes = (...episodeIds: number[]) => ({ name: 'EpisodeSearch', episodeIds });
export const searchSeason = (seriesId: number, seasonNumber: number) => ({
	name: 'SeasonSearch',
	seriesId,
	seasonNumber,
});
export const searchMovies = (...movieIds: number[]) => ({ name: 'MoviesSearch', movieIds });

/** A working indexer and a working client. */
export async function ready(rig: Rig): Promise<void> {
	await rig.indexers({ name: 'Fake A' });
	await rig.client('up');
}
