// fixtures-notes §5: the search model.
import { describe, expect, it } from 'vitest';
import type { FakeInstance, Outcome } from '../control.ts';
import {
	asked,
	first,
	health,
	history,
	missing,
	MINUTE,
	run,
	searchedAt,
	SECOND,
	sources,
	units,
	useFakes,
} from './bench.ts';

const fake = useFakes();

async function search(arr: FakeInstance, episodeId: number) {
	return run(fake.fakes, arr, { name: 'EpisodeSearch', episodeIds: [episodeId] });
}

async function blockedMinutes(arr: FakeInstance): Promise<number> {
	const { indexers, at } = await arr.snapshot();
	return Math.round(((first(indexers).blockedUntil ?? at) - at) / MINUTE);
}

describe('usable indexers', () => {
	it('fn §5.1-2: not enabled, other tags, or blocked: nobody is asked and lastSearchTime stays', async () => {
		const setups = [{ automatic: false }, { tags: ['other'] }, { blocked: true }];
		for (const setup of setups) {
			const arr = await fake.create({ kind: 'sonarr4', indexers: [setup] });
			const episode = first(await missing(arr, 2));
			const command = await search(arr, episode.id);
			expect(command).toMatchObject({ status: 'completed', result: 'successful' });
			expect(await searchedAt(arr, episode.id)).toBeNull();
			expect(await asked(arr)).toBe(0);
		}
	});

	it('fn §5.1: tags that meet', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ tags: ['winter'] }] });
		await search(arr, first(await missing(arr)).id);
		expect(await asked(arr)).toBe(2);
	});
});

describe('requests', () => {
	it('fn §5.3: Sonarr: one request with results, two without; anime always two', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{}] });
		const [a, b] = await missing(arr);
		await search(arr, a?.id ?? 0);
		expect(await asked(arr)).toBe(2);
		await arr.script({ episodeId: b?.id ?? 0 }, { kind: 'rejected', reasons: ['Not enough seeders'] });
		await search(arr, b?.id ?? 0);
		expect(await asked(arr)).toBe(3);
		await arr.clearIndexerSearches();
		const anime = first(await missing(arr, 3));
		await arr.script({ episodeId: anime.id }, { kind: 'rejected', reasons: ['No'] });
		await search(arr, anime.id);
		expect(await asked(arr)).toBe(2);
		expect(await units(arr)).toEqual([1]);
	});

	it('fn §5.3: Whisparr 2: two per scene, four per year, and a failed first one ends it', async () => {
		const arr = await fake.create({ kind: 'whisparr2', indexers: [{}] });
		await search(arr, 3);
		await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 1, seasonNumber: 2018 });
		expect(await asked(arr)).toBe(6);
		expect(await units(arr)).toEqual([2]);
		await arr.setIndexer(1, { answers: 'error' });
		await search(arr, 3);
		expect(await asked(arr)).toBe(7);
	});

	it('fn §5.3: each kind of search in its units', async () => {
		const arr = await fake.create({ kind: 'sonarr4', library: { preset: 'edge' }, indexers: [{}] });
		const series = new Map((await arr.snapshot()).series.map((one) => [one.title, one.id]));
		const cost = async (name: string, seasonNumber: number) => {
			await arr.clearIndexerSearches();
			await run(
				fake.fakes,
				arr,
				{ name: 'SeasonSearch', seriesId: series.get(name), seasonNumber },
				5 * SECOND,
			);
			return first(await units(arr));
		};
		expect(await cost('Double Bill', 2)).toBe(1);
		expect(await cost('Specials Only', 0)).toBe(6);
		expect(await cost('Kite and Anchor', 1)).toBe(11);
		expect(await cost('Morning Paper', 2025)).toBe(1);
		expect(await cost('Empty Page', 1)).toBe(0);
	});
});

