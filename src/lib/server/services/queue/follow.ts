/**
 * Following grabs to their end, from what the last syncs left in history and queue tables: imported, waiting for a
 * hand, failed or vanished; and parked releases until they are grabbed or leave. Success for the user is the import.
 */
import type { AppContext } from '../../app-context';
import { clientComplaints } from '$lib/domain/complaints';
import type { HealthIssue } from '../../connectors/common/types';
import { findConnector, findReading, type ConnectorRow } from '../../db/queries/connectors';
import { putReading } from '../../db/queries/dispatches-mirror';
import { followedGrabs } from '../../db/queries/grabs';
import { followGrab } from './follow-grab';
import { followParked } from './follow-parked';
import { followSeasons } from './follow-seasons';
import { returnFailed } from './follow-failed';

/** Rows of a client in trouble are missing from the queue; for so long beyond its end nothing counts as gone. */
const TROUBLE_MARGIN_MS = 10 * 60_000;
/** Queue and health are read every five minutes at least, while the application answers. */
const UNREAD_MS = 15 * 60_000;
const ROUND_MS = 5 * 60_000;
/** What is followed changes with the syncs, not with every look of the watch. */
const AT_MOST_EVERY_MS = 15_000;
const lastRounds = new WeakMap<AppContext, Map<number, number>>();

export interface FollowRound {
	nextAt: Date;
	/** Grabs and parked releases that came to an end. */
	ended: number;
}

/** One pass over all open grabs of a connector; reads the database only. */
export async function followGrabs(ctx: AppContext, connectorId: number): Promise<FollowRound> {
	const nextAt = new Date(ctx.clock.now() + ROUND_MS);
	const connector = await findConnector(ctx.db, connectorId);
	if (connector === undefined || !isTime(ctx, connectorId)) return { nextAt, ended: 0 };
	if (!(await ctx.locks.hold(connectorId))) return { nextAt, ended: 0 };
	const clientsWell = await areClientsWell(ctx, connector);
	let ended = 0;
	for (const grab of await followedGrabs(ctx.db, connectorId)) {
		if (await followGrab(ctx, connector, grab, clientsWell)) ended += 1;
	}
	ended += await followParked(ctx, connector);
	ended += await returnFailed(ctx, connector);
	ended += await followSeasons(ctx, connector);
	return { nextAt, ended };
}

function isTime(ctx: AppContext, connectorId: number): boolean {
	const rounds = lastRounds.get(ctx) ?? new Map<number, number>();
	lastRounds.set(ctx, rounds);
	const since = Math.abs(ctx.clock.now() - (rounds.get(connectorId) ?? 0));
	if (since < AT_MOST_EVERY_MS) return false;
	rounds.set(connectorId, ctx.clock.now());
	return true;
}

/**
 * False while a download client is in trouble or the application itself was not read, and for 10 minutes after: what
 * is not in the queue is unknown then.
 */
async function areClientsWell(ctx: AppContext, connector: ConnectorRow): Promise<boolean> {
	const health = await findReading<HealthIssue[]>(ctx.db, connector.id, 'health');
	const queue = await findReading(ctx.db, connector.id, 'queue');
	const now = ctx.clock.date();
	const unread = queue === undefined || now.getTime() - queue.readAt.getTime() > UNREAD_MS;
	// Also where only one of several is blocked, which is a warning: its rows are missing all the same.
	const troubled = health !== undefined && clientComplaints(health.value).length > 0;
	if (troubled || unread) {
		await putReading(ctx.db, connector.id, 'clientTrouble', { at: now.toISOString() }, now);
		return false;
	}
	const last = await findReading(ctx.db, connector.id, 'clientTrouble');
	return last === undefined || now.getTime() - last.readAt.getTime() > TROUBLE_MARGIN_MS;
}
