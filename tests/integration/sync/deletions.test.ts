// Real deletions are marked deleted within two incremental syncs, and only those.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSync } from '../../../src/lib/server/services/sync';
import type { FakeInstance, Kind } from '../../fakes/arr/control';
import { difference, linesOfMirror, linesOfSnapshot, openBed, type Bed } from './with-fakes';

let bed: Bed;
beforeAll(async () => {
	bed = await openBed();
});
afterAll(() => bed.close());

const library = { preset: 'large', series: 20, episodesPerSeries: 12, movies: 50, scenes: 50 } as const;

async function twoSyncs(id: number): Promise<void> {
	for (let round = 0; round < 2; round++) {
		await bed.pass(15 * 60_000);
		const report = await runSync(bed.ctx, id, 'incremental');
		expect(report.error).toBeNull();
	}
}
async function lines(fake: FakeInstance, id: number): Promise<string[]> {
	return difference(await linesOfMirror(bed, id), linesOfSnapshot(await fake.snapshot()));
}
async function gone(table: string, id: number): Promise<string[]> {
	const rows = (await bed.ctx.sql.unsafe(
		`select presence || ' ' || count(*) as line from ${table} where connector_id = $1 and presence <> 'present' group by presence`,
		[id],
	)) as { line: string }[];
	return rows.map((row) => row.line);
}

test.each(['sonarr4', 'sonarr5', 'whisparr2'] as const)(
	'%s: a series, a season and an episode',
	async (kind: Kind) => {
		const { fake, id } = await bed.add({ kind, library, seed: 5 });
		await runSync(bed.ctx, id, 'full');
		const { series } = await fake.snapshot();
		const [one, two, three] = [
			series[2],
			series.slice(3).find((s) => s.seasons.length > 0 && s.id !== series.at(-1)?.id),
			series.at(-1),
		];
		if (one === undefined || two === undefined || three === undefined)
			throw new Error('the library is too small');
		await fake.deleteSeries(one.id);
		await twoSyncs(id);
		expect(await gone('series', id)).toEqual(['deleted 1']);
		expect(await lines(fake, id)).toEqual([]);
		const season = two.seasons.at(-1)?.number ?? 1;
		await fake.deleteSeason(two.id, season);
		await twoSyncs(id);
		expect(await gone('seasons', id)).toEqual(['deleted 1']);
		const episode = three.episodes[1];
		if (episode === undefined) throw new Error('the series has too few episodes');
		await fake.deleteEpisode(episode.id);
		await twoSyncs(id);
		const rows = (await bed.ctx
			.sql`select arr_id from episodes where connector_id = ${id} and presence = 'deleted'`) as {
			arr_id: number;
		}[];
		expect(rows.map((row) => row.arr_id)).toContain(episode.id);
		expect(await lines(fake, id)).toEqual([]);
		expect(await gone('episodes', id)).not.toContain('unconfirmed');
	},
);

test.each(['radarr6', 'whisparr3'] as const)('%s: a movie', async (kind: Kind) => {
	const { fake, id } = await bed.add({ kind, library, seed: 5 });
	await runSync(bed.ctx, id, 'full');
	const { movies } = await fake.snapshot();
	const victim = movies[7];
	if (victim === undefined) throw new Error('the library is too small');
	await fake.deleteMovie(victim.id);
	await twoSyncs(id);
	expect(await gone('movies', id)).toEqual(['deleted 1']);
	expect(await lines(fake, id)).toEqual([]);
});

test('a whole season of a large series', async () => {
	const { fake, id } = await bed.add({
		kind: 'sonarr4',
		library: { ...library, series: 6, episodesPerSeries: 60 },
		seed: 5,
	});
	await runSync(bed.ctx, id, 'full');
	const { series } = await fake.snapshot();
	const large = series.find((one) => one.episodes.filter((episode) => episode.season === 1).length >= 10);
	if (large === undefined) throw new Error('the library is too small');
	await fake.deleteSeason(large.id, 1);
	await twoSyncs(id);
	expect(await gone('episodes', id)).toEqual([
		`deleted ${large.episodes.filter((one) => one.season === 1).length}`,
	]);
	expect(await lines(fake, id)).toEqual([]);
});

test('another instance takes the address: held, nothing written; it heals when the old one is back', async () => {
	const { fake, id } = await bed.add({ kind: 'sonarr4', library, seed: 5 });
	await runSync(bed.ctx, id, 'full');
	const before = await linesOfMirror(bed, id);
	await fake.swapInstance({
		kind: 'sonarr4',
		library: { ...library, series: 25 },
		seed: 99,
		appData: '/elsewhere',
	});
	for (const { id: series } of (await fake.snapshot()).series)
		await fake.edit({ seriesId: series }, { tvdbId: 500_000 + series });
	await bed.pass(15 * 60_000);
	for (const mode of ['incremental', 'full'] as const) {
		const report = await runSync(bed.ctx, id, mode);
		expect(report.error?.code).toBe('other_instance');
		expect(await linesOfMirror(bed, id)).toEqual(before);
	}
	const held = async () =>
		Array.from((await bed.ctx.sql`select held_reason as why from connectors where id = ${id}`) as object[]);
	expect(await held()).toEqual([{ why: 'other_instance' }]);
	await fake.swapInstance({ kind: 'sonarr4', library, seed: 5 });
	expect((await runSync(bed.ctx, id, 'incremental')).error).toBeNull();
	expect(await held()).toEqual([{ why: null }]);
});
