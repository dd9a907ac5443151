// fixtures-notes §4: the command engine.
import { describe, expect, it } from 'vitest';
import {
	asked,
	DAY,
	first,
	health,
	history,
	missing,
	MINUTE,
	read,
	run,
	searchedAt,
	SECOND,
	send,
	sources,
	status,
	useFakes,
} from './bench.ts';
import type { CommandJson } from './bench.ts';

const fake = useFakes();
const ONE = [{ name: 'Alpha' }];

describe('merging and identity', () => {
	it('fn §4: POST of an equal queued or started command returns it, with the first sender', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const one = await send(arr, { name: 'EpisodeSearch', episodeIds: [8, 9] }, 'Comradarr/1 (a)');
		const two = await send(arr, { name: 'episodesearch', episodeIds: [9, 8, 9] }, 'Comradarr/1 (b)');
		expect(two.id).toBe(one.id);
		expect(two.clientUserAgent).toBe('Comradarr/1 (a)');
		const other = await send(arr, { name: 'EpisodeSearch', episodeIds: [8] });
		expect(other.id).not.toBe(one.id);
		expect((await arr.commandsReceived()).map((command) => command.merged)).toEqual([false, true, false]);
	});

	it('fn §4: equality stops at the first property that is null on both', async () => {
		const arr = await fake.create({ kind: 'sonarr5' });
		const one = await send(arr, { name: 'MissingEpisodeSearch', seriesIds: [1] });
		const two = await send(arr, { name: 'MissingEpisodeSearch', seriesIds: [2] });
		expect(two.id).toBe(one.id);
	});

	it('fn §4: clientUserAgent is the header UserAgent, left out for browsers, and never the normal one', async () => {
		const arr = await fake.create({ kind: 'radarr6' });
		const named = await send(
			arr,
			{ name: 'MoviesSearch', movieIds: [1], clientUserAgent: 'from-body' },
			'client/1',
		);
		expect(named.clientUserAgent).toBe('client/1');
		expect((named.body as { clientUserAgent?: string }).clientUserAgent).toBe('client/1');
		const browser = await send(arr, { name: 'MoviesSearch', movieIds: [2] }, 'Mozilla/5.0 (X)');
		expect(browser).not.toHaveProperty('clientUserAgent');
		const none = await send(arr, { name: 'MoviesSearch', movieIds: [3] });
		expect(none).not.toHaveProperty('clientUserAgent');
		const long = await send(arr, { name: 'MoviesSearch', movieIds: [4] }, 'C'.repeat(20_000));
		expect(long.clientUserAgent).toHaveLength(20_000);
	});

	it('fn §4: the oldest kinds take the normal User-Agent', async () => {
		const arr = await fake.create({ kind: 'radarr3' });
		const response = await arr.fetch('/api/v3/command', {
			method: 'POST',
			body: JSON.stringify({ name: 'MoviesSearch', movieIds: [1] }),
			headers: { 'user-agent': 'Comradarr/1 (old)' },
		});
		expect(((await response.json()) as CommandJson).clientUserAgent).toBe('Comradarr/1 (old)');
	});
});

describe('workers', () => {
	it('fn §4: three searches hold every worker; refresh waits, and the queue is frozen', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ name: 'Slow', latency: 400 }] });
		const wanted = await missing(arr);
		for (const episode of wanted.slice(0, 3))
			await send(arr, { name: 'EpisodeSearch', episodeIds: [episode.id] });
		const waiting = await send(arr, { name: 'RefreshMonitoredDownloads' });
		expect(waiting).toMatchObject({ status: 'queued', priority: 'normal' });
		await fake.fakes.clock.advance(2 * MINUTE);
		const list = await arr.get<CommandJson[]>('/api/v3/command');
		expect(list.filter((command) => command.status === 'started')).toHaveLength(3);
		expect(await read(arr, waiting.id)).toMatchObject({ status: 'queued' });
		await fake.fakes.clock.advance(15 * MINUTE);
		expect((await read(arr, waiting.id)).status).toBe('completed');
	});

	it('fn §4: order by priority, then by queue time', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ latency: 100 }], workers: 1 });
		const [a, b, c] = await missing(arr);
		const ids: number[] = [];
		for (const episode of [a, b, c])
			ids.push((await send(arr, { name: 'EpisodeSearch', episodeIds: [episode?.id ?? 0] })).id);
		await fake.fakes.clock.advance(206 * SECOND);
		const states = await Promise.all(ids.map(async (id) => (await read(arr, id)).status));
		expect(states).toEqual(['completed', 'started', 'queued']);
	});

	it('fn §4: about 100 command ids an hour when idle', async () => {
		const arr = await fake.create({ kind: 'radarr6' });
		const before = (await arr.snapshot()).lastCommandId;
		await fake.fakes.clock.advance(2 * 60 * MINUTE);
		const perHour = ((await arr.snapshot()).lastCommandId - before) / 2;
		expect(perHour).toBeGreaterThan(85);
		expect(perHour).toBeLessThan(140);
	});
});

