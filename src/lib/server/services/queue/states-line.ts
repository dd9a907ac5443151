/** Moves of a target on its way to a search: into the line, out of it, under way, and awake again after its rest. */
import { and, eq, isNotNull, lte, sql, type SQL } from 'drizzle-orm';
import { MOVES } from '$lib/domain/moves';
import type { SearchState } from '$lib/domain/words';
import type { DbOrTx } from '../../db/client';
import { readRecounts } from '../../db/queries/registry';
import { REGISTRY_MARK } from '../../db/queries/target-mark';
import { requestQueue, searchRegistry, wanted } from '../../db/schema';
import {
	byId,
	lineUp,
	move,
	oneOfIds,
	remember,
	statesBefore,
	takeOut,
	type LineEntry,
	type QueueRow,
	type RegistryRow,
} from './states-moves';

/** Puts pending targets into the line; those no longer pending are left out. Gives back the new queue rows. */
export async function queueTargets(
	tx: DbOrTx,
	entries: readonly LineEntry[],
	{ at }: { at: Date },
): Promise<QueueRow[]> {
	return await lineUp(tx, entries, at);
}

/**
 * A user's search: any state → pending → queued, pinned, in one transaction. What the target remembers (attempts,
 * rest) stays, so that a search that is taken back does not shorten its rest. False while a search is under way.
 */
export async function pinTarget(
	tx: DbOrTx,
	entry: Omit<LineEntry, 'pinned'>,
	{ at }: { at: Date },
): Promise<QueueRow | null> {
	const id = entry.registryId;
	const inLine = await pinInLine(tx, entry);
	if (inLine !== null) return inLine;
	await move(tx, byId(id), { from: except('searching'), to: 'pending', at, set: { exhaustedBy: null } });
	const [row] = await lineUp(tx, [{ ...entry, pinned: true }], at);
	return row ?? null;
}

/** What is in line already keeps its place there, and its id: whoever asked before was told of it. */
async function pinInLine(tx: DbOrTx, entry: Omit<LineEntry, 'pinned'>): Promise<QueueRow | null> {
	// another who asks for the same is waited for; what it wrote is seen by the next statement
	await tx.select().from(searchRegistry).where(byId(entry.registryId)).for('update');
	const { reason, score, cost, lastSearchTime } = entry;
	const [row] = await tx
		.update(requestQueue)
		.set({ reason, score, cost, lastSearchTime, pinned: true, notBefore: null, postponed: 0 })
		.where(eq(requestQueue.registryId, entry.registryId))
		.returning();
	return row ?? null;
}

/**
 * `queued → searching`, for the claim's transaction: takes the row out of the line and gives it back, or null if it
 * was taken or moved meanwhile. `dispatchId` is the dispatch that is being claimed.
 */
export async function takeForSearch(
	tx: DbOrTx,
	registryId: number,
	{ at, dispatchId }: { at: Date; dispatchId: string },
): Promise<QueueRow | null> {
	return await takeOut(tx, registryId, { at, dispatchId });
}

/**
 * Back to pending without an attempt: a live check said no, or the command provably never arrived. Never before `notBefore`, and never before the end of a rest that was running.
 * `reason` is the one word shown as why it rests, e.g. `returned`, `removed`, `searched_recently`.
 */
export async function returnTarget(tx: DbOrTx, registryId: number, options: ReturnOptions): Promise<boolean> {
	return (await giveBack(tx, byId(registryId), ['queued', 'searching'], options)) === 1;
}

interface ReturnOptions {
	at: Date;
	notBefore: Date | null;
	reason: string;
}

/**
 * Out of the line, for many at once; gives back how many were still in it. What was claimed since the line was read is
 * under way and stays so.
 */
export const takeOutOfLine = (
	tx: DbOrTx,
	registryIds: readonly number[],
	options: ReturnOptions,
): Promise<number> => giveBack(tx, oneOfIds(registryIds), ['queued'], options);

async function giveBack(
	tx: DbOrTx,
	which: SQL,
	from: readonly ('queued' | 'searching')[],
	{ at, notBefore, reason }: ReturnOptions,
): Promise<number> {
	const set = notBefore === null ? {} : { nextEligibleAt: notEarlierThan(notBefore), restReason: reason };
	return (await move(tx, which, { from, to: 'pending', at, set })).length;
}

/** What discovery took off the list leaves the line; what the user asked for stays. */
export async function returnUnwanted(
	tx: DbOrTx,
	registryIds: readonly number[],
	{ at }: { at: Date },
): Promise<number> {
	const asked = sql`exists (select 1 from ${requestQueue} q where q.registry_id = ${searchRegistry.id} and q.pinned)`;
	const which = sql`${oneOfIds(registryIds)} and not ${asked}`;
	return (await move(tx, which, { from: ['queued'], to: 'pending', at })).length;
}

/**
 * A live check could not be made: the dispatch is taken back and the target goes into the line again, where it was,
 * not before `notBefore` (1, 2, 5, 15 min by `row.postponed`). `row` is what `takeForSearch` gave.
 */
