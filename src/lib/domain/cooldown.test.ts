// The rest after an attempt: daily while fresh, then ever longer, then given up.
import { expect, test } from 'vitest';
import { REST_CAP_MS, restAfterAttempt, spread, type RestQuestion } from './cooldown';

const NOW = new Date('2026-06-15T12:00:00Z');
const DAY = 86_400_000;

const ask = (by: Partial<RestQuestion>) =>
	restAfterAttempt({
		now: NOW,
		availableAt: new Date(NOW.getTime() - 100 * DAY),
		attempts: 0,
		freshAttempts: 0,
		maxAttempts: 10,
		exhaustedRestDays: 90,
		counts: true,
		seed: 7,
		...by,
	});
const days = (rest: { nextEligibleAt: Date }): number =>
	(rest.nextEligibleAt.getTime() - NOW.getTime()) / DAY;

test('a fresh item comes back daily three times, then every other day, and nothing counts', () => {
	const fresh = { availableAt: new Date(NOW.getTime() - 13 * DAY) };
	const rests = [0, 1, 2, 3, 4].map((freshAttempts) => ask({ ...fresh, freshAttempts, attempts: 9 }));
	expect(rests.map(days)).toEqual([1, 1, 1, 2, 2]);
	expect(rests.map((rest) => rest.attempts)).toEqual([9, 9, 9, 9, 9]);
	expect(rests.map((rest) => rest.freshAttempts)).toEqual([1, 2, 3, 4, 5]);
});

test('afterwards 7 days, doubling up to 90, within a tenth to either side', () => {
	const expected = [7, 14, 28, 56, 90, 90, 90, 90, 90];
	expected.forEach((rest, attempts) => {
		for (const seed of [1, 2, 3, 99, 12_345]) {
			const given = days(ask({ attempts, seed }));
			expect(given).toBeGreaterThanOrEqual(rest * 0.9);
			expect(given).toBeLessThanOrEqual(rest * 1.1);
		}
	});
	expect(REST_CAP_MS).toBe(90 * DAY);
});

test('the last attempt gives the item up, and so does the one after its long rest', () => {
	expect(ask({ attempts: 9 })).toMatchObject({ state: 'exhausted', attempts: 10 });
	expect(days(ask({ attempts: 9 }))).toBe(90);
	expect(ask({ attempts: 10 })).toMatchObject({ state: 'exhausted', attempts: 11 });
});

test('a search of the user rests the item but counts nothing', () => {
	const rest = ask({ counts: false });
	expect(rest).toMatchObject({ state: 'cooldown', attempts: 0 });
	expect(days(rest)).toBeGreaterThan(6);
});

test('the same question has the same answer, and different targets differ', () => {
	expect(ask({ seed: 5 })).toEqual(ask({ seed: 5 }));
	const factors = Array.from({ length: 1000 }, (_, seed) => spread(seed, 0.1));
	expect(new Set(factors).size).toBeGreaterThan(990);
	const mean = factors.reduce((sum, factor) => sum + factor, 0) / factors.length;
	expect(mean).toBeCloseTo(1, 2);
});
