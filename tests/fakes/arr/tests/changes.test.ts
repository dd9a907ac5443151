// fixtures-notes §7: background changes that a client must survive.
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.ts';
import { DAY, first, history, HOUR, missing, MINUTE, SECOND, send, status, useFakes } from './bench.ts';

const fake = useFakes();

describe('things that happen by themselves', () => {
	it('fn §7: an RSS grab of a missing item', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		expect(await arr.rssGrab({ episodeId: first(await missing(arr)).id })).toBe('grabbed');
		expect(first(await history(arr)).data.releaseSource).toBe('Rss');
		const other = await fake.create({ kind: 'radarr6', life: true, rssGrabsPerDay: 24 });
		await fake.fakes.clock.advance(DAY);
		expect((await history(other)).some((row) => row.data.releaseSource === 'Rss')).toBe(true);
	});

	it('fn §7: an interactive grab, and a search by another tool', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const [a, b] = await missing(arr);
		await arr.interactiveGrab({ episodeId: a?.id ?? 0 });
		expect(first(await history(arr)).data.releaseSource).toBe('InteractiveSearch');
		const other = await arr.otherToolSearch('EpisodeSearch', { episodeIds: [b?.id ?? 0] }, 'OtherTool/2');
		const mine = await send(arr, { name: 'EpisodeSearch', episodeIds: [b?.id ?? 0] }, 'Comradarr/1 (x)');
		expect([mine.id, mine.clientUserAgent]).toEqual([other.commandId, 'OtherTool/2']);
	});

	it('fn §7: a changed profile flips hundreds of flags without any event', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const before = (await arr.truth()).qualityUpgrades;
		await arr.changeProfile({ profile: 'Group Cutoff', cutoff: 'Bluray-1080p' });
		expect((await arr.truth()).qualityUpgrades).toBeGreaterThan(before);
		expect(await history(arr)).toEqual([]);
		const files = await arr.get<{ qualityCutoffNotMet: boolean }[]>('/api/v3/episodefile?seriesId=1');
		expect(files.every((one) => one.qualityCutoffNotMet)).toBe(true);
		await arr.changeProfile({ profile: 'Group Cutoff', upgradeAllowed: false });
		expect((await arr.truth()).items.filter((one) => one.seriesId === 1 && one.qualityUpgrade)).toEqual([]);
	});

	it('fn §7: edits of monitored, tags and scores', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const episode = first(await missing(arr));
		await arr.setMonitored({ episodeId: episode.id }, false);
		expect(await arr.get(`/api/v3/episode/${episode.id}`)).toMatchObject({ monitored: false });
		await arr.editTags({ seriesId: 1 }, ['Kids']);
		const tags = await arr.get<{ id: number; label: string }[]>('/api/v3/tag');
		const kids = tags.find((one) => one.label === 'kids');
		expect(await arr.get('/api/v3/series/1')).toMatchObject({ tags: [kids?.id] });
		await arr.changeProfile({ profile: 'Group Cutoff', scores: { 'Group X': 60 } });
		const scores = await arr.get<{ customFormatScore: number }[]>('/api/v3/episodefile?seriesId=1');
		expect(scores.some((one) => one.customFormatScore === 60)).toBe(true);
	});

	it('fn §7: metadata: new, vanished and renumbered episodes, a date that appears', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const added = await arr.addEpisode({ seriesId: 1, season: 2, airs: null });
		expect(await arr.get(`/api/v3/episode/${added}`)).not.toHaveProperty('airDateUtc');
		await arr.airEpisode(added, Date.parse('2026-10-01T00:00:00Z'));
		expect(await arr.get(`/api/v3/episode/${added}`)).toHaveProperty('airDateUtc');
		const renumbered = await arr.renumber(added);
		expect(await status(arr, `/api/v3/episode/${added}`)).toBe(404);
		await arr.deleteEpisode(renumbered);
		expect(await status(arr, `/api/v3/episode/${renumbered}`)).toBe(404);
	});

	it('fn §7: deleted files: MissingFromDisk and Manual; monitored stays unless the setting says otherwise', async () => {
		for (const unmonitorDeleted of [false, true]) {
			const arr = await fake.create({ kind: 'sonarr4', unmonitorDeleted });
			const [a, b] = (await arr.truth()).items.filter((one) => one.fileId > 0 && one.season === 1);
			await arr.deleteFile(a?.fileId ?? 0, 'MissingFromDisk');
			expect(await status(arr, `/api/v3/episodefile/${b?.fileId}`, { method: 'DELETE' })).toBe(200);
			expect((await history(arr)).map((row) => row.data.reason)).toEqual(['MissingFromDisk', 'Manual']);
			expect(await arr.get(`/api/v3/episode/${a?.arrId}`)).toMatchObject({
				hasFile: false,
				monitored: !unmonitorDeleted,
			});
		}
	});

	it('fn §7: a deleted series takes its ids and its history with it', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const episode = first(await missing(arr));
		await arr.rssGrab({ episodeId: episode.id });
		await arr.deleteSeries(1);
		expect(await status(arr, '/api/v3/series/1')).toBe(404);
		expect(await status(arr, `/api/v3/episode/${episode.id}`)).toBe(404);
		expect(await history(arr)).toEqual([]);
	});

	it('fn §7: time passing: an episode enters missing at its air time plus the runtime; a movie becomes available', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const now = await fake.fakes.clock.now();
		await arr.setMonitored({ seriesId: 2 }, false);
		await arr.addEpisode({ seriesId: 1, season: 2, airs: now + HOUR });
		const total = async () =>
			(await arr.get<{ totalRecords: number }>('/api/v3/wanted/missing?pageSize=0')).totalRecords;
		const before = await total();
		await fake.fakes.clock.advance(HOUR + 44 * MINUTE);
		expect(await total()).toBe(before);
		await fake.fakes.clock.advance(MINUTE);
		expect(await total()).toBe(before + 1);
		const radarr = await fake.create({ kind: 'radarr6' });
		const movie = await radarr.addMovie({ digital: (await fake.fakes.clock.now()) + HOUR, inCinemas: null });
		expect(await radarr.get(`/api/v3/movie/${movie}`)).toMatchObject({ isAvailable: false });
		await fake.fakes.clock.advance(HOUR + SECOND);
		expect(await radarr.get(`/api/v3/movie/${movie}`)).toMatchObject({ isAvailable: true });
	});

	it('fn §7: an upgrade of the application while connected', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		await arr.restart({ downMs: 0, version: '4.0.20.3000' });
		const answer = await arr.fetch('/api/v3/system/status');
		expect(answer.headers.get('x-application-version')).toBe('4.0.20.3000');
		expect(((await answer.json()) as JsonObject).version).toBe('4.0.20.3000');
	});

	it('fn §7: another instance answers at this address', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const before = await arr.get<JsonObject>('/api/v3/system/status');
		await arr.swapInstance({
			kind: 'sonarr4',
			seed: 9,
			appData: '/other',
			library: { preset: 'large', series: 8 },
		});
		const after = await arr.get<JsonObject>('/api/v3/system/status');
		expect([after.appName, after.appData]).toEqual([before.appName, '/other']);
		expect(await arr.get('/api/v3/series')).toHaveLength(8);
	});
});

describe('available', () => {
	it('fn §3: isAvailable under a delay, for every minimum', async () => {
		const arr = await fake.create({ kind: 'radarr6', library: { preset: 'edge' } });
		const shown = async () => {
			const movies = await arr.get<{ title: string; isAvailable: boolean }[]>('/api/v3/movie');
			return Object.fromEntries(movies.map((one) => [one.title, one.isAvailable]));
		};
		expect(await shown()).toMatchObject({
			'Year Unknown': true,
			'Without Dates': false,
			'To Be Announced': true,
			'Only Cinema': false,
			'Cinema Will Do': true,
			'Old Cinema': true,
			'Coming Soon': false,
			'Deleted Upstream': true,
		});
		await arr.setOptions({ availabilityDelay: 30 });
		expect(await shown()).toMatchObject({
			'To Be Announced': true,
			'Cinema Will Do': false,
			'Without Dates': false,
		});
	});
});
