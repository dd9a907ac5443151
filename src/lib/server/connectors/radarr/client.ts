/** Radarr 3 to 6. */
import { ArrError } from '../common/errors';
import { MoviesClient } from '../common/movies-client';
import { generated } from '../common/reading';
import type { ListItem, ListReading, MovieRecord, Read, SearchCommand } from '../common/types';
import { radarrSearch } from './commands';
import { readRadarrMovie } from './mapper';

export class RadarrClient extends MoviesClient {
	/** One call is the whole library; files come without scores (arr §4.4). */
	override listMovies(signal?: AbortSignal, known?: string): ListReading<MovieRecord> {
		const path = 'api/v3/movie?excludeLocalCovers=true';
		return this.list(path, readRadarrMovie, { lane: 'list', signal }, known);
	}

	/** Radarr has no list of ids. */
	override async listMovieIds(): Promise<null> {
		return null;
	}

	/** One request each; movies that are gone are left out. */
	override getMovies(arrIds: number[], signal?: AbortSignal): ListReading<MovieRecord> {
		return generated(() => this.oneByOne(arrIds, signal));
	}

	private async *oneByOne(
		arrIds: readonly number[],
		signal?: AbortSignal,
	): AsyncGenerator<ListItem<MovieRecord>> {
		for (const arrId of arrIds) {
			const item = await this.item(arrId, signal);
			if (item !== null) yield item;
		}
	}

	private async item(arrId: number, signal?: AbortSignal): Promise<ListItem<MovieRecord> | null> {
		try {
			const read = await this.getMovie({ arrId }, signal);
			return read.found ? { ok: true, record: read.record } : null;
		} catch (error) {
			if (error instanceof ArrError && error.code === 'bad_record')
				return { ok: false, arrId, problem: error.message };
			throw error;
		}
	}

	override getMovie(ref: { arrId: number }, signal?: AbortSignal): Promise<Read<MovieRecord>> {
		return this.byId(`api/v3/movie/${ref.arrId}`, readRadarrMovie, signal);
	}

	protected override searchBody(command: SearchCommand): Record<string, unknown> {
		return radarrSearch(command);
	}
}
