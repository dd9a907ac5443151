/**
 * What an outcome does to the target (design: outcome, search states). Every function is called in the transaction
 * that concludes the dispatch, and gives back false if the target is not under way any more (given up meanwhile, or
 * already concluded): the dispatch is concluded all the same, the target is left alone.
 *
 * Attempts count for `nothing_found`, for a grab whose download failed, and for `error` from the third in a row;
 * never for a search that the user asked for.
 */
import { sql } from 'drizzle-orm';
import { restAfterAttempt, type Rest } from '$lib/domain/cooldown';
import type { Outcome, SearchState } from '$lib/domain/words';
import type { DbOrTx } from '../../db/client';
import { lockTarget, type TargetFacts } from '../../db/queries/registry';
import { REGISTRY_MARK } from '../../db/queries/target-mark';
import { searchRegistry } from '../../db/schema';
import { notEarlierThan } from './states-line';
import { byId, move, remember, type Changes } from './states-moves';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** After so many in a row, "no indexer was asked" is the item's own matter for good: it has failed. */
const NOT_SEARCHED_LIMIT = 3;
/** From this one on, errors in a row count as attempts. */
const ERRORS_THAT_COUNT = 3;
const FAILED_REST_MS = 7 * DAY_MS;
const RETURN_REST_MS = DAY_MS;
const AFTER_IMPORT_REST_MS = 30 * DAY_MS;

/** Every outcome: when (our clock), by which dispatch, and whether the user had asked for the search. */
export interface OutcomeOf {
	at: Date;
	dispatchId: string;
	byUser: boolean;
}

/** An indexer was asked and had nothing: an attempt, then the growing rest, or given up at the maximum. */
export async function recordNothingFound(tx: DbOrTx, registryId: number, of: OutcomeOf): Promise<boolean> {
	const target = await underWay(tx, registryId, 'searching');
	if (target === null) return false;
	return await rest(tx, registryId, { from: 'searching', target, of, outcome: 'nothing_found' });
}

/** Something was grabbed; `grabId` is the grab to follow (of a season: null, its episodes have theirs). */
export async function recordGrabbed(
	tx: DbOrTx,
	registryId: number,
	of: OutcomeOf & { grabId: number | null },
): Promise<boolean> {
	const set = { ...attempted(of, 'grabbed'), grabId: of.grabId, restReason: null };
	return await one(tx, registryId, { from: 'searching', to: 'grabbed', at: of.at, set });
}

/** Accepted but parked in the arr's queue: in flight until it leaves. */
export async function recordParked(tx: DbOrTx, registryId: number, of: OutcomeOf): Promise<boolean> {
	const set = { ...attempted(of, 'pending'), restReason: 'parked' };
	return await one(tx, registryId, { from: 'searching', to: 'grabbed', at: of.at, set });
}

/** A parked release was grabbed in the end: the same find, now followed. */
export async function recordParkedGrabbed(
	tx: DbOrTx,
	registryId: number,
	{ grabId }: { grabId: number },
): Promise<boolean> {
	const which = sql`${byId(registryId)} and ${searchRegistry.state} = 'grabbed' and ${searchRegistry.restReason} = 'parked'`;
	return (await remember(tx, which, { grabId, restReason: null, lastOutcome: 'grabbed' })) === 1;
}

/** The application searched again by itself after a failed download and grabbed: that grab is waited for instead. */
export async function followInstead(
	tx: DbOrTx,
	registryId: number,
	{ grabId }: { grabId: number },
): Promise<boolean> {
	const which = sql`${byId(registryId)} and ${searchRegistry.state} = 'grabbed'`;
	return (await remember(tx, which, { grabId })) === 1;
}

/** A parked release left without a grab: no attempt, the item returns 24 h later. */
export async function recordParkedGone(
	tx: DbOrTx,
	registryId: number,
	{ at }: { at: Date },
): Promise<boolean> {
	const set = { restReason: 'parked_gone', nextEligibleAt: notEarlierThan(after(at, RETURN_REST_MS)) };
	return await one(tx, registryId, { from: 'grabbed', to: 'pending', at, set });
}

