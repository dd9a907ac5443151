/** Grabs: written once per history row, followed until imported, failed or vanished. */
import { and, asc, desc, eq, gt, gte, inArray, isNotNull, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../client';
import { arrHistory, arrQueue, episodes, files, grabs, movies, searchRegistry, wanted } from '../schema';

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
			},
		})
		.returning();
}

/** Not at their end yet; `manual` waits for a hand in the arr and may still be imported. */
export async function followedGrabs(db: DbOrTx, connectorId: number): Promise<GrabRow[]> {
	return db
		.select()
		.from(grabs)
		.where(and(eq(grabs.connectorId, connectorId), inArray(grabs.result, ['following', 'manual'])))
		.orderBy(asc(grabs.id));
}

export async function updateGrab(tx: DbOrTx, id: number, set: Partial<NewGrab>): Promise<void> {
	await tx.update(grabs).set(set).where(eq(grabs.id, id));
}

export async function grabsOfDispatch(db: DbOrTx, dispatchId: string): Promise<GrabRow[]> {
	return db.select().from(grabs).where(eq(grabs.dispatchId, dispatchId)).orderBy(asc(grabs.id));
}

/** History of one item since a moment of the arr's clock, oldest first. */
export async function itemHistorySince(
	db: DbOrTx,
	connectorId: number,
	itemArrId: number,
	since: Date,
): Promise<HistoryRow[]> {
	return db
		.select()
		.from(arrHistory)
		.where(
			and(
				eq(arrHistory.connectorId, connectorId),
				eq(arrHistory.itemArrId, itemArrId),
				gte(arrHistory.date, since),
			),
		)
		.orderBy(asc(arrHistory.date), asc(arrHistory.arrId));
}

/** Rows of the item in the arr's queue as last seen. */
export async function queueOfItem(db: DbOrTx, connectorId: number, itemArrId: number): Promise<QueueSeen[]> {
	return db
		.select()
		.from(arrQueue)
		.where(and(eq(arrQueue.connectorId, connectorId), eq(arrQueue.itemArrId, itemArrId)))
		.orderBy(desc(arrQueue.lastSeenAt));
}

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
export async function targetsOfFailedGrabs(db: DbOrTx, connectorId: number) {
	return db
		.select({ registryId: searchRegistry.id, grab: grabs })
		.from(searchRegistry)
		.innerJoin(grabs, eq(grabs.id, searchRegistry.grabId))
		.where(
			and(
				eq(searchRegistry.connectorId, connectorId),
				eq(searchRegistry.state, 'grabbed'),
				isNotNull(searchRegistry.grabId),
				inArray(grabs.result, ['failed', 'vanished']),
			),
		);
}

/** Season targets that wait for the grabs of their last dispatch. */
export async function waitingSeasons(db: DbOrTx, connectorId: number) {
	return db
		.select({
			id: searchRegistry.id,
			seasonId: searchRegistry.seasonId,
			dispatchId: searchRegistry.lastDispatchId,
		})
		.from(searchRegistry)
		.where(
			and(
				eq(searchRegistry.connectorId, connectorId),
				eq(searchRegistry.targetKind, 'season'),
				eq(searchRegistry.state, 'grabbed'),
				sql`${searchRegistry.restReason} is distinct from 'parked'`,
			),
		);
}

/** Grabs of an item that came after another one and are not known yet. */
export async function laterGrabs(
	db: DbOrTx,
	connectorId: number,
	itemArrId: number,
	after: Date,
): Promise<HistoryRow[]> {
	return db
		.select()
		.from(arrHistory)
		.where(
			and(
				eq(arrHistory.connectorId, connectorId),
				eq(arrHistory.itemArrId, itemArrId),
				eq(arrHistory.event, 'grabbed'),
				gt(arrHistory.date, after),
			),
		)
		.orderBy(asc(arrHistory.date));
}
