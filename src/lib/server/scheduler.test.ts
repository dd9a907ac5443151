// Jobs run when due; throwing, overrunning and stopping are visible.
import { expect, test } from 'vitest';
import { virtualClock } from './clock';
import { createLogger } from './logger';
import { createScheduler, type JobRun, type SchedulerOptions } from './scheduler';

const start = Date.UTC(2026, 2, 28, 12);
const minute = 60_000;
const hour = 60 * minute;

function setUp(options: Partial<SchedulerOptions> = {}) {
	const clock = virtualClock(start);
	const runs: JobRun[] = [];
	const scheduler = createScheduler({
		clock,
		log: createLogger('test'),
		onRun: (run) => void runs.push(run),
		random: () => 0,
		...options,
	});
	return { clock, runs, scheduler };
}

test('an interval job runs after each interval, the first time when it says', async () => {
	const { clock, runs, scheduler } = setUp();
	scheduler.add({
		name: 'sync',
		connectorId: 3,
		schedule: { everyMs: 15 * minute, firstAfterMs: minute },
		run: async () => undefined,
	});
	await clock.advance(hour);
	expect(runs).toEqual([]);
	scheduler.start();
	await clock.advance(31 * minute);
	expect(runs.map((run) => (run.startedAt - start - hour) / minute)).toEqual([1, 16, 31]);
	expect(runs[0]).toMatchObject({ name: 'sync', connectorId: 3, status: 'done' });
	expect(scheduler.list()[0]).toMatchObject({ running: false, nextRunAt: start + hour + 46 * minute });
});

test('how often one job runs does not move the others of a seeded run', async () => {
	const timesOfSync = async (everyMs: number): Promise<number[]> => {
		let drawn = 0;
		const { clock, runs, scheduler } = setUp({ random: () => (drawn++ % 7) / 7 });
		scheduler.add({ name: 'look', schedule: { everyMs }, run: async () => undefined });
		scheduler.add({
			name: 'sync',
			schedule: { everyMs: 15 * minute, jitterMs: minute },
			run: async () => undefined,
		});
		scheduler.start();
		await clock.advance(3 * hour);
		return runs.filter(({ name }) => name === 'sync').map(({ startedAt }) => startedAt);
	};
	expect(await timesOfSync(minute)).toEqual(await timesOfSync(10 * minute));
});

test('a pattern is evaluated in its time zone, across the change to summer time', async () => {
	const { clock, runs, scheduler } = setUp({ timeZone: 'Europe/Berlin' });
	scheduler.add({ name: 'daily', schedule: { cron: '0 4 * * *' }, run: async () => undefined });
	scheduler.start();
	await clock.advance(48 * hour);
	// 04:00 is 03:00 UTC in winter and 02:00 UTC from 29 March 2026 on
	expect(runs.map((run) => new Date(run.startedAt).toISOString())).toEqual([
		'2026-03-29T02:00:00.000Z',
		'2026-03-30T02:00:00.000Z',
	]);
});

test('a job that throws is told and goes on', async () => {
	const { clock, runs, scheduler } = setUp();
	scheduler.add({
		name: 'bad',
		schedule: { everyMs: minute },
		run: async () => {
			throw new Error('no');
		},
	});
	scheduler.start();
	await clock.advance(2 * minute);
	expect(runs.map((run) => [run.status, (run.error as Error).message])).toEqual([
		['failed', 'no'],
		['failed', 'no'],
	]);
});

test('a job that is due while it runs is told as an overrun and not started twice', async () => {
	const { clock, runs, scheduler } = setUp();
	let running = 0;
	let most = 0;
	scheduler.add({
		name: 'slow',
		schedule: { everyMs: minute },
		run: async (signal) => {
			most = Math.max(most, ++running);
			await clock.sleep(2.5 * minute, signal);
			running--;
		},
	});
	scheduler.start();
	await clock.advance(4 * minute);
	expect(runs.map((run) => run.status)).toEqual(['overrun', 'overrun', 'done']);
	expect(most).toBe(1);
});

test('runNow gives the result, and overrun while the job runs', async () => {
	const { clock, scheduler } = setUp();
	scheduler.add({ name: 'job', schedule: { everyMs: hour }, run: (signal) => clock.sleep(1_000, signal) });
	const first = scheduler.runNow('job');
	expect(await scheduler.runNow('job')).toMatchObject({ status: 'overrun' });
	await clock.advance(1_000);
	expect(await first).toMatchObject({ status: 'done', endedAt: start + 1_000 });
	expect(() => scheduler.runNow('other')).toThrow('other');
});

test('stop aborts and awaits what runs', async () => {
	const { clock, runs, scheduler } = setUp();
	scheduler.add({ name: 'job', schedule: { everyMs: minute }, run: (signal) => clock.sleep(hour, signal) });
	scheduler.start();
	await clock.advance(minute);
	await scheduler.stop();
	expect(runs.map((run) => run.status)).toEqual(['interrupted']);
	expect(clock.nextTimerAt()).toBeUndefined();
});

test('a jump moves patterns to the new time and leaves intervals their wait', async () => {
	const { clock, runs, scheduler } = setUp();
	scheduler.add({ name: 'interval', schedule: { everyMs: hour }, run: async () => undefined });
	scheduler.add({ name: 'pattern', schedule: { cron: '30 * * * *' }, run: async () => undefined });
	scheduler.start();
	clock.jump(40 * minute);
	await clock.advance(59 * minute);
	expect(runs.map((run) => run.name)).toEqual(['pattern']);
	await clock.advance(minute);
	expect(runs.map((run) => run.name)).toEqual(['pattern', 'interval']);
});

test('replacing a job keeps its last run and refuses a bad pattern', async () => {
	const { clock, runs, scheduler } = setUp();
	const job = { name: 'job', run: async () => undefined };
	scheduler.add({ ...job, schedule: { everyMs: minute } });
	scheduler.start();
	await clock.advance(minute);
	scheduler.add({ ...job, schedule: { everyMs: hour } });
	expect(scheduler.list()).toHaveLength(1);
	expect(scheduler.list()[0]?.lastRun).toBe(runs[0]);
	expect(() => scheduler.add({ ...job, schedule: { cron: 'every day' } })).toThrow();
	expect(() =>
		scheduler.add({ ...job, schedule: { cron: '0 4 * * *', timeZone: 'Mars/Olympus' } }),
	).toThrow();
	scheduler.remove('job');
	expect(scheduler.list()).toEqual([]);
});

test('a recorder that fails stops nothing', async () => {
	let told = 0;
	const { clock, scheduler } = setUp({
		onRun: () => {
			told++;
			throw new Error('the database is away');
		},
	});
	scheduler.add({ name: 'job', schedule: { everyMs: minute }, run: async () => undefined });
	scheduler.start();
	await clock.advance(3 * minute);
	expect(told).toBe(3);
});
