// Sync of series, episodes and files against an application in memory.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runSync } from '../../../src/lib/server/services/sync';
import { ArrError } from '../../../src/lib/server/connectors';
import { addConnector } from '../../setup/connect';
import { createTestContext, type TestContext } from '../../setup/context';
import { addSeries, aFile, aHistoryRow, anEpisode, aSeason, MemoryArr } from './memory-arr';

let t: TestContext;
let arr: MemoryArr;
let id: number;

beforeAll(async () => {
	t = await createTestContext();
});
afterAll(() => t.close());
beforeEach(async () => {
	arr = new MemoryArr('series', () => t.clock.date());
	const row = await addConnector(t.ctx, { kind: 'sonarr', url: 'http://memory.invalid', apiKey: 'k' });
	id = row.id;
	t.ctx.clients.for = async () => arr;
});

async function rows(query: string): Promise<Record<string, unknown>[]> {
	return Array.from((await t.ctx.sql.unsafe(query, [id])) as Record<string, unknown>[]);
}
const episodeStates = () =>
	rows(`select e.natural_key as key, e.arr_id, e.presence, e.file_arr_id from episodes e
		where e.connector_id = $1 order by e.series_id, e.natural_key`);
async function sync(mode: 'full' | 'incremental' = 'incremental') {
	arr.asked.length = 0;
	const report = await runSync(t.ctx, id, mode);
	return report;
}
async function fresh(series = 3, episodes = 6): Promise<void> {
	for (let at = 1; at <= series; at++) addSeries(arr, at, episodes);
	const report = await sync('full');
	expect(report.error).toBeNull();
}

test('a first sync mirrors everything, whatever was asked for', async () => {
	for (let at = 1; at <= 3; at++) addSeries(arr, at, 6);
	const report = await sync('incremental');
	expect(report).toMatchObject({ mode: 'full', error: null });
	expect(await episodeStates()).toHaveLength(18);
	expect(await rows('select count(*)::int as n from files where connector_id = $1')).toEqual([{ n: 9 }]);
	expect(await rows('select mirror_complete as done, shape from connectors where id = $1')).toEqual([
		{ done: true, shape: 'series' },
	]);
});

test('an unchanged library costs five requests, also after a week in which only time passed', async () => {
	arr.series.push({ ...arr.series[0], ...(await import('./memory-arr')).aSeries(9) });
	for (let number = 1; number <= 10; number++) {
		const airs = new Date(t.clock.now() + (number - 5) * 86_400_000);
		arr.episodes.push(anEpisode(9000 + number, 9, number, { airDateUtc: airs }));
	}
	await fresh();
	const again = await sync();
	expect(again).toMatchObject({ error: null, changed: 0 });
	expect(arr.asked).toHaveLength(5);
	await t.clock.advance(7 * 86_400_000);
	const later = await sync();
	expect(later).toMatchObject({ error: null, changed: 0 });
	expect(arr.asked).toHaveLength(5);
});

test('only the series that differs is read again', async () => {
	await fresh();
	arr.episodes = arr.episodes.map((e) => (e.arrId === 2001 ? { ...e, fileArrId: 2001 } : e));
	arr.files.push(aFile(2001, 2));
	const report = await sync();
	expect(report.error).toBeNull();
	expect(arr.asked.filter((name) => name === 'episodes')).toHaveLength(1);
	expect((await episodeStates()).filter((row) => row.arr_id === 2001)).toMatchObject([{ file_arr_id: 2001 }]);
});

test('a history event makes its series be read, and the cursor moves', async () => {
	await fresh();
	arr.rows.push(aHistoryRow(5, { itemArrId: 1001, seriesArrId: 1, date: t.clock.date() }));
	await sync();
	expect(arr.asked.filter((name) => name === 'episodes')).toHaveLength(1);
	expect(
		await rows('select arr_id, episode_id is not null as bound from arr_history where connector_id = $1'),
	).toEqual([{ arr_id: 5, bound: true }]);
	await sync();
	expect(arr.asked.filter((name) => name === 'episodes')).toHaveLength(0);
});

test('a deleted series and a deleted episode are marked deleted within two syncs', async () => {
	await fresh(8, 8);
	arr.series = arr.series.filter((one) => one.arrId !== 3);
	arr.episodes = arr.episodes.filter((one) => one.arrId !== 4001);
	await sync();
	await t.clock.advance(15 * 60_000);
	await sync();
	expect(await rows("select arr_id from series where connector_id = $1 and presence = 'deleted'")).toEqual([
		{ arr_id: 3 },
	]);
	expect((await episodeStates()).filter((row) => row.presence === 'deleted')).toMatchObject([
		{ arr_id: 4001 },
	]);
});