describe('times', () => {
	it('fn §4: whole seconds, a duration with a fraction, stateChangeTime is the start', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const command = await run(fake.fakes, arr, {
			name: 'EpisodeSearch',
			episodeIds: [first(await missing(arr)).id],
		});
		expect(command.started).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
		expect(command.stateChangeTime).toBe(command.started);
		expect(command.duration).toMatch(/^00:00:0\d\.\d{7}$/);
	});

	it('fn §4: after 5 to 10 minutes message and result are gone, clientUserAgent stays; after a day 404', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const { id } = await send(
			arr,
			{ name: 'EpisodeSearch', episodeIds: [first(await missing(arr)).id] },
			'Comradarr/1 (x)',
		);
		await fake.fakes.clock.advance(MINUTE);
		expect(await read(arr, id)).toMatchObject({
			result: 'successful',
			message: expect.any(String) as string,
		});
		await fake.fakes.clock.advance(10 * MINUTE);
		const later = await read(arr, id);
		expect(later).toMatchObject({
			status: 'completed',
			result: 'unknown',
			clientUserAgent: 'Comradarr/1 (x)',
		});
		expect(later).not.toHaveProperty('message');
		expect((await arr.commands()).map((command) => command.id)).not.toContain(id);
		await fake.fakes.clock.advance(DAY + 6 * MINUTE);
		expect(await status(arr, `/api/v3/command/${id}`)).toBe(404);
	});

	it('fn §4: Whisparr 2 answers 500 for an ended command that has left memory', async () => {
		const arr = await fake.create({ kind: 'whisparr2' });
		const { id } = await send(arr, { name: 'EpisodeSearch', episodeIds: [3] });
		await fake.fakes.clock.advance(11 * MINUTE);
		const response = await arr.fetch(`/api/v3/command/${id}`);
		expect(response.status).toBe(500);
		expect(((await response.json()) as { message: string }).message).toMatch(
			/^Error parsing column 8 \(Duration=00:00:0/,
		);
	});
});

describe('cancelling and restart', () => {
	it('fn §4: a cancelled command leaves the list, reads queued, and runs after a restart', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ latency: 200 }], workers: 1 });
		const [a, b] = await missing(arr);
		const running = await send(arr, { name: 'EpisodeSearch', episodeIds: [a?.id ?? 0] });
		const queued = await send(arr, { name: 'EpisodeSearch', episodeIds: [b?.id ?? 0] }, 'Comradarr/1 (c)');
		expect(await status(arr, `/api/v3/command/${running.id}`, { method: 'DELETE' })).toBe(409);
		expect(await status(arr, `/api/v3/command/${queued.id}`, { method: 'DELETE' })).toBe(200);
		expect(await status(arr, `/api/v3/command/${queued.id}`, { method: 'DELETE' })).toBe(409);
		expect((await read(arr, queued.id)).status).toBe('queued');
		expect((await arr.commands()).map((command) => command.id)).not.toContain(queued.id);
		await arr.restart({ downMs: 0 });
		await fake.fakes.clock.advance(SECOND);
		expect(await read(arr, queued.id)).toMatchObject({
			status: 'started',
			clientUserAgent: 'Comradarr/1 (c)',
		});
	});

	it('fn §4: restart: refused, then dead commands read started, then orphaned without duration; the search was sent', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ latency: 30 }] });
		const episode = first(await missing(arr));
		const { id } = await send(arr, { name: 'EpisodeSearch', episodeIds: [episode.id] });
		await fake.fakes.clock.advance(2 * SECOND);
		await arr.restart({ downMs: 3000, settleMs: 100 });
		await expect(arr.fetch('/ping')).rejects.toThrow();
		await fake.fakes.clock.advance(3 * SECOND);
		expect((await read(arr, id)).status).toBe('started');
		expect(await arr.commands()).toEqual([]);
		await fake.fakes.clock.advance(SECOND);
		const dead = await read(arr, id);
		expect(dead).toMatchObject({ status: 'orphaned', ended: expect.any(String) as string });
		expect(dead).not.toHaveProperty('duration');
		expect((await arr.commands()).map((command) => command.id)).not.toContain(id);
		expect(await searchedAt(arr, episode.id)).toBeNull();
		expect(await asked(arr)).toBe(1);
	});

	it('fn §4: Whisparr 2 after a restart: 500 for ended, 200 for orphaned', async () => {
		const arr = await fake.create({ kind: 'whisparr2' });
		const ended = await run(fake.fakes, arr, { name: 'EpisodeSearch', episodeIds: [3] });
		const dying = await send(arr, { name: 'EpisodeSearch', episodeIds: [5] });
		await fake.fakes.clock.advance(500);
		await arr.restart({ downMs: 0 });
		await fake.fakes.clock.advance(SECOND);
		expect(await status(arr, `/api/v3/command/${ended.id}`)).toBe(500);
		expect((await read(arr, dying.id)).status).toBe('orphaned');
	});
});

