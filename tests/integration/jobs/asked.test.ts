// Work that somebody asked for, followed to its end: what it tells is what happened.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requestSweep, requestSync } from '../../../src/lib/server/jobs/requests';
import { endedJob } from './support';
import { openBed, type Bed } from '../sync/with-fakes';

const MINUTE = 60_000;
const library = { preset: 'tiny' } as const;

let bed: Bed;
beforeAll(async () => {
	bed = await openBed();
});
afterAll(() => bed.close());

describe('a sweep whose sync fails', () => {
	test('fails with what the sync says, and ends well once the application answers again', async () => {
		const { fake, id } = await bed.add({ kind: 'sonarr4', library });
		expect(await endedJob(bed, await requestSync(bed.ctx, id, 'full'))).toMatchObject({ status: 'done' });
		await bed.pass(30 * MINUTE);
		await fake.fault({ kind: '401' });
		const failed = await endedJob(bed, await requestSweep(bed.ctx, id));
		expect(failed).toMatchObject({ status: 'failed', result: null, error: { code: 'unauthorized' } });
		expect(failed.error?.message).toMatch(/key/);
		await fake.clearFaults();
		await bed.pass(30 * MINUTE);
		expect(await endedJob(bed, await requestSweep(bed.ctx, id))).toMatchObject({
			status: 'done',
			error: null,
		});
	});

	test('fails too while the application is known to be away: it is asked at once', async () => {
		const { fake, id } = await bed.add({ kind: 'radarr6', library });
		await endedJob(bed, await requestSync(bed.ctx, id, 'full'));
		await bed.pass(30 * MINUTE);
		await fake.stop();
		const first = await endedJob(bed, await requestSweep(bed.ctx, id));
		const second = await endedJob(bed, await requestSweep(bed.ctx, id));
		for (const job of [first, second])
			expect(job).toMatchObject({ status: 'failed', error: { code: 'refused' } });
		await fake.startAgain();
		await bed.pass(MINUTE);
		expect(await endedJob(bed, await requestSweep(bed.ctx, id))).toMatchObject({ status: 'done' });
	});

	test('a library that was never read to its end is not told as swept', async () => {
		const { fake, id } = await bed.add({ kind: 'sonarr4', library });
		await fake.fault({ kind: 'html', match: { path: '/series' } });
		expect(await endedJob(bed, await requestSweep(bed.ctx, id))).toMatchObject({ status: 'failed' });
	});
});
