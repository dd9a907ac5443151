// fixtures-notes §8: the rows of its table that are seen through commands, health and the queue.
import { describe, expect, it } from 'vitest';
import {
	asked,
	DAY,
	first,
	grabOne,
	history,
	missing,
	MINUTE,
	queue,
	read,
	run,
	searchedAt,
	SECOND,
	send,
	sources,
	status,
	useFakes,
} from './bench.ts';

const fake = useFakes();

describe('addresses and keys', () => {
	it('fn §8: wrong key; wrong base; Accept without JSON; long id list', async () => {
		const arr = await fake.create({ kind: 'sonarr5' });
		const plain = (path: string, headers: Record<string, string>) =>
			fetch(`${arr.url}${path}`, { redirect: 'manual', headers });
		expect((await plain('/api/v3/tag', { 'x-api-key': 'wrong' })).status).toBe(401);
		expect((await plain('/base/api/v3/tag', { 'x-api-key': arr.apiKey })).status).toBe(302);
		const login = await fetch(`${arr.url}/base/api/v3/tag`);
		expect([login.status, login.headers.get('content-type')?.startsWith('text/html')]).toEqual([200, true]);
		expect((await plain('/api/v3/tag', { 'x-api-key': arr.apiKey, accept: 'text/html' })).status).toBe(406);
		const ids = Array.from({ length: 900 }, (_, index) => `episodeIds=${10_000 + index}`).join('&');
		expect((await plain(`/api/v3/episode?${ids}`, { 'x-api-key': arr.apiKey })).status).toBe(414);
	});

	it('fn §8: stale id: 404 by id with the version header, a failed command, a season of an unknown series', async () => {
		const arr = await fake.create({ kind: 'sonarr5' });
		const gone = await arr.fetch('/api/v3/episode/99999');
		expect([gone.status, await gone.text()]).toEqual([404, '']);
		expect(gone.headers.get('x-application-version')).not.toBeNull();
		expect((await run(fake.fakes, arr, { name: 'EpisodeSearch', episodeIds: [99_999] })).status).toBe(
			'failed',
		);
		expect(
			(await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 99_999, seasonNumber: 1 })).status,
		).toBe('completed');
	});

	it('fn §8: paged history filter', async () => {
		const arr = await fake.create({ kind: 'whisparr3' });
		expect(await status(arr, '/api/v3/history?movieIds=1')).toBe(500);
	});
});

describe('searches that say nothing', () => {
	it('fn §8: all indexers blocked: milliseconds, lastSearchTime unmoved, an error in health', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ blocked: true }] });
		const episode = first(await missing(arr));
		const command = await run(fake.fakes, arr, { name: 'EpisodeSearch', episodeIds: [episode.id] }, 30);
		expect(command.duration).toMatch(/^00:00:00\.0/);
		expect(await searchedAt(arr, episode.id)).toBeNull();
		await fake.fakes.clock.advance(7 * SECOND);
		expect(await sources(arr)).toContain('IndexerStatusCheck error');
	});

	it('fn §8: all indexers failed: lastSearchTime moved; only health tells', async () => {
		const arr = await fake.create({ kind: 'radarr6', indexers: [{ answers: 'error' }] });
		const command = await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [1] });
		expect(command).toMatchObject({
			status: 'completed',
			message: 'Completed search for 1 movies. 0 reports downloaded.',
		});
		expect((await arr.snapshot()).movies.find((one) => one.id === 1)?.searched).not.toBeNull();
		await fake.fakes.clock.advance(7 * SECOND);
		expect(await sources(arr)).toContain('IndexerStatusCheck error');
	});

	it('fn §8: year 0 and no query and undated scene', async () => {
		const two = await fake.create({ kind: 'whisparr2', indexers: [{}] });
		await run(fake.fakes, two, { name: 'SeasonSearch', seriesId: 1, seasonNumber: 0 });
		expect(first((await two.snapshot()).indexers).level).toBe(1);
		const three = await fake.create({ kind: 'whisparr3', indexers: [{}] });
		const movies = (await three.snapshot()).movies;
		const id = movies.find((one) => one.title === 'Nobody Knows Them')?.id ?? 0;
		await run(fake.fakes, three, { name: 'MoviesSearch', movieIds: [id] });
		expect(await asked(three)).toBe(0);
	});

	it('fn §8: dropped release', async () => {
		const arr = await fake.create({ kind: 'radarr6', indexers: [{}] });
		await arr.setDownloadClient(1, { reachable: false });
		const { command } = await grabOne(fake.fakes, arr, 'radarr6');
		expect(command.message).toContain(' 0 reports downloaded');
		await arr.setDownloadClient(1, { reachable: true });
		await fake.fakes.clock.advance(DAY / 4);
		expect(await history(arr)).toEqual([]);
	});

	it('fn §8: late grab: a parked release is grabbed as Rss', async () => {
		const arr = await fake.create({ kind: 'sonarr5', indexers: [{}] });
		await arr.setDownloadClient(1, { reachable: false });
		await grabOne(fake.fakes, arr, 'sonarr5');
		await arr.setDownloadClient(1, { reachable: true });
		await fake.fakes.clock.advance(16 * MINUTE);
		expect(first(await history(arr)).data.releaseSource).toBe('Rss');
	});

	it('fn §8: late health: silent until 5 s after the next queue refresh', async () => {
		const arr = await fake.create({ kind: 'whisparr2' });
		await fake.fakes.clock.advance(3 * MINUTE);
		await run(fake.fakes, arr, { name: 'RefreshMonitoredDownloads' });
		await arr.setDownloadClient(1, { reachable: false });
		await fake.fakes.clock.advance(20 * SECOND);
		expect(await sources(arr)).toEqual([]);
		await send(arr, { name: 'RefreshMonitoredDownloads' });
		await fake.fakes.clock.advance(7 * SECOND);
		expect(await sources(arr)).toEqual(['DownloadClientCheck error']);
	});
});