describe('messages', () => {
	it('fn §4: Sonarr shows the search, the release and the report, then the count', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: ONE });
		const episode = first(await missing(arr, 1, 1));
		await arr.script({ episodeId: episode.id }, { kind: 'grab' });
		const { seen } = await run(fake.fakes, arr, { name: 'EpisodeSearch', episodeIds: [episode.id] }, 20);
		expect(seen).toContain(
			`Searching indexers for [The Long Winter : S01E0${episode.episodeNumber}]. 1 active indexers`,
		);
		expect(seen).toContain('Processing release 1/1');
		expect(seen.at(-1)).toBe('Episode search completed. 1 reports downloaded.');
	});

	it('fn §4: Radarr begins with "Performing search" and says when there is nothing', async () => {
		const arr = await fake.create({ kind: 'radarr6' });
		const { seen } = await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [1] }, 20);
		expect(seen[0]).toBe('Performing search for 1 movies');
		expect(seen).toContain('Searching indexers for [The Long Winter]. 2 active indexers');
		expect(seen.at(-1)).toBe('Completed search for 1 movies. 0 reports downloaded.');
	});

	it('fn §4: between the ids of an EpisodeSearch the message is already final while the status is started', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: ONE });
		const [a, b] = await missing(arr);
		const { id } = await send(arr, { name: 'EpisodeSearch', episodeIds: [a?.id ?? 0, b?.id ?? 0] });
		const final = 'Episode search completed. 0 reports downloaded.';
		let between = false;
		for (let i = 0; i < 200; i++) {
			await fake.fakes.clock.advance(50);
			const command = await read(arr, id);
			if (command.status === 'started' && command.message === final) between = true;
		}
		expect(between).toBe(true);
		expect(await read(arr, id)).toMatchObject({ status: 'completed', message: final });
	});

	it('fn §4: Whisparr 2 shows only the search, and ends with Completed', async () => {
		const arr = await fake.create({ kind: 'whisparr2', indexers: ONE });
		const { seen } = await run(fake.fakes, arr, { name: 'EpisodeSearch', episodeIds: [3] }, 20);
		expect(seen).toHaveLength(2);
		expect(seen[0]).toMatch(/^Searching indexers for \[Garden Club : .* - Daisies\]. 1 active indexers$/);
		expect(seen[1]).toBe('Completed');
	});

	it('fn §4: a search with no usable indexer ends within 70 ms', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ automatic: false }] });
		const command = await run(fake.fakes, arr, {
			name: 'EpisodeSearch',
			episodeIds: [first(await missing(arr)).id],
		});
		expect(command.duration).toMatch(/^00:00:00\.0[0-6]/);
		expect(command.message).toBe('Episode search completed. 0 reports downloaded.');
	});
});

describe('duration', () => {
	it('fn §4: 2 s between requests to one indexer, the torrent file included', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ latency: 0.1 }] });
		const episode = first(await missing(arr));
		await arr.script({ episodeId: episode.id }, { kind: 'grab' });
		const command = await run(fake.fakes, arr, { name: 'EpisodeSearch', episodeIds: [episode.id] });
		expect(command.duration).toMatch(/^00:00:02/);
	});

	it('fn §4: Whisparr 2: (requests - 1) times 2 s', async () => {
		const arr = await fake.create({ kind: 'whisparr2', indexers: [{ latency: 0.05 }] });
		const scene = await run(fake.fakes, arr, { name: 'EpisodeSearch', episodeIds: [3] });
		expect(scene.duration).toMatch(/^00:00:02/);
		await fake.fakes.clock.advance(10 * SECOND);
		const year = await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 1, seasonNumber: 2018 });
		expect(year.duration).toMatch(/^00:00:06/);
	});

	it('fn §4: a season search of an anime takes 4 s per aired monitored episode', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ latency: 0.05 }] });
		const command = await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 3, seasonNumber: 1 });
		expect(command.duration).toMatch(/^00:00:4[5-7]/);
		expect(await asked(arr)).toBe(24);
	});
});

