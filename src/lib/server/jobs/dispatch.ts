/**
 * What is done for a connector between sweeps: finish what was under way, follow what was grabbed, then ask for the
 * next thing if every gate is open. Returns when it wants to run again.
 */
import { eq } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { isArrError } from '../connectors/common/errors';
import { requestQueue } from '../db/schema';
import { noteFailure } from '../services/connectors/health';
import { closedForAll } from '../services/queue/candidates';
import { dispatchRound, type DispatchRound } from '../services/queue/dispatcher';
import { FRESH_MS, readConnectorFacts, type ConnectorFacts } from '../services/queue/facts';
import { followGrabs } from '../services/queue/follow';
import { recoverOpen } from '../services/queue/recovery';
import { watchRound } from '../services/queue/watch';
import { refreshItems } from '../services/sync';
import { checkHealth } from './health';
import { discoverAndPlan } from './sweep';
import { ownConnector } from './sync';

const LONGEST_WAIT_MS = 15 * 60_000;
const SHORTEST_WAIT_MS = 250;
const AFTER_FAILURE_MS = 60_000;

/** One round; the milliseconds until the next one is wanted. */
export async function dispatchStep(ctx: AppContext, connectorId: number): Promise<number> {
	const row = await ownConnector(ctx, connectorId);
	try {
		const recovery = await recoverOpen(ctx, connectorId);
		const watch = await watchRound(ctx, connectorId);
		const follow = await followGrabs(ctx, connectorId);
		const send = row.mode === 'active' && recovery.nextAt === null ? await sendNext(ctx, connectorId) : null;
		return waitUntil(ctx, [recovery.nextAt, watch.nextAt, follow.nextAt, send]);
	} catch (error) {
		if (!isArrError(error)) throw error;
		await noteFailure(ctx, connectorId, error);
		return AFTER_FAILURE_MS;
	}
}

function waitUntil(ctx: AppContext, wishes: readonly (Date | null)[]): number {
	const now = ctx.clock.now();
	const soonest = Math.min(...wishes.flatMap((wish) => (wish === null ? [] : [wish.getTime() - now])), LONGEST_WAIT_MS);
	return Math.max(SHORTEST_WAIT_MS, soonest);
}

/** Gates that rest on readings of the arr: they are read again before they are believed. */
const RESTS_ON_READINGS = new Set(['not_in_flight', 'usable_indexer', 'download_client']);

/** Asks for the next thing, after the facts that it rests on were read again. When to come again, if known. */
async function sendNext(ctx: AppContext, connectorId: number): Promise<Date | null> {
	const facts = await readConnectorFacts(ctx, ctx.db, connectorId, { slackMs: Number.POSITIVE_INFINITY });
	if (facts === null) return null;
	const closed = closedForAll(facts);
	if (closed !== null && !RESTS_ON_READINGS.has(closed.gate)) return closed.until ?? null;
	if ((await ctx.db.$count(requestQueue, eq(requestQueue.connectorId, connectorId))) === 0) return null;
	if (needsReading(ctx, facts) && !(await checkHealth(ctx, connectorId))) {
		return new Date(ctx.clock.now() + AFTER_FAILURE_MS);
	}
	return (await dispatchAndReread(ctx, connectorId)).nextAt;
}

/** One sending for a user who waits for it; null if the arr does not answer. */
export async function sendRound(ctx: AppContext, connectorId: number): Promise<DispatchRound | null> {
	await ownConnector(ctx, connectorId);
	return (await checkHealth(ctx, connectorId)) ? dispatchAndReread(ctx, connectorId) : null;
}

async function dispatchAndReread(ctx: AppContext, connectorId: number): Promise<DispatchRound> {
	const round = await dispatchRound(ctx, connectorId);
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
async function reread(ctx: AppContext, connectorId: number, what: NonNullable<DispatchRound['reread']>): Promise<void> {
	await refreshItems(ctx, connectorId, what);
	await discoverAndPlan(ctx, connectorId);
}
