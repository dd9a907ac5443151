// REST: what is wanted and everything mirrored: filters, paging, single items, and what a user can do about them.
import { beforeAll, describe, expect, test } from 'vitest';
import type { FakeInstance } from '../../fakes/arr/control';
import type { Answer } from './client';
import { addAndSync, bed, createFake, refused, rest, useBed, type ConnectorBody, type Page } from './bed';

useBed();

interface Item extends Record<string, unknown> {
	ref: string;
	kind: 'episode' | 'movie';
	title: string;
	reason: string | null;
	state: string;
	excluded: boolean;
	connector: { id: number };
}

interface Explained extends Record<string, unknown> {
	gates: { gate: string; open: boolean; detail: string; until?: string }[];
	estimatedCost: number;
	wanted: string | null;
	notWanted: string | null;
}

let sonarr: FakeInstance;
let tv: ConnectorBody;
let films: ConnectorBody;

beforeAll(async () => {
	const library = {
		preset: 'large',
		series: 12,
		episodesPerSeries: 20,
		movies: 60,
		filesShare: 0.5,
	} as const;
	sonarr = await createFake({ kind: 'sonarr4', library });
	tv = await addAndSync(sonarr);
	films = await addAndSync(await createFake({ kind: 'radarr6', library }));
});

/** A list to its end, page by page. */
async function walk(path: string, limit: number, between?: () => Promise<unknown>): Promise<Item[]> {
	const found: Item[] = [];
	let cursor: string | null = null;
	do {
		const more: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
		const answer: Answer<Page<Item>> = await rest().get(`${path}limit=${String(limit)}${more}`);
		expect(answer.body.items.length).toBeLessThanOrEqual(limit);
		found.push(...answer.body.items);
		cursor = answer.body.nextCursor;
		await between?.();
	} while (cursor !== null);
	return found;
}

