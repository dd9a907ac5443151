// arr-api §1: the facts that break naive clients, by their numbers.
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.ts';
import { ALL_KINDS } from '../kinds.ts';
import {
	asked,
	first,
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
	units,
	useFakes,
} from './bench.ts';

const fake = useFakes();

describe('arr-api §1', () => {
	it('1: a completed command does not tell whether anybody was asked', async () => {
		for (const setup of [{ answers: 'error' as const }, { blocked: true }, { tags: ['other'] }]) {
			const arr = await fake.create({ kind: 'sonarr4', indexers: [setup] });
			const command = await run(fake.fakes, arr, {
				name: 'EpisodeSearch',
				episodeIds: [first(await missing(arr, 2)).id],
			});
			expect(command).toMatchObject({
				status: 'completed',
				result: 'successful',
				message: 'Episode search completed. 0 reports downloaded.',
			});
		}
	});

	it('2: lastSearchTime says eligible, not asked', async () => {
		const failing = await fake.create({ kind: 'sonarr4', indexers: [{ answers: 'reset' }] });
		const episode = first(await missing(failing));
		await run(fake.fakes, failing, { name: 'EpisodeSearch', episodeIds: [episode.id] });
		expect(await searchedAt(failing, episode.id)).not.toBeNull();
		const blocked = await fake.create({ kind: 'sonarr4', indexers: [{ blocked: true }] });
		await run(fake.fakes, blocked, { name: 'EpisodeSearch', episodeIds: [episode.id] });
		expect(await searchedAt(blocked, episode.id)).toBeNull();
	});

	it('3: EpisodeSearch with many ids is one search per id; the message counts the last only', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{}] });
		const [a, b, c] = await missing(arr);
		await arr.script({ episodeId: a?.id ?? 0 }, { kind: 'grab' });
		const episodeIds = [a?.id ?? 0, b?.id ?? 0, c?.id ?? 0];
		const command = await run(fake.fakes, arr, { name: 'EpisodeSearch', episodeIds });
		expect(command.message).toBe('Episode search completed. 0 reports downloaded.');
		expect(await units(arr)).toEqual([3]);
		expect(await history(arr)).toHaveLength(1);
	});

	it('4: one bad id fails a whole batch, in Radarr before anything is searched', async () => {
		const arr = await fake.create({ kind: 'radarr6', indexers: [{}] });
		const command = await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [1, 99_999] });
		expect(command.status).toBe('failed');
		expect(await asked(arr)).toBe(0);
		const old = await fake.create({ kind: 'radarr4', indexers: [{}] });
		await run(fake.fakes, old, { name: 'MoviesSearch', movieIds: [1, 99_999] });
		expect(await asked(old)).toBe(2);
	});

	it('5: message and result are not stored', async () => {
		const arr = await fake.create({ kind: 'radarr6' });
		const { id } = await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [1] });
		await fake.fakes.clock.advance(11 * MINUTE);
		expect(await read(arr, id)).toMatchObject({ status: 'completed', result: 'unknown' });
		expect(await read(arr, id)).not.toHaveProperty('message');
	});

	it('6: three worker threads run all commands', async () => {
		const arr = await fake.create({ kind: 'radarr6', indexers: [{ latency: 300 }] });
		for (const movieIds of [[1], [5], [4], [2]]) await send(arr, { name: 'MoviesSearch', movieIds });
		await fake.fakes.clock.advance(SECOND);
		expect((await arr.commands()).map((one) => one.status)).toEqual([
			'started',
			'started',
			'started',
			'queued',
		]);
	});

	it('7: a cancelled command comes back after a restart', async () => {
		const arr = await fake.create({ kind: 'radarr6', indexers: [{ latency: 300 }], workers: 1 });
		await send(arr, { name: 'MoviesSearch', movieIds: [1] });
		const { id } = await send(arr, { name: 'MoviesSearch', movieIds: [5] });
		await status(arr, `/api/v3/command/${id}`, { method: 'DELETE' });
		await arr.restart({ downMs: 0, settleMs: 0 });
		expect(['started', 'queued']).toContain((await read(arr, id)).status);
		expect((await arr.commands()).map((one) => one.id)).toContain(id);
	});

	it('8: API searches are user invoked: no delay profile, in Radarr no monitored and availability rule', async () => {
		const arr = await fake.create({ kind: 'radarr6', delayProfiles: [{ torrentDelay: 600 }] });
		await arr.setMonitored({ movieId: 5 }, false);
		await arr.script({ movieId: 5 }, { kind: 'grab' });
		await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [5] });
		expect(await history(arr)).toHaveLength(1);
	});

	it('9: wanted/missing ignores availability in Radarr and holds specials in Sonarr; wanted/cutoff knows no scores and no specials', async () => {
		const radarr = await fake.create({ kind: 'radarr6' });
		const titles = (
			await radarr.get<{ records: { title: string; isAvailable: boolean }[] }>('/api/v3/wanted/missing')
		).records;
		expect(titles.find((one) => one.title === 'Slow Arrow')?.isAvailable).toBe(false);
		const sonarr = await fake.create({ kind: 'sonarr4' });
		const lacking = await sonarr.get<{ records: { seasonNumber: number }[] }>(
			'/api/v3/wanted/missing?pageSize=100',
		);
		expect(lacking.records.some((one) => one.seasonNumber === 0)).toBe(true);
		const cutoff = await sonarr.get<{
			records: { id: number; seasonNumber: number }[];
			totalRecords: number;
		}>('/api/v3/wanted/cutoff?pageSize=100');
		expect(cutoff.records.some((one) => one.seasonNumber === 0)).toBe(false);
		const truth = await sonarr.truth();
		expect(truth.formatUpgrades).toBeGreaterThan(0);
		expect(truth.wantedCutoff).toBe(cutoff.totalRecords);
		const ids = cutoff.records.map((one) => one.id);
		expect(truth.items.some((one) => one.formatUpgrade && ids.includes(one.arrId))).toBe(false);
	});

	it('10 and 11: sort keys fall back silently, and the direction defaults to descending', async () => {
		const arr = await fake.create({ kind: 'radarr6' });
		expect(await arr.get('/api/v3/wanted/missing?sortKey=nonsense')).toMatchObject({
			sortKey: 'movieMetadata.sortTitle',
			sortDirection: 'descending',
		});
		expect(await status(arr, '/api/v3/wanted/missing?sortDirection=asc')).toBe(400);
	});

	it('12: the queue never answers with an empty page after the last one', async () => {
		const arr = await fake.create({ kind: 'radarr6' });
		await arr.rssGrab({ movieId: 1 });
		await fake.fakes.clock.advance(6 * SECOND);
		for (const page of [1, 2, 50])
			expect((await arr.get<{ records: unknown[] }>(`/api/v3/queue?page=${page}`)).records.length).toBe(1);
		expect((await arr.get<{ records: unknown[] }>('/api/v3/wanted/missing?page=50')).records.length).toBe(0);
	});

	it('13: nulls are left out, except inside the data of a history row', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const episode = first(await missing(arr));
		expect(episode).not.toHaveProperty('lastSearchTime');
		await arr.rssGrab({ episodeId: episode.id });
		const text = await (await arr.fetch('/api/v3/history/since?date=2020-01-01T00:00:00Z')).text();
		expect(text).toContain('"imdbId": null');
		for (const path of [
			'/api/v3/series',
			'/api/v3/episode?seriesId=1',
			'/api/v3/command',
			'/api/v3/qualityprofile',
		]) {
			expect(await (await arr.fetch(path)).text()).not.toContain(': null');
		}
	});

	it('14: a wrong base is no error: 302 to the login, or 401 with a Location', async () => {
		for (const [kind, code] of [
			['sonarr4', 302],
			['whisparr3', 401],
		] as const) {
			const arr = await fake.create({ kind });
			const answer = await arr.fetch('/wrong/api/v3/system/status');
			expect([answer.status, answer.headers.get('location')?.startsWith('/login')]).toEqual([code, true]);
		}
	});

	it('15: episodeCount minus episodeFileCount is what is missing', async () => {
		const arr = await fake.create({ kind: 'sonarr4', library: { preset: 'edge' } });
		const all = await arr.get<{ title: string; statistics?: Record<string, number> }[]>('/api/v3/series');
		const coming = all.find((one) => one.title === "Tomorrow's Coast")?.statistics;
		expect(coming).toMatchObject({ totalEpisodeCount: 5, episodeCount: 3, episodeFileCount: 0 });
	});

	it('16: SeasonSearch on anime, specials and daily shows is many searches', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ latency: 0.1 }] });
		await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 3, seasonNumber: 1 }, 2000);
		expect([first(await units(arr)), await asked(arr)]).toEqual([12, 24]);
		await arr.clearIndexerSearches();
		await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 1, seasonNumber: 0 }, 2000);
		expect([first(await units(arr)), await asked(arr)]).toEqual([4, 6]);
		await arr.clearIndexerSearches();
		await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 2, seasonNumber: 2026 }, 2000);
		expect(first(await units(arr))).toBe(1);
	});

	it('17: history event numbers differ: 5 and 6 are a deleted file', async () => {
		const sonarr = await fake.create({ kind: 'sonarr4' });
		await sonarr.deleteFile((await sonarr.truth()).items.find((one) => one.fileId > 0)?.fileId ?? 0);
		const since = '/api/v3/history/since?date=2020-01-01T00:00:00Z&eventType=';
		expect(await sonarr.get(`${since}5`)).toHaveLength(1);
		expect(await sonarr.get(`${since}6`)).toHaveLength(0);
		const radarr = await fake.create({ kind: 'radarr6' });
		await radarr.deleteFile((await radarr.truth()).items.find((one) => one.fileId > 0)?.fileId ?? 0);
		expect(await radarr.get(`${since}6`)).toHaveLength(1);
		expect(await radarr.get(`${since}movieFileDeleted`)).toHaveLength(1);
		expect(await status(radarr, `${since}99`)).toBe(400);
	});

	it('18: quality ids differ: 20 is a remux in Sonarr and Bluray-480p in Radarr', async () => {
		const names = async (kind: 'sonarr4' | 'radarr6') => {
			const arr = await fake.create({ kind });
			const list = await arr.get<{ quality: { id: number; name: string } }[]>('/api/v3/qualitydefinition');
			return list.find((one) => one.quality.id === 20)?.quality.name;
		};
		expect([await names('sonarr4'), await names('radarr6')]).toEqual(['Bluray-1080p Remux', 'Bluray-480p']);
	});

	it('19: downloadUrl and guid hold secrets', async () => {
		const arr = await fake.create({ kind: 'radarr6' });
		await arr.rssGrab({ movieId: 1 });
		const { data } = first(await history(arr));
		expect(data.downloadUrl).toContain('INDEXERSECRET');
		expect(data.guid).toContain('SECRETPASSKEY');
	});

	it('22: GET /release without parameters is an RSS fetch; with them a live search', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{}] });
		await arr.get('/api/v3/release');
		expect(first(await arr.indexerSearches()).requests.map((one) => one.kind)).toEqual(['rss']);
		const episode = first(await missing(arr));
		await arr.get(`/api/v3/release?episodeId=${episode.id}`);
		expect(await asked(arr)).toBe(2);
		expect(await searchedAt(arr, episode.id)).not.toBeNull();
	});

	it('20 and 21: a webhook is sent once, before the history row, and saving calls the receiver', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const fields = [{ name: 'url', value: 'http://127.0.0.1:9/hook' }];
		const body = { name: 'Hook', implementation: 'Webhook', configContract: 'WebhookSettings', fields };
		const save = (extra: object) =>
			arr.fetch('/api/v3/notification', { method: 'POST', body: JSON.stringify({ ...body, ...extra }) });
		expect((await save({ onGrab: true })).status).toBe(500);
		expect((await save({})).status).toBe(201);
		const on = JSON.stringify({ ...body, onGrab: true });
		expect(await status(arr, '/api/v3/notification/1?forceSave=true', { method: 'PUT', body: on })).toBe(202);
		await arr.rssGrab({ episodeId: first(await missing(arr)).id });
		const events = (await arr.deliveries()).map((one) => [one.event, one.status]);
		expect(events).toEqual([
			['Test', null],
			['Grab', null],
		]);
		expect(await history(arr)).toHaveLength(1);
	});

	it('23: blocklisting through the queue starts a search, unless skipRedownload is sent', async () => {
		const arr = await fake.create({ kind: 'radarr6', indexers: [{}] });
		await arr.rssGrab({ movieId: 1 });
		await fake.fakes.clock.advance(6 * SECOND);
		const row = first(await queue(arr));
		await arr.fetch(`/api/v3/queue/${row.id}?blocklist=true`, { method: 'DELETE' });
		expect((await arr.commands()).some((one) => one.name === 'MoviesSearch')).toBe(true);
	});

	it('24: removing one queue row of a season pack removes the whole download', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{}] });
		const series = await arr.addSeries({ title: 'Packed', seasons: [{ number: 1, episodes: 4 }] });
		await arr.script({ seriesId: series, season: 1 }, { kind: 'grabPack' });
		await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: series, seasonNumber: 1 });
		await fake.fakes.clock.advance(6 * SECOND);
		const rows = await queue(arr);
		expect(rows).toHaveLength(4);
		await arr.fetch(`/api/v3/queue/${rows[2]?.id ?? 0}`, { method: 'DELETE' });
		expect(await queue(arr)).toEqual([]);
	});

	it('25: no limit of its own', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const codes = await Promise.all(Array.from({ length: 60 }, () => status(arr, '/api/v3/tag')));
		expect(codes.every((code) => code === 200)).toBe(true);
	});

	it('26: in Sonarr 5 an unknown id and an unknown route look alike', async () => {
		const arr = await fake.create({ kind: 'sonarr5' });
		for (const path of ['/api/v3/episode/99999', '/api/v3/nosuchthing']) {
			const answer = await arr.fetch(path);
			expect([
				answer.status,
				await answer.text(),
				answer.headers.get('x-application-version') !== null,
			]).toEqual([404, '', true]);
		}
	});

	it('27 and 28: a find is dropped or parked, and rows vanish, without a word', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{}] });
		await arr.setDownloadClient(1, { reachable: false });
		const episode = first(await missing(arr));
		await arr.script({ episodeId: episode.id }, { kind: 'grab' });
		const command = await run(fake.fakes, arr, { name: 'EpisodeSearch', episodeIds: [episode.id] }, 20);
		expect(command.seen).toContain('Processing release 1/1');
		expect(command.message).toBe('Episode search completed. 0 reports downloaded.');
		expect(await queue(arr)).toEqual([]);
	});

	it('29: the header UserAgent comes back through clean-up and restart', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const { id } = await send(arr, { name: 'EpisodeSearch', episodeIds: [8] }, 'Comradarr/1 (keep)');
		await fake.fakes.clock.advance(11 * MINUTE);
		await arr.restart({ downMs: 0 });
		await fake.fakes.clock.advance(SECOND);
		expect((await read(arr, id)).clientUserAgent).toBe('Comradarr/1 (keep)');
	});

	it('30: it answers before its commands are in order', async () => {
		const arr = await fake.create({ kind: 'radarr6', indexers: [{ latency: 60 }] });
		const { id } = await send(arr, { name: 'MoviesSearch', movieIds: [1] });
		await fake.fakes.clock.advance(SECOND);
		await arr.restart({ downMs: 0, settleMs: 200 });
		const command = await read(arr, id);
		expect(command.status).toBe('started');
		const { startTime } = await arr.get<{ startTime: string }>('/api/v3/system/status');
		expect(Date.parse(command.started ?? '')).toBeLessThan(Date.parse(startTime));
		await fake.fakes.clock.advance(SECOND);
		expect((await read(arr, id)).status).toBe('orphaned');
	});

	it('31: a parked release that is grabbed later is not marked as a search', async () => {
		const arr = await fake.create({ kind: 'radarr6', downloadClients: [{ enabled: false }] });
		await arr.script({ movieId: 1 }, { kind: 'grab' });
		await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [1] });
		expect(first(await queue(arr)).status).toBe('downloadClientUnavailable');
		await arr.setDownloadClient(1, { enabled: true });
		await fake.fakes.clock.advance(31 * MINUTE);
		expect(first(await history(arr)).data.releaseSource).toBe('Rss');
	});

	it('32: Whisparr 3 completes searches that send no query', async () => {
		const arr = await fake.create({ kind: 'whisparr3', indexers: [{}] });
		const movies = (await arr.snapshot()).movies;
		for (const title of ['No Date', 'Nobody Knows Them']) {
			const id = movies.find((one) => one.title === title)?.id ?? 0;
			expect((await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [id] })).status).toBe('completed');
		}
		expect(await asked(arr)).toBe(0);
	});

	it('33: a file at its quality cutoff is never replaced by a better quality (Sonarr 4 and 5)', async () => {
		for (const kind of ['sonarr4', 'sonarr5'] as const) {
			const arr = await fake.create({ kind, indexers: [{}] });
			const item = (await arr.truth()).items.find((one) => one.formatUpgrade && one.seriesId === 1);
			const id = item?.arrId ?? 0;
			await arr.script({ episodeId: id }, { kind: 'releases', releases: [{ quality: 'Bluray-1080p' }] });
			expect((await run(fake.fakes, arr, { name: 'EpisodeSearch', episodeIds: [id] })).message).toContain(
				' 0 reports',
			);
		}
	});

	it('34: brotli answers are larger than gzip answers', async () => {
		const arr = await fake.create({ kind: 'sonarr4', library: { preset: 'large', series: 60 } });
		const length = async (coding: string) => {
			await arr.clearRequests();
			const answer = await arr.fetch('/api/v3/series', { headers: { 'accept-encoding': coding } });
			await answer.arrayBuffer();
			return answer.headers.get('content-encoding');
		};
		expect([await length('br, gzip'), await length('gzip')]).toEqual(['br', 'gzip']);
	});

	it('35: no health webhook in the first 15 minutes (see the downloads tests), the check itself shows at once', async () => {
		const arr = await fake.create({ kind: 'sonarr4', startedAgoMs: 0, indexers: [] });
		await fake.fakes.clock.advance(10 * SECOND);
		expect(await sources(arr)).toContain('IndexerRssCheck error');
		expect(await arr.deliveries()).toEqual([]);
	});

	it('36: unpaged lists have no order', async () => {
		const arr = await fake.create({ kind: 'whisparr3', library: { preset: 'large', scenes: 60 } });
		const ids = await arr.get<number[]>('/api/v3/movie/list');
		expect(ids).toHaveLength(60);
		expect(ids).not.toEqual([...ids].sort((a, b) => a - b));
	});
});

describe('every kind', () => {
	for (const kind of ALL_KINDS) {
		it(`${kind}: says who it is, and lists its library`, async () => {
			const arr = await fake.create({ kind });
			const shown = await arr.get<JsonObject>('/api/v3/system/status');
			const name = kind.startsWith('sonarr') ? 'Sonarr' : kind.startsWith('radarr') ? 'Radarr' : 'Whisparr';
			expect(shown.appName).toBe(name);
			expect(shown.version).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
			expect(await arr.get('/api')).toEqual(
				kind === 'sonarr5' ? { current: 'v5', deprecated: ['v3'] } : { current: 'v3', deprecated: [] },
			);
		});
	}
});
