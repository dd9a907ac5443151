/**
 * The product at work: jobs on their schedule over a context. Used by the running process and, with another clock,
 * by simulations and the demo, so that what is tested is what runs.
 */
import { runTrouble } from '$lib/domain/job-words';
import type { AppContext } from './app-context';
import { findConnector } from './db/queries/connectors';
import { scheduleRuns } from './db/schema';
import { recordEvent } from './events';
import { aggregate } from './jobs/aggregate';
import { connectorJobs, type ConnectorJobs } from './jobs/connector-jobs';
import { lookAfterJobs, stopJobs, stopJobsOfDeleted, takeJobs } from './jobs/follow-up';
import { maintain } from './jobs/maintenance';
import { listenToOthers } from './jobs/neighbours';
import { createLogger } from './logger';
import { describe } from './services/connectors/health';
import { createScheduler, type JobRun, type Scheduler } from './scheduler';

const MINUTE_MS = 60_000;
/**
 * A change of a connector is told of by itself. This is for what nobody tells: a connector that another process let go
 * of or changed, and a change that could not be seen to while the database was away.
 */
const RECONCILE_EVERY_MS = MINUTE_MS;
const AGGREGATE_EVERY_MS = 10 * MINUTE_MS;
/** Daily, when little happens. */
const MAINTENANCE_CRON = '30 4 * * *';

export interface Product {
	scheduler: Scheduler;
	/** Resolves when the jobs of a changed connector are in place. */
	reconcile(): Promise<void>;
	stop(): Promise<void>;
}

export interface ProductOptions {
	ctx: AppContext;
	timeZone: string;
	/** Other processes may use the database too: they tell each other of work, and look after what one left. */
	shared?: boolean;
	/** Fixed in simulations, so that a run can be repeated. */
	random?: () => number;
}

/** Starts all jobs. Nothing is sent before a connector was looked at. */
export async function startProduct(options: ProductOptions): Promise<Product> {
	const { ctx, timeZone, random, shared = false } = options;
	const scheduler = createScheduler({
		clock: ctx.clock,
		log: createLogger('scheduler'),
		timeZone,
		onRun: (run) => noteRun(ctx, run),
		...(random === undefined ? {} : { random }),
	});
	ctx.scheduled = () => scheduler.list();
	const jobs = connectorJobs(ctx, scheduler);
	let reconciling: Promise<void> = Promise.resolve();
	const reconcile = (): Promise<void> => {
		reconciling = reconciling
			.then(() => (shared ? lookAfterJobs(ctx) : undefined))
			.then(() => stopJobsOfDeleted(ctx))
			.then(() => jobs.reconcile())
			.catch((error: unknown) => ctx.log.error('The jobs could not be made anew.', { error }));
		return reconciling;
	};
	ctx.wake = { connectorChanged: () => void reconcile(), queueChanged: (id) => jobs.wake(id) };
	const job = (name: string, work: () => Promise<unknown>) => async (): Promise<void> => {
		await work();
	};
	scheduler.add({ name: 'reconcile', schedule: { everyMs: RECONCILE_EVERY_MS }, run: reconcile });
	scheduler.add({
		name: 'aggregate',
		schedule: { everyMs: AGGREGATE_EVERY_MS, firstAfterMs: MINUTE_MS },
		run: job('aggregate', () => aggregate(ctx)),
	});
	scheduler.add({
		name: 'maintenance',
		schedule: { cron: MAINTENANCE_CRON },
		run: job('maintenance', () => maintain(ctx)),
	});
	await lookAfterJobs(ctx);
	await reconcile();
	scheduler.start();
	const deaf = (): Promise<void> => Promise.resolve();
	const stopListening = shared ? await listenToOthers(ctx, listener(ctx, jobs)) : deaf;
	return {
		scheduler,
		reconcile,
		stop: async () => {
			await stopListening();
			await reconciling;
			await Promise.all([scheduler.stop(), stopJobs(ctx)]);
			await jobs.stop();
		},
	};
}

const listener = (ctx: AppContext, jobs: ConnectorJobs) => ({
	told: async (connectorId: number): Promise<void> => {
		if (await takeJobs(ctx, connectorId)) jobs.wakeOurs(connectorId);
	},
	began: () => lookAfterJobs(ctx),
});

/** Jobs whose good runs are too frequent to be worth a row. */
const QUIET = new Set(['reconcile', 'aggregate', 'health']);

/** Each run leaves a row; one that failed or was due too early is told as well. */
async function noteRun(ctx: AppContext, run: JobRun): Promise<void> {
	if (run.status === 'done' && QUIET.has(run.name)) return;
	// an error of ours may hold a statement with its values: the log keeps it, scrubbed
	const error = run.error === undefined ? null : describe(run.error, null).message;
	const row = {
		job: run.name,
		connectorId: run.connectorId ?? null,
		startedAt: new Date(run.startedAt),
		endedAt: new Date(run.endedAt),
		status: run.status,
		error: error?.slice(0, 1000) ?? null,
	};
	if (run.status !== 'failed' && run.status !== 'overrun') {
		await ctx.db.insert(scheduleRuns).values(row);
		return;
	}
	const { status } = run;
	await ctx.db.transaction(async (tx) => {
		await tx.insert(scheduleRuns).values(row);
		const connector = run.connectorId === undefined ? undefined : await findConnector(tx, run.connectorId);
		await recordEvent(tx, {
			at: ctx.clock.date(),
			type: status === 'failed' ? 'job.failed' : 'job.overrun',
			severity: status === 'failed' ? 'error' : 'warning',
			connector: connector ?? null,
			message: runTrouble({ name: run.name, status, reason: error }, connector?.name ?? null),
			data: { job: run.name, connectorId: run.connectorId ?? null },
		});
	});
}
