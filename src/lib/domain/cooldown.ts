/**
 * How long a target rests after a search that found nothing (design: search states). Fresh releases come back daily,
 * old ones after a week and then ever more rarely, until they are given up. Pure: time comes in, a decision goes out.
 */
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Released less than this long ago, an item is fresh. */
export const FRESH_MS = 14 * DAY_MS;
/** Rest of a fresh item: this long for the first attempts … */
export const FRESH_REST_MS = DAY_MS;
/** … and this long after them. */
export const FRESH_LATER_REST_MS = 2 * DAY_MS;
export const FRESH_ATTEMPTS = 3;
/** First rest of an item that is no longer fresh; doubles with every attempt, up to the cap. */
export const FIRST_REST_MS = 7 * DAY_MS;
export const REST_CAP_MS = 90 * DAY_MS;
/** Rests are spread by this share to either side, so that a wave of attempts does not return as a wave. */
export const REST_JITTER = 0.1;

export interface AttemptMemory {
	/** Attempts that count towards the maximum. */
	attempts: number;
	/** Attempts made while fresh; they never count towards the maximum. */
	freshAttempts: number;
}

export interface RestQuestion extends AttemptMemory {
	now: Date;
	/** When it could first be found; null if unknown (then it is not fresh). */
	availableAt: Date | null;
	maxAttempts: number;
	exhaustedRestDays: number;
	/** A search that the user asked for rests the item but counts nothing. */
	counts: boolean;
	/** Stable per target: the same question always has the same answer. */
	seed: number;
}

export interface Rest extends AttemptMemory {
	state: 'cooldown' | 'exhausted';
	nextEligibleAt: Date;
}

/** The rest that follows an attempt without success. */
export function restAfterAttempt(question: RestQuestion): Rest {
	if (isFresh(question.availableAt, question.now)) return freshRest(question);
	const attempts = question.attempts + (question.counts ? 1 : 0);
	const memory = { attempts, freshAttempts: question.freshAttempts };
	if (attempts >= question.maxAttempts) {
		const rest = question.exhaustedRestDays * DAY_MS;
		return { ...memory, state: 'exhausted', nextEligibleAt: later(question.now, rest) };
	}
	const rest = grownRest(attempts) * spread(question.seed + attempts, REST_JITTER);
	return { ...memory, state: 'cooldown', nextEligibleAt: later(question.now, rest) };
}

/** Released less than 14 days ago. */
export const isFresh = (availableAt: Date | null, now: Date): boolean =>
	availableAt !== null && now.getTime() - availableAt.getTime() < FRESH_MS;

/** 7 days × 2^(n−1), at most 90 days; without an attempt yet, as after the first. In ms, before the spread. */
export const grownRest = (attempts: number): number =>
	Math.min(FIRST_REST_MS * 2 ** (Math.max(1, attempts) - 1), REST_CAP_MS);

/** A factor within 1 ± `share`, always the same for the same seed. */
export function spread(seed: number, share: number): number {
	return 1 + share * (2 * unit(seed) - 1);
}

function freshRest(question: RestQuestion): Rest {
	const freshAttempts = question.freshAttempts + (question.counts ? 1 : 0);
	const rest = freshAttempts <= FRESH_ATTEMPTS ? FRESH_REST_MS : FRESH_LATER_REST_MS;
	return {
		attempts: question.attempts,
		freshAttempts,
		state: 'cooldown',
		nextEligibleAt: later(question.now, rest),
	};
}

const later = (now: Date, ms: number): Date => new Date(now.getTime() + Math.round(ms));

/** 0 (inclusive) to 1 (exclusive) from any number: an integer hash, not a random source. */
function unit(seed: number): number {
	let x = Math.imul(Math.trunc(seed) ^ 0x9e3779b9, 0x85ebca6b);
	x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
	return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}
