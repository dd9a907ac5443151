// Several processes on one database: each piece of work is done by the one that works for its connector, whoever is
// asked for it, and nobody tells the work of a living process as interrupted.
import { desc, eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AppContext } from '../../../src/lib/server/app-context';
import { buildContext } from '../../../src/lib/server/app-services';
import { openDatabase } from '../../../src/lib/server/db/client';
import { findJob, insertJob, type JobRow } from '../../../src/lib/server/db/queries/jobs';
import { INTERRUPTED_JOB, INTERRUPTED_RUN } from '../../../src/lib/server/db/queries/left-open';
import { syncRuns } from '../../../src/lib/server/db/schema';
import { lookAfterJobs } from '../../../src/lib/server/jobs/follow-up';
import { requestSweep, requestSync } from '../../../src/lib/server/jobs/requests';
import { startProduct, type Product } from '../../../src/lib/server/product';
import { openBed, type Bed } from '../sync/with-fakes';
import { endedJob } from './support';

const MINUTE = 60_000;
const library = { preset: 'tiny' } as const;

let bed: Bed;
/** The second process: another context on the same database and clock. */
let other: { close: () => Promise<void> } | undefined;
const products: Product[] = [];

beforeEach(async () => {
	bed = await openBed();
});
afterEach(async () => {
	for (const product of products.splice(0)) await product.stop();
	await other?.close();
	other = undefined;
	await bed.close();
});

async function openOther(): Promise<AppContext> {
	const database = openDatabase({ url: bed.url, poolSize: 3, clock: bed.clock });
	const { clock } = bed;
	const { ctx, locks } = await buildContext({
		...{ database, clock },
		masterKey: 'a master key for tests only',
		version: '0.0.0-test',
	});
	const close = async (): Promise<void> => {
		await locks.close();
		await database.close(2);
	};
	other = { close };
	return ctx;
}

async function start(ctx: AppContext): Promise<Product> {
	const product = await startProduct({ ctx, timeZone: 'UTC', shared: true });
	products.push(product);
	return product;
}

/** The job once `isSo`, without time going on: whatever comes, comes because somebody was told. */
async function jobWhen(id: string, isSo: (job: JobRow) => boolean): Promise<JobRow> {
	for (;;) {
		const job = await findJob(bed.ctx.db, id);
		if (job !== undefined && isSo(job)) return job;
		await Bun.sleep(5);
	}
}
const isOver = ({ status }: JobRow): boolean => status === 'done' || status === 'failed';
/** As a process leaves it that dies before it could tell anybody. */
const queuedJob = (connectorId: number): Promise<string> => {
	const args = { mode: 'incremental' };
	return insertJob(bed.ctx.db, { kind: 'sync', connectorId, args, createdAt: bed.clock.date() });
};
const lastRun = async (connectorId: number) => {
	const of = eq(syncRuns.connectorId, connectorId);
	return (await bed.ctx.db.select().from(syncRuns).where(of).orderBy(desc(syncRuns.id)).limit(1))[0];
};

describe('work that is asked for on a process that does not work for the connector', () => {
	test('is carried out at once by the one that does', async () => {
		const { id } = await bed.add({ kind: 'sonarr4', library });
		await endedJob(bed, await requestSync(bed.ctx, id, 'full'));
		await start(bed.ctx);
		const second = await openOther();
		await start(second);
		await bed.clock.idle();
		const sync = await jobWhen(await requestSync(second, id, 'full'), isOver);
		const sweep = await jobWhen(await requestSweep(second, id), isOver);
		for (const job of [sync, sweep])
			expect(job).toMatchObject({ status: 'done', runner: bed.ctx.processId, error: null });
	});

	test('is found within a minute by one that was not told', async () => {
		const { id } = await bed.add({ kind: 'radarr6', library });
		await endedJob(bed, await requestSync(bed.ctx, id, 'full'));
		await start(bed.ctx);
		await bed.clock.idle();
		const asked = await queuedJob(id);
		await bed.pass(MINUTE);
		expect(await jobWhen(asked, isOver)).toMatchObject({ status: 'done', runner: bed.ctx.processId });
	});

	test('is carried out by the next one if that process dies before it begins', async () => {
		const { id } = await bed.add({ kind: 'sonarr4', library });
		const asked = await queuedJob(id);
		const second = await openOther();
		await lookAfterJobs(second);
		expect(await endedJob(bed, asked)).toMatchObject({ status: 'done', runner: second.processId });
	});
});

