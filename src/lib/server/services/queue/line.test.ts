// The order of the line: pinned, rank, and the batches of a group.
import { expect, test } from 'vitest';
import { lineOrder, type InLine } from './line';

const row = (targetId: number, by: Partial<InLine> = {}): InLine => ({
	targetKind: 'episode',
	targetId,
	seriesId: 1,
	seasonNumber: 1,
	reason: 'gap',
	cost: 1,
	score: 100 - targetId,
	pinned: false,
	lastSearchTime: null,
	notBefore: null,
	registryId: targetId,
	queueId: targetId,
	...by,
});
const rows = [
	row(1, { seriesId: 7 }),
	row(2),
	row(3),
	row(4, { seriesId: 7, targetKind: 'season' }),
	row(9, { pinned: true }),
];
const order = (run: { seriesId: number; length: number } | null): number[] =>
	lineOrder(rows, run, 3).map((one) => one.targetId);

test('without a group: pinned, then by rank', () => {
	expect(order(null)).toEqual([9, 1, 2, 3, 4]);
});
test('a group that has begun leads', () => {
	expect(order({ seriesId: 1, length: 1 })).toEqual([9, 2, 3, 1, 4]);
});
test('a group whose batch is full lets the others pass, but waits for nobody if it is alone', () => {
	expect(order({ seriesId: 1, length: 3 })).toEqual([9, 1, 2, 3, 4]);
	expect(lineOrder([row(2), row(3)], { seriesId: 1, length: 3 }, 3).map((one) => one.targetId)).toEqual([
		2, 3,
	]);
});
test('a season is no member of a group of single searches', () => {
	expect(order({ seriesId: 7, length: 1 })).toEqual([9, 1, 2, 3, 4]);
});

test('the whole line is told as it will be sent: batch by batch, each begun by the best of the others', () => {
	const shows = [1, 2, 3, 4, 5, 6]
		.map((id) => row(id))
		.concat([11, 12].map((id) => row(id, { seriesId: 2 })));
	const told = (run: { seriesId: number; length: number } | null) =>
		lineOrder(shows, run, 2).map((one) => one.targetId);
	expect(told(null)).toEqual([1, 2, 11, 12, 3, 4, 5, 6]);
	expect(told({ seriesId: 2, length: 1 })).toEqual([11, 1, 2, 12, 3, 4, 5, 6]);
	// what is told first stays first when it was sent: the rest of the line is the same
	const [first, ...rest] = told({ seriesId: 1, length: 1 });
	const left = shows.filter((one) => one.targetId !== first);
	expect(lineOrder(left, { seriesId: 1, length: 2 }, 2).map((one) => one.targetId)).toEqual(rest);
});
