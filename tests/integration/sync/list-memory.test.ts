// What is written of a list that is remembered is what would be written of it whole.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AppContext } from '../../../src/lib/server/app-context';
import { changeMirrorMark } from '../../../src/lib/server/db/queries/mirror-mark';
import { refreshItems, runSync } from '../../../src/lib/server/services/sync';
import { dice, type Dice } from '../plan/random';
import { addConnector } from '../../setup/connect';
import { createTestContext, type TestContext } from '../../setup/context';
import { addSeries, aFile, aHistoryRow, aMovie, anEpisode, aSeason, aSeries, MemoryArr } from './memory-arr';

const MINUTE = 60_000;
let t: TestContext;
let arr: MemoryArr;
beforeAll(async () => {
	t = await createTestContext();
});
afterAll(() => t.close());

const use = (made: MemoryArr): void => {
	arr = made;
	t.ctx.clients.for = async () => arr;
};
const connect = async (kind: 'sonarr' | 'radarr' | 'whisparr'): Promise<number> =>
	(await addConnector(t.ctx, { kind, url: 'http://memory.invalid', apiKey: 'k' })).id;
/** A process that remembers nothing. */
const another = (): AppContext => ({ ...t.ctx });
const given = (): number => arr.given.get('series') ?? 0;
const sync = (id: number, ctx: AppContext = t.ctx) => runSync(ctx, id, 'incremental');

async function rows(query: string, id: number): Promise<Record<string, unknown>[]> {
	return Array.from((await t.ctx.sql.unsafe(query, [id])) as Record<string, unknown>[]);
}
/** Everything that a list decides on, by natural keys. */
async function mirrorOf(id: number): Promise<Record<string, unknown>[][]> {
	return [
		await rows(
			`select tvdb_id, arr_id > 0 as bound, title, monitored, presence, absent_since, unreadable, stale, tags
			from series where connector_id = $1 order by 1`,
			id,
		),
		await rows(
			`select s.tvdb_id, n.number, n.monitored, n.presence, n.absent_since from seasons n
			join series s on s.id = n.series_id where n.connector_id = $1 order by 1, 2`,
			id,
		),
		await rows(
			`select s.tvdb_id, e.natural_key, e.title, e.presence, e.file_arr_id, e.air_date_utc, e.monitored from episodes e
			join series s on s.id = e.series_id where e.connector_id = $1 order by 1, 2`,
			id,
		),
		await rows(
			`select natural_key, arr_id > 0 as bound, title, monitored, presence, absent_since, unreadable, is_available,
				available_since, file_arr_id from movies where connector_id = $1 order by 1`,
			id,
		),
		await rows(
			`select arr_id, quality_id, format_score, size, score_stale from files where connector_id = $1 order by 1`,
			id,
		),
	];
}
const rowVersions = (table: string, id: number) =>
	rows(`select arr_id, xmin::text as version from ${table} where connector_id = $1 order by 1`, id);

