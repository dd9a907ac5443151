/** The request queue: the head of the plan, taken up for sending. Its order is the plan's. */
import { and, eq, sql } from 'drizzle-orm';
import type { TargetKind, WantedReason } from '$lib/domain/words';
import type { DbOrTx } from '../client';
import { requestQueue, searchRegistry } from '../schema';
import { rowsOf } from '../rows';

/** A queue row with the mirror row that its target stands for. */
export interface QueuedRow {
	queueId: number;
	registryId: number;
	targetKind: TargetKind;
	targetId: number;
	seriesId: number | null;
	seasonNumber: number | null;
	reason: WantedReason;
	score: number;
	cost: number;
	pinned: boolean;
	lastSearchTime: Date | null;
	queuedAt: Date;
	notBefore: Date | null;
}

/** The whole line of a connector, in no order; it is short by design. */
export async function readQueued(tx: DbOrTx, connectorId: number): Promise<QueuedRow[]> {
	const rows = await rowsOf<QueuedRow>(
		tx,
		sql`
		select q.id as "queueId", q.registry_id as "registryId", q.target_kind as "targetKind",
			coalesce(r.episode_id, r.season_id, r.movie_id, 0) as "targetId", q.series_id as "seriesId",
			n.number as "seasonNumber", q.reason, q.score::float8 as score, q.cost, q.pinned,
			q.last_search_time as "lastSearchTime", q.queued_at as "queuedAt", q.not_before as "notBefore"
		from request_queue q join search_registry r on r.id = q.registry_id left join seasons n on n.id = r.season_id
		where q.connector_id = ${connectorId}`,
	);
	return rows.map((row) => ({ ...row, score: Math.round(row.score * 10) / 10 }));
}

/** The place in line of a target, if it has one. */
export async function queueIdOf(tx: DbOrTx, registryId: number): Promise<number | null> {
	const [row] = await tx
		.select({ id: requestQueue.id })
		.from(requestQueue)
		.where(eq(requestQueue.registryId, registryId));
	return row?.id ?? null;
}

export interface NewRank {
	registryId: number;
	score: number;
	cost: number;
	reason: WantedReason;
	lastSearchTime: Date | null;
}

/** Gives the rows that stay in line their new rank; a postponed row keeps its term. */
export async function rerank(tx: DbOrTx, ranks: readonly NewRank[]): Promise<void> {
	if (ranks.length === 0) return;
	const column = <T>(pick: (rank: NewRank) => T): T[] => ranks.map(pick);
	await tx.execute(sql`
		update request_queue q set score = x.score, cost = x.cost, reason = x.reason, last_search_time = x.last_search_time::timestamptz
		from unnest(${sql.param(column((rank) => rank.registryId))}::int[], ${sql.param(column((rank) => rank.score))}::float8[],
			${sql.param(column((rank) => rank.cost))}::int[], ${sql.param(column((rank) => rank.reason))}::text[],
			${sql.param(column((rank) => rank.lastSearchTime?.toISOString() ?? ''))}::text[]) as y(registry_id, score, cost, reason, at)
		cross join lateral (select y.registry_id, y.score, y.cost, y.reason, nullif(y.at, '') as last_search_time) x
		where q.registry_id = x.registry_id and not q.pinned
			and (q.score, q.cost, q.reason) is distinct from (x.score::real, x.cost, x.reason)`);
}

/** How many of the last commands in a row were single searches of one series; withdrawn ones were never sent. */
export async function readRun(
	tx: DbOrTx,
	connectorId: number,
	{ since, atMost }: { since: Date; atMost: number },
): Promise<{ seriesId: number; length: number } | null> {
	const rows = await rowsOf<{ targetKind: TargetKind; seriesId: number | null }>(
		tx,
		sql`
		select target_kind as "targetKind", series_id as "seriesId" from dispatches
		where connector_id = ${connectorId} and claimed_at > ${since} and outcome is distinct from 'withdrawn' and not by_user
		order by claimed_at desc, id desc limit ${atMost}`,
	);
	const seriesId = rows[0]?.targetKind === 'episode' ? rows[0].seriesId : null;
	if (seriesId === null) return null;
	const other = rows.findIndex((row) => row.seriesId !== seriesId || row.targetKind !== 'episode');
	return { seriesId, length: other === -1 ? rows.length : other };
}

export type QueueItem = typeof requestQueue.$inferSelect & {
	targetKey: string;
	episodeId: number | null;
	movieId: number | null;
};

/** One row with the target it is for. */
export async function findQueueItem(tx: DbOrTx, queueId: number): Promise<QueueItem | null> {
	const [row] = await tx
		.select()
		.from(requestQueue)
		.innerJoin(searchRegistry, eq(searchRegistry.id, requestQueue.registryId))
		.where(eq(requestQueue.id, queueId));
	if (row === undefined) return null;
	const { targetKey, episodeId, movieId } = row.search_registry;
	return { ...row.request_queue, targetKey, episodeId, movieId };
}

/** All rows of one connector, or of all; pinned ones too. */
export async function listQueue(
	tx: DbOrTx,
	connectorId: number | null,
): Promise<(typeof requestQueue.$inferSelect)[]> {
	return await tx
		.select()
		.from(requestQueue)
		.where(and(connectorId === null ? undefined : eq(requestQueue.connectorId, connectorId)));
}

/** First key of the lock that orders all changes of a connector's line; the second is its id. */
const LINE_SPACE = 0x6c696e65;

/** Until the transaction ends, nobody else claims from or fills this connector's line: they lock rows in other orders. */
export async function lockLine(tx: DbOrTx, connectorId: number): Promise<void> {
	await tx.execute(sql`select pg_advisory_xact_lock(${LINE_SPACE}::int, ${connectorId}::int)`);
}

/**
 * The same for a claim, and what makes it quick: its statements are planned once for each connection, and its commit
 * does not wait for the disk. Nothing leaves before a later commit that does, and that one takes the claim along.
 */
export async function lockLineForClaim(tx: DbOrTx, connectorId: number): Promise<void> {
	await tx.execute(sql`select pg_advisory_xact_lock(${LINE_SPACE}::int, ${connectorId}::int),
		set_config('plan_cache_mode', 'force_generic_plan', true), set_config('synchronous_commit', 'off', true)`);
}
