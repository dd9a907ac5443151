// The throttle, by examples and by random histories: whatever happens, no rolling window is exceeded.
import { describe, expect, test } from 'vitest';
import {
	dearest,
	effectiveProfile,
	FLOOR,
	mayAsk,
	PROFILES,
	spentWithin,
	type Answer,
	type AskQuestion,
	type Spent,
	type Usage,
} from './throttle';
import type { WantedReason } from './words';

const NOW = new Date('2026-06-15T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SHARES = { gap: 100, quality: 20, format: 10 };
const minutesAgo = (minutes: number): Date => new Date(NOW.getTime() - minutes * MINUTE);

const nothing: Usage = { spent: [], last: null, errorPauseUntil: null };
const spent = (minutes: number, cost = 1, kind: Spent['kind'] = 'gap'): Spent => ({
	at: minutesAgo(minutes),
	cost,
	kind,
});
const ask = (by: Partial<AskQuestion>): Answer =>
	mayAsk({
		profile: PROFILES.conservative,
		usage: nothing,
		now: NOW,
		cost: 1,
		kind: 'gap',
		shares: SHARES,
		...by,
	});
const after = (answer: Answer): number | null =>
	answer.open || answer.until === null ? null : (answer.until.getTime() - NOW.getTime()) / MINUTE;

describe('one question', () => {
	test('nothing was sent: open', () => {
		expect(ask({})).toEqual({ open: true });
	});
	test('the spacing counts from the last command', () => {
		const answer = ask({ usage: { ...nothing, last: { id: 'a', at: minutesAgo(4) } } });
		expect(answer).toMatchObject({ open: false, cause: 'spacing' });
		expect(after(answer)).toBe(6);
	});
	test('once a quarter of the day is used, sends are spread evenly', () => {
		const usage = {
			spent: [spent(700, 4), spent(600, 4), spent(500, 2)],
			last: { id: 'a', at: minutesAgo(0) },
		};
		const answer = ask({ usage: { ...usage, errorPauseUntil: null } });
		expect(after(answer)).toBeGreaterThanOrEqual(36 * 0.8);
		expect(after(answer)).toBeLessThanOrEqual(36 * 1.2);
		expect(ask({ usage: { ...usage, errorPauseUntil: null } })).toEqual(answer);
	});
	test('a full hour opens when enough of it has passed', () => {
		const usage = { ...nothing, spent: [spent(50, 1), spent(40, 2), spent(20, 1)] };
		expect(ask({ usage })).toMatchObject({ open: false, cause: 'hour', used: 4, limit: 4 });
		expect(after(ask({ usage }))).toBe(10);
		expect(after(ask({ usage, cost: 2 }))).toBe(20);
	});
	test('searches that are not ours count too', () => {
		const usage = { ...nothing, spent: [spent(30, 100, 'foreign')] };
		expect(ask({ usage })).toMatchObject({ open: false, cause: 'day' });
		expect(after(ask({ usage }))).toBe(24 * 60 - 30);
	});
	test('a kind keeps to its share, others go on', () => {
		const usage = { ...nothing, spent: [spent(300, 8, 'quality')] };
		expect(ask({ usage, kind: 'quality' })).toMatchObject({ open: false, cause: 'share_day', limit: 8 });
		expect(ask({ usage, kind: 'gap' })).toEqual({ open: true });
	});
	test('a share smaller than one search lets one through', () => {
		expect(ask({ kind: 'format' })).toEqual({ open: true });
		const usage = { ...nothing, spent: [spent(30, 1, 'format')] };
		expect(ask({ usage, kind: 'format' })).toMatchObject({ open: false, cause: 'share_hour' });
	});
	test('a command dearer than the smallest window is never planned', () => {
		expect(ask({ cost: 5 })).toMatchObject({ open: false, cause: 'too_dear', until: null });
		expect(dearest(PROFILES.conservative)).toBe(4);
	});
	test('an error pauses', () => {
		const answer = ask({ usage: { ...nothing, errorPauseUntil: new Date(NOW.getTime() + 30 * MINUTE) } });
		expect(answer).toMatchObject({ open: false, cause: 'error_pause' });
	});
});

test('no preset is below the floors, and a lowered floor shrinks the spacing', () => {
	for (const preset of Object.values(PROFILES))
		expect(effectiveProfile(preset, FLOOR.spacingMs)).toEqual(preset);
	expect(effectiveProfile(PROFILES.conservative, 600).spacingMs).toBe(6000);
	const greedy = {
		...PROFILES.aggressive,
		spacingMs: 1,
		costPerHour: 1000,
		costPerDay: 9999,
		errorPauseMs: 1,
	};
	expect(effectiveProfile(greedy, FLOOR.spacingMs)).toMatchObject({
		spacingMs: FLOOR.spacingMs,
		costPerHour: 30,
		costPerDay: 500,
		errorPauseMs: FLOOR.errorPauseMs,
	});
});

/** Small repeatable random source. */
function dice(seed: number): () => number {
	let state = seed;
	return () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
}

/** Sends whenever it may, for `days` days, looking at random moments, with foreign searches in between. */
function simulate(seed: number, preset: keyof typeof PROFILES, days: number): Spent[] {
	const roll = dice(seed);
	const all: Spent[] = [];
	const ours: Spent[] = [];
	let last: Usage['last'] = null;
	const start = NOW.getTime();
	for (let now = start; now < start + days * DAY; now += Math.ceil(roll() * 4 * MINUTE)) {
		const at = new Date(now);
		if (roll() < 0.01) all.push({ at, cost: 1 + Math.floor(roll() * 3), kind: 'foreign' });
		const kind: WantedReason = roll() < 0.5 ? 'gap' : roll() < 0.6 ? 'quality' : 'format';
		const cost = 1 + Math.floor(roll() * roll() * 4);
		const usage = {
			spent: all.filter((entry) => entry.at.getTime() > now - DAY),
			last,
			errorPauseUntil: null,
		};
		const question = { profile: PROFILES[preset], usage, now: at, cost, kind, shares: SHARES };
		const answer = mayAsk(question);
		if (!answer.open) {
			// Never asked for before the time it names, and open then if nothing else was sent.
			if (answer.until !== null) {
				expect(answer.until.getTime()).toBeGreaterThan(now);
				expect(mayAsk({ ...question, now: answer.until })).toEqual({ open: true });
			}
			continue;
		}
		const entry = { at, cost, kind };
		last = { id: `${seed}-${ours.length}`, at };
		all.push(entry);
		ours.push(entry);
		assertWindows(all, entry, preset);
	}
	return ours;
}

/** Looks at the windows that end with `entry`: the fullest that contain it and the past. */
function assertWindows(all: readonly Spent[], entry: Spent, preset: keyof typeof PROFILES): void {
	const usage = { spent: all, last: null, errorPauseUntil: null };
	const limits = PROFILES[preset];
	expect(spentWithin(usage, entry.at, HOUR)).toBeLessThanOrEqual(limits.costPerHour);
	expect(spentWithin(usage, entry.at, DAY)).toBeLessThanOrEqual(limits.costPerDay);
	if (entry.kind === 'quality' || entry.kind === 'format') {
		const share = Math.floor((limits.costPerDay * SHARES[entry.kind]) / 100);
		expect(spentWithin(usage, entry.at, DAY, entry.kind)).toBeLessThanOrEqual(Math.max(share, entry.cost));
	}
}

describe('random histories', () => {
	test.each([1, 2, 3, 4, 5])('history %i: no window exceeded, spacing kept, the budget is used', (seed) => {
		for (const preset of ['conservative', 'moderate', 'aggressive'] as const) {
			const ours = simulate(seed, preset, 3);
			ours.slice(1).forEach((entry, at) => {
				const before = ours[at];
				if (before === undefined) return;
				expect(entry.at.getTime() - before.at.getTime()).toBeGreaterThanOrEqual(PROFILES[preset].spacingMs);
			});
			expect(ours.length).toBeGreaterThan(PROFILES[preset].costPerDay / 2);
		}
	});
});