describe('a remembered list', () => {
	let id: number;
	beforeEach(async () => {
		use(new MemoryArr('series', () => t.clock.date()));
		id = await connect('sonarr');
		for (let at = 1; at <= 12; at++) addSeries(arr, at, 4);
		await sync(id);
		await sync(id);
	});

	test('that says the same is not written, and what differs is written alone', async () => {
		const before = await rowVersions('series', id);
		expect(await sync(id)).toMatchObject({ error: null, changed: 0 });
		expect(await rowVersions('series', id)).toEqual(before);
		arr.series = arr.series.map((one) => (one.arrId === 5 ? { ...one, title: 'Another name' } : one));
		expect(await sync(id)).toMatchObject({ error: null, changed: 1 });
		const after = await rowVersions('series', id);
		expect(after.filter((row, at) => row['version'] !== before[at]?.['version'])).toMatchObject([
			{ arr_id: 5 },
		]);
	});

	test('that comes again byte by byte is not looked into; a full sync looks', async () => {
		const lists = (): number => arr.asked.filter((name) => name === 'series').length;
		const [before, asked, read] = [await rowVersions('series', id), lists(), given()];
		expect(await sync(id)).toMatchObject({ error: null, changed: 0, detail: { listed: 12 } });
		expect([lists() - asked, given() - read]).toEqual([1, 0]);
		expect(await rowVersions('series', id)).toEqual(before);
		await runSync(t.ctx, id, 'full');
		expect(given() - read).toBe(12);
	});

	test('that comes again after episodes were written is compared with them', async () => {
		await sync(id);
		const read = given();
		arr.rows.push(aHistoryRow(1, { seriesArrId: 6, date: t.clock.date() }));
		arr.episodes = arr.episodes.map((one) => (one.seriesArrId === 6 ? { ...one, title: 'Renamed' } : one));
		expect(await sync(id)).toMatchObject({ error: null, changed: 4 });
		await sync(id);
		expect(given() - read).toBe(12);
		await sync(id);
		expect(given() - read).toBe(12);
	});

	test('does not stand for a mirror that somebody else has written into', async () => {
		await t.ctx.sql`update series set title = 'Not so' where connector_id = ${id} and arr_id = 3`;
		await changeMirrorMark(t.ctx.db, id);
		expect(await sync(id)).toMatchObject({ error: null, changed: 1 });
		expect((await mirrorOf(id))[0]?.[2]).toMatchObject({ title: 'Series 3' });
	});

	test('does not stand for a row that the application denied in between', async () => {
		const getSeries = arr.getSeries.bind(arr);
		arr.getSeries = async (arrId) => (arrId === 4 ? { found: false } : getSeries(arrId));
		await refreshItems(t.ctx, id, { seriesArrIds: [4] });
		expect((await mirrorOf(id))[0]?.[3]).toMatchObject({ presence: 'unconfirmed' });
		arr.getSeries = getSeries;
		await sync(id);
		expect((await mirrorOf(id))[0]?.[3]).toMatchObject({ presence: 'present', absent_since: null });
	});

	test('that lacks a record is applied whole, and a record with the key of another is not believed', async () => {
		arr.series.push(aSeries(99, { tvdbId: 1002, title: 'The same again' }));
		const twice = await sync(id);
		expect(twice.detail.duplicates).toEqual(['series tvdb 1002']);
		arr.series = arr.series.filter((one) => one.arrId !== 99 && one.arrId !== 7);
		expect((await sync(id)).detail).toMatchObject({ unconfirmed: 1 });
		expect((await mirrorOf(id))[0]?.[6]).toMatchObject({ presence: 'deleted' });
	});

	test('of which something airs by our mirror alone: that series is looked at', async () => {
		const airs = new Date(t.clock.now() + 30 * MINUTE);
		await t.ctx.sql`update episodes set air_date_utc = ${airs}, monitored = true, file_arr_id = 0
			where connector_id = ${id} and arr_id = ${arr.episodes.find((one) => one.seriesArrId === 2)?.arrId ?? 0}`;
		await t.ctx.sql`update series set content_hash = null where connector_id = ${id}`;
		await t.clock.advance(45 * MINUTE);
		await sync(id);
		const episodes = (await mirrorOf(id))[2] ?? [];
		expect(episodes.filter((row) => row['air_date_utc']?.toString() === airs.toString())).toEqual([]);
	});
});

const EDITS: Readonly<Record<string, (d: Dice) => void>> = {
	rename: (d) => {
		const { arrId } = d.pick(arr.series);
		arr.series = arr.series.map((s) =>
			s.arrId === arrId ? { ...s, title: `Name ${String(d.upTo(99))}` } : s,
		);
	},
	monitor: (d) => {
		const { arrId } = d.pick(arr.series);
		arr.series = arr.series.map((s) => (s.arrId === arrId ? { ...s, monitored: !s.monitored } : s));
	},
	seasons: (d) => {
		const { arrId } = d.pick(arr.series);
		const seasons = [1, 2, 3]
			.filter((number) => number === 1 || d.chance(0.5))
			.map((n) => aSeason(n, d.chance(0.7)));
		arr.series = arr.series.map((s) => (s.arrId === arrId ? { ...s, seasons } : s));
	},
	add: (d) => {
		addSeries(arr, 100 + d.upTo(40), 2);
		arr.series = arr.series.filter((s, at) => arr.series.findIndex((o) => o.arrId === s.arrId) === at);
		arr.episodes = arr.episodes.filter((e, at) => arr.episodes.findIndex((o) => o.arrId === e.arrId) === at);
		arr.files = arr.files.filter((f, at) => arr.files.findIndex((o) => o.arrId === f.arrId) === at);
	},
	remove: (d) => {
		const { arrId } = d.pick(arr.series);
		if (arr.series.length > 8) arr.series = arr.series.filter((s) => s.arrId !== arrId);
	},
	swap: (d) => {
		const [a, b] = [d.pick(arr.series).arrId, d.pick(arr.series).arrId];
		const other = (id: number): number => (id === a ? b : id === b ? a : id);
		arr.series = arr.series.map((s) => ({ ...s, arrId: other(s.arrId) }));
		arr.episodes = arr.episodes.map((e) => ({ ...e, seriesArrId: other(e.seriesArrId) }));
		arr.files = arr.files.map((f) => ({ ...f, ownerArrId: other(f.ownerArrId) }));
	},
	unreadable: (d) => {
		arr.broken.set('series', new Set(d.chance(0.5) ? [d.pick(arr.series).arrId] : []));
	},
	file: (d) => {
		const episode = d.pick(arr.episodes);
		const fileArrId = episode.fileArrId === 0 ? 500_000 + episode.arrId : 0;
		arr.episodes = arr.episodes.map((e) => (e.arrId === episode.arrId ? { ...e, fileArrId } : e));
		arr.files = arr.files.filter((f) => f.arrId !== episode.fileArrId);
		if (fileArrId !== 0) arr.files.push(aFile(fileArrId, episode.seriesArrId));
	},
	episode: (d) => {
		const { arrId } = d.pick(arr.series);
		const number = 50 + d.upTo(20);
		const airDateUtc = new Date(t.clock.now() + (d.upTo(120) - 30) * MINUTE);
		arr.episodes = arr.episodes.filter((e) => e.arrId !== arrId * 1000 + number);
		arr.episodes.push(anEpisode(arrId * 1000 + number, arrId, number, { airDateUtc }));
	},
	nothing: () => undefined,
};

