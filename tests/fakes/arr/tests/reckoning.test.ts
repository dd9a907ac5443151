// The fake's own reckoning against its answers, and the library presets.
import { describe, expect, it } from 'vitest';
import { ALL_KINDS } from '../kinds.ts';
import { DAY, first, missing, run, SECOND, send, useFakes } from './bench.ts';

const fake = useFakes();

describe('reckoning', () => {
	it('its totals are those of the wanted lists, for every kind and preset', async () => {
		for (const kind of ALL_KINDS) {
			for (const preset of ['tiny', 'edge', 'large', 'realistic'] as const) {
				const library = { preset, series: 20, episodesPerSeries: 25, movies: 60, scenes: 60 };
				const arr = await fake.create({ kind, library });
				const truth = await arr.truth();
				if (truth.wantedMissing === null) continue;
				const total = async (name: string) =>
					(await arr.get<{ totalRecords: number }>(`/api/v3/wanted/${name}?pageSize=0`)).totalRecords;
				expect([kind, preset, await total('missing')]).toEqual([kind, preset, truth.wantedMissing]);
				expect([kind, preset, await total('cutoff')]).toEqual([kind, preset, truth.wantedCutoff]);
				await arr.remove();
			}
		}
	}, 60_000);

	it('names a reason for each item of the edge library', async () => {
		const arr = await fake.create({ kind: 'sonarr4', library: { preset: 'edge' } });
		const { items } = await arr.truth();
		const series = new Map((await arr.snapshot()).series.map((one) => [one.id, one.title]));
		const why = (title: string, season: number, number: number) => {
			const found = items.find(
				(one) => series.get(one.seriesId) === title && one.season === season && one.number === number,
			);
			return [found?.why.gap, found?.why.quality, found?.why.format];
		};
		expect(why('Without Dates', 1, 1)[0]).toBe('no-air-date');
		expect(why("Tomorrow's Coast", 1, 4)[0]).toBe('unmonitored');
		expect(why('Just Aired', 1, 1)[0]).toBe('unaired');
		expect(why('Just Aired', 1, 2)[0]).toBe('within-grace');
		expect(why('Just Aired', 1, 3)[0]).toBe('wanted');
		expect(why('Not Watched', 1, 1)[0]).toBe('series-unmonitored');
		expect(why('Half Watched', 1, 1)[0]).toBe('wanted');
		expect(why('Specials Only', 0, 1)[0]).toBe('special');
		expect(why('Double Bill', 1, 1)).toEqual(['has-file', 'wanted', 'quality-first']);
		expect(why('Nothing Better', 1, 1)).toEqual(['has-file', 'upgrades-off', 'upgrades-off']);
		expect(why('Scores', 1, 1)).toEqual(['has-file', 'cutoff-met', 'wanted']);
		expect(why('Scores', 1, 3)).toEqual(['has-file', 'cutoff-met', 'score-reached']);
	});

	it('names what cannot be searched in Whisparr', async () => {
		const three = await fake.create({ kind: 'whisparr3', library: { preset: 'edge' } });
		const movies = new Map((await three.snapshot()).movies.map((one) => [one.id, one.title]));
		const reasons: Record<string, string> = Object.fromEntries(
			(await three.truth()).items.map((one) => [movies.get(one.arrId) ?? '', one.why.gap] as const),
		);
		expect(reasons).toMatchObject({
			'No Date': 'scene-undated',
			'Nobody Knows Them': 'no-query',
			Studioless: 'no-query',
			'Future Scene': 'not-available',
			'Unmonitored Scene': 'unmonitored',
			'Movie Without Year': 'no-query',
			'Evening Tide': 'wanted',
			'Many Names': 'wanted',
			'Known By Name': 'wanted',
		});
		const two = await fake.create({ kind: 'whisparr2' });
		expect((await two.truth()).items.some((one) => one.why.gap === 'scene-undated')).toBe(true);
	});

	it('says whether a search may be sent now', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ latency: 30 }] });
		const [a, b] = await missing(arr);
		expect(await arr.allowedNow({ episodeId: a?.id ?? 0 })).toMatchObject({ allowed: true, against: [] });
		await send(arr, { name: 'EpisodeSearch', episodeIds: [a?.id ?? 0] });
		await fake.fakes.clock.advance(SECOND);
		expect((await arr.allowedNow({ episodeId: a?.id ?? 0 })).against).toEqual(['searching-now']);
		await arr.rssGrab({ episodeId: b?.id ?? 0 });
		expect((await arr.allowedNow({ episodeId: b?.id ?? 0 })).against).toEqual(['in-queue']);
		await arr.setMonitored({ seriesId: 1 }, false);
		expect((await arr.allowedNow({ episodeId: a?.id ?? 0 })).against).toContain('series-unmonitored');
		expect((await arr.allowedNow({ episodeId: 99_999 })).allowed).toBe(false);
	});
});

describe('libraries', () => {
	it('the same seed gives the same library', async () => {
		const options = { kind: 'sonarr4' as const, seed: 5, library: { preset: 'large' as const, series: 10 } };
		const [a, b] = [await fake.create(options), await fake.create(options)];
		const shape = async (arr: typeof a) =>
			JSON.stringify((await arr.snapshot()).series.map((one) => [one.title, one.episodes.length]));
		expect(await shape(a)).toBe(await shape(b));
	});

	it('a week of life passes quickly, and things happen in it', async () => {
		const arr = await fake.create({ kind: 'sonarr4', library: { preset: 'realistic' } });
		const before = await arr.truth();
		const start = performance.now();
		await fake.fakes.clock.advance(7 * DAY);
		expect(performance.now() - start).toBeLessThan(20_000);
		const after = await arr.truth();
		expect(after.at - before.at).toBe(7 * DAY);
		expect((await arr.snapshot()).history).toBeGreaterThan(0);
	}, 60_000);

	it('real time and scaled time', async () => {
		const own = await import('../control.ts');
		const fakes = await own.startFakes();
		try {
			const arr = await fakes.create({ kind: 'sonarr4', indexers: [{}] });
			await fakes.clock.rate(600);
			const { id } = await send(arr, { name: 'EpisodeSearch', episodeIds: [first(await missing(arr)).id] });
			await new Promise((resolve) => setTimeout(resolve, 150));
			expect(await arr.get(`/api/v3/command/${id}`)).toMatchObject({ status: 'completed' });
			const before = await fakes.clock.now();
			await fakes.clock.rate(0);
			const stopped = await fakes.clock.now();
			expect(stopped).toBeGreaterThanOrEqual(before);
			expect(await fakes.clock.now()).toBe(stopped);
			await fakes.clock.advance(1000);
			expect(await fakes.clock.now()).toBe(stopped + 1000);
		} finally {
			await fakes.stop();
		}
	});

	it('prerendered lists are the same bytes', async () => {
		const arr = await fake.create({
			kind: 'sonarr4',
			prerender: true,
			library: { preset: 'large', series: 20 },
		});
		const body = async () =>
			(await arr.fetch('/api/v3/series', { headers: { 'accept-encoding': 'gzip' } })).text();
		const one = await body();
		expect(await body()).toBe(one);
		await arr.setMonitored({ seriesId: 1 }, false);
		expect(await body()).not.toBe(one);
		await run(fake.fakes, arr, { name: 'CheckHealth' });
	});
});
