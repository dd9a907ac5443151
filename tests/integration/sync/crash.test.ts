// The process is killed in the middle of a sync; afterwards the mirror still becomes equal to the fake, and no event of
// the history is lost.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runSync } from '../../../src/lib/server/services/sync';
import type { Kind } from '../../fakes/arr/control';
import { difference, linesOfMirror, linesOfSnapshot, openBed, type Bed } from './with-fakes';

let bed: Bed;
beforeAll(async () => {
	bed = await openBed();
});
afterAll(() => bed.close());

const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url));

function syncAndDie(id: number, mode: string, point: string): Promise<string | number | null> {
	return new Promise((resolve) => {
		const env = { ...process.env, COMRADARR_CRASH_AT: point };
		const args = [child, bed.url, String(id), mode, String(bed.clock.now())];
		const running = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
		running.once('exit', (code, signal) => resolve(signal ?? code));
	});
}

const POINTS = [
	'sync.staged',
	'sync.mid_copy',
	'sync.mid_copy@4',
	'sync.before_commit',
	'sync.before_commit@2',
	'sync.after_commit',
	'sync.after_commit@2',
];
const KINDS: readonly Kind[] = ['sonarr4', 'whisparr3'];
const library = { preset: 'large', series: 25, episodesPerSeries: 20, scenes: 300 } as const;

test.each(KINDS.flatMap((kind) => POINTS.map((point) => [kind, point] as const)))(
	'%s: first sync killed at %s',
	async (kind, point) => {
		const { fake, id } = await bed.add({ kind, library, seed: 21 });
		expect(await syncAndDie(id, 'full', point)).toBe('SIGKILL');
		const [row] = (await bed.ctx
			.sql`select mirror_complete as done from connectors where id = ${id}`) as object[];
		expect(row).toEqual({ done: false });
		expect((await bed.run(runSync(bed.ctx, id, 'incremental'))).error).toBeNull();
		expect(difference(await linesOfMirror(bed, id), linesOfSnapshot(await fake.snapshot()))).toEqual([]);
	},
);

test.each(POINTS)('a change is not lost when the next sync is killed at %s', async (point) => {
	const { fake, id } = await bed.add({ kind: 'sonarr4', library, seed: 22 });
	await runSync(bed.ctx, id, 'full');
	const { series } = await fake.snapshot();
	const filed = series.flatMap((one) => one.episodes).filter((one) => one.file !== null);
	for (const episode of filed.slice(0, 3)) await fake.deleteFile(episode.file?.id ?? 0);
	await fake.deleteEpisode(filed[4]?.id ?? 0);
	await bed.pass(60_000);
	const end = await syncAndDie(id, 'incremental', point);
	expect(['SIGKILL', 0]).toContain(end);
	await bed.pass(15 * 60_000);
	await bed.run(runSync(bed.ctx, id, 'incremental'));
	expect(difference(await linesOfMirror(bed, id), linesOfSnapshot(await fake.snapshot()))).toEqual([]);
	const rows = (await bed.ctx
		.sql`select count(*)::int as n from arr_history where connector_id = ${id} and event = 'file_deleted'`) as {
		n: number;
	}[];
	expect(rows[0]?.n).toBeGreaterThanOrEqual(3);
});
