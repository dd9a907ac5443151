/** Applications with series: Sonarr and Whisparr 2. What differs is how they write series and episodes. */
import { BaseClient } from './base-client';
import { object, objectOrNull } from './fields';
import type { Raw } from './fields';
import { readFile } from './files';
import { SERIES_HISTORY } from './history';
import { ListReader } from './reading';
import type { EpisodeRecord, FileRecord, ListReading, MovieRecord, Read, SeriesRecord } from './types';

export abstract class SeriesClient extends BaseClient {
	override readonly shape = 'series';
	protected override readonly history = SERIES_HISTORY;

	/** Throws `FieldFault`. */
	protected abstract series(raw: Raw): SeriesRecord;
	/** Throws `FieldFault`. */
	protected abstract episode(raw: Raw): EpisodeRecord;

	override listSeries(signal?: AbortSignal, known?: string): ListReading<SeriesRecord> {
		return this.list('api/v3/series', (raw) => this.series(raw), { lane: 'list', signal }, known);
	}

	override getSeries(arrId: number, signal?: AbortSignal): Promise<Read<SeriesRecord>> {
		return this.byId(`api/v3/series/${arrId}`, (raw) => this.series(raw), signal);
	}

	/** Of an unknown series too: an empty list (arr §4.3). */
	override listEpisodes(
		seriesArrId: number,
		signal?: AbortSignal,
		known?: string,
	): ListReading<EpisodeRecord> {
		const path = `api/v3/episode?seriesId=${seriesArrId}`;
		return this.list(path, (raw) => this.episode(raw), { signal }, known);
	}

	/** Throws `not_found` for an unknown series (arr §4.3). */
	override listEpisodeFiles(
		seriesArrId: number,
		signal?: AbortSignal,
		known?: string,
	): ListReading<FileRecord> {
		const path = `api/v3/episodefile?seriesId=${seriesArrId}`;
		return this.list(path, (raw) => readFile(raw, 'seriesId'), { signal }, known);
	}

	/** The answer embeds file and series (arr §4.3). */
	override getEpisode(
		arrId: number,
		signal?: AbortSignal,
	): Promise<Read<{ episode: EpisodeRecord; file: FileRecord | null; seriesMonitored: boolean }>> {
		return this.byId(`api/v3/episode/${arrId}`, (raw) => this.withFile(raw), signal);
	}

	private withFile(raw: Raw): { episode: EpisodeRecord; file: FileRecord | null; seriesMonitored: boolean } {
		const file = objectOrNull(raw, 'episodeFile');
		return {
			episode: this.episode(raw),
			file: file === null ? null : readFile(file, 'seriesId'),
			seriesMonitored: object(raw, 'series')['monitored'] === true,
		};
	}

	override listMovies(): ListReading<MovieRecord> {
		return this.noMovies();
	}
	override async listMovieIds(): Promise<number[] | null> {
		return this.notThisShape();
	}
	override getMovies(): ListReading<MovieRecord> {
		return this.noMovies();
	}
	override async getMovie(): Promise<Read<MovieRecord>> {
		return this.notThisShape();
	}
	override listMovieFiles(): ListReading<FileRecord> {
		return this.noMovies();
	}

	/** Throws where it is read, as all lists do. */
	private noMovies<T>(): ListReading<T> {
		return new ListReader<T>({ open: async () => this.notThisShape(), map: () => null });
	}
}
