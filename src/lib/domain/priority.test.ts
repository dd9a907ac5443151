// The score and the order it makes.
import { expect, test } from 'vitest';
import { whyHere } from './priority-words';
import { compareRank, DEFAULT_WEIGHTS, score, scoreFactors, type Ranked, type ScoreInput } from './priority';

const NOW = new Date('2026-06-15T12:00:00Z');
const DAY = 86_400_000;
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY);
const input = (by: Partial<ScoreInput> = {}): ScoreInput => ({
	now: NOW,
	reason: 'gap',
	availableAt: daysAgo(10),
	since: daysAgo(5),
	waitingSince: NOW,
	attempts: 0,
	items: 1,
	cost: 1,
	boost: 0,
	...by,
});

test('without waiting a score is within 0 and 1000, every factor within 0 and 1', () => {
	const best = input({ availableAt: NOW, since: daysAgo(900), items: 10 });
	const worst = input({ availableAt: null, since: NOW, attempts: 1e6, reason: 'format', boost: -100 });
	expect(score(best)).toBe(1000);
	expect(score({ ...best, boost: 300 })).toBe(1000);
	expect(score(worst)).toBe(0);
	for (const one of [best, worst, input()]) {
		for (const factor of Object.values(scoreFactors(one))) {
			expect(factor).toBeGreaterThanOrEqual(0);
			expect(factor).toBeLessThanOrEqual(1);
		}
	}
});

test('newer, longer wanted, less often tried, a gap, more items, boosted: each comes first', () => {
	const base = score(input());
	const better: Partial<ScoreInput>[] = [
		{ availableAt: daysAgo(1) },
		{ since: daysAgo(50) },
		{ items: 8 },
		{ boost: 10 },
		{ waitingSince: daysAgo(1) },
	];
	for (const by of better) expect(score(input(by))).toBeGreaterThan(base);
	expect(score(input({ attempts: 1 }))).toBeLessThan(base);
	expect(score(input({ reason: 'quality' }))).toBeLessThan(base);
	expect(score(input({ reason: 'format' }))).toBeLessThan(score(input({ reason: 'quality' })));
});

test('waiting has no cap: the worst item passes the best newcomer in the end', () => {
	const worst = input({ availableAt: null, since: NOW, attempts: 50, reason: 'format', boost: -100 });
	const newcomer = score(input({ availableAt: NOW, since: daysAgo(900), items: 10, boost: 100 }));
	const days = 1000 / DEFAULT_WEIGHTS.waitingPerDay + 1;
	expect(score({ ...worst, waitingSince: daysAgo(days) })).toBeGreaterThan(newcomer);
});

test('the order is total', () => {
	const row = (by: Partial<Ranked>): Ranked => ({
		pinned: false,
		score: 500,
		lastSearchTime: null,
		targetKind: 'episode',
		targetId: 5,
		...by,
	});
	const rows = [
		row({ pinned: true, score: 1, targetId: 9 }),
		row({ score: 600, targetId: 8 }),
		row({ targetId: 1 }),
		row({ targetId: 2 }),
		row({ targetKind: 'season', targetId: 1 }),
		row({ lastSearchTime: daysAgo(9), targetId: 3 }),
		row({ lastSearchTime: daysAgo(8), targetId: 4 }),
		row({ score: 400, targetId: 7 }),
	];
	const shuffled = [3, 6, 0, 7, 2, 5, 1, 4].flatMap((at) => rows[at] ?? []);
	expect(shuffled.sort(compareRank)).toEqual(rows);
});

test.each<[Partial<ScoreInput>, string]>([
	[{ availableAt: daysAgo(40) }, 'Missing 40 days, never searched.'],
	[{ attempts: 3, availableAt: daysAgo(0.5) }, 'Missing less than a day, released not long ago.'],
	[{ attempts: 9, availableAt: daysAgo(200), items: 10 }, 'Missing 7 months, one search for 10 episodes.'],
	[{ attempts: 9, availableAt: null, since: daysAgo(80) }, 'Missing, wanted for 80 days.'],
	[
		{ reason: 'quality', attempts: 9, since: daysAgo(80), availableAt: daysAgo(900) },
		'Below the quality cutoff, wanted for 80 days.',
	],
])('%#: why it stands here says since when it is missing, and what puts it first', (by, words) => {
	expect(whyHere(input(by))).toBe(words);
});