test.each([1, 2])('random edits of series, seed %i: as if applied whole', async (seed) => {
	const d = dice(seed * 7919);
	use(new MemoryArr('series', () => t.clock.date()));
	const [remembering, forgetful] = [await connect('sonarr'), await connect('sonarr')];
	for (let at = 1; at <= 15; at++) addSeries(arr, at, 3);
	for (let round = 0; round < 15; round++) {
		const names = Array.from({ length: d.upTo(3) }, () => d.pick(Object.keys(EDITS)));
		for (const name of names) EDITS[name]?.(d);
		const [a, b] = [await sync(remembering), await sync(forgetful, another())];
		expect(a.error?.code, names.join()).toEqual(b.error?.code);
		expect(await mirrorOf(remembering), `round ${String(round)}: ${names.join()}`).toEqual(
			await mirrorOf(forgetful),
		);
		await t.clock.advance(d.pick([5, 15, 30]) * MINUTE);
	}
});

function editMovies(d: Dice): void {
	const { arrId } = d.pick(arr.movies);
	const edit = (over: Partial<(typeof arr.movies)[number]>): void => {
		arr.movies = arr.movies.map((m) => (m.arrId === arrId ? { ...m, ...over } : m));
	};
	switch (d.upTo(6)) {
		case 0: {
			edit({ title: `Name ${String(d.upTo(99))}` });
			return;
		}
		case 1: {
			edit({ monitored: d.chance(0.5), isAvailable: d.chance(0.7) });
			return;
		}
		case 2:
			if (arr.movies.length > 8) arr.movies = arr.movies.filter((m) => m.arrId !== arrId);
			return;
		case 3: {
			const id = 200 + d.upTo(40);
			if (!arr.movies.some((m) => m.arrId === id)) arr.movies.push(aMovie(id));
			return;
		}
		case 4: {
			const file = d.chance(0.6) ? aFile(9_000 + d.upTo(500), arrId) : null;
			arr.files = arr.files.filter((f) => f.ownerArrId !== arrId && f.arrId !== file?.arrId);
			if (file !== null && arr.movies.every((m) => m.arrId === arrId || m.fileArrId !== file.arrId)) {
				arr.files.push(file);
				edit({ file: { ...file, formatScore: null }, fileArrId: file.arrId });
			} else edit({ file: null, fileArrId: 0 });
			return;
		}
		default:
			arr.broken.set('movies', new Set(d.chance(0.5) ? [arrId] : []));
	}
}

test.each([
	['radarr', 1],
	['whisparr', 2],
] as const)('random edits of movies, %s %i: as if applied whole', async (kind, seed) => {
	const d = dice(seed * 104_729);
	use(new MemoryArr('movies', () => t.clock.date(), { kind, byIds: kind === 'whisparr' }));
	const [remembering, forgetful] = [await connect(kind), await connect(kind)];
	for (let at = 1; at <= 15; at++) arr.movies.push(aMovie(at));
	for (let round = 0; round < 15; round++) {
		for (let edits = d.upTo(3); edits > 0; edits--) editMovies(d);
		const [a, b] = [await sync(remembering), await sync(forgetful, another())];
		expect(a.error?.code).toEqual(b.error?.code);
		expect(await mirrorOf(remembering), `round ${String(round)}`).toEqual(await mirrorOf(forgetful));
		await t.clock.advance(d.pick([5, 15, 30]) * MINUTE);
	}
});
