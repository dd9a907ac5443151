/**
 * Priority: who is asked for first. The score is a weighted sum of factors between 0 and 1, 0 to 1000 in all, moved by
 * the user's boost; waiting is added on top without a cap, so that nothing starves. The database ranks by the same
 * formula (`db/queries/plan-score.ts`), and a test holds the two together.
 */
import type { TargetKind, WantedReason } from './words';

const DAY_MS = 86_400_000;

export interface PriorityWeights {
	/** New releases first. */
	age: number;
	/** Long wanted first. */
	missing: number;
	/** Seldom tried first. */
	attempts: number;
	/** Gaps before upgrades. */
	kind: number;
	/** Searches that stand for many items first. */
	reach: number;
	/** Points for each day of waiting, without a cap. */
	waitingPerDay: number;
}

export const DEFAULT_WEIGHTS: PriorityWeights = {
	age: 300,
	missing: 150,
	attempts: 150,
	kind: 300,
	reach: 100,
	waitingPerDay: 10,
};

/** What each kind of search is worth beside a gap. */
export const KIND_WORTH: Readonly<Record<WantedReason, number>> = { gap: 1, quality: 0.4, format: 0.1 };
/** Age, in days, at which a release has lost half of its newness. */
export const AGE_HALF_DAYS = 30;
/** Days wanted after which that counts in full. */
export const MISSING_FULL_DAYS = 90;
/** Items per cost beyond the first at which reach counts in full. */
export const REACH_FULL = 9;

export interface ScoreInput {
	now: Date;
	reason: WantedReason;
	/** When it could first be found; null if unknown: then as old as can be. */
	availableAt: Date | null;
	/** Since when it is wanted. */
	since: Date;
	/** Since when nothing but its turn keeps it waiting: the latest of wanted, last attempt and end of its rest. */
	waitingSince: Date;
	/** Fresh attempts included. */
	attempts: number;
	/** Wanted items that one search stands for, and its cost. */
	items: number;
	cost: number;
	/** -100 to 100 for each of item, season and series. */
	boost: number;
}

/** The factors of a score, each 0 to 1. */
export type ScoreFactors = Record<Exclude<keyof PriorityWeights, 'waitingPerDay'>, number>;

/** The score, to one decimal. */
export function score(input: ScoreInput, weights: PriorityWeights = DEFAULT_WEIGHTS): number {
	const factors = scoreFactors(input);
	const names = Object.keys(factors) as (keyof ScoreFactors)[];
	const sum = names.reduce((total, name) => total + weights[name] * factors[name], 0);
	const all = names.reduce((total, name) => total + weights[name], 0);
	const base = all === 0 ? 0 : (1000 * sum) / all;
	const boosted = Math.min(1000, Math.max(0, base + input.boost));
	return Math.round((boosted + weights.waitingPerDay * days(input.waitingSince, input.now)) * 10) / 10;
}

/** What the score is made of, for the sentence "why here". */
export function scoreFactors(input: ScoreInput): ScoreFactors {
	return {
		age:
			input.availableAt === null ? 0 : AGE_HALF_DAYS / (AGE_HALF_DAYS + days(input.availableAt, input.now)),
		missing: Math.min(1, days(input.since, input.now) / MISSING_FULL_DAYS),
		attempts: 1 / (1 + input.attempts),
		kind: KIND_WORTH[input.reason],
		reach: Math.min(1, Math.max(0, input.items / input.cost - 1) / REACH_FULL),
	};
}

/** What decides on the place in line; the order is total, so that plan and dispatch agree. */
export interface Ranked {
	pinned: boolean;
	score: number;
	/** By the arr; never = first. */
	lastSearchTime: Date | null;
	targetKind: TargetKind;
	/** Our episode, season or movie row. */
	targetId: number;
}

/** Pinned, score, longest unsearched, kind, id. */
export function compareRank(a: Ranked, b: Ranked): number {
	return (
		Number(b.pinned) - Number(a.pinned) ||
		b.score - a.score ||
		(a.lastSearchTime?.getTime() ?? -Infinity) - (b.lastSearchTime?.getTime() ?? -Infinity) ||
		compareText(a.targetKind, b.targetKind) ||
		a.targetId - b.targetId
	);
}

const days = (from: Date, to: Date): number => Math.max(0, to.getTime() - from.getTime()) / DAY_MS;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
