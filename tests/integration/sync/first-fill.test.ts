// The first reading of a series goes straight into the tables: what may stand in the way of it, and who owns the rows.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectors } from '../../../src/lib/server/db/schema';
import { runSync } from '../../../src/lib/server/services/sync';
import { addConnector } from '../../setup/connect';
import { createTestContext, type TestContext } from '../../setup/context';
import { addSeries, aFile, aMovie, anEpisode, MemoryArr } from './memory-arr';

let t: TestContext;
let arr: MemoryArr;
let id: number;

beforeAll(async () => {
	t = await createTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
	arr = new MemoryArr('series', () => t.clock.date());
	id = (await addConnector(t.ctx, { kind: 'sonarr', url: 'http://memory.invalid', apiKey: 'k' })).id;
	t.ctx.clients.for = async () => arr;
});

const rows = async (query: string, of = id) =>
	Array.from((await t.ctx.sql.unsafe(query, [of])) as Record<string, unknown>[]);
const count = async (table: string, of = id) =>
	(await rows(`select count(*)::int as n from ${table} where connector_id = $1`, of))[0]?.['n'];

const HOSTILE = [
	'tab\tnew\nline\rback\\slash',
	'\\N',
	'\\.',
	'quote \' double " $1 {a,b}',
	'emoji 🎬 日本語',
	'lone \ud800 high',
];

test('hostile texts arrive as they are, but for lone surrogates', async () => {
	addSeries(arr, 1, 0);
	for (const [at, title] of HOSTILE.entries()) {
		const number = at + 1;
		arr.episodes.push(anEpisode(100 + number, 1, number, { title, fileArrId: 200 + number }));
		arr.files.push({ ...aFile(200 + number, 1), releaseGroup: title, sceneName: title });
	}
	expect((await runSync(t.ctx, id, 'full')).error).toBeNull();
	const wellFormed = HOSTILE.map((title) => title.toWellFormed());
	const titles = await rows('select title from episodes where connector_id = $1 order by arr_id');
	expect(titles.map((row) => row['title'])).toEqual(wellFormed);
	const files = await rows(
		'select release_group, scene_name from files where connector_id = $1 order by arr_id',
	);
	expect(files).toEqual(wellFormed.map((title) => ({ release_group: title, scene_name: title })));
});

test('the order of a list does not matter: the same one turned round is unchanged', async () => {
	addSeries(arr, 1, 8);
	await runSync(t.ctx, id, 'full');
	arr.episodes.reverse();
	arr.files.reverse();
	const again = await runSync(t.ctx, id, 'full');
	expect(again).toMatchObject({ error: null, changed: 0, detail: { seriesUnchanged: 1 } });
});

test('an episode or a file that is listed twice, or by two series, is kept once, and all others are there', async () => {
	addSeries(arr, 1, 4);
	addSeries(arr, 2, 4);
	addSeries(arr, 3, 4);
	const [first] = arr.episodes;
	if (first === undefined) throw new Error('The series has no episode.');
	// the same key under another id, and an id that two series claim
	arr.episodes.push({ ...first, arrId: 555 });
	const stolen = arr.episodes.find((one) => one.seriesArrId === 2);
	if (stolen !== undefined) stolen.arrId = first.arrId;
	const report = await runSync(t.ctx, id, 'full');
	expect(report.error).toBeNull();
	expect(report.detail.duplicates).not.toEqual([]);
	const ids = (await rows('select arr_id from episodes where connector_id = $1')).map((row) => row['arr_id']);
	expect(new Set(ids).size).toBe(ids.length);
	expect(ids.filter((arrId) => arrId === first.arrId)).toHaveLength(1);
	const perSeries = await rows(
		'select count(*)::int as n from episodes where connector_id = $1 group by series_id order by series_id',
	);
	expect(perSeries[0]).toEqual({ n: 4 });
	expect(perSeries[2]).toEqual({ n: 4 });
});

test('a new series with an id that belonged to another one takes it over', async () => {
	addSeries(arr, 1, 4);
	await runSync(t.ctx, id, 'full');
	const [first, ...others] = arr.episodes;
	if (first === undefined) throw new Error('The series has no episode.');
	const moved = { ...first, arrId: first.arrId + 50 };
	const taken = { ...first, seriesArrId: 2, tvdbId: null };
	addSeries(arr, 2, 0);
	arr.episodes = [moved, ...others, taken];
	const report = await runSync(t.ctx, id, 'full');
	expect(report.error).toBeNull();
	const found = await rows(
		'select s.arr_id as series, e.arr_id from episodes e join series s on s.id = e.series_id where e.connector_id = $1',
	);
	const expected = arr.episodes.map((one) => ({ series: one.seriesArrId, arr_id: one.arrId }));
	const sorted = (list: Record<string, unknown>[]) => list.map((one) => JSON.stringify(one)).toSorted();
	expect(sorted(found)).toEqual(sorted(expected));
});

test('a series that goes takes its seasons, episodes and files along; a connector takes everything', async () => {
	for (let at = 1; at <= 3; at++) addSeries(arr, at, 6);
	await runSync(t.ctx, id, 'full');
	const before = {
		episodes: await count('episodes'),
		files: await count('files'),
		seasons: await count('seasons'),
	};
	expect(before).toEqual({ episodes: 18, files: 9, seasons: 3 });
	await rows('delete from series where connector_id = $1 and arr_id = 2');
	expect([await count('episodes'), await count('files'), await count('seasons')]).toEqual([12, 6, 2]);
	const left = await rows(
		'select 1 from episodes e where e.connector_id = $1 and not exists (select 1 from series s where s.id = e.series_id)',
	);
	expect(left).toEqual([]);
	await t.ctx.db.delete(connectors).where(eq(connectors.id, id));
	for (const table of ['series', 'seasons', 'episodes', 'files', 'wanted'])
		expect(await count(table)).toBe(0);
});

test('a movie that goes takes its file along', async () => {
	const movies = new MemoryArr('movies', () => t.clock.date());
	const radarr = await addConnector(t.ctx, { kind: 'radarr', url: 'http://memory.invalid', apiKey: 'k' });
	t.ctx.clients.for = async () => movies;
	for (const at of [1, 2]) {
		movies.movies.push({ ...aMovie(at), fileArrId: 10 + at });
		movies.files.push(aFile(10 + at, at));
	}
	expect((await runSync(t.ctx, radarr.id, 'full')).error).toBeNull();
	expect(await count('files', radarr.id)).toBe(2);
	await rows('delete from movies where connector_id = $1 and arr_id = 1', radarr.id);
	expect(await count('files', radarr.id)).toBe(1);
});

test('a connector that is deleted in the middle of its first sync leaves nothing behind', async () => {
	for (let at = 1; at <= 3; at++) addSeries(arr, at, 6);
	let deleting: Promise<unknown> = Promise.resolve();
	arr.before = (name) => {
		if (name === 'files') deleting = t.ctx.db.delete(connectors).where(eq(connectors.id, id)).execute();
	};
	await expect(runSync(t.ctx, id, 'full')).rejects.toMatchObject({ code: 'not_found' });
	await deleting;
	for (const table of ['series', 'seasons', 'episodes', 'files']) expect(await count(table)).toBe(0);
	const told: unknown = await t.ctx.sql.unsafe("select message from events where type = 'sync.failed'");
	expect(Array.from(told as unknown[])).toEqual([]);
});
