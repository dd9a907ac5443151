// Finding items by what a user types: the words of titles, small libraries and large ones.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ItemFilter } from '../../../src/lib/domain/views';
import { indexTitles } from '../../../src/lib/server/services/titles';
import { readItemKeys } from '../../../src/lib/server/views/item-keys';
import { listContent, listWanted } from '../../../src/lib/server/views/items';
import { createTestContext, type TestContext } from '../../setup/context';
import { addConnector, addEpisode, addMovie, addSeries, type WorldSeries } from '../plan/world';

let world: TestContext;
let tv: number;
let films: number;
let harbor: WorldSeries;

beforeAll(async () => {
	world = await createTestContext();
	const { ctx } = world;
	tv = (await addConnector(ctx)).id;
	films = (await addConnector(ctx, { kind: 'radarr' })).id;
	harbor = await show('Harbor Nine', ['Pilot', 'The Dark Water', 'It’s a Trap!', 'Part 2']);
	await show("Schitt's Creek", ['Our Cup Runneth Over', 'The Drip', 'Dark']);
	await show('Pokémon', ['Pikachû: ¡Vamos!', 'Water World']);
	await show('進撃の巨人', ['二千年後の君へ', 'Дом Зимой']);
	await show('9-1-1', ['Pilot', 'S.H.I.E.L.D.', '100%']);
	await show('🦊', ['☃', 'a'.repeat(3_000), '%_\\']);
	for (const [title, year] of [
		['Harbor', 1999],
		['Dark Waters', 2019],
		['The Water Pilot', 2019],
	] as const)
		await addMovie(ctx, films, { title, sortTitle: title.toLowerCase(), year });
	for (const id of [tv, films]) await indexTitles(ctx, id);
});
afterAll(() => world.close());

async function show(title: string, episodes: readonly string[]): Promise<WorldSeries> {
	const series = await addSeries(world.ctx, tv, { title, sortTitle: title.toLowerCase() });
	for (const [at, name] of episodes.entries())
		await addEpisode(world.ctx, series, {
			title: name,
			seasonNumber: 1,
			episodeNumber: at + 1,
			reason: 'gap',
		});
	return series;
}

const none = { connectorIds: null, reason: null, kind: null, state: null, why: null, sort: null };

/** Titles of what is found, in the order of the list. */
async function find(q: string, filter: Partial<ItemFilter> = {}): Promise<string[]> {
	const page = await listContent(world.ctx, { ...none, q, limit: 500, cursor: null, ...filter });
	return page.items.map(({ title, subtitle }) => `${title.split(' · ')[0] ?? ''} / ${subtitle ?? ''}`);
}