describe('validation', () => {
	const post = (arr: Parameters<typeof send>[0], body: unknown) =>
		arr.fetch('/api/v3/command', { method: 'POST', body: JSON.stringify(body) });

	it('fn §4: an unknown name is 500, in Sonarr 5 400', async () => {
		const four = await fake.create({ kind: 'sonarr4' });
		const five = await fake.create({ kind: 'sonarr5' });
		expect((await post(four, { name: 'NoSuchThing' })).status).toBe(500);
		expect((await post(five, { name: 'NoSuchThing' })).status).toBe(400);
		expect((await post(four, { name: '' })).status).toBe(400);
		expect((await post(four, {})).status).toBe(400);
		expect((await post(four, { name: 'EpisodeSearch', episodeIds: '12' })).status).toBe(500);
		expect((await post(four, [])).status).toBe(400);
	});

	it('fn §4: an unknown id is accepted and fails; what was done before is kept (Sonarr)', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const episode = first(await missing(arr));
		await arr.script({ episodeId: episode.id }, { kind: 'grab' });
		const command = await run(fake.fakes, arr, {
			name: 'EpisodeSearch',
			episodeIds: [episode.id, 99_999, 9],
		});
		expect(command).toMatchObject({ status: 'failed', message: 'Failed', result: 'unknown' });
		expect(command.exception).toMatch(/ModelNotFoundException: Episode with ID 99999 does not exist/);
		expect(await history(arr)).toHaveLength(1);
		expect(await asked(arr)).toBe(1);
	});

	it('fn §4: Radarr does nothing when one id is unknown or named twice', async () => {
		const arr = await fake.create({ kind: 'radarr6' });
		for (const movieIds of [
			[1, 99_999],
			[2, 2],
		]) {
			const command = await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds });
			expect(command.exception).toContain('Expected query to return 2 rows but returned 1');
		}
		expect(await asked(arr)).toBe(0);
	});

	it('fn §4: SeasonSearch of an unknown season completes; of an unknown series it fails, but not in Sonarr 5', async () => {
		const expected = { sonarr4: 'failed', sonarr5: 'completed', whisparr2: 'failed' } as const;
		for (const [kind, outcome] of Object.entries(expected)) {
			const arr = await fake.create({ kind: kind as keyof typeof expected });
			const command = await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 99_999, seasonNumber: 1 });
			expect([kind, command.status]).toEqual([kind, outcome]);
		}
		const four = await fake.create({ kind: 'sonarr4' });
		const season = await run(fake.fakes, four, { name: 'SeasonSearch', seriesId: 1, seasonNumber: 9 });
		expect(season.message).toBe('Season search completed. 0 reports downloaded.');
		const two = await fake.create({ kind: 'whisparr2', indexers: ONE });
		await run(fake.fakes, two, { name: 'SeasonSearch', seriesId: 1, seasonNumber: 1999 });
		expect(await asked(two)).toBe(4);
	});

	it('fn §4: null and empty lists', async () => {
		const four = await fake.create({ kind: 'sonarr4' });
		expect((await run(fake.fakes, four, { name: 'EpisodeSearch' })).exception).toContain(
			'NullReferenceException',
		);
		const empty = await run(fake.fakes, four, { name: 'EpisodeSearch', episodeIds: [] });
		expect(empty.status).toBe('completed');
		expect(empty).not.toHaveProperty('message');
		const six = await fake.create({ kind: 'radarr6' });
		expect((await run(fake.fakes, six, { name: 'MoviesSearch', movieIds: null })).exception).toContain(
			'ArgumentNullException',
		);
		const none = await run(fake.fakes, six, { name: 'MoviesSearch', movieIds: [] });
		expect(none.message).toBe('Completed search for 0 movies. 0 reports downloaded.');
	});
});

describe('health', () => {
	it('fn §4: CheckHealth sent by the API runs every check', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [] });
		await run(fake.fakes, arr, { name: 'CheckHealth' });
		expect(await sources(arr)).toContain('IndexerRssCheck error');
		expect(first(await health(arr)).wikiUrl).toContain('https://wiki.servarr.com/sonarr/system#');
	});
});
