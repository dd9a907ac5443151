/**
 * The default jobs of each connector: incremental sync, full reconciliation, sweep, health, and the dispatch loop.
 * Made anew when a connector changes, taken away when it is switched off or deleted.
 */
import type { AppContext } from '../app-context';
import { AppError } from '../app-error';
import { listConnectorRows, type ConnectorRow } from '../db/queries/connectors';
import type { Schedule, Scheduler } from '../scheduler';
import { dispatchStep } from './dispatch';
import { checkHealth } from './health';
import { startLoop, type Loop } from './loop';
import { tellOthers } from './neighbours';
import { firstSync } from './requests';
import { discoverAndPlan, sweep, syncAndDiscover } from './sweep';
import { syncConnector } from './sync';

const MINUTE_MS = 60_000;
const HEALTH_EVERY_MS = 5 * MINUTE_MS;
/** A scheduled full sync of a large library is spread over this. */
const FULL_SYNC_SPREAD_MS = 30 * MINUTE_MS;
const AFTER_ERROR_MS = MINUTE_MS;
/** How often a process that stands by asks whether a connector has become free. */
const NOT_OURS_MS = MINUTE_MS;

export interface ConnectorJobs {
	/** Compares the jobs with the connectors as they are now. */
	reconcile(): Promise<void>;
	/** The dispatch loop of one connector, or of all, looks now; where another process works for it, that one's does. */
	wake(connectorId: number | null): void;
	/** Another process said that there is something to do for a connector: its loop looks now, if it is ours. */
	wakeOurs(connectorId: number): void;
	stop(): Promise<void>;
}

const NAMES = ['sync', 'full_sync', 'sweep', 'health'] as const;

interface Known {
	stamp: string;
	loop: Loop;
	/** Whoever works for it is told to look, if that is not us. */
	passOn: boolean;
}

export function connectorJobs(ctx: AppContext, scheduler: Scheduler): ConnectorJobs {
	const known = new Map<number, Known>();

	const remove = async (id: number): Promise<void> => {
		for (const name of NAMES) scheduler.remove(name, id);
		await known.get(id)?.loop.stop();
		known.delete(id);
	};
	const add = (row: ConnectorRow): void => {
		const id = row.id;
		const job = (name: string, schedule: Schedule, run: (signal: AbortSignal) => Promise<unknown>): void => {
			scheduler.add({
				name,
				connectorId: id,
				schedule,
				run: async (signal) => {
					await whereOurs(() => run(signal), null);
				},
			});
		};
		job('sync', syncSchedule(row), (signal) => syncAndDiscover(ctx, id, { signal }));
		job('full_sync', fullSyncSchedule(row), (signal) =>
			syncConnector(ctx, id, 'full', { signal, spreadMs: FULL_SYNC_SPREAD_MS }),
		);
		job('sweep', sweepSchedule(row), async (signal) => {
			await sweep(ctx, id, { signal });
			known.get(id)?.loop.wake();
		});
		job('health', { everyMs: HEALTH_EVERY_MS, jitterMs: 10_000, firstAfterMs: 2_000 }, () =>
			checkHealth(ctx, id),
		);
		const loop = startLoop({
			clock: ctx.clock,
			log: ctx.log,
			label: `dispatch ${String(id)}`,
			step: async (woken) =>
				(await whereOurs(() => dispatchStep(ctx, id, woken), null)) ?? (await passOn(id)),
			afterErrorMs: AFTER_ERROR_MS,
			firstAfterMs: 1_000,
		});
		known.set(id, { stamp: stampOf(row), loop, passOn: false });
	};
	/** The step of a loop that is not ours; how long it then waits. */
	const passOn = async (id: number): Promise<number> => {
		const entry = known.get(id);
		if (entry?.passOn === true) await tellOthers(ctx, id);
		if (entry !== undefined) entry.passOn = false;
		return NOT_OURS_MS;
	};
	/** Who starts searching, or changes a setting, sees what comes of it without waiting for the next sweep. */
	const planAtOnce = async (row: ConnectorRow): Promise<void> => {
		await discoverAndPlan(ctx, row.id);
		known.get(row.id)?.loop.wake();
	};
	const reconcile = async (): Promise<void> => {
		const rows = (await listConnectorRows(ctx.db)).filter((row) => row.enabled);
		const wanted = new Map(rows.map((row) => [row.id, row]));
		for (const id of [...known.keys()]) {
			const row = wanted.get(id);
			if (row === undefined || stampOf(row) !== known.get(id)?.stamp) await remove(id);
		}
		for (const row of rows) {
			if (known.has(row.id)) continue;
			add(row);
			if (!(await ctx.locks.hold(row.id))) continue;
			if (row.mirrorComplete) await planAtOnce(row);
			else await firstSync(ctx, row.id);
		}
	};
	return {
		reconcile,
		wake: (connectorId) => {
			for (const [id, entry] of known) {
				if (connectorId !== null && id !== connectorId) continue;
				entry.passOn = true;
				entry.loop.wake();
			}
		},
		wakeOurs: (connectorId) => known.get(connectorId)?.loop.wake(),
		stop: async () => {
			await Promise.all([...known.values()].map(({ loop }) => loop.stop()));
		},
	};
}

/**
 * A connector that another process works for, or that was switched off a moment ago, is none of ours now: that is no
 * failure of the job, and it is asked again when the job is due again.
 */
async function whereOurs<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof AppError && NOT_OURS.has(error.code)) return otherwise;
		throw error;
	}
}

const NOT_OURS = new Set(['held_elsewhere', 'connector_disabled']);

/** What jobs and plan depend on; anything else that changes does not touch them. */
function stampOf(row: ConnectorRow): string {
	return JSON.stringify([row.url, row.apiKeySetAt, row.settings, row.mode]);
}

function syncSchedule(row: ConnectorRow): Schedule {
	const everyMs = row.settings.schedule.syncMinutes * MINUTE_MS;
	return { everyMs, jitterMs: everyMs / 20, firstAfterMs: everyMs };
}

function sweepSchedule(row: ConnectorRow): Schedule {
	const everyMs = row.settings.schedule.sweepMinutes * MINUTE_MS;
	return { everyMs, jitterMs: everyMs / 20, firstAfterMs: MINUTE_MS };
}

/** Daily between 03:00 and 05:59, spread by the connector's id, unless the user says when. */
function fullSyncSchedule(row: ConnectorRow): Schedule {
	const { fullSyncCron, timezone } = row.settings.schedule;
	const minute = (row.id * 17) % 60;
	const hour = 3 + (row.id % 3);
	const cron = fullSyncCron ?? `${String(minute)} ${String(hour)} * * *`;
	return { cron, jitterMs: 5 * MINUTE_MS, ...(timezone === null ? {} : { timeZone: timezone }) };
}
