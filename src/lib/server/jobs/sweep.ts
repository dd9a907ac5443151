/** A sweep of one connector: sync, discover, plan. The first file to open: each step has its own home. */
import type { AppContext } from '../app-context';
import { DISCOVERED, findConnector, type ConnectorRow } from '../db/queries/connectors';
import { putReading } from '../db/queries/dispatches-mirror';
import { lockLine } from '../db/queries/queue';
import { discover } from '../services/discovery';
import { fillQueue } from '../services/queue/fill';
import { returnUnwanted } from '../services/queue/states';
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

/** Runs the sweep. Nothing is discovered from a mirror that was never complete. */
export async function sweep(
	ctx: AppContext,
	connectorId: number,
	options: SyncOptions = {},
): Promise<SweepReport> {
	const row = await ownConnector(ctx, connectorId);
	await syncIfStale(ctx, row, options);
	return discoverAndPlan(ctx, connectorId);
}

/** The second half alone: after a sync, or a change of settings. */
export async function discoverAndPlan(ctx: AppContext, connectorId: number): Promise<SweepReport> {
	const found = await discover(ctx, connectorId, {
		returnToPending: async (tx, registryIds) => {
			await lockLine(tx, connectorId);
			await returnUnwanted(tx, registryIds, { at: ctx.clock.date() });
		},
	});
	await putReading(ctx.db, connectorId, DISCOVERED, { ...found }, ctx.clock.date());
	const filled = await fillQueue(ctx, connectorId);
	return { ...found, queued: filled.queued };
}

async function syncIfStale(ctx: AppContext, row: ConnectorRow, options: SyncOptions): Promise<void> {
	const last = Math.max(row.lastIncrementalAt?.getTime() ?? 0, row.lastFullAt?.getTime() ?? 0);
	if (row.mirrorComplete && ctx.clock.now() - last < SYNC_FRESH_MS) return;
	if (row.mirrorComplete) await scheduledSync(ctx, row.id, options);
	else await syncConnector(ctx, row.id, 'full', options);
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
