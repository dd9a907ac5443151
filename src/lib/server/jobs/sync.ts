/** One sync of one connector, by the process that works for it. */
import type { AppContext } from '../app-context';
import { AppError, notFound } from '../app-error';
import { findConnector, type ConnectorRow } from '../db/queries/connectors';
import { probeWaitsUntil } from '../services/connectors/health';
import { forgetGone, rebindTargets, resetIdentities } from '../services/queue/states';
import { runSync, type SyncReport } from '../services/sync';
import type { SyncMode } from '$lib/domain/words';

/** An incremental sync never runs more often than this many times its last duration. */
const DURATION_FACTOR = 20;

/** Told how much of how much is done. */
export type Progress = (done: number, total: number) => void;

export interface SyncOptions {
	signal?: AbortSignal | undefined;
	onProgress?: Progress | undefined;
	/** Milliseconds over which a full sync of a large library is spread. */
	spreadMs?: number | undefined;
}

/** The connector's row, if this process may work for it. Throws otherwise. */
export async function ownConnector(ctx: AppContext, connectorId: number): Promise<ConnectorRow> {
	const row = await findConnector(ctx.db, connectorId);
	if (row === undefined) throw notFound('connector');
	if (!row.enabled) throw new AppError('connector_disabled', 409, `${row.name} is switched off.`);
	if (!(await ctx.locks.hold(connectorId))) {
		throw new AppError('held_elsewhere', 409, `Another Comradarr process works for ${row.name}.`);
	}
	return row;
}

/** Runs a sync to its end; what kept it from ending well is in the report. */
export async function syncConnector(
	ctx: AppContext,
	connectorId: number,
	mode: SyncMode,
	{ signal, onProgress, spreadMs }: SyncOptions = {},
): Promise<SyncReport> {
	await ownConnector(ctx, connectorId);
	return runSync(ctx, connectorId, mode, {
		...(signal === undefined ? {} : { signal }),
		...(onProgress === undefined ? {} : { onProgress }),
		...(spreadMs === undefined ? {} : { spreadMs }),
		identityChanged: (tx, episodeIds) => resetIdentities(tx, episodeIds, { at: ctx.clock.date() }),
		purging: forgetGone,
		completed: rebindTargets,
	});
}

/** The scheduled sync: incremental, unless the first full one is still to be made. Null when it is too early. */
export async function scheduledSync(
	ctx: AppContext,
	connectorId: number,
	options: SyncOptions = {},
): Promise<SyncReport | null> {
	const row = await ownConnector(ctx, connectorId);
	if (isTooEarly(ctx, row)) return null;
	return syncConnector(ctx, connectorId, row.mirrorComplete ? 'incremental' : 'full', options);
}

function isTooEarly(ctx: AppContext, row: ConnectorRow): boolean {
	const now = ctx.clock.now();
	if (probeWaitsUntil(row, now) !== null) return true;
	if (row.lastIncrementalAt === null || row.lastIncrementalMs === null) return false;
	const since = now - row.lastIncrementalAt.getTime();
	// In the future: the clock was put back since, and says nothing about the last sync.
	return since >= 0 && since < row.lastIncrementalMs * DURATION_FACTOR;
}
