/** A sweep of one connector: sync, discover, plan. The first file to open: each step has its own home. */
import type { AppContext } from '../app-context';
import { findConnector, type ConnectorRow } from '../db/queries/connectors';
import { lockLine } from '../db/queries/queue';
import { probeWaitsUntil } from '../services/connectors/health';
import { discover } from '../services/discovery';
import { fillQueue } from '../services/queue/fill';
import { returnUnwanted } from '../services/queue/states';
import { indexTitles } from '../services/titles';
import type { SyncReport } from '../services/sync';
import { ownConnector, scheduledSync, syncConnector, type SyncOptions } from './sync';

/** A sync that ended less than this ago is used instead of a new one. */
const SYNC_FRESH_MS = 5 * 60_000;

export interface SweepReport extends Record<string, unknown> {
	gap: number;
	quality: number;
	format: number;
	added: number;
	removed: number;
	queued: number;
}

export interface SweepOptions extends SyncOptions {
	/** Somebody asked for it: an application that is away is tried at once, not when its next probe is due. */
	asked?: boolean;
}

/** Runs the sweep. `sync` is the one it made, well ended or not; null if an earlier one was used. */
export async function sweep(
	ctx: AppContext,
	connectorId: number,
	options: SweepOptions = {},
): Promise<{ sync: SyncReport | null; found: SweepReport }> {
	const row = await ownConnector(ctx, connectorId);
	const sync = await syncIfStale(ctx, row, options);
	return { sync, found: await discoverAndPlan(ctx, connectorId) };
}

/** The second half alone: after a sync, or a change of settings. */
export async function discoverAndPlan(ctx: AppContext, connectorId: number): Promise<SweepReport> {
	const found = await discover(ctx, connectorId, {
		returnToPending: async (tx, registryIds) => {
			await lockLine(tx, connectorId);
			await returnUnwanted(tx, registryIds, { at: ctx.clock.date() });
		},
	});
	const filled = await fillQueue(ctx, connectorId);
	await indexTitles(ctx, connectorId);
	return { ...found, queued: filled.queued };
}

async function syncIfStale(
	ctx: AppContext,
	row: ConnectorRow,
	{ asked = false, ...options }: SweepOptions,
): Promise<SyncReport | null> {
	const now = ctx.clock.now();
	const last = Math.max(row.lastIncrementalAt?.getTime() ?? 0, row.lastFullAt?.getTime() ?? 0);
	if (row.mirrorComplete && now - last < SYNC_FRESH_MS) return null;
	if (!row.mirrorComplete) return syncConnector(ctx, row.id, 'full', options);
	const isAway = probeWaitsUntil(row, now) !== null;
	return asked && isAway
		? syncConnector(ctx, row.id, 'incremental', options)
		: scheduledSync(ctx, row.id, options);
}

/** Sync and, where it changed anything, discovery and plan: what the schedule runs every quarter of an hour. */
export async function syncAndDiscover(
	ctx: AppContext,
	connectorId: number,
	options: SyncOptions = {},
): Promise<void> {
	const report = await scheduledSync(ctx, connectorId, options);
	if (report === null) return;
	if (report.changed === 0) return;
	const row = await findConnector(ctx.db, connectorId);
	if (row?.mirrorComplete === true) await discoverAndPlan(ctx, connectorId);
	// What was grabbed may have been imported: the loop follows it now.
	ctx.wake.queueChanged(connectorId);
}