describe('a process that starts', () => {
	test('leaves alone what a living one is at', async () => {
		const { fake, id } = await bed.add({ kind: 'sonarr4', library });
		const hold = await fake.hold({ path: '/api/v3/series', at: 'request' });
		const asked = await requestSync(bed.ctx, id, 'full');
		await fake.waitHeld(hold);
		const second = await openOther();
		const product = await start(second);
		await product.reconcile();
		// joined from there, and not begun a second time
		expect(await requestSync(second, id, 'full')).toBe(asked);
		expect(await findJob(bed.ctx.db, asked)).toMatchObject({ status: 'running', error: null });
		expect(await lastRun(id)).toMatchObject({ endedAt: null, error: null });
		await fake.release(hold);
		expect(await jobWhen(asked, isOver)).toMatchObject({ status: 'done', runner: bed.ctx.processId });
		expect(await lastRun(id)).toMatchObject({ error: null });
	});

	test('tells what a dead one was at as interrupted, and is not joined to it', async () => {
		const { fake, id } = await bed.add({ kind: 'whisparr2', library });
		const hold = await fake.hold({ path: '/api/v3/series', at: 'request' });
		const asked = await requestSync(bed.ctx, id, 'full');
		await fake.waitHeld(hold);
		// Its session is gone: as far as others can tell, so is the process.
		await bed.ctx.locks.release(id);
		const second = await openOther();
		const again = await requestSync(second, id, 'full');
		expect(again).not.toBe(asked);
		expect(await findJob(bed.ctx.db, asked)).toMatchObject({ status: 'failed', error: INTERRUPTED_JOB });
		await fake.release(hold);
		expect(await endedJob(bed, again)).toMatchObject({ status: 'done', runner: second.processId });
		// Whatever the other still does: what was told of its job stays told.
		expect(await findJob(bed.ctx.db, asked)).toMatchObject({ status: 'failed', error: INTERRUPTED_JOB });
	});
});

describe('a process that stops', () => {
	test('ends its jobs and tells them as interrupted', async () => {
		const { fake, id } = await bed.add({ kind: 'sonarr4', library });
		const second = await openOther();
		await second.locks.hold(id);
		const product = await start(second);
		await bed.clock.idle();
		const hold = await fake.hold({ path: '/api/v3/system/status', at: 'request' });
		const asked = await requestSync(second, id, 'incremental');
		await fake.waitHeld(hold);
		await product.stop();
		expect(await findJob(bed.ctx.db, asked)).toMatchObject({ status: 'failed', error: INTERRUPTED_JOB });
		expect(await lastRun(id)).toMatchObject({ error: { code: 'cancelled' } });
		const late = await requestSync(second, id, 'incremental');
		expect(await findJob(bed.ctx.db, late)).toMatchObject({ status: 'queued' });
		await fake.release(hold, { drop: true });
	});
});

test('a job is joined only by what it does as well', async () => {
	const { fake, id } = await bed.add({ kind: 'sonarr4', library });
	await endedJob(bed, await requestSync(bed.ctx, id, 'full'));
	const hold = await fake.hold({ path: '/api/v3/series', at: 'request', times: 2 });
	const incremental = await requestSync(bed.ctx, id, 'incremental');
	const full = await requestSync(bed.ctx, id, 'full');
	expect(full).not.toBe(incremental);
	expect([incremental, full]).toContain(await requestSync(bed.ctx, id, 'incremental'));
	expect(await requestSync(bed.ctx, id, 'full')).toBe(full);
	await fake.waitHeld(hold);
	await fake.release(hold);
	expect(await endedJob(bed, incremental)).toMatchObject({ result: { mode: 'incremental' } });
	expect(await endedJob(bed, full)).toMatchObject({ result: { mode: 'full' } });
});

test('a sync that begins tells the one left open before it as interrupted', async () => {
	const { id } = await bed.add({ kind: 'sonarr4', library });
	const left = {
		connectorId: id,
		mode: 'full',
		runner: 'gone',
		startedAt: bed.clock.date(),
		detail: {},
	} as const;
	const [row] = await bed.ctx.db.insert(syncRuns).values(left).returning();
	await endedJob(bed, await requestSync(bed.ctx, id, 'full'));
	const [told] = await bed.ctx.db
		.select()
		.from(syncRuns)
		.where(eq(syncRuns.id, row?.id ?? 0));
	expect(told).toMatchObject({ error: INTERRUPTED_RUN });
	expect(await lastRun(id)).toMatchObject({ error: null });
});
