// What discovery finds equals the fake's own reckoning, item by item.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { discover } from '../../../src/lib/server/services/discovery';
import { runSync } from '../../../src/lib/server/services/sync';
import type { Kind, LibraryOptions, Truth } from '../../fakes/arr/control';
import { difference, openBed, type Bed } from '../sync/with-fakes';

let bed: Bed;
beforeAll(async () => {
	bed = await openBed();
});
afterAll(() => bed.close());

const generated: LibraryOptions = {
	preset: 'large',
	series: 30,
	episodesPerSeries: 20,
	movies: 100,
	scenes: 100,
};
const KINDS: readonly Kind[] = ['sonarr4', 'sonarr5', 'radarr6', 'whisparr2', 'whisparr3'];
const CASES = KINDS.flatMap((kind) =>
	[{ preset: 'tiny' } as const, { preset: 'edge' } as const, generated].flatMap((library) =>
		[false, true].map((specials) => [kind, library, specials] as const),
	),
);

/** `gap 12`, `quality 13`: by the arr's ids. A file of several episodes counts once, for the lowest. */
function expected(truth: Truth): string[] {
	const carriers = new Map<number, number>();
	const upgrades = truth.items.filter((item) => item.qualityUpgrade || item.formatUpgrade);
	upgrades.sort((a, b) => a.season - b.season || a.number - b.number);
	for (const item of upgrades) if (!carriers.has(item.fileId)) carriers.set(item.fileId, item.arrId);
	return truth.items
		.flatMap((item) => {
			if (item.gap) return `gap ${item.arrId}`;
			if (carriers.get(item.fileId) !== item.arrId) return [];
			return item.qualityUpgrade ? `quality ${item.arrId}` : `format ${item.arrId}`;
		})
		.sort();
}

async function found(id: number): Promise<string[]> {
	const rows = (await bed.ctx.sql`
		select w.reason || ' ' || coalesce(e.arr_id, m.arr_id) as line from wanted w
		left join episodes e on e.id = w.episode_id left join movies m on m.id = w.movie_id
		where w.connector_id = ${id}`) as { line: string }[];
	return rows.map((row) => row.line).sort();
}

test.each(CASES)('%s %j specials %s', async (kind, library, specials) => {
	const { fake, id } = await bed.add({ kind, library, seed: 11 }, (settings) => {
		settings.specials = specials;
		settings.kinds.format.enabled = true;
	});
	const report = await runSync(bed.ctx, id, 'full');
	expect(report.error).toBeNull();
	const counts = await discover(bed.ctx, id);
	const truth = await fake.truth({ specials });
	expect(difference(await found(id), expected(truth))).toEqual([]);
	expect(counts.gap).toBe(truth.gaps);
	expect(report.detail.comparison).toMatchObject({
		missing: truth.wantedMissing,
		cutoffUnmet: truth.wantedCutoff,
	});
	expect(await discover(bed.ctx, id)).toMatchObject({ added: 0, changed: 0, removed: 0 });
});