test('a deleted season is marked deleted within two syncs, and returns with its id', async () => {
	await fresh();
	arr.series = arr.series.map((one) =>
		one.arrId === 1 ? { ...one, seasons: [aSeason(1), aSeason(2)] } : one,
	);
	arr.episodes.push(anEpisode(1900, 1, 1, { seasonNumber: 2 }));
	await sync();
	const before = await rows('select id from seasons where connector_id = $1 and number = 2');
	arr.series = arr.series.map((one) => (one.arrId === 1 ? { ...one, seasons: [aSeason(1)] } : one));
	arr.episodes = arr.episodes.filter((one) => one.arrId !== 1900);
	await sync();
	await t.clock.advance(15 * 60_000);
	await sync();
	expect(await rows('select presence from seasons where connector_id = $1 and number = 2')).toEqual([
		{ presence: 'deleted' },
	]);
	expect((await episodeStates()).filter((row) => row.key === '2x1')).toMatchObject([{ presence: 'deleted' }]);
	arr.series = arr.series.map((one) =>
		one.arrId === 1 ? { ...one, seasons: [aSeason(1), aSeason(2)] } : one,
	);
	arr.episodes.push(anEpisode(1901, 1, 1, { seasonNumber: 2 }));
	await sync();
	expect(
		await rows("select id from seasons where connector_id = $1 and number = 2 and presence = 'present'"),
	).toEqual(before);
	expect((await episodeStates()).filter((row) => row.key === '2x1')).toMatchObject([
		{ presence: 'present', arr_id: 1901 },
	]);
});

test('a list that shrank changes no presence, asks, and withdraws the question by itself', async () => {
	await fresh(20, 2);
	arr.hide = (name, arrId) => name === 'series' && arrId > 8;
	await sync();
	await t.clock.advance(15 * 60_000);
	await sync();
	expect(
		await rows("select count(*)::int as n from series where connector_id = $1 and presence = 'present'"),
	).toEqual([{ n: 20 }]);
	expect(await rows('select kind from questions where connector_id = $1 and answered_at is null')).toEqual([
		{ kind: 'shrink' },
	]);
	expect(await rows('select held_reason from connectors where id = $1')).toEqual([{ held_reason: 'shrink' }]);
	arr.hide = () => false;
	await sync();
	expect(await rows('select kind from questions where connector_id = $1 and answered_at is null')).toEqual(
		[],
	);
	expect(await rows('select held_reason from connectors where id = $1')).toEqual([{ held_reason: null }]);
});

test('an accepted loss is carried out by the next sync', async () => {
	await fresh(20, 2);
	arr.series = arr.series.filter((one) => one.arrId <= 8);
	await sync();
	await rows(
		"update questions set answer = 'accept', answered_at = now() where connector_id = $1 returning id",
	);
	await sync();
	expect(
		await rows("select count(*)::int as n from series where connector_id = $1 and presence = 'deleted'"),
	).toEqual([{ n: 12 }]);
	expect(await rows('select kind from questions where connector_id = $1 and answered_at is null')).toEqual(
		[],
	);
});

test('another instance at the address: nothing is written, and the user is asked', async () => {
	await fresh(10, 2);
	arr.series = arr.series.map((one) => ({ ...one, tvdbId: one.tvdbId + 50_000, title: 'Other' }));
	const report = await sync();
	expect(report.error?.code).toBe('other_instance');
	expect(
		await rows("select count(*)::int as n from series where connector_id = $1 and title = 'Other'"),
	).toEqual([{ n: 0 }]);
	expect(await rows('select held_reason from connectors where id = $1')).toEqual([
		{ held_reason: 'other_instance' },
	]);
});

test('an instance that changes in the middle of a sync is not believed', async () => {
	await fresh(10, 2);
	arr.before = (name) => {
		if (name === 'series') arr.fingerprint = { appData: '/other' };
	};
	arr.hide = (name, arrId) => name === 'series' && arrId === 2;
	const report = await sync();
	expect(report.error?.code).toBe('instance_changed');
	expect(
		await rows("select count(*)::int as n from series where connector_id = $1 and presence <> 'present'"),
	).toEqual([{ n: 0 }]);
});

test('an unreadable record is present and keeps its last good values', async () => {
	await fresh();
	arr.series = arr.series.map((one) => (one.arrId === 2 ? { ...one, title: 'Renamed' } : one));
	arr.broken.set('series', new Set([2]));
	for (let round = 0; round < 3; round++) {
		await t.clock.advance(15 * 60_000);
		expect((await sync()).detail.unreadable).toHaveLength(1);
	}
	expect(
		await rows('select title, presence, unreadable from series where connector_id = $1 and arr_id = 2'),
	).toEqual([{ title: 'Series 2', presence: 'present', unreadable: 'title is no text' }]);
	arr.broken.clear();
	await sync();
	expect(await rows('select title, unreadable from series where connector_id = $1 and arr_id = 2')).toEqual([
		{ title: 'Renamed', unreadable: null },
	]);
});

