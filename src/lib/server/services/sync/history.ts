/**
 * What happened since the last sync, by the arr's own dates. Rows are stored, and the cursor moved, only after what
 * they concern was read: a sync that dies in between sees them again.
 */
import type { HistoryRecord } from '../../connectors/common/types';
import { bindHistory, knownHistory, moveHistoryCursor, storeHistory } from '../../db/queries/mirror-history';
import { arrNow, inTransaction, note, SeenIds, type SyncSession } from './session';

/** Rows are written a little after the date they bear. */
const OVERLAP_MS = 60_000;
/** After a longer gap the history is paged: one row costs the arr about a millisecond (arr §10.1). */
const LONGEST_SINCE_MS = 60 * 60_000;
const PAGE = 250;
const MOST_PAGES = 80;

export interface News {
	rows: HistoryRecord[];
	/** Series and items (episodes or movies) that new rows concern, by the arr's ids. */
	seriesArrIds: number[];
	itemArrIds: number[];
}

/** Reads new rows. The very first time only the newest page, as a beginning. */
export async function readHistory(session: SyncSession): Promise<News> {
	const rows = await readRows(session);
	const known = await knownHistory(
		session.ctx.bulk,
		session.connector.id,
		rows.map((row) => row.arrId),
	);
	const fresh = rows.filter((row) => !known.has(row.arrId));
	session.detail.historyRows = fresh.length;
	return {
		rows: fresh,
		seriesArrIds: unique(fresh.map((row) => row.seriesArrId ?? 0)),
		itemArrIds: unique(fresh.map((row) => row.itemArrId)),
	};
}

const unique = (ids: readonly number[]): number[] => [...new Set(ids)].filter((id) => id > 0);

async function readRows(session: SyncSession): Promise<HistoryRecord[]> {
	const { client, connector, options } = session;
	const cursor = connector.historyCursor;
	if (cursor === null) return client.historyPage(1, PAGE, options.signal);
	const from = new Date(cursor.getTime() - OVERLAP_MS);
	if (arrNow(session).getTime() - from.getTime() > LONGEST_SINCE_MS) return readPages(session, from);
	const rows: HistoryRecord[] = [];
	const seen = new SeenIds('history');
	for await (const page of client.historySince(from, options.signal))
		for (const item of seen.newOf(page)) {
			if (item.ok) rows.push(item.record);
			else note(session.detail.unreadable, `history ${item.arrId}: ${item.problem}`);
		}
	return rows;
}

/** Newest first, down to the cursor. */
async function readPages(session: SyncSession, from: Date): Promise<HistoryRecord[]> {
	const rows: HistoryRecord[] = [];
	for (let page = 1; page <= MOST_PAGES; page++) {
		const read = await session.client.historyPage(page, PAGE, session.options.signal);
		rows.push(...read.filter((row) => row.date >= from));
		const oldest = read.at(-1);
		if (read.length < PAGE || oldest === undefined || oldest.date < from) break;
	}
	return rows;
}

/** Stores the rows and moves the cursor to the newest of them, in one transaction. */
export async function storeNews(session: SyncSession, news: News): Promise<void> {
	const { connector, ctx, instance } = session;
	const newest = news.rows.reduce((latest, row) => Math.max(latest, row.date.getTime()), 0);
	if (newest === 0 && connector.historyCursor !== null) return;
	await inTransaction(ctx.bulk, async (tx) => {
		await storeHistory(tx, connector.id, news.rows);
		await bindHistory(tx, connector.id);
		await moveHistoryCursor(tx, connector.id, newest === 0 ? instance.now : new Date(newest));
	});
}