/** What stands between spaces and punctuation. */
const wordsIn = (text: string): string[] => text.toLowerCase().match(/[^\s!-/:-@[-`{-~]+/g) ?? [];
const titleOf = ({ title, subtitle }: Item): string => `${title} ${String(subtitle)}`;

const refsOf = (items: readonly Item[]): string[] => items.map(({ ref }) => ref);
const firstOf = async (query: string): Promise<Item> => {
	const { body } = await rest().get<Page<Item>>(`/wanted?${query}&limit=1`);
	const [item] = body.items;
	if (item === undefined) throw new Error(`Nothing is wanted by ${query}.`);
	return item;
};

describe('lists', () => {
	test('by why: those that wait for it, and nothing else', async () => {
		const all = refsOf(await walk('/wanted?', 500));
		expect(all.length).toBeGreaterThan(10);
		// both connectors only observe
		expect(refsOf(await walk('/wanted?why=mode_active&', 7))).toEqual(all);
		expect(await walk('/wanted?why=turn&', 500)).toEqual([]);
		expect(refused(await rest().get('/wanted?why=nonsense'), 400)).toBe('invalid');
	});

	test.each(['priority', 'title', 'age', 'state'])(
		'wanted by %s: pages of any size give the same list',
		async (sort) => {
			const whole = refsOf(await walk(`/wanted?sort=${sort}&`, 500));
			const pieces = refsOf(await walk(`/wanted?sort=${sort}&`, 7));
			expect(pieces).toEqual(whole);
			expect(new Set(whole).size).toBe(whole.length);
			const stats = await Promise.all(
				[tv, films].map(({ id }) => rest().get<Record<string, number>>(`/connectors/${String(id)}/stats`)),
			);
			const counted = stats.reduce(
				(sum, { body }) => sum + (body.gaps ?? 0) + (body.qualityUpgrades ?? 0) + (body.formatUpgrades ?? 0),
				0,
			);
			expect(whole.length).toBe(counted);
		},
	);

	test.each(['title', 'age', 'state', 'priority'])(
		'content by %s holds everything mirrored, once',
		async (sort) => {
			const whole = refsOf(await walk(`/content?sort=${sort}&`, 97));
			expect(new Set(whole).size).toBe(whole.length);
			const [row] = (await bed().app.database.sql`
			select (select count(*) from episodes) + (select count(*) from movies) as count`) as { count: string }[];
			expect(whole.length).toBe(Number(row?.count));
		},
	);

	test('titles come in the order of the library', async () => {
		const rows = (await bed().app.database.sql`
			select 'movie-' || id as ref from movies order by sort_title collate "default", id`) as { ref: string }[];
		const listed = refsOf(await walk(`/content?sort=title&kind=movie&`, 50));
		expect(listed).toEqual(rows.map(({ ref }) => ref));
	});

	test('filters narrow the list to what they say', async () => {
		const gaps = await walk(`/wanted?connector=${String(tv.id)}&reason=gap&`, 200);
		expect(gaps.length).toBeGreaterThan(0);
		expect(gaps.every(({ reason, connector }) => reason === 'gap' && connector.id === tv.id)).toBe(true);
		const movies = await walk('/content?kind=movie&', 500);
		expect(movies.every(({ kind }) => kind === 'movie')).toBe(true);
		const word = /\w{4,}/.exec(movies[0]?.title ?? '')?.[0] ?? '';
		const found = await walk(`/content?q=${word.toUpperCase()}&`, 500);
		expect(refsOf(found)).toContain(movies[0]?.ref);
		expect(await walk('/wanted?state=cooldown&', 50)).toEqual([]);
		expect(await walk('/wanted?connector=999999&', 50)).toEqual([]);
	});

	test('words of a search are letters, not wildcards or SQL', async () => {
		for (const q of [
			'%',
			'_',
			'\\',
			"'",
			"' or 1=1 --",
			'%%',
			'$1',
			"');drop table episodes;--",
			'☃',
			'🦊'.repeat(50),
		]) {
			const { status, body } = await rest().get<Page<Item>>(`/content?q=${encodeURIComponent(q)}&limit=500`);
			expect(status, q).toBe(200);
			for (const item of body.items)
				for (const word of wordsIn(q)) expect(wordsIn(titleOf(item)).join(' '), q).toContain(word);
			if (wordsIn(q).length === 0) expect(body.items, q).toEqual([]);
		}
	});

	test('a list that changes while it is read shows what stayed exactly once', async () => {
		const before = refsOf(await walk('/wanted?sort=title&', 500));
		const leaving = before.filter((_, at) => at % 9 === 4).slice(0, 8);
		let left = 0;
		const seen = refsOf(
			await walk('/wanted?sort=title&', 20, async () => {
				const ref = leaving[left++];
				const id = Number(ref?.split('-')[1] ?? 0);
				await bed().app.database.sql`delete from wanted where
					${ref?.startsWith('movie') === true} and movie_id = ${id}
					or ${ref?.startsWith('episode') === true} and episode_id = ${id}`;
			}),
		);
		expect(new Set(seen).size).toBe(seen.length);
		expect(seen.filter((ref) => !leaving.includes(ref))).toEqual(
			before.filter((ref) => !leaving.includes(ref)),
		);
	});

	test('limit is 1 to 500, and cursors are those we gave', async () => {
		for (const limit of ['0', '-1', '501', '1e3', '5.5', 'many', '', '99999999999999999999'])
			expect(refused(await rest().get(`/wanted?limit=${limit}`), 400), limit).toBe('invalid');
		const cursorOf = (value: unknown) =>
			encodeURIComponent(Buffer.from(JSON.stringify(value)).toString('base64url'));
		const bad = [
			'x',
			'%00',
			cursorOf(null),
			cursorOf({}),
			cursorOf([1, 2, 3]),
			cursorOf(['', 0, 'episode', 1.5]),
			cursorOf(['', 0, 'episode', 1e300]),
			cursorOf(['\0', 0, 'episode', 1]),
			cursorOf(['', 0, "x' or 1=1", 1]),
			Buffer.from('["",1e999,"movie",1]').toString('base64url'),
		];
		for (const cursor of bad) {
			for (const path of ['/wanted', '/content', '/events', '/dispatches']) {
				const answer = await rest().get(`${path}?cursor=${cursor}`);
				expect(['bad_cursor', 'invalid'], `${path} ${cursor}`).toContain(refused(answer, 400));
			}
		}
		for (const query of [
			'reason=all',
			'kind=series',
			'state=lost',
			'sort=random',
			'connector=x',
			'connector=-4',
		])
			expect(refused(await rest().get(`/wanted?${query}`), 400), query).toBe('invalid');
		expect(refused(await rest().get(`/wanted?q=${'x'.repeat(201)}`), 400)).toBe('invalid');
	});
});

describe('one item', () => {
	test('every mirrored item can be read and explained, wanted or not', async () => {
		const all = await walk('/content?', 500);
		const wanted = new Set(refsOf(await walk('/wanted?', 500)));
		const sample = all.filter((_, at) => at % 17 === 0);
		for (const { ref, reason } of sample) {
			const item = await rest().get<Item>(`/wanted/${ref}`);
			expect(item.body.ref).toBe(ref);
			const { body } = await rest().get<Explained>(`/wanted/${ref}/explain`);
			expect(body.gates.length).toBeGreaterThan(0);
			expect(body.wanted).toBe(reason);
			expect(wanted.has(ref)).toBe(body.wanted !== null);
			if (body.wanted === null) expect(body.notWanted).not.toBeNull();
			const mode = body.gates.find(({ gate }) => gate === 'mode_active');
			expect(mode?.open).toBe(false);
		}
	});

	test('ids of nothing are not found', async () => {
		const acts = ['search', 'reset', 'exclude', 'include', 'give-up'];
		for (const id of [
			'episode-999999',
			'movie-2147483648',
			'season-1',
			'episode-',
			'movie-1;drop',
			'1',
			'episode-1%00',
		]) {
			expect(refused(await rest().get(`/wanted/${id}`), 404), id).toBe('not_found');
			expect(refused(await rest().get(`/wanted/${id}/explain`), 404), id).toBe('not_found');
			for (const act of acts)
				expect(refused(await rest().post(`/wanted/${id}/${act}`), 404)).toBe('not_found');
		}
	});

	test('while it only observes, a search is refused and nothing is sent', async () => {
		const { ref } = await firstOf(`connector=${String(tv.id)}&reason=gap`);
		expect(refused(await rest().post(`/wanted/${ref}/search`), 409)).toBe('observe_mode');
		expect(await sonarr.commandsReceived()).toEqual([]);
	});

	test('exclude, include, give up and reset are seen in the item, the lists and the feed', async () => {
		const { ref } = await firstOf(`connector=${String(tv.id)}&reason=gap`);
		const item = async () => (await rest().get<Item>(`/wanted/${ref}`)).body;
		await rest().post(`/wanted/${ref}/exclude`);
		expect((await item()).excluded).toBe(true);
		expect(refsOf(await walk('/wanted?state=excluded&', 50))).toEqual([ref]);
		const closed = (await rest().get<Explained>(`/wanted/${ref}/explain`)).body.gates.find(
			({ gate }) => gate === 'not_excluded',
		);
		expect(closed?.open ?? false).toBe(false);
		await rest().post(`/wanted/${ref}/include`);
		expect((await item()).excluded).toBe(false);
		await rest().post(`/wanted/${ref}/give-up`);
		expect((await item()).state).toBe('exhausted');
		expect(refsOf(await walk('/wanted?state=exhausted&', 50))).toEqual([ref]);
		await rest().post(`/wanted/${ref}/reset`);
		expect((await item()).state).toBe('pending');
		const { body } = await rest().get<Page<{ type: string; ref: string }>>(`/events?item=${ref}`);
		expect(body.items.map(({ type }) => type)).toEqual([
			'item.reset',
			'item.given_up',
			'item.included',
			'item.excluded',
		]);
		expect(body.items.every((event) => event.ref === ref)).toBe(true);
	});
});

test('the feed is paged newest first', async () => {
	const whole = (await rest().get<Page<{ id: number }>>('/events?limit=500')).body.items.map(({ id }) => id);
	expect(whole.length).toBeGreaterThan(3);
	expect(whole).toEqual([...whole].sort((a, b) => b - a));
	const [first, second] = [
		await rest().get<Page<{ id: number }>>('/events?limit=2'),
		await rest().get<Page<{ id: number }>>(`/events?limit=2&connector=${String(films.id)}`),
	];
	const next = await rest().get<Page<{ id: number }>>(
		`/events?limit=2&cursor=${encodeURIComponent(first.body.nextCursor ?? '')}`,
	);
	expect([...first.body.items, ...next.body.items].map(({ id }) => id)).toEqual(whole.slice(0, 4));
	expect(second.status).toBe(200);
});