export async function putBackInLine(
	tx: DbOrTx,
	row: Omit<LineEntry, 'notBefore' | 'postponed'>,
	{ at, notBefore, postponed }: { at: Date; notBefore: Date | null; postponed: number },
): Promise<boolean> {
	await move(tx, byId(row.registryId), { from: ['searching'], to: 'pending', at });
	const queued = await lineUp(tx, [{ ...entryOf(row), notBefore, postponed }], at);
	return queued.length === 1;
}

/** A place in line that was cleared, with the rest that the target had before. */
export interface ClearedPlace extends LineEntry {
	nextEligibleAt: Date | null;
	restReason: string | null;
}

/** Undoes a clearing for those that still rest because of it; gives back how many are in line again. */
export async function restoreToLine(
	tx: DbOrTx,
	places: readonly ClearedPlace[],
	{ at }: { at: Date },
): Promise<number> {
	const entries: LineEntry[] = [];
	for (const { nextEligibleAt, restReason, ...entry } of places) {
		const which = sql`${byId(entry.registryId)} and ${inState('pending')} and ${searchRegistry.restReason} = 'removed'`;
		if ((await remember(tx, which, { nextEligibleAt, restReason })) === 1) entries.push(entry);
	}
	return (await lineUp(tx, entries, at)).length;
}

/**
 * Everything whose rest is over is pending again: cooldown, failed (7 days) and what the rule had given up (90 days,
 * then one attempt). What the user gave up has no end.
 */
export async function wakeRested(
	tx: DbOrTx,
	connectorId: number,
	{ at }: { at: Date },
): Promise<RegistryRow[]> {
	const rested = and(
		eq(searchRegistry.connectorId, connectorId),
		isNotNull(searchRegistry.nextEligibleAt),
		lte(searchRegistry.nextEligibleAt, at),
	);
	return await move(tx, rested ?? sql`false`, {
		from: ['cooldown', 'failed', 'exhausted'],
		to: 'pending',
		at,
		set: { exhaustedBy: null, restReason: null, consecutiveNotSearched: 0 },
	});
}

/**
 * What is wanted of an item changed (a gap was filled, a file was deleted): the count begins anew, and what rested,
 * was given up by the rule or was done is pending again. What stands in line for the old reason leaves it, unless the user
 * put it there: its search would count for what is wanted no more. The rest after an import holds for the new reason too.
 */
export async function recountChanged(tx: DbOrTx, connectorId: number, { at }: { at: Date }): Promise<number> {
	const { uncounted, changed } = await readRecounts(tx, connectorId);
	const reason = sql`(select w.reason from ${wanted} w
		where w.episode_id = ${searchRegistry.episodeId} or w.movie_id = ${searchRegistry.movieId})`;
	if (uncounted.length > 0) await remember(tx, oneOfIds(uncounted), { countedFor: reason });
	if (changed.length === 0) return 0;
	const which = oneOfIds(changed);
	const anew = { attempts: 0, freshAttempts: 0, consecutiveErrors: 0, consecutiveNotSearched: 0 };
	const set = { ...anew, nextEligibleAt: null, restReason: null, grabId: null, countedFor: reason };
	const notByUser = sql`${which} and ${searchRegistry.exhaustedBy} is distinct from 'user'
		and not exists (select from ${requestQueue} q where q.registry_id = ${searchRegistry.id} and q.pinned)`;
	const from = ['cooldown', 'failed', 'exhausted', 'done', 'queued'] as const;
	const moved = await move(tx, notByUser, { from, to: 'pending', at, set: { ...set, exhaustedBy: null } });
	const stays = sql`${which} and (${inState('pending')} or ${inState('queued')})
		and ${searchRegistry.countedFor} is distinct from ${reason}`;
	await remember(tx, stays, { ...anew, countedFor: reason });
	return moved.length;
}

/** Failed targets of which the mirror says something else by now are worth another try. */
export async function reviveFailed(tx: DbOrTx, connectorId: number, { at }: { at: Date }): Promise<number> {
	const which = sql`${searchRegistry.connectorId} = ${connectorId} and ${inState('failed')}
		and ${searchRegistry.failedOn} <> ${REGISTRY_MARK}`;
	const set = { nextEligibleAt: null, restReason: null, consecutiveNotSearched: 0, failedOn: null };
	return (await move(tx, which, { from: ['failed'], to: 'pending', at, set })).length;
}

/** The later of what the row remembers and `date`. */
export const notEarlierThan = (date: Date): SQL =>
	sql`greatest(${searchRegistry.nextEligibleAt}, ${date}::timestamptz)`;

const except = (...not: SearchState[]): SearchState[] =>
	statesBefore('pending').filter((state) => !not.includes(state) && MOVES[state].includes('pending'));

const inState = (state: SearchState): SQL => eq(searchRegistry.state, state);

/** The fields of a queue row that survive a return to the line; its id and time in line do not. */
function entryOf(row: Omit<LineEntry, 'notBefore' | 'postponed'>): LineEntry {
	return {
		connectorId: row.connectorId,
		registryId: row.registryId,
		targetKind: row.targetKind,
		seriesId: row.seriesId ?? null,
		reason: row.reason,
		score: row.score,
		cost: row.cost,
		pinned: row.pinned ?? false,
		lastSearchTime: row.lastSearchTime ?? null,
	};
}
