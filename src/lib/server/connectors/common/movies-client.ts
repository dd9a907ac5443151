/** Applications with movies: Radarr and Whisparr 3. What differs is how a whole library is read. */
import { BaseClient } from './base-client';
import { readFile } from './files';
import { MOVIE_HISTORY } from './history';
import { ListReader, chained } from './reading';
import type { EpisodeRecord, FileRecord, ListReading, MovieRecord, Read, SeriesRecord } from './types';

/** The longest URL that every application takes, with room for a base path (arr §4.4). Bytes. */
const LONGEST_PATH = 7800;
const FILES = 'api/v3/moviefile?';

export abstract class MoviesClient extends BaseClient {
	override readonly shape = 'movies';
	protected override readonly history = MOVIE_HISTORY;

	abstract override listMovies(signal?: AbortSignal, known?: string): ListReading<MovieRecord>;
	abstract override listMovieIds(signal?: AbortSignal): Promise<number[] | null>;
	abstract override getMovies(arrIds: number[], signal?: AbortSignal): ListReading<MovieRecord>;

	/** Movies without a file and unknown ones have no row; never asked without a filter (arr §4.6: 57 s). */
	override listMovieFiles(movieArrIds: number[], signal?: AbortSignal): ListReading<FileRecord> {
		const room = LONGEST_PATH - this.http.address.base.length;
		const read = (path: string): ListReading<FileRecord> =>
			this.list(path, (raw) => readFile(raw, 'movieId'), { lane: 'list', signal });
		const { context } = this;
		return chained(async function* () {
			const { movieFilesByManyIds } = await context.capabilities(signal);
			for (const path of filePaths(movieArrIds, movieFilesByManyIds ? room : 0)) yield read(path);
		});
	}

	override listSeries(): ListReading<SeriesRecord> {
		return this.noSeries();
	}
	override async getSeries(): Promise<Read<SeriesRecord>> {
		return this.notThisShape();
	}
	override listEpisodes(): ListReading<EpisodeRecord> {
		return this.noSeries();
	}
	override listEpisodeFiles(): ListReading<FileRecord> {
		return this.noSeries();
	}
	override async getEpisode(): Promise<
		Read<{ episode: EpisodeRecord; file: FileRecord | null; seriesMonitored: boolean }>
	> {
		return this.notThisShape();
	}

	/** Throws where it is read, as all lists do. */
	private noSeries<T>(): ListReading<T> {
		return new ListReader<T>({ open: async () => this.notThisShape(), map: () => null });
	}
}

/** Paths of at most `room` bytes that together ask for all ids; one id each if none fits. */
export function filePaths(ids: readonly number[], room: number): string[] {
	const paths: string[] = [];
	let path = '';
	for (const id of ids) {
		const part = `movieId=${id}`;
		if (path !== '' && path.length + 1 + part.length > room) {
			paths.push(path);
			path = '';
		}
		path = path === '' ? `${FILES}${part}` : `${path}&${part}`;
	}
	return path === '' ? paths : [...paths, path];
}
