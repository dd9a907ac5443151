// fixtures-notes §5: refusing clients, Whisparr, and every scripted outcome.
import { describe, expect, it } from 'vitest';
import type { FakeInstance, Outcome } from '../control.ts';
import {
	asked,
	first,
	history,
	HOUR,
	missing,
	MINUTE,
	queue,
	run,
	searchedAt,
	SECOND,
	send,
	sources,
	units,
	useFakes,
} from './bench.ts';

const fake = useFakes();

async function search(arr: FakeInstance, episodeId: number) {
	return run(fake.fakes, arr, { name: 'EpisodeSearch', episodeIds: [episodeId] });
}

describe('a client that refuses', () => {
	const result = { sonarr4: 0, radarr6: 0, whisparr2: 0, whisparr3: 0, sonarr5: 1 } as const;

	for (const [kind, parked] of Object.entries(result)) {
		it(`fn §5.6: ${kind} ${parked === 1 ? 'parks' : 'drops'} the find`, async () => {
			const arr = await fake.create({ kind: kind as keyof typeof result, indexers: [{}] });
			await arr.setDownloadClient(1, { reachable: false });
			const isMovie = kind === 'radarr6' || kind === 'whisparr3';
			const id = isMovie ? 1 : kind === 'whisparr2' ? 3 : first(await missing(arr)).id;
			await arr.script(isMovie ? { movieId: id } : { episodeId: id }, { kind: 'grab' });
			const body = isMovie
				? { name: 'MoviesSearch', movieIds: [id] }
				: { name: 'EpisodeSearch', episodeIds: [id] };
			const command = await run(fake.fakes, arr, body);
			expect(command).toMatchObject({ status: 'completed', result: 'successful' });
			expect(await history(arr)).toEqual([]);
			expect((await queue(arr)).map((row) => row.status)).toEqual(
				parked === 1 ? ['downloadClientUnavailable'] : [],
			);
			const snapshot = await arr.snapshot();
			const items = [...snapshot.movies, ...snapshot.series.flatMap((one) => one.episodes)];
			expect(items.find((one) => one.id === id)?.searched).not.toBeNull();
		});
	}

	it('fn §5.6: without an enabled client Sonarr 4 and Radarr 6 park', async () => {
		const arr = await fake.create({ kind: 'sonarr4', downloadClients: [{ enabled: false }] });
		const episode = first(await missing(arr));
		await arr.script({ episodeId: episode.id }, { kind: 'grab' });
		await search(arr, episode.id);
		await search(arr, episode.id);
		const rows = await queue(arr);
		expect(rows).toHaveLength(1);
		expect(first(rows)).toMatchObject({ status: 'downloadClientUnavailable' });
		expect(first(rows)).not.toHaveProperty('downloadId');
		expect(first(rows)).not.toHaveProperty('trackedDownloadState');
	});

	it('fn §5.6: Radarr notices a refusal in 7 to 13 s; Sonarr 4 only with the next queue refresh and 5 s', async () => {
		const six = await fake.create({ kind: 'radarr6' });
		await fake.fakes.clock.advance(20 * SECOND);
		await six.setDownloadClient(1, { reachable: false });
		await six.script({ movieId: 1 }, { kind: 'grab' });
		await run(fake.fakes, six, { name: 'MoviesSearch', movieIds: [1] });
		await fake.fakes.clock.advance(14 * SECOND);
		expect(await sources(six)).toContain('DownloadClientCheck error');
		const four = await fake.create({ kind: 'sonarr4' });
		await fake.fakes.clock.advance(3 * MINUTE);
		const episode = first(await missing(four));
		await four.script({ episodeId: episode.id }, { kind: 'grab' });
		await run(fake.fakes, four, { name: 'RefreshMonitoredDownloads' });
		await four.setDownloadClient(1, { reachable: false });
		await search(four, episode.id);
		expect(await sources(four)).toEqual([]);
		await fake.fakes.clock.advance(96 * SECOND);
		expect(await sources(four)).toEqual(['DownloadClientCheck error']);
	});
});