/**
 * Nobody was asked. Explained by configuration or health (`ownMatter` false): it returns as if nothing had been, and
 * the gate holds it. Otherwise it is the item's own matter: 24 h, and at the third in a row `failed` for 7 days.
 */
export async function recordNotSearched(
	tx: DbOrTx,
	registryId: number,
	of: OutcomeOf & { ownMatter: boolean },
): Promise<boolean> {
	const target = await underWay(tx, registryId, 'searching');
	if (target === null) return false;
	const set = { lastOutcome: 'not_searched' as const, lastDispatchId: of.dispatchId };
	if (!of.ownMatter) return await one(tx, registryId, { from: 'searching', to: 'pending', at: of.at, set });
	const inARow = target.consecutiveNotSearched + 1;
	const failed = inARow >= NOT_SEARCHED_LIMIT;
	const restMs = failed ? FAILED_REST_MS : RETURN_REST_MS;
	return await one(tx, registryId, {
		from: 'searching',
		to: failed ? 'failed' : 'pending',
		at: of.at,
		set: {
			...set,
			consecutiveNotSearched: inARow,
			failedOn: failed ? REGISTRY_MARK : null,
			restReason: failed ? 'cannot_be_searched' : 'not_searched',
			nextEligibleAt: failed ? after(of.at, restMs) : notEarlierThan(after(of.at, restMs)),
		},
	});
}

/** Asked, but the silence proves nothing: no attempt; back when its gate opens, not before 1 h. */
export async function recordInconclusive(
	tx: DbOrTx,
	registryId: number,
	of: OutcomeOf & { notBefore?: Date },
): Promise<boolean> {
	const earliest = after(of.at, HOUR_MS);
	const notBefore = of.notBefore !== undefined && of.notBefore > earliest ? of.notBefore : earliest;
	return await back(tx, registryId, { of, outcome: 'inconclusive', notBefore, reason: 'inconclusive' });
}

/** The command failed: it rests a day; from the third in a row it counts as an attempt. */
export async function recordError(tx: DbOrTx, registryId: number, of: OutcomeOf): Promise<boolean> {
	const target = await underWay(tx, registryId, 'searching');
	if (target === null) return false;
	const inARow = target.consecutiveErrors + 1;
	const set = { consecutiveErrors: inARow };
	if (inARow >= ERRORS_THAT_COUNT) {
		return await rest(tx, registryId, { from: 'searching', target, of, outcome: 'error', set });
	}
	const notBefore = after(of.at, RETURN_REST_MS);
	return await back(tx, registryId, { of, outcome: 'error', notBefore, reason: 'error', set });
}

/** No answer can be had any more: it may have been searched, so it returns a day later, without an attempt. */
export async function recordLost(tx: DbOrTx, registryId: number, of: OutcomeOf): Promise<boolean> {
	const notBefore = after(of.at, RETURN_REST_MS);
	return await back(tx, registryId, { of, outcome: 'lost', notBefore, reason: 'lost' });
}

/** Another's command was already there: no attempt. Its grabs are finds, and are followed (`grabId`) if there are any. */
export async function recordMerged(
	tx: DbOrTx,
	registryId: number,
	of: OutcomeOf & { grabId: number | null },
): Promise<boolean> {
	if (of.grabId !== null) {
		const set = { ...attempted(of, 'merged'), grabId: of.grabId, restReason: null };
		return await one(tx, registryId, { from: 'searching', to: 'grabbed', at: of.at, set });
	}
	const notBefore = after(of.at, RETURN_REST_MS);
	return await back(tx, registryId, { of, outcome: 'merged', notBefore, reason: 'merged' });
}

/**
 * The grab was imported: done, or, if the item is still a candidate, pending with the count at 0 after 30 days.
 * A season is called once, when the last of its grabs has ended.
 */
export async function recordImported(
	tx: DbOrTx,
	registryId: number,
	{ at, stillWanted }: { at: Date; stillWanted: boolean },
): Promise<boolean> {
	const anew = {
		attempts: 0,
		freshAttempts: 0,
		consecutiveErrors: 0,
		consecutiveNotSearched: 0,
		grabId: null,
	};
	const restNow = { nextEligibleAt: after(at, AFTER_IMPORT_REST_MS), restReason: 'after_import' };
	return await one(tx, registryId, {
		from: 'grabbed',
		to: stillWanted ? 'pending' : 'done',
		at,
		set: { ...anew, ...(stillWanted ? restNow : { nextEligibleAt: null, restReason: null }) },
	});
}

