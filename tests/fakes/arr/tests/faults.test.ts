// fixtures-notes §8: error behaviours, by their names there.
import { describe, expect, it } from 'vitest';
import type { FakeInstance } from '../control.ts';
import type { JsonObject } from '../json.ts';
import { first, missing, MINUTE, queue, run, SECOND, send, status, useFakes } from './bench.ts';

const fake = useFakes();

async function body(arr: FakeInstance, path: string): Promise<string> {
	return (await arr.fetch(path)).text();
}

describe('answers in place of the application', () => {
	const plain = [
		['html', 200, '/api/v3/series', 'text/html'],
		['loginPage', 302, '/api/v3/series', null],
		['401', 401, '/api/v3/series', null],
		['500', 500, '/api/v3/series', 'application/json'],
		['databaseLocked', 500, '/api/v3/series', 'application/json'],
		['502', 502, '/api/v3/series', 'text/html'],
		['504', 504, '/api/v3/series', 'text/html'],
		['503starting', 503, '/api/v3/series', 'application/json'],
		['proxy404', 404, '/api/v3/series/1', null],
		['proxy404json', 404, '/api/v3/series/1', 'application/problem+json'],
		['414', 414, '/api/v3/series', null],
		['emptyList', 200, '/api/v3/series', 'application/json'],
		['redirect', 302, '/api/v3/series', null],
	] as const;

	for (const [kind, code, path, type] of plain) {
		it(`fn §8: ${kind}`, async () => {
			const arr = await fake.create({ kind: 'sonarr4' });
			await arr.fault({ kind, match: { path }, times: 1 });
			const answer = await arr.fetch(path);
			expect(answer.status).toBe(code);
			expect(answer.headers.get('x-application-version')).toBeNull();
			if (type !== null) expect(answer.headers.get('content-type')).toContain(type);
			expect(await status(arr, path)).toBe(200);
			expect((await arr.requests()).map((one) => one.fault)).toEqual([kind, null]);
		});
	}

	it('fn §8: proxy 429 with and without Retry-After', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		await arr.fault({ kind: '429', times: 1, retryAfter: 30 });
		await arr.fault({ kind: '429', times: 1 });
		const answers = [await arr.fetch('/api/v3/tag'), await arr.fetch('/api/v3/tag')];
		expect(answers.map((one) => [one.status, one.headers.get('retry-after')])).toEqual([
			[429, '30'],
			[429, null],
		]);
	});
});

describe('spoilt answers', () => {
	it('fn §8: cut connection: before, after the headers, in the middle', async () => {
		const arr = await fake.create({ kind: 'sonarr4', library: { preset: 'large', series: 30 } });
		for (const kind of ['reset', 'resetAfterHeaders', 'cutBody'] as const) {
			await arr.fault({ kind, match: { path: '/series' }, times: 1, afterRecords: 5 });
			await expect(body(arr, '/api/v3/series')).rejects.toThrow();
		}
		expect(await arr.get('/api/v3/series')).toHaveLength(30);
	});

	it('half a list as valid JSON, one bad record, one record left out', async () => {
		const arr = await fake.create({ kind: 'sonarr4', library: { preset: 'large', series: 30 } });
		await arr.fault({ kind: 'halfList', match: { path: '/series$' }, times: 1 });
		expect(await arr.get('/api/v3/series')).toHaveLength(15);
		await arr.fault({
			kind: 'badRecord',
			match: { path: '/series$' },
			times: 3,
			ids: [7],
			field: 'monitored',
		});
		for (let i = 0; i < 3; i++) {
			const records = await arr.get<(JsonObject & { id: number })[]>('/api/v3/series');
			expect(records).toHaveLength(30);
			expect(typeof records.find((one) => one.id === 7)?.monitored).toBe('object');
		}
		await arr.fault({ kind: 'noRecord', match: { path: '/series$' }, times: 1, ids: [7] });
		expect((await arr.get<{ id: number }[]>('/api/v3/series')).map((one) => one.id)).not.toContain(7);
	});

	it('an endless body', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		await arr.fault({ kind: 'endless', match: { path: '/series$' }, times: 1 });
		const answer = await arr.fetch('/api/v3/series');
		const reader = answer.body?.getReader();
		let bytes = 0;
		while (bytes < 3_000_000) bytes += (await reader?.read())?.value?.length ?? 0;
		await reader?.cancel();
		expect(bytes).toBeGreaterThan(2_999_999);
		expect(await status(arr, '/api/v3/series')).toBe(200);
	});

	it('a wrong application, another instance', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		await arr.fault({ kind: 'wrongApp', match: { path: '/system/status' }, times: 1 });
		expect(await arr.get('/api/v3/system/status')).toMatchObject({ appName: 'Lidarr' });
		await arr.fault({ kind: 'otherInstance', match: { path: '/system/status' }, times: 1 });
		expect(await arr.get('/api/v3/system/status')).toMatchObject({ appName: 'Sonarr', appData: '/other' });
	});

	it('fn §8: slow list', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		await arr.fault({ kind: 'delay', match: { path: '/series$' }, times: 1, delayMs: 150 });
		const start = performance.now();
		await arr.get('/api/v3/series');
		expect(performance.now() - start).toBeGreaterThan(140);
	});

	it('skips requests that match before it hits', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		await arr.fault({ kind: '500', match: { path: '/episode' }, skip: 2, times: 1 });
		const codes: number[] = [];
		for (let i = 0; i < 4; i++) codes.push(await status(arr, '/api/v3/episode?seriesId=1'));
		expect(codes).toEqual([200, 200, 500, 200]);
	});
});

