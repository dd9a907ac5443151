/** When a read is tried again, and after how long: pure functions. */
import type { ArrError } from './errors';

/** Tries besides the first. */
export const MOST_RETRIES = 2;
/** A longer wait asked for by `Retry-After` is left to the caller. Milliseconds. */
export const LONGEST_WAIT = 30_000;
const FIRST_WAIT = 500;

const passing = new Set<string>([
	'refused',
	'unreachable',
	'reset',
	'cut_off',
	'starting',
	'server_error',
	'database_locked',
	'rate_limited',
]);

/**
 * Milliseconds to wait before the next try, or null if there should be none. Timeouts are not tried again: the caller
 * has waited long enough. `random` gives [0, 1).
 */
export function waitBefore(error: ArrError, triesSoFar: number, random: () => number): number | null {
	if (!passing.has(error.code) || triesSoFar > MOST_RETRIES) return null;
	const own = FIRST_WAIT * 2 ** (triesSoFar - 1) * (1 + random() / 2);
	const asked = error.retryAfterMs ?? 0;
	return asked > LONGEST_WAIT ? null : Math.max(own, asked);
}

/** Reads `Retry-After`, seconds or a date. Milliseconds from `now`; undefined if there is none or it is unreadable. */
export function readRetryAfter(value: string | null, now: number): number | undefined {
	if (value === null) return undefined;
	const text = value.trim();
	if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
	const at = Date.parse(text);
	return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