describe('what is typed', () => {
	test('a show finds all of its episodes, an episode finds itself in every show', async () => {
		expect(await find('harbor nine')).toHaveLength(4);
		expect(await find('pilot', { kind: 'episode' })).toEqual(['9-1-1 / Pilot', 'Harbor Nine / Pilot']);
		expect(await find('harbor pilot')).toEqual(['Harbor Nine / Pilot']);
		expect(await find('pilot nine harbor')).toEqual(['Harbor Nine / Pilot']);
		expect(await find('harbor', { kind: 'movie' })).toEqual(['Harbor (1999) / ']);
	});

	test('the beginning of a word is enough, its end is not', async () => {
		expect(await find('harb')).toHaveLength(5);
		expect(await find('arbor')).toEqual([]);
		expect(await find('dark wat')).toEqual(['Dark Waters (2019) / ', 'Harbor Nine / The Dark Water']);
	});

	test('a movie is found by its year too', async () => {
		expect(await find('water 2019')).toEqual(['Dark Waters (2019) / ', 'The Water Pilot (2019) / ']);
		expect(await find('harbor (1999)')).toEqual(['Harbor (1999) / ']);
	});

	test('large and small letters, accents, apostrophes and punctuation make no difference', async () => {
		expect(await find('SCHITTS creek drip')).toEqual(["Schitt's Creek / The Drip"]);
		expect(await find("schitt's")).toHaveLength(3);
		expect(await find('its a trap')).toEqual(['Harbor Nine / It’s a Trap!']);
		expect(await find('pokemon pikachu vamos')).toEqual(['Pokémon / Pikachû: ¡Vamos!']);
		expect(await find('POKÉMON')).toHaveLength(2);
		expect(await find('9 1 1')).toHaveLength(3);
		expect(await find('s.h.i.e.l.d')).toEqual(['9-1-1 / S.H.I.E.L.D.']);
		expect(await find('100%')).toEqual(['9-1-1 / 100%']);
	});

	test('scripts without spaces are found by any of their signs', async () => {
		expect(await find('巨人')).toHaveLength(2);
		expect(await find('進撃 二千年')).toEqual(['進撃の巨人 / 二千年後の君へ']);
		expect(await find('дом')).toEqual(['進撃の巨人 / Дом Зимой']);
		expect(await find('🦊 ☃')).toEqual(['🦊 / ☃']);
	});

	test('what is no word finds nothing', async () => {
		for (const q of ['%', '_', '\\', "'", '--', '$', '"', ':*', '&', '!'])
			expect(await find(q), q).toEqual([]);
		for (const q of ["pilot' | 'x", "pilot':*", 'pilot & harbor', '!pilot', 'pilot)', '#1 pilot'])
			expect(Array.isArray(await find(q)), q).toBe(true);
		expect(await find('a'.repeat(200))).toHaveLength(1);
	});

	test('a scope finds only its own', async () => {
		expect(await find('pilot', { connectorIds: [films] })).toEqual(['The Water Pilot (2019) / ']);
		expect(await find('pilot', { connectorIds: [tv], reason: 'gap', sort: 'age' })).toHaveLength(2);
		expect(await find('pilot', { connectorIds: [tv], state: 'pending', sort: 'state' })).toHaveLength(2);
		expect(await find('pilot', { connectorIds: [tv], state: 'cooldown' })).toEqual([]);
	});
});

test('what changes is found by its new words once it was read, and what is gone is not found', async () => {
	const { ctx } = world;
	const read = async (): Promise<void> => {
		await ctx.sql`update series set episodes_read_at = ${new Date(ctx.clock.now() + 60_000)} where id = ${harbor.id}`;
		for (const id of [tv, films]) await indexTitles(ctx, id);
	};
	await ctx.sql`update episodes set title = 'Lighthouse' where series_id = ${harbor.id} and title = 'Pilot'`;
	await ctx.sql`update movies set title = 'Lighthouse Keepers' where title = 'Harbor'`;
	await read();
	expect(await find('lighthouse')).toEqual(['Lighthouse Keepers (1999) / ', 'Harbor Nine / Lighthouse']);
	expect(await find('harbor pilot')).toEqual([]);
	await ctx.sql`update series set title = 'Haven Nine' where id = ${harbor.id}`;
	for (const id of [tv, films]) await indexTitles(ctx, id);
	expect(await find('haven')).toHaveLength(4);
	await ctx.sql`delete from episodes where series_id = ${harbor.id} and title = 'Lighthouse'`;
	await ctx.sql`delete from movies where title = 'Lighthouse Keepers'`;
	expect(await find('lighthouse')).toEqual([]);
	await read();
	expect(await find('lighthouse')).toEqual([]);
	const rows = (): Promise<unknown> => ctx.sql`select xmin::text from title_words order by id`;
	const before = await rows();
	for (const id of [tv, films]) await indexTitles(ctx, id);
	expect(await rows()).toEqual(before);
});

