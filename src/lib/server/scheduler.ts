// Runs jobs when they are due. The schedule is data; the work is elsewhere and can be called by hand and by
// a test. Croner computes the next time, our clock waits for it. A job that throws or overruns is recorded.
import { newId, withContext } from './context';
import { nextDue, type Schedule } from './schedule';
import type { Clock, TimerHandle } from './clock';
import type { Logger } from './logger';

export type { Schedule } from './schedule';

/** One job, e.g. the sweep of connector 3. */
export interface JobDefinition {
	/** What it does: `sweep`, `dispatch`, `maintenance`. */
	readonly name: string;
	/** For whom, where there is one job per connector. */
	readonly connectorId?: number;
	readonly schedule: Schedule;
	/** The work. Ends early, without an error, when the signal is aborted. */
	readonly run: (signal: AbortSignal) => Promise<void>;
}

/**
 * What is told of each run. `overrun` did not take place because the last one still went on;
 * `interrupted` ended early because the process or the job was stopped.
 */
export interface JobRun {
	readonly name: string;
	readonly connectorId: number | undefined;
	readonly startedAt: number;
	readonly endedAt: number;
	readonly status: 'done' | 'failed' | 'overrun' | 'interrupted';
	readonly error: unknown;
}

/** A job as a page shows it. */
export interface JobView {
	readonly name: string;
	readonly connectorId: number | undefined;
	readonly schedule: Schedule;
	readonly running: boolean;
	readonly lastRun: JobRun | undefined;
	readonly nextRunAt: number | undefined;
}

/** What a scheduler needs. */
export interface SchedulerOptions {
	readonly clock: Clock;
	readonly log: Logger;
	/** Zone of cron patterns that name none. */
	readonly timeZone?: string;
	/** Told of every run; its own failure is logged and stops nothing. */
	readonly onRun?: (run: JobRun) => Promise<void> | void;
	/** Between 0 and 1; spreads runs by their jitter. */
	readonly random?: () => number;
}

/** Registers and runs jobs. */
export interface Scheduler {
	/** Adds a job, or replaces the one of the same name and connector. Throws for a bad pattern or zone. */
	add(job: JobDefinition): void;
	/** Takes a job away; a run under way is aborted. */
	remove(name: string, connectorId?: number): void;
	/** Waits begin. */
	start(): void;
	/** Runs a job at once; resolves with its result when it ended, or at once with `overrun` if it runs already. */
	runNow(name: string, connectorId?: number): Promise<JobRun>;
	list(): JobView[];
	/** No new runs; running ones are aborted and awaited up to `limitMs`. */
	stop(limitMs?: number): Promise<void>;
}

interface Entry {
	readonly job: JobDefinition;
	nextRunAt: number | undefined;
	timer: TimerHandle | undefined;
	lastRun: JobRun | undefined;
	running: { readonly abort: AbortController; readonly ended: Promise<JobRun> } | undefined;
}

const stopLimitMs = 10_000;

