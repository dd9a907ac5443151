/** Full reconciliation: everything is read and compared; afterwards our counts stand beside the arr's. */
import { drizzleOn } from '../../db/bulk';
import { purgeableRows, purgeRows } from '../../db/queries/mirror-absence';
import { lockMirror } from '../../db/queries/mirror-mark';
import { storeArrTotals } from '../../db/queries/mirror-runs';
import { compareTotals } from './comparison';
import { askAboutDoubts } from './doubts';
import { readHistory, storeNews } from './history';
import { confirmInstance } from './instance';
import { noteContentWritten } from './list-memory';
import { syncMovieFiles } from './movie-files';
import { syncMoviesList } from './movies-list';
import { syncSeriesContent } from './series-content';
import { syncSeriesList } from './series-list';
import { inTransaction, type SyncSession } from './session';
import { syncAllLists, syncProfiles } from './settings-lists';

/** A deleted row is kept this long, with its memory. */
const KEPT_MS = 7 * 86_400_000;
/** After this many changed rows PostgreSQL's planner is told at once. */
const MANY_ROWS = 1_000;

export async function fullSync(session: SyncSession): Promise<void> {
	if (!session.connector.mirrorComplete) await readArrTotals(session);
	await syncProfiles(session);
	await syncAllLists(session);
	const news = await readHistory(session);
	if (session.instance.shape === 'series') {
		await syncSeriesList(session);
		await syncSeriesContent(session);
	} else {
		await syncMoviesList(session, { slice: null, touched: [] });
		await syncMovieFiles(session);
	}
	// before anything is looked for in them: unread, PostgreSQL goes through every new row
	if (session.changed > MANY_ROWS) await session.ctx.bulk`analyze series, seasons, episodes, movies, files`;
	await confirmInstance(session);
	await askAboutDoubts(session);
	await storeNews(session, news);
	await purge(session);
	session.detail.comparison = await compareTotals(session);
	if (session.options.completed !== undefined)
		await session.options.completed(session.ctx.db, session.connector.id);
}

/** A new connector's first numbers within seconds: the arr's own, and told as the arr's. */
async function readArrTotals(session: SyncSession): Promise<void> {
	const { ctx, client, connector, options } = session;
	const totals = await client.wantedTotals(options.signal);
	await storeArrTotals(ctx.bulk, connector.id, totals, ctx.clock.date());
}

async function purge(session: SyncSession): Promise<void> {
	const { ctx, connector, options } = session;
	const before = new Date(ctx.clock.now() - KEPT_MS);
	await inTransaction(ctx.bulk, async (tx) => {
		// what no list has any more says nothing against what is remembered of one
		noteContentWritten(session, await lockMirror(tx, connector.id), []);
		const gone = await purgeableRows(tx, connector.id, before);
		session.detail.purged = gone.episodes.length + gone.movies.length;
		if (session.detail.purged + gone.seasons.length === 0) return;
		await options.purging?.(drizzleOn(tx), gone);
		await purgeRows(tx, connector.id, before);
	});
}