describe('a word that many have', () => {
	const SERIES = 700;
	const PER_SERIES = 60;
	let large: number;
	let scenes: number;

	beforeAll(async () => {
		const { ctx } = world;
		large = (await addConnector(ctx)).id;
		scenes = (await addConnector(ctx, { kind: 'radarr' })).id;
		await ctx.sql`insert into series (connector_id, arr_id, tvdb_id, title, sort_title, title_slug, status, monitored, series_type,
				quality_profile_arr_id, root_folder, tags, runtime, year)
			select ${large}, n, 900000 + n, 'Show ' || n, 'show ' || lpad(n::text, 5, '0'), 'show-' || n, 'ended', true, 'standard', 1, '/tv', '{}', 30, 2000
			from generate_series(1, ${SERIES}::int) n`;
		await ctx.sql`insert into episodes (connector_id, series_id, arr_id, natural_key, season_number, episode_number, title, runtime,
				monitored, file_arr_id, air_date_utc)
			select ${large}, s.id, s.arr_id * 1000 + n, '1x' || n, 1, n, 'Common ' || case when n % 30 = 0 then 'Some' else 'Most' end ||
				case when s.arr_id = 350 and n = 7 then ' Needle' else '' end, 30, true, 0, ${ctx.clock.date()}::timestamptz - make_interval(days => n, hours => s.arr_id)
			from series s, generate_series(1, ${PER_SERIES}::int) n where s.connector_id = ${large}`;
		await ctx.sql`insert into wanted (connector_id, episode_id, series_id, season_number, number, reason, available_at, since)
			select e.connector_id, e.id, e.series_id, 1, 100000 + e.episode_number, 'gap', e.air_date_utc, ${ctx.clock.date()}
			from episodes e where e.connector_id = ${large} and e.episode_number <= 30`;
		await ctx.sql`insert into movies (connector_id, arr_id, natural_key, tmdb_id, item_type, title, sort_title, title_slug, year, status,
				monitored, is_available, quality_profile_arr_id, root_folder, tags, runtime, file_arr_id)
			select ${scenes}, n, 'tmdb:' || 900000 + n, 900000 + n, 'movie', 'Common Scene ' || n, 'common scene ' || lpad(n::text, 6, '0'), 'scene-' || n,
				2000, 'released', true, true, 1, '/films', '{}', 90, 0 from generate_series(1, 25000) n`;
		for (const id of [large, scenes]) await indexTitles(ctx, id);
	}, 60_000);

	const first = async (from: 'wanted' | 'content', filter: Partial<ItemFilter>) => {
		const list = from === 'wanted' ? listWanted : listContent;
		return await list(world.ctx, {
			...none,
			connectorIds: [large],
			q: null,
			limit: 40,
			cursor: null,
			...filter,
		});
	};

	test.each([
		['content', 'common', 'title'],
		['content', 'common', 'priority'],
		['content', 'show some', 'title'],
		['content', 'some', 'state'],
		['wanted', 'common', 'title'],
		['wanted', 'common', 'age'],
		['wanted', 'some', 'age'],
		['wanted', 'most', 'state'],
	] as const)('%s with %s by %s: the pages are those of the whole list', async (from, q, sort) => {
		const { ctx } = world;
		const words = q.split(' ');
		const rows = (await ctx.sql`select e.id, lower(s.title || ' ' || e.title) as title from episodes e
			join series s on s.id = e.series_id where e.connector_id = ${large}`) as { id: number; title: string }[];
		const titles = new Map(rows.map(({ id, title }) => [id, title]));
		const filter = { ...none, connectorIds: [large], q: null, sort, limit: 50_000, cursor: null };
		const whole = (await readItemKeys(ctx, filter, from, null))
			.filter(({ id }) => words.every((word) => titles.get(id)?.includes(word)))
			.map(({ id }) => `episode-${id}`);
		const found: string[] = [];
		let cursor: string | null = null;
		do {
			const page: Awaited<ReturnType<typeof listContent>> = await first(from, { q, sort, cursor });
			found.push(...page.items.map(({ ref }) => ref));
			cursor = page.nextCursor;
		} while (cursor !== null && found.length < 200);
		expect(found).toEqual(whole.slice(0, found.length));
		expect(found.length).toBeGreaterThanOrEqual(Math.min(200, whole.length));
	});

	test('a rare word among them is found, whatever stands before it', async () => {
		for (const sort of ['title', 'age', 'state', 'priority'] as const) {
			const { items } = await first('content', { q: 'common needle', sort });
			expect(
				items.map(({ subtitle }) => subtitle),
				sort,
			).toEqual(['Common Most Needle']);
		}
	});

	test('so it is among movies', async () => {
		const page = await first('content', { q: 'common', connectorIds: [scenes], limit: 3 });
		expect(page.items.map(({ title }) => title)).toEqual([1, 2, 3].map((n) => `Common Scene ${n} (2000)`));
		const { items } = await first('content', { q: 'scene 24999', connectorIds: [scenes] });
		expect(items).toHaveLength(1);
	});
});
