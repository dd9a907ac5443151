// After a full sync the mirror equals what the fake says of itself, for every kind and odd library.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSync } from '../../../src/lib/server/services/sync';
import type { Kind, LibraryOptions } from '../../fakes/arr/control';
import { difference, linesOfMirror, linesOfSnapshot, openBed, type Bed } from './with-fakes';

let bed: Bed;
beforeAll(async () => {
	bed = await openBed();
});
afterAll(() => bed.close());

const generated: LibraryOptions = {
	preset: 'large',
	series: 20,
	episodesPerSeries: 20,
	movies: 60,
	scenes: 60,
};
const KINDS: readonly Kind[] = [
	'sonarr4',
	'sonarr5',
	'radarr6',
	'whisparr2',
	'whisparr3',
	'sonarr3',
	'sonarr4-old',
	'radarr3',
	'radarr4',
	'radarr5',
];
const CASES = KINDS.flatMap((kind) =>
	[{ preset: 'tiny' } as const, { preset: 'edge' } as const, generated].map(
		(library) => [kind, library] as const,
	),
);

test.each(CASES)('%s %j', async (kind, library) => {
	const { fake, id } = await bed.add({ kind, library, seed: 7 });
	const report = await runSync(bed.ctx, id, 'full');
	expect(report.error).toBeNull();
	expect(report.detail.unreadable).toEqual([]);
	const scores = kind !== 'sonarr3';
	const theirs = linesOfSnapshot(await fake.snapshot(), { scores });
	expect(difference(await linesOfMirror(bed, id), theirs)).toEqual([]);
	const again = await runSync(bed.ctx, id, 'full');
	expect(again).toMatchObject({ error: null, changed: 0 });
	await fake.clearRequests();
	const incremental = await runSync(bed.ctx, id, 'incremental');
	expect(incremental).toMatchObject({ error: null, changed: 0 });
	expect((await fake.requests()).map((request) => request.target)).toHaveLength(5);
});
