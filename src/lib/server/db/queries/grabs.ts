/** Grabs: written once per history row, followed until imported, failed or vanished. */
import { and, eq, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../client';
import { allOf, intArray, rowsOf, textArray } from '../rows';
import { arrHistory, arrQueue, episodes, files, grabs, movies, wanted } from '../schema';

export type GrabRow = typeof grabs.$inferSelect;
export type NewGrab = typeof grabs.$inferInsert;
export type HistoryRow = typeof arrHistory.$inferSelect;
export type QueueSeen = typeof arrQueue.$inferSelect;

/** Gives back all rows, those that were there before too, in the order of the input. */
export async function putGrabs(tx: Tx, rows: readonly NewGrab[]): Promise<GrabRow[]> {
	if (rows.length === 0) return [];
	// A find that turns out to be ours keeps its row and gets its owner.
	return await tx
		.insert(grabs)
		.values([...rows])
		.onConflictDoUpdate({
			target: [grabs.connectorId, grabs.historyArrId],
			set: {
				dispatchId: sql`coalesce(${grabs.dispatchId}, excluded.dispatch_id)`,
				claim: sql`case when ${grabs.dispatchId} is null then excluded.claim else ${grabs.claim} end`,
				registryId: sql`coalesce(${grabs.registryId}, excluded.registry_id)`,
				fileArrIdBefore: sql`coalesce(${grabs.fileArrIdBefore}, excluded.file_arr_id_before)`,
				qualityBefore: sql`coalesce(${grabs.qualityBefore}, excluded.quality_before)`,
				scoreBefore: sql`coalesce(${grabs.scoreBefore}, excluded.score_before)`,
			},
		})
		.returning();
}

/** Not at their end yet; `manual` waits for a hand in the arr and may still be imported. */
export async function followedGrabs(db: DbOrTx, connectorId: number): Promise<GrabRow[]> {
	return rowsOf(
		db,
		sql`select ${allOf(grabs)} from grabs
			where connector_id = ${connectorId} and result in ('following', 'manual') order by id`,
	);
}

export async function updateGrab(tx: DbOrTx, id: number, set: Partial<NewGrab>): Promise<void> {
	await tx.update(grabs).set(set).where(eq(grabs.id, id));
}

/** Seen at the same moment, and nothing else is new of them. */
export async function noteSeen(db: DbOrTx, seen: readonly { id: number; at: Date }[]): Promise<void> {
	if (seen.length === 0) return;
	const ids = seen.map(({ id }) => id);
	const times = seen.map(({ at }) => at.toISOString());
	await db.execute(
		sql`update grabs g set last_seen_at = s.at::timestamptz
			from unnest(${intArray(ids)}, ${textArray(times)}) as s(id, at) where g.id = s.id`,
	);
}

export async function grabsOfDispatch(db: DbOrTx, dispatchId: string): Promise<GrabRow[]> {
	return rowsOf(db, sql`select ${allOf(grabs)} from grabs where dispatch_id = ${dispatchId} order by id`);
}

/** History of items since a moment of the arr's clock, oldest first. */
export async function itemsHistorySince(
	db: DbOrTx,
	connectorId: number,
	itemArrIds: readonly number[],
	since: Date,
): Promise<HistoryRow[]> {
	return rowsOf(
		db,
		sql`select ${allOf(arrHistory)} from arr_history
			where connector_id = ${connectorId} and item_arr_id = any(${intArray(itemArrIds)}) and date >= ${since}
			order by date, arr_id`,
	);
}

/** The same of one item. */
export const itemHistorySince = (
	db: DbOrTx,
	connectorId: number,
	itemArrId: number,
	since: Date,
): Promise<HistoryRow[]> => itemsHistorySince(db, connectorId, [itemArrId], since);

/** Rows of the items in the arr's queue as last seen, the newest first. */
export async function queueOfItems(
	db: DbOrTx,
	connectorId: number,
	itemArrIds: readonly number[],
): Promise<QueueSeen[]> {
	return rowsOf(
		db,
		sql`select ${allOf(arrQueue)} from arr_queue
			where connector_id = ${connectorId} and item_arr_id = any(${intArray(itemArrIds)})
			order by last_seen_at desc`,
	);
}

/** The same of one item. */
export const queueOfItem = (db: DbOrTx, connectorId: number, itemArrId: number): Promise<QueueSeen[]> =>
	queueOfItems(db, connectorId, [itemArrId]);

/** The item's file as the mirror has it, and whether the item is still wanted, and why. */
export interface ItemNow {
	fileArrId: number;
	qualityName: string | null;
	formatScore: number | null;
	reason: string | null;
}

export async function itemNow(
	db: DbOrTx,
	item: { episodeId: number | null; movieId: number | null },
): Promise<ItemNow | null> {
	const table = item.episodeId === null ? movies : episodes;
	const id = item.episodeId ?? item.movieId;
	if (id === null) return null;
	const [row] = await db
		.select({
			fileArrId: table.fileArrId,
			qualityName: files.qualityName,
			formatScore: files.formatScore,
			reason: wanted.reason,
		})
		.from(table)
		.leftJoin(files, and(eq(files.connectorId, table.connectorId), eq(files.arrId, table.fileArrId)))
		.leftJoin(wanted, eq(item.episodeId === null ? wanted.movieId : wanted.episodeId, table.id))
		.where(eq(table.id, id));
	return row ?? null;
}

/** Targets that wait for a grab which has failed or vanished, with that grab. */
export async function targetsOfFailedGrabs(
	db: DbOrTx,
	connectorId: number,
): Promise<(GrabRow & { waitingId: number })[]> {
	return rowsOf(
		db,
		sql`select ${allOf(grabs, 'g')}, r.id as "waitingId" from search_registry r join grabs g on g.id = r.grab_id
			where r.connector_id = ${connectorId} and r.state = 'grabbed' and g.result in ('failed', 'vanished')`,
	);
}

/** Season targets that wait for the grabs of their last dispatch. */
export async function waitingSeasons(
	db: DbOrTx,
	connectorId: number,
): Promise<{ id: number; dispatchId: string | null }[]> {
	return rowsOf(
		db,
		sql`select id, last_dispatch_id as "dispatchId" from search_registry
			where connector_id = ${connectorId} and target_kind = 'season' and state = 'grabbed'
				and rest_reason is distinct from 'parked'`,
	);
}

/**
 * Grabs without a download id, of a client that watches a folder, which nobody follows and nothing came of so far:
 * until their file is there, no queue shows them.
 */
export async function unseenGrabs(db: DbOrTx, connectorId: number, since: Date): Promise<HistoryRow[]> {
	return rowsOf(
		db,
		sql`select ${allOf(arrHistory, 'h')} from arr_history h
			where h.connector_id = ${connectorId} and h.date >= ${since} and h.event = 'grabbed' and h.download_id is null
				and (h.episode_id is not null or h.movie_id is not null)
				and not exists (select 1 from grabs g where g.connector_id = h.connector_id and g.history_arr_id = h.arr_id)
				and not exists (
					select 1 from arr_history l
					where l.connector_id = h.connector_id and l.item_arr_id = h.item_arr_id and l.date >= h.date
						and l.event in ('imported', 'folder_imported', 'download_failed', 'ignored'))
			order by h.date, h.arr_id`,
	);
}

/** Grabs of an item that came after another one and are not known yet. */
export async function laterGrabs(
	db: DbOrTx,
	connectorId: number,
	itemArrId: number,
	after: Date,
): Promise<HistoryRow[]> {
	return rowsOf(
		db,
		sql`select ${allOf(arrHistory)} from arr_history
			where connector_id = ${connectorId} and item_arr_id = ${itemArrId} and event = 'grabbed' and date > ${after}
			order by date`,
	);
}
