/** What became of a POST whose answer was never read: each row of "recovery". */
import { describe, expect, test } from 'vitest';
import type { CommandRead, CommandRecord } from '../../connectors/common/types';
import { decideArrival, WALK_LIMIT, walkCommands, type ArrivalFacts } from './recovery-decision';

const MINUTE = 60_000;
const POST = new Date('2026-01-05T12:00:00Z');
const START = new Date('2026-01-05T06:00:00Z');
const after = (ms: number): Date => new Date(POST.getTime() + ms);

const command = (id: number, queued: Date, ours = false): CommandRecord => ({
	id,
	name: 'EpisodeSearch',
	status: 'completed',
	message: null,
	exception: null,
	clientUserAgent: ours ? 'ours' : null,
	trigger: null,
	queued,
	started: queued,
	ended: null,
	durationMs: null,
	body: { episodeIds: [], movieIds: [], seriesId: null, seasonNumber: null },
});

const facts: ArrivalFacts = {
	listed: null,
	arrNow: after(2 * MINUTE),
	startTime: START,
	arrClock: POST,
	startTimeThen: START,
	highestListedId: 120,
	highestCommandId: 100,
};

const rows: [string, Partial<ArrivalFacts>, string][] = [
	['(a) the list has it', { listed: command(101, POST, true) }, 'adopt'],
	['(b) not in the list, soon after, same start', {}, 'never_arrived'],
	['restarted meanwhile', { startTime: after(MINUTE), arrNow: after(2 * MINUTE) }, 'walk'],
	[
		'just restarted: dead commands still read as started',
		{ startTime: after(MINUTE), arrNow: after(MINUTE + 9_000) },
		'wait',
	],
	['(c) too late for the list', { arrNow: after(4 * MINUTE) }, 'walk'],
	['its clock went back', { arrNow: after(-MINUTE) }, 'walk'],
	['(d) a day later', { arrNow: after(23 * 60 * MINUTE + 1) }, 'undecidable'],
	['(d) its ids went back', { arrNow: after(10 * MINUTE), highestListedId: 7 }, 'undecidable'],
	['an empty list says nothing about ids', { arrNow: after(10 * MINUTE), highestListedId: null }, 'walk'],
];

describe('decideArrival', () => {
	test.each(rows)('%s', (_, change, step) => {
		expect(decideArrival({ ...facts, ...change }).step).toBe(step);
	});
});

describe('walkCommands', () => {
	const walk = async (known: Record<number, CommandRead>, change: Partial<ArrivalFacts> = {}) => {
		const asked: number[] = [];
		const end = await walkCommands(
			{ ...facts, ...change },
			(id) => {
				asked.push(id);
				return Promise.resolve(known[id] ?? { state: 'unknown' });
			},
			(one) => one.clientUserAgent === 'ours',
		);
		return { end: end.end, asked };
	};
	const found = (one: CommandRecord): CommandRead => ({ state: 'found', command: one });
	const others = (from: number, to: number, queued = POST): Record<number, CommandRead> =>
		Object.fromEntries(
			Array.from({ length: to - from + 1 }, (_, n) => [from + n, found(command(from + n, queued))]),
		);

	test('finds ours behind others', async () => {
		const known = { ...others(101, 104), 105: found(command(105, POST, true)) };
		expect(await walk(known)).toMatchObject({ end: 'found', asked: [101, 102, 103, 104, 105] });
	});

	test('stops at the first that came 2 minutes later', async () => {
		const known = { ...others(101, 103), 104: found(command(104, after(2 * MINUTE + 1))) };
		expect(await walk(known)).toMatchObject({ end: 'absent', asked: [101, 102, 103, 104] });
	});

	test('stops past the end', async () => {
		const { end, asked } = await walk(others(101, 120));
		expect(end).toBe('absent');
		expect(asked.at(-1)).toBe(125);
	});

	test('an id that cannot be read hides its owner', async () => {
		const known = { ...others(101, 120), 110: { state: 'unreadable' } as const };
		expect(await walk(known)).toMatchObject({ end: 'hidden' });
	});

	test('a readable one of ours is found behind hidden ones', async () => {
		const known = { 101: { state: 'unreadable' } as const, 102: found(command(102, POST, true)) };
		expect(await walk(known)).toMatchObject({ end: 'found' });
	});

	test('a hole below the newest id hides its owner too', async () => {
		expect(await walk({ 103: found(command(103, after(3 * MINUTE))) })).toMatchObject({ end: 'hidden' });
	});

	test('gives up after the limit', async () => {
		const known = others(101, 100 + WALK_LIMIT);
		const { end, asked } = await walk(known, { highestListedId: 10_000 });
		expect(end).toBe('hidden');
		expect(asked).toHaveLength(WALK_LIMIT);
	});
});