/** A scheduler without jobs that has not been started. */
export function createScheduler(options: SchedulerOptions): Scheduler {
	const { clock, log, timeZone = 'UTC', random = Math.random } = options;
	const entries = new Map<string, Entry>();
	let started = false;
	let forgetJumps: (() => void) | undefined;

	const plan = (entry: Entry, after: number): void => {
		entry.timer?.cancel();
		const first = entry.lastRun === undefined && entry.running === undefined;
		entry.nextRunAt = nextDue(entry.job.schedule, { after, now: clock.now(), first, timeZone, random });
		if (!started || entry.nextRunAt === undefined) return;
		entry.timer = clock.setTimeout(() => due(entry), entry.nextRunAt - clock.now());
	};
	const due = (entry: Entry): void => {
		void begin(entry);
		plan(entry, entry.nextRunAt ?? clock.now());
	};
	const begin = (entry: Entry): Promise<JobRun> => {
		if (entry.running !== undefined) return overrun(entry);
		const abort = new AbortController();
		const ended = execute(entry, abort.signal);
		entry.running = { abort, ended };
		return ended;
	};
	const overrun = async (entry: Entry): Promise<JobRun> => {
		const run = describe(entry.job, clock.now(), clock.now(), 'overrun', undefined);
		log.warn('A job is due while its last run still goes on.', jobFields(entry.job));
		await tell(run);
		return run;
	};
	const execute = (entry: Entry, signal: AbortSignal): Promise<JobRun> =>
		withContext({ correlationId: newId(), fields: jobFields(entry.job) }, async () => {
			const startedAt = clock.now();
			// the caller stores what it needs to abort this run before the work begins
			await Promise.resolve();
			const failure = await failureOf(() => entry.job.run(signal));
			const status = statusOf(failure);
			if (status === 'failed') log.error('A job failed.', { error: failure?.thrown });
			const error = status === 'failed' ? failure?.thrown : undefined;
			const run = describe(entry.job, startedAt, clock.now(), status, error);
			entry.lastRun = run;
			entry.running = undefined;
			await tell(run);
			return run;
		});
	const tell = async (run: JobRun): Promise<void> => {
		const failure = await failureOf(async () => options.onRun?.(run));
		if (failure !== undefined)
			log.error('A run could not be recorded.', { job: run.name, error: failure.thrown });
	};
	/** Patterns follow the wall clock; intervals follow the time that passed and keep their timers. */
	const afterJump = (byMs: number): void => {
		for (const entry of entries.values()) {
			if ('cron' in entry.job.schedule) plan(entry, clock.now());
			else if (entry.nextRunAt !== undefined) entry.nextRunAt += byMs;
		}
	};
	const find = (name: string, connectorId?: number): Entry => {
		const entry = entries.get(keyOf(name, connectorId));
		if (entry === undefined) throw new Error(`There is no job ${keyOf(name, connectorId)}.`);
		return entry;
	};
	const remove = (name: string, connectorId?: number): void => {
		const entry = entries.get(keyOf(name, connectorId));
		if (entry === undefined) return;
		entry.timer?.cancel();
		entry.running?.abort.abort(new JobStopped());
		entries.delete(keyOf(name, connectorId));
	};

	return {
		add: (job) => {
			// throws before the old one is gone
			nextDue(job.schedule, { after: clock.now(), now: clock.now(), first: true, timeZone, random });
			const old = entries.get(keyOf(job.name, job.connectorId));
			old?.timer?.cancel();
			const kept = { lastRun: old?.lastRun, running: old?.running };
			const entry: Entry = { job, nextRunAt: undefined, timer: undefined, ...kept };
			entries.set(keyOf(job.name, job.connectorId), entry);
			if (entry.running !== undefined) void entry.running.ended.then((run) => adopt(entry, run));
			plan(entry, clock.now());
		},
		remove,
		start: () => {
			if (started) return;
			started = true;
			forgetJumps = clock.onJump(afterJump);
			for (const entry of entries.values()) plan(entry, clock.now());
		},
		runNow: (name, connectorId) => begin(find(name, connectorId)),
		list: () => [...entries.values()].map(view),
		stop: async (limitMs = stopLimitMs) => {
			started = false;
			forgetJumps?.();
			for (const entry of entries.values()) entry.timer?.cancel();
			const running = [...entries.values()].flatMap((entry) => entry.running ?? []);
			for (const { abort } of running) abort.abort(new JobStopped());
			if (running.length === 0) return;
			const enough = new AbortController();
			await Promise.race([Promise.all(running.map((run) => run.ended)), clock.sleep(limitMs, enough.signal)]);
			enough.abort();
		},
	};
}

/** The reason of an abort: the process or the job is being stopped. */
export class JobStopped extends Error {
	override readonly name = 'JobStopped';

	constructor() {
		super('The job is being stopped.');
	}
}

/** The run of a replaced definition has ended. */
function adopt(entry: Entry, run: JobRun): void {
	entry.running = undefined;
	entry.lastRun = run;
}

async function failureOf(work: () => Promise<void> | void): Promise<{ thrown: unknown } | undefined> {
	try {
		await work();
		return undefined;
	} catch (thrown) {
		return { thrown };
	}
}

function statusOf(failure: { thrown: unknown } | undefined): JobRun['status'] {
	if (failure === undefined) return 'done';
	return failure.thrown instanceof JobStopped ? 'interrupted' : 'failed';
}

function keyOf(name: string, connectorId: number | undefined): string {
	return connectorId === undefined ? name : `${name}:${connectorId}`;
}

function jobFields(job: JobDefinition): Record<string, unknown> {
	return { job: job.name, ...(job.connectorId === undefined ? {} : { connector: job.connectorId }) };
}

function describe(
	job: JobDefinition,
	startedAt: number,
	endedAt: number,
	status: JobRun['status'],
	error: unknown,
): JobRun {
	return { name: job.name, connectorId: job.connectorId, startedAt, endedAt, status, error };
}

function view({ job, running, lastRun, nextRunAt }: Entry): JobView {
	return {
		name: job.name,
		connectorId: job.connectorId,
		schedule: job.schedule,
		running: running !== undefined,
		lastRun,
		nextRunAt,
	};
}