describe('commands', () => {
	it('fn §8: forgotten command: 10 minutes, a day, and Whisparr 2', async () => {
		const arr = await fake.create({ kind: 'whisparr2' });
		const { id } = await run(fake.fakes, arr, { name: 'EpisodeSearch', episodeIds: [3] });
		await fake.fakes.clock.advance(11 * MINUTE);
		expect(await status(arr, `/api/v3/command/${id}`)).toBe(500);
		await fake.fakes.clock.advance(DAY + 10 * MINUTE);
		expect(await status(arr, `/api/v3/command/${id}`)).toBe(404);
	});

	it('fn §8: zombie command, deduplicated POST, killed search', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ latency: 90 }], workers: 1 });
		const [a, b] = await missing(arr);
		const running = await send(arr, { name: 'EpisodeSearch', episodeIds: [a?.id ?? 0] }, 'Other/1');
		const waiting = await send(arr, { name: 'EpisodeSearch', episodeIds: [b?.id ?? 0] });
		const merged = await send(arr, { name: 'EpisodeSearch', episodeIds: [a?.id ?? 0] }, 'Comradarr/1');
		expect([merged.id, merged.clientUserAgent]).toEqual([running.id, 'Other/1']);
		await status(arr, `/api/v3/command/${waiting.id}`, { method: 'DELETE' });
		await fake.fakes.clock.advance(SECOND);
		await arr.restart({ downMs: 0 });
		await fake.fakes.clock.advance(SECOND);
		expect((await read(arr, running.id)).status).toBe('orphaned');
		expect(await searchedAt(arr, a?.id ?? 0)).toBeNull();
		expect((await read(arr, waiting.id)).status).toBe('started');
	});

	it('fn §8: duplicate id, id growth, worker starvation', async () => {
		const arr = await fake.create({ kind: 'radarr6', indexers: [{ latency: 500 }] });
		expect((await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [2, 2] })).status).toBe('failed');
		const before = (await arr.snapshot()).lastCommandId;
		await fake.fakes.clock.advance(60 * MINUTE);
		expect((await arr.snapshot()).lastCommandId).toBeGreaterThan(before + 80);
		for (const movieIds of [[1], [5], [4]]) await send(arr, { name: 'MoviesSearch', movieIds });
		await fake.fakes.clock.advance(SECOND);
		await arr.rssGrab({ movieId: 2 });
		await fake.fakes.clock.advance(4 * MINUTE);
		expect(await queue(arr)).toEqual([]);
	});

	it('fn §8: unstable paging: rows leave between pages', async () => {
		const arr = await fake.create({ kind: 'sonarr4', library: { preset: 'large', series: 10 } });
		const page = (number: number) =>
			arr.get<{ records: { id: number }[]; totalRecords: number }>(
				`/api/v3/wanted/missing?page=${number}&pageSize=10`,
			);
		const one = await page(1);
		await arr.setMonitored({ episodeId: first(one.records).id }, false);
		const two = await page(2);
		expect(two.totalRecords).toBe(one.totalRecords - 1);
	});

	it('fn §8: vanished queue', async () => {
		const arr = await fake.create({ kind: 'whisparr2' });
		await arr.rssGrab({ episodeId: 3 });
		await fake.fakes.clock.advance(6 * SECOND);
		const ids = (await queue(arr)).map((row) => row.id);
		await arr.setDownloadClient(1, { reachable: false });
		expect(await queue(arr)).toHaveLength(1);
		await fake.fakes.clock.advance(95 * SECOND);
		expect(await queue(arr)).toEqual([]);
		await arr.setDownloadClient(1, { reachable: true });
		await fake.fakes.clock.advance(95 * SECOND);
		expect((await queue(arr)).map((row) => row.id)).toEqual(ids);
	});

	it('fn §8: Whisparr 3 with its cache on: by id and in bulk stale, fresh in the list, refreshed by stashId', async () => {
		const arr = await fake.create({ kind: 'whisparr3', cacheMovieApi: true, indexers: [{}] });
		const scene = (await arr.get<{ id: number; stashId?: string; title: string }[]>('/api/v3/movie')).find(
			(one) => one.title === 'Evening Tide',
		);
		const id = scene?.id ?? 0;
		const byId = async () => 'lastSearchTime' in (await arr.get<object>(`/api/v3/movie/${id}`));
		await byId();
		await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [id] });
		expect(await byId()).toBe(false);
		const fresh = first(await arr.get<object[]>(`/api/v3/movie?stashId=${scene?.stashId ?? ''}`));
		expect('lastSearchTime' in fresh).toBe(true);
		expect(await byId()).toBe(true);
	});

	it('Whisparr 3: `stashId` looks for the foreign id, whatever that names', async () => {
		const arr = await fake.create({ kind: 'whisparr3', library: { preset: 'edge' } });
		type Found = { title: string; foreignId: string; stashId?: string };
		const film = (await arr.get<Found[]>('/api/v3/movie')).find((one) => one.foreignId.startsWith('tpdbId:'));
		const by = async (id = '') =>
			(await arr.get<Found[]>(`/api/v3/movie?stashId=${encodeURIComponent(id)}`)).map((one) => one.title);
		expect(await by(film?.foreignId)).toEqual([film?.title]);
		expect(film?.stashId).toBeTruthy();
		expect(await by(film?.stashId)).toEqual([]);
	});
});
