// Whole libraries of every kind, read through the clients and compared with what the fake says of itself.
import { describe, expect, it } from 'vitest';
import type {
	ArrClient,
	EpisodeRecord,
	FileRecord,
	MovieRecord,
} from '../../../src/lib/server/connectors/common/types';
import type { FakeInstance } from '../../fakes/arr/control';
import { clientFor, create, readAll, useFakes } from './support';

useFakes();

const seriesKinds = ['sonarr3', 'sonarr4-old', 'sonarr4', 'sonarr5', 'whisparr2'] as const;
const movieKinds = ['radarr3', 'radarr4', 'radarr5', 'radarr6', 'whisparr3'] as const;

async function episodesOf(client: ArrClient): Promise<{ episodes: EpisodeRecord[]; files: FileRecord[] }> {
	const episodes: EpisodeRecord[] = [];
	const files: FileRecord[] = [];
	const series = await readAll(client.listSeries());
	expect(series).toMatchObject({ bad: [], summary: { whole: true } });
	for (const one of series.records) {
		episodes.push(...(await readAll(client.listEpisodes(one.arrId))).records);
		files.push(...(await readAll(client.listEpisodeFiles(one.arrId))).records);
	}
	return { episodes, files };
}

/** The natural keys the fake knows its items by, in our spelling, with the file each has. */
async function known(fake: FakeInstance): Promise<Map<number, number>> {
	const { items } = await fake.truth();
	return new Map(items.map(({ arrId, fileId }) => [arrId, fileId]));
}

describe.each(seriesKinds)('%s', (kind) => {
	it.each(['tiny', 'edge'] as const)('library %s', async (preset) => {
		const fake = await create({ kind, library: { preset } });
		const client = clientFor(fake);
		const instance = await client.status();
		expect(instance).toMatchObject({ shape: 'series', kind: client.kind });
		const { episodes, files } = await episodesOf(client);
		const truth = await known(fake);
		expect(new Map(episodes.map(({ arrId, fileArrId }) => [arrId, fileArrId]))).toEqual(truth);
		expect(new Set(episodes.map(({ seriesArrId, naturalKey }) => `${seriesArrId} ${naturalKey}`)).size).toBe(
			episodes.length,
		);
		const used = new Set(episodes.map(({ fileArrId }) => fileArrId).filter((id) => id > 0));
		expect(new Set(files.map(({ arrId }) => arrId))).toEqual(used);
		const withFile = episodes.find(({ fileArrId }) => fileArrId > 0);
		const single = await client.getEpisode(withFile?.arrId ?? 0);
		expect(single).toMatchObject({
			found: true,
			record: { episode: withFile, file: { arrId: withFile?.fileArrId } },
		});
		expect(await client.getEpisode(987_654)).toEqual({ found: false });
		expect(await client.getSeries(987_654)).toEqual({ found: false });
	});
});

describe.each(movieKinds)('%s', (kind) => {
	it.each(['tiny', 'edge'] as const)('library %s', async (preset) => {
		const fake = await create({ kind, library: { preset } });
		const client = clientFor(fake);
		const instance = await client.status();
		expect(instance).toMatchObject({ shape: 'movies', kind: client.kind });
		const { records, bad, summary } = await readAll<MovieRecord>(client.listMovies());
		expect({ bad, whole: summary.whole }).toEqual({ bad: [], whole: true });
		expect(new Map(records.map(({ arrId, fileArrId }) => [arrId, fileArrId]))).toEqual(await known(fake));
		const filed = records.filter(({ fileArrId }) => fileArrId > 0);
		const files = await readAll(client.listMovieFiles(filed.map(({ arrId }) => arrId)));
		expect(files.records.map(({ arrId }) => arrId).sort()).toEqual(
			filed.map(({ fileArrId }) => fileArrId).sort(),
		);
		const some = records.slice(0, 3);
		const again = await readAll(client.getMovies([...some.map(({ arrId }) => arrId), 987_654]));
		expect(new Set(again.records.map(({ arrId }) => arrId))).toEqual(new Set(some.map(({ arrId }) => arrId)));
		for (const { arrId, naturalKey } of records) {
			expect(await client.getMovie({ arrId, naturalKey })).toMatchObject({
				found: true,
				record: { arrId },
			});
		}
		expect(await client.getMovie({ arrId: 987_654, naturalKey: 'foreign:nope' })).toEqual({
			found: false,
		});
	});
});

describe.each([...seriesKinds, ...movieKinds])('%s settings', (kind) => {
	it('are read', async () => {
		const fake = await create({ kind, delayProfiles: [{ torrentDelay: 30, tags: ['slow'] }] });
		const client = clientFor(fake);
		const profiles = await client.qualityProfiles();
		expect(profiles.length).toBeGreaterThan(1);
		for (const profile of profiles) expect(profile.cutoffRank).toBeGreaterThanOrEqual(0);
		expect((await client.indexers()).map(({ name, automaticSearch }) => [name, automaticSearch])).toEqual([
			['Alpha', true],
			['Beta', true],
		]);
		expect(await client.downloadClients()).toMatchObject([
			{ name: 'qBit', enabled: true, implementation: 'QBittorrent' },
		]);
		expect((await client.downloadClients())[0]?.category).not.toBeNull();
		expect((await client.delayProfiles()).some(({ torrentDelayMinutes }) => torrentDelayMinutes === 30)).toBe(
			true,
		);
		expect((await client.tags()).map(({ label }) => label)).toContain('slow');
		expect((await client.rootFolders()).length).toBeGreaterThan(0);
		await client.customFormats();
		expect(await client.health()).toBeInstanceOf(Array);
		expect(await client.queue()).toEqual([]);
		const truth = await fake.truth();
		expect(await client.wantedTotals()).toEqual({
			missing: truth.wantedMissing,
			cutoffUnmet: truth.wantedCutoff,
		});
	});
});
