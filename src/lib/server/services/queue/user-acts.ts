/**
 * What a user may do about an item, season or series: ask for a search, forget, exclude, boost, give up. Each act and
 * its event are one transaction. Refusals are `AppError`s with a code that REST passes on.
 */
import { sql } from 'drizzle-orm';
import type { Explanation } from '$lib/domain/explanation';
import type { ItemKind } from '$lib/domain/words';
import type { AppContext } from '../../app-context';
import { AppError, notFound } from '../../app-error';
import type { Tx } from '../../db/client';
import { findConnector } from '../../db/queries/connectors';
import { itemsById, readItemFacts, type ItemFacts } from '../../db/queries/plan-items';
import {
	findScope,
	queuedUnder,
	targetsOfScope,
	type ScopeRef,
	type ScopeRow,
} from '../../db/queries/plan-scopes';
import { targetRules } from '../../db/schema';
import { recordEvent, type EventType } from '../../events';
import { explain } from './explain';
import { readConnectorFacts } from './facts';
import { giveBirth, giveUpTargets, pinTarget, resetScope, takeOutOfLine } from './states';

export { undoClear } from './undo';
export { clearQueue, pauseQueue, removeFromQueue, resumeQueue, type ClearedQueue } from './user-acts-queue';

/** A search goes first in line; `explanation` tells whether it is next, or what it waits for. */
export interface RequestedSearch {
	queueId: number;
	registryId: number;
	explanation: Explanation;
}

/**
 * Puts a search first in line. It passes over turn, rest, delay, window and switch, and waits for what holds the
 * connector (reachable, indexer, budget, spacing); everything else refuses it. Counts no attempt.
 */
export async function requestSearch(
	ctx: AppContext,
	ref: { kind: ItemKind; id: number },
): Promise<RequestedSearch> {
	const at = ctx.clock.date();
	const { queueId, connectorId, registryId } = await ctx.db.transaction(async (tx) => {
		const scope = await mustFind(tx, ref);
		const item = await readSearchable(ctx, tx, scope, ref);
		const target = { connectorId: scope.connectorId, kind: ref.kind, key: scope.key, rowId: ref.id };
		const [registry] = await giveBirth(tx, [target], at);
		const row =
			registry === undefined ? null : await pinTarget(tx, entryOf(scope, item, registry.id), { at });
		if (row === null) throw alreadyInFlight();
		await tell(tx, scope, at, 'search.requested', `Search asked for: ${scope.title}.`);
		return { queueId: row.id, connectorId: scope.connectorId, registryId: row.registryId };
	});
	ctx.wake.queueChanged(connectorId);
	const explanation = await explain(ctx, ref);
	if (explanation === null) throw notFound(ref.kind);
	return { queueId, registryId, explanation };
}

/** The item's facts, if a search of the user may be taken up at all. */
async function readSearchable(
	ctx: AppContext,
	tx: Tx,
	scope: ScopeRow,
	ref: { kind: ItemKind; id: number },
): Promise<ItemFacts> {
	const connector = await findConnector(tx, scope.connectorId);
	if (connector === undefined) throw notFound('connector');
	if (!connector.enabled) throw new AppError('connector_disabled', 409, `${connector.name} is switched off.`);
	if (connector.mode !== 'active') {
		const message = `${connector.name} is only observed: start searching first, then ask for a search.`;
		throw new AppError('observe_mode', 409, message);
	}
	const facts = await readConnectorFacts(ctx, tx, scope.connectorId);
	if (facts === null) throw notFound('connector');
	const [item] = await readItemFacts(tx, itemsById({ ...facts.rules, kind: ref.kind }, [ref.id]));
	if (item === undefined) throw notFound(ref.kind);
	if (item.presence !== 'present')
		throw new AppError('not_available', 409, 'The application does not list it any more.');
	if (!item.monitored) throw new AppError('not_monitored', 409, 'It is not monitored in the application.');
	if (!item.available) throw new AppError('not_available', 409, 'It is not available yet.');
	if (item.inFlight !== null || item.coveredBy !== null) throw alreadyInFlight();
	return item;
}

const alreadyInFlight = (): AppError =>
	new AppError('already_in_flight', 409, 'It is being searched or on its way.');

const entryOf = (scope: ScopeRow, item: ItemFacts, registryId: number) => ({
	connectorId: scope.connectorId,
	registryId,
	targetKind: item.kind,
	seriesId: item.seriesId,
	reason: item.reason,
	score: item.score,
	cost: item.cost,
	lastSearchTime: item.lastSearchTime,
});