describe('holds', () => {
	it('keeps an answer back until it is released; the command was received', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const hold = await arr.hold({ path: '/command$', method: 'POST', at: 'answer' });
		const sending = send(arr, { name: 'EpisodeSearch', episodeIds: [8] });
		expect(await arr.waitHeld(hold)).toBe(true);
		expect(await arr.commandsReceived()).toHaveLength(1);
		await arr.release(hold);
		expect((await sending).status).toBe('started');
	});

	it('keeps a request back before the application sees it, and can cut it', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const hold = await arr.hold({ path: '/command$', method: 'POST', at: 'request' });
		const sending = send(arr, { name: 'EpisodeSearch', episodeIds: [8] });
		sending.catch(() => undefined);
		expect(await arr.waitHeld(hold)).toBe(true);
		expect(await arr.commandsReceived()).toEqual([]);
		await arr.release(hold, { drop: true });
		await expect(sending).rejects.toThrow();
		expect(await arr.commandsReceived()).toEqual([]);
	});
});

describe('behaviours of the application', () => {
	it('fn §8: stale id: 500 on a list of ids', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		expect(await status(arr, '/api/v3/episode?episodeIds=1&episodeIds=99999')).toBe(500);
		expect(await body(arr, '/api/v3/episode?episodeIds=1&episodeIds=2&episodeIds=99999')).toContain(
			'Expected query to return 3 rows but returned 2',
		);
		expect(await status(arr, '/api/v3/episodefile?seriesId=9999')).toBe(404);
		expect(await arr.get('/api/v3/episode?seriesId=9999')).toEqual([]);
	});

	it('fn §8: queue paging: past the end an earlier page', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		expect(await arr.get('/api/v3/queue?page=7')).toMatchObject({ page: 1, totalRecords: 0 });
		for (const one of (await missing(arr)).slice(0, 3)) await arr.rssGrab({ episodeId: one.id });
		await fake.fakes.clock.advance(6 * SECOND);
		expect(await arr.get('/api/v3/queue?page=7&pageSize=2')).toMatchObject({ page: 1, totalRecords: 3 });
	});

	it('fn §8: sort fallback: an unknown key gives the default, a known one is echoed as sent', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const key = async (sortKey: string) =>
			(await arr.get<{ sortKey: string }>(`/api/v3/wanted/missing?pageSize=1&sortKey=${sortKey}`)).sortKey;
		expect(await key('lastSearchTime')).toBe('episodes.airDateUtc');
		expect(await key('EPISODES.LASTSEARCHTIME')).toBe('EPISODES.LASTSEARCHTIME');
		const two = await fake.create({ kind: 'whisparr2' });
		expect(await status(two, '/api/v3/wanted/missing?sortKey=releaseDate')).toBe(500);
		expect(await status(two, '/api/v3/wanted/missing?sortKey=lastSearchTime')).toBe(200);
	});

	it('fn §8: offline: the full check of Whisparr 2 fails as a whole', async () => {
		const arr = await fake.create({ kind: 'whisparr2', offline: true, indexers: [], downloadClients: [] });
		await run(fake.fakes, arr, { name: 'CheckHealth' });
		expect(await arr.get('/api/v3/health')).toEqual([]);
	});

	it('fn §8: health in another language keeps its source', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [], language: 'de' });
		const entries = await arr.get<{ source: string; message: string }[]>('/api/v3/health');
		const rss = entries.find((one) => one.source === 'IndexerRssCheck');
		expect(rss?.message).toMatch(/^Keine Indexer/);
	});

	it('fn §8: restart: refused, then 200 at once; the queue is empty until the first refresh', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		await arr.rssGrab({ episodeId: first(await missing(arr)).id });
		await fake.fakes.clock.advance(6 * SECOND);
		expect(await queue(arr)).toHaveLength(1);
		await arr.restart({ downMs: 4000 });
		await expect(arr.fetch('/api/v3/tag')).rejects.toThrow();
		await fake.fakes.clock.advance(4 * SECOND);
		expect(await status(arr, '/api/v3/tag')).toBe(200);
		expect(await queue(arr)).toEqual([]);
		await fake.fakes.clock.advance(MINUTE);
		expect(await queue(arr)).toHaveLength(1);
	});

	it('the command table is lost', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const { id } = await send(arr, { name: 'EpisodeSearch', episodeIds: [8] });
		await arr.restart({ downMs: 0, loseCommands: true });
		expect(await status(arr, `/api/v3/command/${id}`)).toBe(404);
	});
});
