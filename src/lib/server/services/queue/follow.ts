/**
 * Following grabs to their end, from what the last syncs left in history and queue tables: imported, waiting for a
 * hand, failed or vanished; and parked releases until they are grabbed or leave. Success for the user is the import.
 */
import type { AppContext } from '../../app-context';
import { clientComplaints } from '$lib/domain/complaints';
import type { HealthIssue } from '../../connectors/common/types';
import { findConnector, findReadings, type ConnectorRow } from '../../db/queries/connectors';
import { putReading } from '../../db/queries/dispatches-mirror';
import { followedGrabs, itemsHistorySince, noteSeen, queueOfItems } from '../../db/queries/grabs';
import { followGrab, UNJOINED_MS } from './follow-grab';
import { followParked } from './follow-parked';
import { followSeasons } from './follow-seasons';
import { followUnseen } from './follow-unseen';
import { returnFailed } from './follow-failed';

/** Rows of a client in trouble are missing from the queue; for so long beyond its end nothing counts as gone. */
const TROUBLE_MARGIN_MS = 10 * 60_000;
/** Queue and health are read every five minutes at least, while the application answers. */
const UNREAD_MS = 15 * 60_000;
const ROUND_MS = 5 * 60_000;
/** What is followed changes with the syncs, not with every look of the watch. */
const AT_MOST_EVERY_MS = 60_000;
const lastRounds = new WeakMap<AppContext, Map<number, number>>();

export interface FollowRound {
	nextAt: Date;
	/** Grabs and parked releases that came to an end. */
	ended: number;
}

/** One pass over all open grabs of a connector; reads the database only. */
export async function followGrabs(ctx: AppContext, connectorId: number): Promise<FollowRound> {
	const connector = await findConnector(ctx.db, connectorId);
	const isOurs = connector !== undefined && (await ctx.locks.hold(connectorId));
	if (!isOurs) return { nextAt: new Date(ctx.clock.now() + ROUND_MS), ended: 0 };
	return await followFor(ctx, connector);
}

/** The same for a connector whose row was just read, and which is ours. */
export async function followFor(ctx: AppContext, connector: ConnectorRow): Promise<FollowRound> {
	const now = ctx.clock.now();
	const rounds = lastRounds.get(ctx) ?? new Map<number, number>();
	lastRounds.set(ctx, rounds);
	const last = rounds.get(connector.id) ?? Number.NEGATIVE_INFINITY;
	if (!isTime(connector, last, now)) return { nextAt: new Date(last + ROUND_MS), ended: 0 };
	rounds.set(connector.id, now);
	await followUnseen(ctx, connector, UNJOINED_MS);
	let ended = await followOpen(ctx, connector);
	ended += await followParked(ctx, connector);
	ended += await returnFailed(ctx, connector);
	ended += await followSeasons(ctx, connector);
	return { nextAt: new Date(now + ROUND_MS), ended };
}

/** A sync that ended since then may have brought news. */
function isTime({ lastIncrementalAt, lastFullAt }: ConnectorRow, last: number, now: number): boolean {
	const synced = Math.max(lastIncrementalAt?.getTime() ?? 0, lastFullAt?.getTime() ?? 0);
	return Math.abs(now - last) >= AT_MOST_EVERY_MS || synced >= last;
}

/** Gives back how many grabs came to an end. */
async function followOpen(ctx: AppContext, connector: ConnectorRow): Promise<number> {
	const now = ctx.clock.date();
	const clientsWell = await areClientsWell(ctx, connector);
	const grabs = await followedGrabs(ctx.db, connector.id);
	if (grabs.length === 0) return 0;
	const items = [...new Set(grabs.map((grab) => grab.itemArrId))];
	const oldest = new Date(Math.min(...grabs.map((grab) => grab.grabbedAt.getTime())));
	const history = byItem(await itemsHistorySince(ctx.db, connector.id, items, oldest));
	const queue = byItem(await queueOfItems(ctx.db, connector.id, items));
	const seen: { id: number; at: Date }[] = [];
	let ended = 0;
	for (const grab of grabs) {
		const since = (history.get(grab.itemArrId) ?? []).filter((row) => row.date >= grab.grabbedAt);
		const of = { history: since, queue: queue.get(grab.itemArrId) ?? [], clientsWell, now };
		const followed = await followGrab(ctx, connector, grab, of);
		if (followed.ended) ended += 1;
		if (followed.seenAt !== null) seen.push({ id: grab.id, at: followed.seenAt });
	}
	await noteSeen(ctx.db, seen);
	return ended;
}

function byItem<T extends { itemArrId: number | null }>(rows: readonly T[]): Map<number, T[]> {
	return Map.groupBy(rows, (row) => row.itemArrId ?? 0);
}

/**
 * False while a download client is in trouble or the application itself was not read, and for 10 minutes after: what
 * is not in the queue is unknown then.
 */
async function areClientsWell(ctx: AppContext, connector: ConnectorRow): Promise<boolean> {
	const readings = await findReadings(ctx.db, connector.id, ['health', 'queue', TROUBLE]);
	const queue = readings.get('queue');
	const now = ctx.clock.date();
	const unread = queue === undefined || now.getTime() - queue.readAt.getTime() > UNREAD_MS;
	// The writer of the reading stores exactly this.
	const issues = (readings.get('health')?.value ?? []) as readonly HealthIssue[];
	const troubled = clientComplaints(issues).some((issue) => issue.type === 'error');
	if (troubled || unread) {
		await putReading(ctx.db, connector.id, TROUBLE, { at: now.toISOString() }, now);
		return false;
	}
	const last = readings.get(TROUBLE);
	return last === undefined || now.getTime() - last.readAt.getTime() > TROUBLE_MARGIN_MS;
}

const TROUBLE = 'clientTrouble';
