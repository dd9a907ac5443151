// Lists of items: each filter with each order gives exactly its rows of the whole list, once, in pages of any size,
// whether they were gathered and sorted or met on the way through the library.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ItemFilter, ItemRow } from '../../../src/lib/domain/views';
import { SEARCH_STATES, WANTED_REASONS } from '../../../src/lib/domain/words';
import { fillQueue } from '../../../src/lib/server/services/queue/fill';
import { listContent, listWanted } from '../../../src/lib/server/views/items';
import { createTestContext, type TestContext } from '../../setup/context';
import { dice, randomItems } from '../plan/random';
import { addConnector } from '../plan/world';

let world: TestContext;
let shows: number;
let films: number;

beforeAll(async () => {
	world = await createTestContext();
	const { ctx } = world;
	shows = (await addConnector(ctx)).id;
	films = (await addConnector(ctx, { kind: 'radarr' })).id;
	const more = (await addConnector(ctx)).id;
	await randomItems(ctx, shows, 'episode', { count: 180, random: dice(51) });
	await randomItems(ctx, films, 'movie', { count: 140, random: dice(52) });
	await randomItems(ctx, more, 'episode', { count: 60, random: dice(53) });
	// of one of them discovery has counted, so that what is few is known to be few
	await ctx.sql`insert into connector_readings (connector_id, name, value, read_at)
		select connector_id, 'discovered', jsonb_build_object('gap', count(*) filter (where reason = 'gap'),
			'quality', count(*) filter (where reason = 'quality'), 'format', count(*) filter (where reason = 'format')), ${ctx.clock.date()}
		from wanted where connector_id = ${shows} group by 1`;
	for (const id of [shows, films]) await fillQueue(ctx, id);
});
afterAll(() => world.close());

const lists = { wanted: listWanted, content: listContent };
const SORTS = ['priority', 'title', 'age', 'state'] as const;
const none = { connectorIds: null, reason: null, kind: null, state: null, why: null, q: null, sort: null };

async function whole(
	from: keyof typeof lists,
	filter: Partial<ItemFilter>,
	limit: number,
): Promise<ItemRow[]> {
	const rows: ItemRow[] = [];
	let cursor: string | null = null;
	do {
		const page: Awaited<ReturnType<typeof listWanted>> = await lists[from](world.ctx, {
			...none,
			...filter,
			limit,
			cursor,
		});
		rows.push(...page.items);
		cursor = page.nextCursor;
	} while (cursor !== null);
	return rows;
}
const refs = (rows: readonly ItemRow[]): string[] => rows.map(({ ref }) => ref);
const asSet = (rows: readonly ItemRow[]): string[] => refs(rows).sort();

describe.each(['wanted', 'content'] as const)('%s', (from) => {
	let all: ItemRow[];
	beforeAll(async () => {
		all = await whole(from, {}, 500);
		expect(new Set(refs(all)).size).toBe(all.length);
	});

	/** Filters, and what they say of a row. */
	const filters = (): [Partial<ItemFilter>, (row: ItemRow) => boolean][] => [
		[{}, () => true],
		[{ connectorIds: [shows] }, (row) => row.connector.id === shows],
		[{ connectorIds: [shows, films] }, (row) => [shows, films].includes(row.connector.id)],
		[{ kind: 'movie' }, (row) => row.kind === 'movie'],
		[{ state: 'excluded' }, (row) => row.excluded],
		...SEARCH_STATES.map((state): [Partial<ItemFilter>, (row: ItemRow) => boolean] => [
			{ state },
			(row) => row.state === state,
		]),
		...WANTED_REASONS.map((reason): [Partial<ItemFilter>, (row: ItemRow) => boolean] => [
			{ reason },
			(row) => row.reason === reason,
		]),
		[
			{ reason: 'gap', state: 'cooldown', connectorIds: [shows] },
			(row) => row.reason === 'gap' && row.state === 'cooldown' && row.connector.id === shows,
		],
		[{ reason: 'quality', state: 'excluded' }, (row) => row.reason === 'quality' && row.excluded],
	];

	test.each(SORTS)('by %s every filter gives its rows, and pages of any size give the same', async (sort) => {
		for (const [filter, isMeant] of filters()) {
			const name = JSON.stringify(filter);
			const rows = await whole(from, { ...filter, sort }, 500);
			expect(asSet(rows), name).toEqual(asSet(all.filter(isMeant)));
			expect(refs(await whole(from, { ...filter, sort }, 3)), name).toEqual(refs(rows));
		}
	});

	test('the newest come first, and what has no date last', async () => {
		const rows = (await whole(from, { sort: 'age' }, 500)).filter((row) => row.reason !== null);
		const times = rows.map(({ airedAt }) => airedAt?.getTime() ?? -Infinity);
		expect(times).toEqual([...times].sort((a, b) => b - a));
	});

	test('the line comes first, in its order; the rest by title', async () => {
		const rows = await whole(from, { sort: 'priority' }, 500);
		const queued = rows.findIndex((row) => row.state !== 'queued');
		expect(queued).toBeGreaterThan(0);
		expect(rows.slice(queued).some((row) => row.state === 'queued')).toBe(false);
		const titled = new Set(refs(rows.slice(queued)));
		const byTitle = refs(await whole(from, { sort: 'title' }, 500)).filter((ref) => titled.has(ref));
		expect(refs(rows.slice(queued))).toEqual(byTitle);
	});

	test('what is under way comes before what rests', async () => {
		const states = (await whole(from, { sort: 'state' }, 500)).map(({ state }) => state);
		const order = states.filter((state, at) => state !== states[at - 1]);
		expect(order).toEqual(
			['searching', 'grabbed', 'queued', 'pending', 'cooldown', 'failed', 'exhausted', 'done'].filter(
				(state) => states.some((one) => one === state),
			),
		);
	});
});