describe('Whisparr', () => {
	it('fn §5: Whisparr 2, year 0: no request, every indexer blocked, completed at once, then nobody is asked', async () => {
		const arr = await fake.create({ kind: 'whisparr2' });
		await fake.fakes.clock.advance(20 * SECOND);
		const command = await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 1, seasonNumber: 0 }, 30);
		expect(command).toMatchObject({
			status: 'completed',
			duration: expect.stringMatching(/^00:00:00\.0/) as string,
		});
		expect(await asked(arr)).toBe(0);
		await search(arr, 3);
		expect(await asked(arr)).toBe(0);
		await fake.fakes.clock.advance(6 * SECOND);
		expect(await sources(arr)).toContain('IndexerStatusCheck error');
	});

	it('fn §5: Whisparr 2: a scene without date fails; a year with one scene never grabs', async () => {
		const arr = await fake.create({ kind: 'whisparr2' });
		const episodes = (await arr.snapshot()).series.flatMap((one) => one.episodes);
		const undated = episodes.find((one) => one.airs === null);
		expect((await search(arr, undated?.id ?? 0)).exception).toMatch(
			/ArgumentNullException.*\(Parameter 's'\)/,
		);
		const single = episodes.find((one) => one.season === 2019);
		await arr.script({ episodeId: single?.id ?? 0 }, { kind: 'grab' });
		await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 1, seasonNumber: 2019 });
		expect(await history(arr)).toEqual([]);
		await search(arr, single?.id ?? 0);
		expect(await history(arr)).toHaveLength(1);
	});

	it('fn §5: Whisparr 3: one query per name of the studio; none for an unknown studio, and lastSearchTime moves', async () => {
		const arr = await fake.create({ kind: 'whisparr3', indexers: [{}] });
		const movies = (await arr.snapshot()).movies;
		const byTitle = (title: string) => movies.find((one) => one.title === title)?.id ?? 0;
		await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [byTitle('Evening Tide')] });
		expect(await asked(arr)).toBe(2);
		const { seen } = await run(
			fake.fakes,
			arr,
			{ name: 'MoviesSearch', movieIds: [byTitle('Nobody Knows Them')] },
			20,
		);
		expect(seen).toContain('Performing search for 1 movies');
		expect(await asked(arr)).toBe(2);
		const after = (await arr.snapshot()).movies.find((one) => one.title === 'Nobody Knows Them');
		expect(after?.searched).not.toBeNull();
		expect(await units(arr)).toEqual([1]);
	});

	it('fn §5: Whisparr 3: an undated scene is skipped, later ids are searched; studio and performer searches fail at it', async () => {
		const arr = await fake.create({ kind: 'whisparr3', indexers: [{}] });
		const movies = (await arr.snapshot()).movies;
		const undated = movies.find((one) => one.title === 'No Date')?.id ?? 0;
		const dated = movies.find((one) => one.title === 'Evening Tide')?.id ?? 0;
		const command = await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [undated, dated] });
		expect(command.message).toBe('Completed search for 2 movies. 0 reports downloaded.');
		const after = (await arr.snapshot()).movies;
		expect(after.find((one) => one.id === undated)?.searched).toBeNull();
		expect(after.find((one) => one.id === dated)?.searched).not.toBeNull();
		for (const body of [
			{ name: 'StudiosSearch', studioIds: [1] },
			{ name: 'PerformersSearch', performerIds: [1] },
		]) {
			expect((await run(fake.fakes, arr, body, 1000)).exception).toContain(
				'Nullable object must have a value',
			);
		}
	});
});

describe('scripted outcomes', () => {
	const outcomes: Outcome[] = [
		{ kind: 'nothing' },
		{ kind: 'grab' },
		{ kind: 'rejected', reasons: ['Not enough seeders'] },
		{ kind: 'indexerErrors' },
		{ kind: 'rateLimited', retryAfter: 120 },
		{ kind: 'noIndexer' },
		{ kind: 'noQuery' },
		{ kind: 'undated' },
		{ kind: 'delayed', minutes: 60 },
		{ kind: 'clientDownParked' },
		{ kind: 'clientDownDropped' },
		{ kind: 'slow', seconds: 45 },
		{ kind: 'fails' },
	];

	for (const outcome of outcomes) {
		it(`fn §5: ${outcome.kind}`, async () => {
			const arr = await fake.create({ kind: 'sonarr4', indexers: [{}] });
			const episode = first(await missing(arr));
			await arr.script({ episodeId: episode.id }, outcome);
			const command = await search(arr, episode.id);
			expect(command.status).toBe(outcome.kind === 'fails' ? 'failed' : 'completed');
			const moved = (await searchedAt(arr, episode.id)) !== null;
			expect(moved).toBe(!['noIndexer', 'undated', 'fails'].includes(outcome.kind));
			expect(await history(arr)).toHaveLength(outcome.kind === 'grab' ? 1 : 0);
			expect(await queue(arr)).toHaveLength(['delayed', 'clientDownParked'].includes(outcome.kind) ? 1 : 0);
			if (outcome.kind === 'slow') expect(command.duration).toMatch(/^00:00:4[6-9]/);
		});
	}

	it('fn §5: a double grab: two searches of one item within seconds', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ latency: 0.1 }] });
		const episode = first(await missing(arr));
		await arr.script({ episodeId: episode.id }, { kind: 'grab' });
		await send(arr, { name: 'EpisodeSearch', episodeIds: [episode.id] });
		await send(arr, { name: 'EpisodeSearch', episodeIds: [episode.id, 9999] });
		await fake.fakes.clock.advance(5 * SECOND);
		expect(await history(arr)).toHaveLength(2);
		await fake.fakes.clock.advance(30 * SECOND);
		await search(arr, episode.id);
		expect(await history(arr)).toHaveLength(2);
	});

	it('fn §5: by default the seed decides', async () => {
		const options = { kind: 'radarr6' as const, seed: 7, library: { preset: 'large' as const, movies: 60 } };
		const arr = await fake.create({ ...options, searchDefault: { grabChance: 0.5 } });
		const gaps = (await arr.truth()).items.filter((one) => one.gap).slice(0, 8);
		for (const gap of gaps) await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [gap.arrId] }, 2000);
		const grabs = (await history(arr)).length;
		expect(grabs).toBeGreaterThan(0);
		expect(grabs).toBeLessThan(gaps.length);
		await fake.fakes.clock.advance(2 * HOUR);
		expect((await arr.truth()).gaps).toBeLessThan((await arr.truth()).items.length);
	});
});
