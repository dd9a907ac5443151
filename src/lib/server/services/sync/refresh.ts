/**
 * Targeted re-reads: after a hint (a webhook, a live check, an outcome) a few items are read again, without waiting
 * for the next sync. Nothing is taken for gone here but what the application denies by id; that becomes unconfirmed,
 * and the next sync settles it.
 */
import type { SQL } from 'bun';
import type { AppContext } from '../../app-context';
import { notFound } from '../../app-error';
import { copyInto, copyLine, intList, openStages } from '../../db/bulk';
import {
	applyEpisodes,
	seriesByArrId,
	unmirrorHash,
	type SeriesToRead,
} from '../../db/queries/mirror-episodes';
import { applyMovieFiles, applySeriesFiles } from '../../db/queries/mirror-files';
import { applyMovies, applySeries } from '../../db/queries/mirror-lists';
import { lockForFewRows } from '../../db/queries/mirror-mark';
import { doubtRows, movieRefs } from '../../db/queries/mirror-movies';
import { findSyncedConnector } from '../../db/queries/mirror-runs';
import {
	episodeLine,
	fileLine,
	LIST_FILES,
	LIST_MOVIES,
	LIST_SEASONS,
	LIST_SERIES,
	LIST_UNREADABLE,
	movieLine,
	ownedBy,
	seasonLine,
	seriesLine,
	STAGE_EPISODES,
	STAGE_FILES,
	STAGE_READ,
	STAGE_UNREADABLE,
} from '../../db/queries/mirror-stage';
import type { FileRecord, MovieRecord, SeriesRecord } from '../../connectors/common/types';
import { emptyDetail, inTransaction, type WriteSession } from './session';
import { writeBatch } from './series-content';
import { readSeries } from './series-reading';

export interface RefreshScope {
	episodeArrIds?: readonly number[];
	seriesArrIds?: readonly number[];
	movieArrIds?: readonly number[];
	signal?: AbortSignal;
}
export interface RefreshReport {
	changed: number;
	/** The arr's ids that it says it does not have. */
	missing: number[];
}

interface Refreshing {
	session: WriteSession;
	report: RefreshReport;
}

/** Reads the given items again. Throws what the client throws. */
export async function refreshItems(
	ctx: AppContext,
	connectorId: number,
	scope: RefreshScope,
): Promise<RefreshReport> {
	const refreshing = await begin(ctx, connectorId, scope.signal);
	for (const arrId of scope.episodeArrIds ?? []) await refreshEpisode(refreshing, arrId);
	for (const arrId of scope.seriesArrIds ?? []) await refreshSeries(refreshing, arrId);
	if ((scope.movieArrIds ?? []).length > 0) await refreshMovies(refreshing, scope.movieArrIds ?? []);
	const { report, session } = refreshing;
	report.changed += session.changed;
	return report;
}

async function begin(ctx: AppContext, connectorId: number, signal?: AbortSignal): Promise<Refreshing> {
	const connector = await findSyncedConnector(ctx.bulk, connectorId);
	if (connector === undefined) throw notFound('connector');
	const client = await ctx.clients.for(connectorId);
	const options = signal === undefined ? {} : { signal };
	const session: WriteSession = { ctx, client, connector, options, detail: emptyDetail(), changed: 0 };
	return { session, report: { changed: 0, missing: [] } };
}

async function refreshEpisode({ session, report }: Refreshing, arrId: number): Promise<void> {
	const { client, ctx, connector, options } = session;
	const read = await client.getEpisode(arrId, options.signal);
	if (!read.found) {
		report.missing.push(arrId);
		report.changed += await doubtRows(ctx.bulk, 'episodes', connector.id, arrId, ctx.clock.date());
		return;
	}
	const { episode, file } = read.record;
	const series = await seriesByArrId(ctx.bulk, connector.id, episode.seriesArrId);
	if (series === undefined) return;
	const owned = ownedBy(connector.id, series.id);
	await inTransaction(ctx.bulk, async (tx) => {
		await lockForFewRows(tx, connector.id);
		await openStages(tx, STAGE_EPISODES, STAGE_FILES, STAGE_UNREADABLE, STAGE_READ);
		await copyInto(tx, STAGE_READ, [copyLine([series.id, false, null])]);
		await copyInto(tx, STAGE_EPISODES, [episodeLine(owned, episode)]);
		if (file !== null) await copyInto(tx, STAGE_FILES, [fileLine(owned, file)]);
		session.changed += (await applySeriesFiles(tx, connector.id)) + (await applyEpisodes(tx, connector.id));
		await unmirrorHash(tx, series.id);
	});
}

async function refreshSeries(refreshing: Refreshing, arrId: number): Promise<void> {
	const { session, report } = refreshing;
	const { client, ctx, connector, options } = session;
	const read = await client.getSeries(arrId, options.signal);
	if (!read.found) {
		report.missing.push(arrId);
		report.changed += await doubtRows(ctx.bulk, 'series', connector.id, arrId, ctx.clock.date());
		return;
	}
	const series = await storeSeries(session, read.record);
	if (series !== undefined)
		await writeBatch(session, [await readSeries(client, connector.id, series, options.signal)]);
}

async function storeSeries(session: WriteSession, record: SeriesRecord): Promise<SeriesToRead | undefined> {
	const { ctx, connector } = session;
	await inTransaction(ctx.bulk, async (tx) => {
		await lockForFewRows(tx, connector.id);
		await openStages(tx, LIST_SERIES, LIST_SEASONS, LIST_UNREADABLE);
		await copyInto(tx, LIST_SERIES, [seriesLine(record, '')]);
		await copyInto(
			tx,
			LIST_SEASONS,
			record.seasons.map((season) => seasonLine(record.tvdbId, season)),
		);
		session.changed += await applySeries(tx, connector.id);
	});
	return seriesByArrId(ctx.bulk, connector.id, record.arrId);
}

async function refreshMovies({ session, report }: Refreshing, arrIds: readonly number[]): Promise<void> {
	const { client, ctx, connector, options } = session;
	const movies: MovieRecord[] = [];
	for (const ref of await movieRefs(ctx.bulk, connector.id, intList(arrIds))) {
		const read = await client.getMovie(ref, options.signal);
		if (read.found) {
			movies.push(read.record);
			continue;
		}
		report.missing.push(ref.arrId);
		report.changed += await doubtRows(ctx.bulk, 'movies', connector.id, ref.arrId, ctx.clock.date());
	}
	const files: FileRecord[] = [];
	const withFile = movies.filter((movie) => movie.fileArrId !== 0).map((movie) => movie.arrId);
	if (withFile.length > 0)
		for await (const page of client.listMovieFiles(withFile, options.signal))
			for (const item of page) if (item.ok) files.push(item.record);
	await inTransaction(ctx.bulk, (tx) => storeMovies(session, tx, movies, files));
}

async function storeMovies(
	session: WriteSession,
	tx: SQL,
	movies: readonly MovieRecord[],
	files: readonly FileRecord[],
): Promise<void> {
	const { connector, ctx } = session;
	await lockForFewRows(tx, connector.id);
	await openStages(tx, LIST_MOVIES, LIST_FILES, LIST_UNREADABLE, STAGE_FILES);
	await copyInto(tx, LIST_MOVIES, movies.map(movieLine));
	await copyInto(
		tx,
		STAGE_FILES,
		files.map((file) => fileLine(ownedBy(connector.id, file.ownerArrId), file)),
	);
	session.changed += await applyMovies(tx, connector.id, ctx.clock.date());
	session.changed += await applyMovieFiles(tx, connector.id, 'stage_files');
}