describe('back-off', () => {
	it('fn §5.3: 1, 5, 15 minutes; a success lowers by one level and clears the block', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ answers: 'error', rss: false }] });
		const episodes = await missing(arr);
		const steps: number[] = [];
		for (const episode of episodes.slice(0, 3)) {
			await search(arr, episode.id);
			steps.push(await blockedMinutes(arr));
			await fake.fakes.clock.advance(20 * MINUTE);
		}
		expect(steps).toEqual([1, 5, 15]);
		await arr.setIndexer(1, { answers: 'ok' });
		await search(arr, episodes[3]?.id ?? 0);
		expect(first((await arr.snapshot()).indexers)).toMatchObject({ level: 2, blockedUntil: null });
	});

	it('fn §5.3: 429: the first step not below Retry-After, or one hour; also in the first 15 minutes', async () => {
		for (const [retryAfter, minutes] of [
			[90, 5],
			[null, 60],
		] as const) {
			const setup = { answers: '429' as const, retryAfter };
			const arr = await fake.create({ kind: 'sonarr4', indexers: [setup], startedAgoMs: 0 });
			await search(arr, first(await missing(arr)).id);
			expect(await blockedMinutes(arr)).toBe(minutes);
		}
	});

	it('fn §5.3: in the first 15 minutes after a start at most 5 minutes', async () => {
		const arr = await fake.create({ kind: 'radarr6', indexers: [{ answers: 'error' }], startedAgoMs: 0 });
		for (const wait of [2, 6, 0]) {
			await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [1] });
			if (wait > 0) await fake.fakes.clock.advance(wait * MINUTE);
		}
		expect(await blockedMinutes(arr)).toBe(5);
	});

	it('fn §5.3: health tells 5 to 6 s later, not at once', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ answers: 'error' }] });
		await fake.fakes.clock.advance(20 * SECOND);
		await search(arr, first(await missing(arr)).id);
		expect(await sources(arr)).toEqual([]);
		await fake.fakes.clock.advance(6 * SECOND);
		expect(await sources(arr)).toEqual([
			'IndexerRssCheck warning',
			'IndexerSearchCheck warning',
			'IndexerStatusCheck error',
		]);
		expect(
			(await health(arr)).every((one) => one.wikiUrl.endsWith('#indexers-are-unavailable-due-to-failures')),
		).toBe(true);
	});

	it('fn §5.3: a warning while another indexer works, even for RSS only', async () => {
		const indexers = [
			{ name: 'Bad', answers: 'error' as const },
			{ name: 'Rss', automatic: false, interactive: false },
		];
		const arr = await fake.create({ kind: 'sonarr4', indexers });
		await fake.fakes.clock.advance(20 * SECOND);
		await search(arr, first(await missing(arr)).id);
		await fake.fakes.clock.advance(6 * SECOND);
		expect(await sources(arr)).toContain('IndexerStatusCheck warning');
	});
});

describe('lastSearchTime', () => {
	it('fn §5.4: moves on the whole season, also when every indexer failed', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ answers: 'error' }] });
		await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 1, seasonNumber: 1 });
		const season = first((await arr.snapshot()).series).episodes.filter((one) => one.season === 1);
		expect(season).toHaveLength(8);
		expect(season.every((one) => one.searched !== null)).toBe(true);
	});

	it('fn §5.4: the season part of an anime search moves it without a request', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{ latency: 0.1 }] });
		await arr.setMonitored({ seriesId: 3, season: 1 }, false);
		await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 3, seasonNumber: 1 });
		expect(await asked(arr)).toBe(0);
		const anime = (await arr.snapshot()).series.find((one) => one.id === 3);
		expect(anime?.episodes.filter((one) => one.season === 1).every((one) => one.searched !== null)).toBe(
			true,
		);
	});
});