test('a failure in the middle leaves what was there, says why, and heals', async () => {
	await fresh();
	let reads = 0;
	arr.before = (name) => {
		if (name === 'episodes' && ++reads === 2) throw new ArrError('server_error');
	};
	const report = await sync('full');
	expect(report.error).toMatchObject({ code: 'server_error' });
	expect((await episodeStates()).every((row) => row.presence === 'present')).toBe(true);
	arr.before = () => undefined;
	expect((await sync()).error).toBeNull();
	expect(
		await rows("select type from events where connector_id = $1 and type like 'sync.%' order by id"),
	).toEqual([{ type: 'sync.completed' }, { type: 'sync.failed' }, { type: 'sync.completed' }]);
});

test('ids that swap places, duplicates and moved ids keep rows and memory', async () => {
	await fresh();
	const before = await rows('select id, tvdb_id from series where connector_id = $1 order by tvdb_id');
	arr.series = arr.series.map((one) => ({ ...one, arrId: one.arrId === 1 ? 2 : one.arrId === 2 ? 1 : 3 }));
	arr.episodes = arr.episodes.map((one) => ({
		...one,
		seriesArrId: one.seriesArrId === 1 ? 2 : one.seriesArrId === 2 ? 1 : 3,
	}));
	arr.files = arr.files.map((one) => ({
		...one,
		ownerArrId: one.ownerArrId === 1 ? 2 : one.ownerArrId === 2 ? 1 : 3,
	}));
	await rows(
		"insert into questions (connector_id, kind, detail, asked_at, answer, answered_at) values ($1, 'other_instance', '{}', now(), 'accept', now()) returning id",
	);
	arr.series.push({ ...arr.series[2], ...{ arrId: 77 } } as (typeof arr.series)[0]);
	const report = await sync('full');
	expect(report.error).toBeNull();
	expect(report.detail.duplicates).toEqual(['series tvdb 1003']);
	expect(await rows('select id, tvdb_id from series where connector_id = $1 order by tvdb_id')).toEqual(
		before,
	);
	expect(await rows('select arr_id from series where connector_id = $1 order by tvdb_id')).toEqual([
		{ arr_id: 2 },
		{ arr_id: 1 },
		{ arr_id: 3 },
	]);
});

test('an episode with the same key but another identity is told', async () => {
	await fresh();
	const told: number[] = [];
	arr.episodes = arr.episodes.map((one) =>
		one.arrId === 1001
			? { ...one, arrId: 1777, tvdbId: 5, airDateUtc: new Date('2025-01-01T00:00:00Z') }
			: one,
	);
	const report = await runSync(t.ctx, id, 'full', {
		identityChanged: async (_tx, ids) => told.push(...ids),
	});
	expect(report.error).toBeNull();
	expect(told).toHaveLength(1);
	expect(report.detail.resetTargets).toEqual(told);
});

test('a purged row goes with its memory, a week after it was deleted', async () => {
	await fresh();
	arr.episodes = arr.episodes.filter((one) => one.arrId !== 1001);
	await sync();
	await t.clock.advance(8 * 86_400_000);
	const purged: number[] = [];
	await runSync(t.ctx, id, 'full', { purging: async (_tx, gone) => purged.push(...gone.episodes) });
	expect(purged).toHaveLength(1);
	expect((await episodeStates()).filter((row) => row.arr_id === 1001)).toEqual([]);
});

test('a full sync under way takes in an incremental one', async () => {
	await fresh();
	const [full, joined] = await Promise.all([runSync(t.ctx, id, 'full'), runSync(t.ctx, id, 'incremental')]);
	expect(joined).toBe(full);
});

test('a scheduled full sync is spread where it needs more than 2,000 requests, and not before', async () => {
	const spreadMs = 30 * 60_000;
	const timed = async (): Promise<number> => {
		const begin = t.clock.now();
		const ended = runSync(t.ctx, id, 'full', { spreadMs }).then((report) => {
			expect(report.error).toBeNull();
			return t.clock.now() - begin;
		});
		await t.clock.advance(2 * spreadMs);
		return ended;
	};
	for (let at = 1; at <= 1000; at++) addSeries(arr, at, 1);
	expect(await timed()).toBe(0);
	addSeries(arr, 1001, 1);
	expect(await timed()).toBe(spreadMs);
}, 60_000);
