// The process is killed in the middle of a sync, while the application runs on, is restarted, or its clock goes on:
// whoever comes after has a mirror that equals the application, the search memory of before, and tells what broke off.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SyncMode } from '../../src/lib/domain/words';
import { findJob, openJobs } from '../../src/lib/server/db/queries/jobs';
import { INTERRUPTED_JOB, INTERRUPTED_RUN } from '../../src/lib/server/db/queries/left-open';
import { lookAfterJobs } from '../../src/lib/server/jobs/follow-up';
import { startFakes, type Fakes, type Kind } from '../fakes/arr/control';
import { createWorld, type World } from '../integration/dispatch/world';
import { decidedIn, SyncSite, type Memory } from './sync-site';
import { CrashTable, ROUNDS } from './table';
import { Victims } from './victims';

const MINUTE = 60_000;
const POINTS = ['sync.staged', 'sync.mid_copy', 'sync.before_commit', 'sync.after_commit'] as const;
const MODES = {
	'runs on': ['sonarr4', 'radarr6'],
	'is restarted': ['sonarr4', 'whisparr2'],
	forgets: ['sonarr4', 'whisparr2'],
} as const satisfies Record<string, readonly Kind[]>;
type Mode = keyof typeof MODES;

let fakes: Fakes;
let world: World & { close: () => Promise<void>; url: string };
let victims: Victims;
const table = new CrashTable('crash-sync');
beforeAll(async () => {
	fakes = await startFakes();
	world = await createWorld(fakes);
	victims = new Victims([world.url, fakes.control, 'a master key for tests only'], 1);
});
afterAll(async () => {
	table.write();
	await victims.close();
	await world.close();
	await fakes.stop();
});

/** Which sync is killed: the first of a library, or one that finds changes. Later rounds are killed further on. */
function planOf(round: number, kind: Kind): { first: boolean; mode: SyncMode; nth: number } {
	const nth = kind !== 'radarr6' && round % 6 >= 3 ? 2 : 1;
	return { first: round % 3 === 0, mode: round % 3 === 2 ? 'incremental' : 'full', nth };
}

const cases = POINTS.flatMap((point) =>
	(Object.keys(MODES) as Mode[]).flatMap((mode) => MODES[mode].map((kind) => ({ point, mode, kind }))),
);

describe.each(cases)('killed at $point, and $kind $mode', (of) => {
	test(`${String(ROUNDS)} rounds`, { timeout: 60_000 * ROUNDS }, async () => {
		for (let round = 0; round < ROUNDS; round += 1) {
			const site = await SyncSite.open(world, of.kind, 200 + round);
			const plan = planOf(round, of.kind);
			if (!plan.first) await prepare(site);
			const memory = await site.memory();
			await killAt(site, plan.mode, `${of.point}@${String(plan.nth)}`);
			await meanwhile(site, of.mode);
			table.add(of, await recover(site, memory));
			await site.fake.remove();
		}
	});
});

/** A mirror that is complete, search memory, and changes that the killed sync finds. */
async function prepare(site: SyncSite): Promise<void> {
	expect(await site.sync('full')).toMatchObject({ status: 'done' });
	await site.remember();
	await site.change();
	await world.clock.advance(15 * MINUTE);
}

async function killAt(site: SyncSite, mode: SyncMode, crashAt: string): Promise<void> {
	await world.ctx.locks.release(site.connector.id);
	const victim = await victims.next();
	victim.order({ op: 'sync', now: world.clock.now(), connectorId: site.connector.id, crashAt, mode });
	expect(await Promise.race([victim.ended, victim.read()])).toEqual({ code: null, signal: 'SIGKILL' });
	await site.fake.clearRequests();
}

async function meanwhile(site: SyncSite, mode: Mode): Promise<void> {
	if (mode === 'is restarted') {
		await site.fake.restart({ downMs: 0 });
		await world.clock.advance(2_000);
	}
	if (mode === 'forgets') await world.clock.advance(15 * MINUTE);
}

/** A new process takes over; what broke off is told, and the next sync makes everything good. */
async function recover(site: SyncSite, before: Memory) {
	const { job, run } = await takeOver(site);
	const memory = await site.memory();
	expect(memory).toEqual(before);
	const next = await site.sync('incremental');
	expect(next).toMatchObject({ status: 'done', error: null });
	const requests = (await site.fake.requests()).length;
	const differences = await site.differences();
	expect(differences).toEqual([]);
	expect(decidedIn(await site.memory())).toEqual(decidedIn(before));
	const whole = await requestsOfWholeSync(site);
	expect(requests).toBeLessThanOrEqual(whole);
	expect(await site.fake.commandsReceived()).toEqual([]);
	return {
		'job told': job?.error?.code ?? 'nothing',
		'run told': run?.error?.code ?? 'nothing',
		'mirror equal': differences.length === 0,
		'memory untouched': Bun.deepEquals(memory, before),
		'requests of the next sync': requests,
		'of a whole one': whole,
	};
}

const wholeSyncs = new Map<Kind, number>();

/** The application's own totals, which a sync asks for at its beginning until the first one is complete. */
const FIRST_NUMBERS = 2;

/** A first sync's, counted once for each kind: all libraries here are of one size. */
async function requestsOfWholeSync(site: SyncSite): Promise<number> {
	const known = wholeSyncs.get(site.fake.kind);
	if (known !== undefined) return known;
	expect(await site.sync('full')).toMatchObject({ status: 'done' });
	const counted = ((await site.lastRun())?.requests ?? 0) + FIRST_NUMBERS;
	wholeSyncs.set(site.fake.kind, counted);
	return counted;
}

async function takeOver(site: SyncSite) {
	const { id } = site.connector;
	const [broken] = await openJobs(world.ctx.db, 'sync', id);
	while (!(await world.ctx.locks.hold(id))) await Bun.sleep(5);
	await lookAfterJobs(world.ctx);
	const job = await findJob(world.ctx.db, broken?.id ?? '');
	expect(job).toMatchObject({ status: 'failed', error: INTERRUPTED_JOB });
	const run = await site.lastRun();
	expect(run).toMatchObject({ error: INTERRUPTED_RUN });
	expect(run?.endedAt).not.toBeNull();
	return { job, run };
}
