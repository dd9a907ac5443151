/** Syncs and sweeps that somebody asked for: each is a job that can be followed, from any process. */
import type { AppContext } from '../app-context';
import { AppError, notFound } from '../app-error';
import { findConnector } from '../db/queries/connectors';
import type { SyncMode } from '$lib/domain/words';
import type { Args } from './asked';
import { startJob } from './follow-up';

/** A sync, then discovery and plan. Gives the job's id at once. */
export const requestSync = (ctx: AppContext, connectorId: number, mode: SyncMode): Promise<string> =>
	request(ctx, 'sync', connectorId, { mode });

/** A whole sweep: sync if the last one is older than five minutes, discovery, plan. */
export const requestSweep = (ctx: AppContext, connectorId: number): Promise<string> =>
	request(ctx, 'sweep', connectorId, {});

async function request(ctx: AppContext, kind: string, connectorId: number, args: Args): Promise<string> {
	const row = await findConnector(ctx.db, connectorId);
	if (row === undefined) throw notFound('connector');
	if (!row.enabled) throw new AppError('connector_disabled', 409, `${row.name} is switched off.`);
	return startJob(ctx, { kind, connectorId, args });
}

/** The first look at a new connector's library. What keeps it from starting is told by its health. */
export async function firstSync(ctx: AppContext, connectorId: number): Promise<void> {
	try {
		await requestSync(ctx, connectorId, 'full');
	} catch (error) {
		ctx.log.warn('The first sync could not be started.', { connector: connectorId, error });
	}
}
