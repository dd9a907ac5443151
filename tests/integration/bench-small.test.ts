// What the bench measures at full scale, asserted at a small one wherever tests run: counts, equality and a loose
// bound of memory. No times.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSync, type SyncReport } from '../../src/lib/server/services/sync';
import type { InstanceOptions } from '../fakes/arr/control';
import { difference, linesOfMirror, linesOfSnapshot, openBed, type Bed } from './sync/with-fakes';

const WEEK_MS = 7 * 86_400_000;
/** Growth of this process while a library is read again. Loose, since other tests run in it; the bench measures it. */
const GROWTH_MB = 400;
const MOST_REQUESTS = 5;

let bed: Bed;
beforeAll(async () => {
	bed = await openBed();
});
afterAll(() => bed.close());

const LIBRARIES: readonly [string, InstanceOptions][] = [
	['300 series', { kind: 'sonarr4', library: { preset: 'large', series: 300, episodesPerSeries: 50 } }],
	['3,000 scenes', { kind: 'whisparr3', library: { preset: 'large', scenes: 3_000 } }],
];

test.each(LIBRARIES)(
	'%s: mirrored whole, then five requests, and five after a week in which only time passed',
	async (_, options) => {
		const { fake, id } = await bed.add({ seed: 5, prerender: true, ...options });
		const sync = async (mode: 'full' | 'incremental'): Promise<SyncReport> => {
			const report = await runSync(bed.ctx, id, mode);
			expect(report.error).toBeNull();
			return report;
		};
		const first = await sync('full');
		expect(first.changed).toBeGreaterThan(1_000);
		expect(difference(await linesOfMirror(bed, id), linesOfSnapshot(await fake.snapshot()))).toEqual([]);

		Bun.gc(true);
		const before = process.memoryUsage.rss();
		expect(await sync('full')).toMatchObject({ changed: 0 });
		expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(GROWTH_MB);

		expect(await incremental()).toEqual([]);
		await bed.pass(WEEK_MS);
		expect(await incremental()).toEqual([]);
		expect(difference(await linesOfMirror(bed, id), linesOfSnapshot(await fake.snapshot()))).toEqual([]);

		/** What was asked beyond the five, or found changed. */
		async function incremental(): Promise<string[]> {
			await fake.clearRequests();
			const report = await sync('incremental');
			const asked = (await fake.requests()).map(({ method, target }) => `${method} ${target}`);
			expect(report.requests).toBe(asked.length);
			return [
				...asked.slice(MOST_REQUESTS),
				...(report.changed === 0 ? [] : [`${String(report.changed)} changes`]),
			];
		}
	},
	120_000,
);