/** Forgets what searches led to, for this scope only. Gives back how many targets were touched. */
export async function resetTarget(ctx: AppContext, ref: ScopeRef): Promise<number> {
	const at = ctx.clock.date();
	return await ctx.db.transaction(async (tx) => {
		const scope = await mustFind(tx, ref);
		const count = await resetScope(tx, ref, { at });
		await tell(tx, scope, at, 'item.reset', `Search memory reset: ${scope.title}.`, { count });
		return count;
	});
}

/** Forgets what searches led to for a whole connector. */
export async function resetConnector(ctx: AppContext, connectorId: number): Promise<number> {
	const at = ctx.clock.date();
	return await ctx.db.transaction(async (tx) => {
		const connector = await findConnector(tx, connectorId);
		if (connector === undefined) throw notFound('connector');
		const count = await resetScope(tx, { kind: 'connector', id: connectorId }, { at });
		const message = `Search memory reset: everything of ${connector.name}.`;
		await recordEvent(tx, { at, type: 'item.reset', connector, message, data: { count } });
		return count;
	});
}

/** No search may ask for it, or include it, until it is included again. Kept by natural key. */
export async function excludeTarget(ctx: AppContext, ref: ScopeRef): Promise<void> {
	const at = ctx.clock.date();
	await ctx.db.transaction(async (tx) => {
		const scope = await mustFind(tx, ref);
		await writeRule(tx, scope, { excluded: true });
		const leaving = await queuedUnder(tx, scope.connectorId, scope.key);
		await takeOutOfLine(tx, leaving, { at, notBefore: null, reason: 'excluded' });
		await tell(tx, scope, at, 'item.excluded', `Excluded from searches: ${scope.title}.`);
	});
}

/** Takes back the exclusion of exactly this item, season or series; one above it stays. */
export async function includeTarget(ctx: AppContext, ref: ScopeRef): Promise<void> {
	const at = ctx.clock.date();
	await ctx.db.transaction(async (tx) => {
		const scope = await mustFind(tx, ref);
		await writeRule(tx, scope, { excluded: false });
		await tell(tx, scope, at, 'item.included', `Included in searches again: ${scope.title}.`);
	});
}

/** Moves it up or down in line: -100 to 100 points, added to those of its season and series. */
export async function boostTarget(ctx: AppContext, ref: ScopeRef, boost: number): Promise<void> {
	if (!Number.isInteger(boost) || Math.abs(boost) > 100) {
		throw new AppError('invalid_boost', 422, 'A boost is a whole number from -100 to 100.');
	}
	await ctx.db.transaction(async (tx) => {
		await writeRule(tx, await mustFind(tx, ref), { boost });
	});
}

/** No more attempts until it is reset or asked for. A search under way is watched to its end. */
export async function giveUp(ctx: AppContext, ref: ScopeRef): Promise<number> {
	const at = ctx.clock.date();
	return await ctx.db.transaction(async (tx) => {
		const scope = await mustFind(tx, ref);
		const moved = await giveUpTargets(tx, await targetsOfScope(tx, ref), { at });
		await tell(tx, scope, at, 'item.given_up', `Given up: ${scope.title}.`, { count: moved.length });
		return moved.length;
	});
}

async function mustFind(tx: Tx, ref: ScopeRef): Promise<ScopeRow> {
	const scope = await findScope(tx, ref);
	if (scope === null) throw notFound(ref.kind);
	return scope;
}

async function writeRule(
	tx: Tx,
	scope: ScopeRow,
	set: { excluded: boolean } | { boost: number },
): Promise<void> {
	await tx
		.insert(targetRules)
		.values({ connectorId: scope.connectorId, scope: scope.ruleScope, targetKey: scope.key, ...set })
		.onConflictDoUpdate({ target: [targetRules.connectorId, targetRules.scope, targetRules.targetKey], set });
	const idle = sql`not ${targetRules.excluded} and ${targetRules.boost} = 0`;
	await tx.delete(targetRules).where(sql`${idle} and ${targetRules.connectorId} = ${scope.connectorId}`);
}

async function tell(
	tx: Tx,
	scope: ScopeRow,
	at: Date,
	type: EventType,
	message: string,
	data: Record<string, unknown> = {},
): Promise<void> {
	const { connectorId, connectorName, episodeId, movieId, key } = scope;
	const connector = { id: connectorId, name: connectorName };
	await recordEvent(tx, { at, type, connector, episodeId, movieId, message, data: { ...data, key } });
}
