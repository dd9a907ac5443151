/**
 * What is done for a connector between sweeps: finish what was under way, follow what was grabbed, then ask for the
 * next thing if every gate is open. Returns when it wants to run again.
 */
import { eq } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { AppError } from '../app-error';
import { isArrError } from '../connectors/common/errors';
import type { ConnectorRow } from '../db/queries/connectors';
import { readOutlook } from '../db/queries/dispatch-outlook';
import { requestQueue } from '../db/schema';
import { noteFailure, probeWaitsUntil } from '../services/connectors/health';
import { closedForAll } from '../services/queue/candidates';
import { dispatchRound, type DispatchRound, type RoundOptions } from '../services/queue/dispatcher';
import { FRESH_MS, readConnectorFacts, type ConnectorFacts } from '../services/queue/facts';
import { followFor } from '../services/queue/follow';
import { parkedSince } from '../services/queue/follow-parked';
import { recoverOpen } from '../services/queue/recovery';
import { watchFor } from '../services/queue/watch';
import { lookAtList, nextListLook } from '../services/queue/watch-list';
import { refreshItems } from '../services/sync';
import { endPause, notePause, pausedUntil } from './dispatch-pause';
import { checkHealth } from './health';
import { discoverAndPlan } from './sweep';
import { ownConnector } from './sync';

const LONGEST_WAIT_MS = 15 * 60_000;
const SHORTEST_WAIT_MS = 250;
const AFTER_FAILURE_MS = 60_000;

/**
 * One round; the milliseconds until the next one is wanted. `woken`: something changed that may let a search go earlier
 * than the last round reckoned.
 */
export async function dispatchStep(ctx: AppContext, connectorId: number, woken = true): Promise<number> {
	if (woken) endPause(ctx, connectorId);
	const row = await ownConnector(ctx, connectorId);
	try {
		if (isAway(row)) {
			// Nobody asks it for anything else until it answers; how often it is probed is its health's matter.
			const waits = probeWaitsUntil(row, ctx.clock.now());
			if (waits !== null) return waitUntil(ctx, [waits]);
			if (!(await checkHealth(ctx, connectorId, row))) return AFTER_FAILURE_MS;
		}
		return waitUntil(ctx, await workOnce(ctx, row));
	} catch (error) {
		if (!isArrError(error) && !isLocked(error)) throw error;
		await noteFailure(ctx, connectorId, error);
		return AFTER_FAILURE_MS;
	}
}

/** Whatever one look at the database shows to be due; when each part of it wants to run again. */
async function workOnce(ctx: AppContext, row: ConnectorRow): Promise<(Date | null)[]> {
	// Another instance's commands and history say nothing about what was sent to ours: it waits for the user's answer.
	if (row.heldReason === 'other_instance') return [];
	const now = ctx.clock.date();
	const outlook = await readOutlook(ctx.db, row.id, { now, parkedSince: parkedSince(now) });
	const recoverAt = outlook.unsettled ? (await recoverOpen(ctx, row.id)).nextAt : null;
	const isDue = (outlook.unsettled && recoverAt === null) || isPast(outlook.nextLookAt, now);
	const watchAt = isDue ? (await watchFor(ctx, row)).nextAt : outlook.nextLookAt;
	const listAt = nextListLook(row, outlook.listReadAt);
	const nextListAt = isPast(listAt, now) ? await lookAtList(ctx, row) : listAt;
	const followAt = outlook.toFollow ? (await followFor(ctx, row)).nextAt : null;
	// What was settled or concluded just now may have gone back into the line, and given its cost back.
	if (outlook.unsettled || isDue) endPause(ctx, row.id);
	const mayBeInLine = outlook.inLine || outlook.unsettled || isDue;
	const sends = row.mode === 'active' && recoverAt === null && mayBeInLine;
	return [recoverAt, watchAt, nextListAt, followAt, sends ? await sendNext(ctx, row.id) : null];
}

const isAway = ({ health }: ConnectorRow): boolean => health === 'offline' || health === 'unhealthy';

/** The key of the connector cannot be read; it is asked for on its page. */
const isLocked = (error: unknown): boolean => error instanceof AppError && error.code === 'key_missing';

const isPast = (at: Date | null, now: Date): boolean => at !== null && at <= now;

function waitUntil(ctx: AppContext, wishes: readonly (Date | null)[]): number {
	const now = ctx.clock.now();
	const soonest = Math.min(
		...wishes.flatMap((wish) => (wish === null ? [] : [wish.getTime() - now])),
		LONGEST_WAIT_MS,
	);
	return Math.max(SHORTEST_WAIT_MS, soonest);
}

/** Gates that rest on readings of the arr: they are read again before they are believed. */
const RESTS_ON_READINGS = new Set(['not_in_flight', 'usable_indexer', 'download_client']);

/** Asks for the next thing, after the facts that it rests on were read again. When to come again, if known. */
async function sendNext(ctx: AppContext, connectorId: number): Promise<Date | null> {
	const paused = pausedUntil(ctx, connectorId);
	if (paused !== null) return paused;
	const facts = await readConnectorFacts(ctx, ctx.db, connectorId, { slackMs: Number.POSITIVE_INFINITY });
	if (facts === null) return null;
	const closed = closedForAll(facts);
	if (closed?.gate === 'budget_and_spacing' && closed.until !== undefined)
		notePause(ctx, connectorId, closed.until);
	if (closed !== null && !RESTS_ON_READINGS.has(closed.gate)) return closed.until ?? null;
	if ((await ctx.db.$count(requestQueue, eq(requestQueue.connectorId, connectorId))) === 0) return null;
	if (needsReading(ctx, facts) && !(await checkHealth(ctx, connectorId, facts.connector))) {
		return new Date(ctx.clock.now() + AFTER_FAILURE_MS);
	}
	return (await dispatchAndReread(ctx, connectorId)).nextAt;
}

/** One sending for a user who waits for it; null if the arr does not answer, or another process works for it. */
export async function sendRound(ctx: AppContext, connectorId: number): Promise<DispatchRound | null> {
	if (!(await ctx.locks.hold(connectorId))) return null;
	return (await checkHealth(ctx, connectorId))
		? dispatchAndReread(ctx, connectorId, { afterOthers: true })
		: null;
}

async function dispatchAndReread(
	ctx: AppContext,
	connectorId: number,
	options: RoundOptions = {},
): Promise<DispatchRound> {
	const round = await dispatchRound(ctx, connectorId, options);
	if (round.reread !== null) await reread(ctx, connectorId, round.reread);
	return round;
}

/** Half a minute is left for the live checks that follow. */
const READ_AGAIN_AFTER_MS = FRESH_MS.health / 2;

function needsReading(ctx: AppContext, facts: ConnectorFacts): boolean {
	const oldest = Math.min(facts.health.readAt?.getTime() ?? 0, facts.queueReadAt?.getTime() ?? 0);
	return ctx.clock.now() - oldest > READ_AGAIN_AFTER_MS || !facts.queueKnown || !facts.indexers.fresh;
}

/** A live check found the arr ahead of the mirror: these are read again, and discovered anew. */
async function reread(
	ctx: AppContext,
	connectorId: number,
	what: NonNullable<DispatchRound['reread']>,
): Promise<void> {
	await refreshItems(ctx, connectorId, what);
	await discoverAndPlan(ctx, connectorId);
}
