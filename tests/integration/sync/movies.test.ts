// Incremental syncs of movies and scenes: what is asked for, and what is found.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refreshItems, runSync } from '../../../src/lib/server/services/sync';
import { discover } from '../../../src/lib/server/services/discovery';
import type { Kind } from '../../fakes/arr/control';
import { difference, linesOfMirror, linesOfSnapshot, openBed, type Bed } from './with-fakes';

let bed: Bed;
beforeAll(async () => {
	bed = await openBed();
});
afterAll(() => bed.close());
const library = { preset: 'large', series: 12, episodesPerSeries: 12, movies: 80, scenes: 80 } as const;

test.each(['radarr6', 'whisparr3', 'sonarr4', 'whisparr2'] as const)(
	'%s: eight quiet syncs, five requests each',
	async (kind: Kind) => {
		const { fake, id } = await bed.add({ kind, library, seed: 2 });
		await runSync(bed.ctx, id, 'full');
		for (let round = 0; round < 8; round++) {
			await bed.pass(15 * 60_000);
			await fake.clearRequests();
			const report = await runSync(bed.ctx, id, 'incremental');
			expect(report).toMatchObject({ error: null });
			expect((await fake.requests()).length).toBeLessThanOrEqual(5 + report.detail.seriesRead * 2);
			expect(report.detail.seriesRead).toBeLessThanOrEqual(1);
		}
		await bed.pass(7 * 86_400_000);
		await fake.clearRequests();
		await runSync(bed.ctx, id, 'incremental');
		expect((await fake.requests()).map((request) => request.target).length).toBeLessThanOrEqual(5);
		expect(difference(await linesOfMirror(bed, id), linesOfSnapshot(await fake.snapshot()))).toEqual([]);
	},
);

test.each(['radarr6', 'whisparr3'] as const)('%s: new, changed and imported', async (kind: Kind) => {
	const { fake, id } = await bed.add({ kind, library, seed: 2 });
	await runSync(bed.ctx, id, 'full');
	const scene = kind === 'whisparr3' ? { scene: { studio: null } } : {};
	await fake.addMovie({ title: 'Added later', status: 'released', year: 2020, ...scene });
	const missing = (await fake.snapshot()).movies.find((movie) => movie.file === null && movie.monitored);
	await fake.rssGrab({ movieId: missing?.id ?? 0 });
	for (let round = 0; round < 4; round++) {
		await bed.pass(15 * 60_000);
		expect((await runSync(bed.ctx, id, 'incremental')).error).toBeNull();
	}
	expect(difference(await linesOfMirror(bed, id), linesOfSnapshot(await fake.snapshot()))).toEqual([]);
});

test('whisparr3: a change that nothing tells of is found in its turn', async () => {
	const { fake, id } = await bed.add({ kind: 'whisparr3', library, seed: 2 });
	await runSync(bed.ctx, id, 'full');
	const one = (await fake.snapshot()).movies.find((movie) => movie.monitored);
	await fake.setMonitored({ movieId: one?.id ?? 0 }, false);
	for (let round = 0; round < 4; round++) await runSync(bed.ctx, id, 'incremental');
	expect(difference(await linesOfMirror(bed, id), linesOfSnapshot(await fake.snapshot()))).toEqual([]);
});

test('a changed profile re-marks the library without a request for any item', async () => {
	const { fake, id } = await bed.add({ kind: 'sonarr4', library, seed: 2 });
	await runSync(bed.ctx, id, 'full');
	await discover(bed.ctx, id);
	const { profiles } = await fake.snapshot();
	for (const { name } of profiles) await fake.changeProfile({ profile: name, upgradeAllowed: true });
	await fake.clearRequests();
	await runSync(bed.ctx, id, 'incremental');
	expect(await fake.requests()).toHaveLength(5);
	const counts = await discover(bed.ctx, id);
	const truth = await fake.truth();
	expect(counts.quality).toBe(truth.qualityUpgrades);
});

test('refreshItems reads single items again', async () => {
	const sonarr = await bed.add({ kind: 'sonarr4', library, seed: 2 });
	const radarr = await bed.add({ kind: 'radarr6', library, seed: 2 });
	await runSync(bed.ctx, sonarr.id, 'full');
	await runSync(bed.ctx, radarr.id, 'full');
	const episode = (await sonarr.fake.snapshot()).series[1]?.episodes.find((one) => one.monitored);
	const movie = (await radarr.fake.snapshot()).movies.find((one) => one.monitored);
	await sonarr.fake.setMonitored({ episodeId: episode?.id ?? 0 }, false);
	await radarr.fake.setMonitored({ movieId: movie?.id ?? 0 }, false);
	expect(await refreshItems(bed.ctx, sonarr.id, { episodeArrIds: [episode?.id ?? 0] })).toMatchObject({
		changed: 1,
		missing: [],
	});
	expect(await refreshItems(bed.ctx, radarr.id, { movieArrIds: [movie?.id ?? 0] })).toMatchObject({
		missing: [],
	});
	for (const { fake, id } of [sonarr, radarr])
		expect(difference(await linesOfMirror(bed, id), linesOfSnapshot(await fake.snapshot()))).toEqual([]);
	const gone = (await sonarr.fake.snapshot()).series[2]?.episodes[0];
	await sonarr.fake.deleteEpisode(gone?.id ?? 0);
	expect(await refreshItems(bed.ctx, sonarr.id, { episodeArrIds: [gone?.id ?? 0] })).toMatchObject({
		missing: [gone?.id],
	});
	const series = (await sonarr.fake.snapshot()).series.find((one) => one.monitored)?.id ?? 0;
	await sonarr.fake.setMonitored({ seriesId: series }, false);
	expect((await refreshItems(bed.ctx, sonarr.id, { seriesArrIds: [series] })).changed).toBeGreaterThan(0);
	await runSync(bed.ctx, sonarr.id, 'incremental');
	expect(
		difference(await linesOfMirror(bed, sonarr.id), linesOfSnapshot(await sonarr.fake.snapshot())),
	).toEqual([]);
});