/**
 * The download failed or vanished: an attempt, and the item returns 24 h later (call it only once the arr's own new
 * search has ended without a find). Given up if that was the last attempt.
 */
export async function recordDownloadFailed(
	tx: DbOrTx,
	registryId: number,
	{ at, byUser, vanished }: { at: Date; byUser: boolean; vanished: boolean },
): Promise<boolean> {
	const target = await underWay(tx, registryId, 'grabbed');
	if (target === null) return false;
	const counted = restAfterAttempt(restQuestion(target, registryId, { at, byUser }));
	const soon = counted.state === 'cooldown' ? after(at, RETURN_REST_MS) : counted.nextEligibleAt;
	return await one(tx, registryId, {
		from: 'grabbed',
		to: counted.state,
		at,
		set: {
			...restSet({ ...counted, nextEligibleAt: soon }),
			grabId: null,
			restReason: vanished ? 'download_vanished' : 'download_failed',
		},
	});
}

interface RestStep {
	from: 'searching' | 'grabbed';
	target: TargetFacts;
	of: OutcomeOf;
	outcome: Outcome;
	set?: Changes;
}

/** The rest after an attempt: cooldown, or exhausted at the maximum. */
async function rest(tx: DbOrTx, registryId: number, step: RestStep): Promise<boolean> {
	const after = restAfterAttempt(restQuestion(step.target, registryId, step.of));
	const set = { ...attempted(step.of, step.outcome), ...restSet(after), ...step.set };
	return await one(tx, registryId, { from: step.from, to: after.state, at: step.of.at, set });
}

/** Pending again without an attempt. */
async function back(
	tx: DbOrTx,
	registryId: number,
	step: { of: OutcomeOf; outcome: Outcome; notBefore: Date; reason: string; set?: Changes },
): Promise<boolean> {
	const { consecutiveErrors: _, ...memory } = attempted(step.of, step.outcome);
	const waits = { nextEligibleAt: notEarlierThan(step.notBefore), restReason: step.reason };
	const set = { ...memory, ...waits, ...step.set };
	return await one(tx, registryId, { from: 'searching', to: 'pending', at: step.of.at, set });
}

async function one(
	tx: DbOrTx,
	registryId: number,
	step: { from: SearchState; to: SearchState; at: Date; set: Changes },
): Promise<boolean> {
	return (await move(tx, byId(registryId), { ...step, from: [step.from] })).length === 1;
}

async function underWay(tx: DbOrTx, registryId: number, state: SearchState): Promise<TargetFacts | null> {
	const target = await lockTarget(tx, registryId);
	return target?.state === state ? target : null;
}

const restQuestion = (target: TargetFacts, seed: number, of: { at: Date; byUser: boolean }) => ({
	now: of.at,
	availableAt: target.availableAt,
	attempts: target.attempts,
	freshAttempts: target.freshAttempts,
	maxAttempts: target.maxAttempts,
	exhaustedRestDays: target.exhaustedRestDays,
	counts: !of.byUser,
	seed,
});

/** A search that did reach an indexer ends a row of "not searched", and anything but an error a row of errors. */
const attempted = (of: OutcomeOf, outcome: Outcome) => ({
	lastAttemptAt: of.at,
	lastDispatchId: of.dispatchId,
	lastOutcome: outcome,
	consecutiveNotSearched: 0,
	consecutiveErrors: 0,
});

const restSet = (counted: Rest): Changes => ({
	attempts: counted.attempts,
	freshAttempts: counted.freshAttempts,
	nextEligibleAt: notEarlierThan(counted.nextEligibleAt),
	restReason: counted.state,
	exhaustedBy: counted.state === 'exhausted' ? 'rule' : null,
});

const after = (at: Date, ms: number): Date => new Date(at.getTime() + ms);