describe('judgement', () => {
	it('fn §5.5: a pack is refused by the first file it cannot upgrade (Sonarr 4); the singles are taken', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{}] });
		const episodes = await missing(arr, 1, 1);
		await arr.script({ seriesId: 1, season: 1 }, { kind: 'grabPack' });
		for (const episode of episodes) await arr.script({ episodeId: episode.id }, { kind: 'grab' });
		const command = await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 1, seasonNumber: 1 });
		expect(command.message).toBe(`Season search completed. ${episodes.length} reports downloaded.`);
		expect(new Set((await history(arr)).map((row) => row.downloadId)).size).toBe(episodes.length);
	});

	it('fn §5.5: Sonarr 5 counts the share of a pack that helps', async () => {
		const arr = await fake.create({ kind: 'sonarr5', indexers: [{}] });
		await arr.script({ seriesId: 1, season: 1 }, { kind: 'grabPack' });
		const rejections = async () => {
			const releases = await arr.get<{ rejections: string[] }[]>('/api/v3/release?seriesId=1&seasonNumber=1');
			return first(releases).rejections;
		};
		expect((await rejections())[0]).toMatch(
			/^Season pack does not meet the upgrade criteria\. Upgradable: \d\/8 \(\d+%\), Mode: All, Threshold: 100%$/,
		);
		await arr.setOptions({ seasonPackUpgrade: 'any' });
		expect(await rejections()).toEqual([]);
	});

	it('fn §5.5: a quality at its cutoff is final; a PROPER of the same quality is taken', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{}] });
		const truth = await arr.truth({ graceMs: 0 });
		const episode = truth.items.find((one) => one.formatUpgrade && one.seriesId === 1);
		const id = episode?.arrId ?? 0;
		const judged = async (outcome: Outcome) => {
			await arr.script({ episodeId: id }, outcome);
			return first(await arr.get<{ rejections: string[] }[]>(`/api/v3/release?episodeId=${id}`)).rejections;
		};
		const better = {
			kind: 'releases',
			releases: [{ quality: 'Bluray-1080p', formats: ['Group X', 'x265'] }],
		} as const;
		expect((await judged(better as unknown as Outcome))[0]).toMatch(
			/^Existing file on disk meets quality cutoff/,
		);
		const proper = { kind: 'releases', releases: [{ quality: 'WEBDL-1080p', revision: 2 }] } as const;
		expect(await judged(proper as unknown as Outcome)).toEqual([]);
	});

	it('fn §5.5: upgrades off: no better quality replaces a file', async () => {
		const arr = await fake.create({ kind: 'sonarr4', library: { preset: 'edge' }, indexers: [{}] });
		const series = (await arr.snapshot()).series.find((one) => one.title === 'Nothing Better');
		const low = first(series?.episodes ?? []);
		await arr.script({ episodeId: low.id }, { kind: 'releases', releases: [{ quality: 'Bluray-1080p' }] });
		const releases = await arr.get<{ rejections: string[] }[]>(`/api/v3/release?episodeId=${low.id}`);
		expect(first(releases).rejections).toEqual([
			'Existing file and the Quality profile does not allow upgrades',
		]);
	});

	it('fn §5.5: API searches of Radarr skip monitored and availability', async () => {
		const arr = await fake.create({ kind: 'radarr6' });
		await arr.setMonitored({ movieId: 5 }, false);
		await arr.script({ movieId: 5 }, { kind: 'grab' });
		const command = await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [5] });
		expect(command.message).toBe('Completed search for 1 movies. 1 reports downloaded.');
	});

	it('fn §5.5: an EpisodeSearch never takes a pack; a SeasonSearch of an unmonitored series asks and takes nothing', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{}] });
		const episode = first(await missing(arr, 1, 2));
		await arr.script({ episodeId: episode.id }, { kind: 'releases', releases: [{ pack: true }] });
		expect((await search(arr, episode.id)).message).toContain(' 0 reports');
		await arr.script({ seriesId: 1, season: 2 }, { kind: 'grabPack' });
		await arr.setMonitored({ seriesId: 1 }, false);
		const before = await asked(arr);
		const command = await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 1, seasonNumber: 2 });
		expect(command.message).toContain(' 0 reports');
		expect(await asked(arr)).toBe(before + 1);
	});
});
