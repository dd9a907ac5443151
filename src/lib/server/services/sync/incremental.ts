/** Incremental sync: at most five requests when nothing changed; only what differs is read. */
import { intList } from '../../db/bulk';
import { markSeriesStale } from '../../db/queries/mirror-episodes';
import { takeStaleScores } from '../../db/queries/mirror-files';
import { turnMovieSlice } from '../../db/queries/mirror-movies';
import { askAboutDoubts } from './doubts';
import { readHistory, storeNews } from './history';
import { syncMovieFiles } from './movie-files';
import { SLICE, syncMoviesList } from './movies-list';
import { syncSeriesContent } from './series-content';
import { syncSeriesList } from './series-list';
import type { SyncSession } from './session';
import { listInTurn, syncList, syncProfiles } from './settings-lists';

/** Series read again per sync after formats or scores changed. */
const TRICKLE = 20;
/** Of a library that lists ids only, a slice is read every fourth time, instead of history and settings. */
const SLICE_TURNS = 4;

export async function incrementalSync(session: SyncSession): Promise<void> {
	const { connector } = session;
	if (session.instance.shape === 'series') await incrementalSeries(session);
	else if (connector.kind === 'whisparr') await incrementalScenes(session);
	else await incrementalMovies(session);
	await askAboutDoubts(session);
}

/** Profiles, and the list whose turn it is. */
async function syncSettings(session: SyncSession, turn: number): Promise<void> {
	await syncProfiles(session);
	await syncList(session, listInTurn(turn));
}

async function incrementalSeries(session: SyncSession): Promise<void> {
	const { connector, ctx } = session;
	await syncSettings(session, connector.syncRotation);
	const news = await readHistory(session);
	await syncSeriesList(session);
	if (news.seriesArrIds.length > 0) await markSeriesStale(ctx.bulk, connector.id, intList(news.seriesArrIds));
	await takeStaleScores(ctx.bulk, connector.id, TRICKLE);
	await syncSeriesContent(session);
	await storeNews(session, news);
}

async function incrementalMovies(session: SyncSession): Promise<void> {
	await syncSettings(session, session.connector.syncRotation);
	const news = await readHistory(session);
	await syncMoviesList(session, { slice: null, touched: [] });
	await syncMovieFiles(session);
	await storeNews(session, news);
}

async function incrementalScenes(session: SyncSession): Promise<void> {
	const { connector, ctx } = session;
	const round = Math.floor(connector.syncRotation / SLICE_TURNS);
	if (connector.syncRotation % SLICE_TURNS === SLICE_TURNS - 1) {
		await syncMoviesList(session, { slice: SLICE, touched: [] });
		await turnMovieSlice(ctx.bulk, connector.id, SLICE, ctx.clock.date());
		await syncMovieFiles(session);
		return;
	}
	await syncSettings(session, connector.syncRotation - round);
	const news = await readHistory(session);
	await syncMoviesList(session, { slice: 0, touched: news.itemArrIds });
	await syncMovieFiles(session);
	await storeNews(session, news);
}
