/** Syncs and sweeps that somebody asked for: each is a job that can be followed. */
import type { AppContext } from '../app-context';
import { AppError } from '../app-error';
import type { SyncMode } from '$lib/domain/words';
import type { SyncReport } from '../services/sync';
import { startJob } from './follow-up';
import { discoverAndPlan, sweep } from './sweep';
import { ownConnector, syncConnector } from './sync';

/** A sync, then discovery and plan. Gives the job's id at once. */
export async function requestSync(ctx: AppContext, connectorId: number, mode: SyncMode): Promise<string> {
	await ownConnector(ctx, connectorId);
	return startJob(ctx, 'sync', connectorId, async (onProgress) => {
		const report = await syncConnector(ctx, connectorId, mode, { onProgress });
		mustHaveEnded(report);
		const found = await discoverAndPlan(ctx, connectorId);
		ctx.wake.queueChanged(connectorId);
		return { mode: report.mode, requests: report.requests, changed: report.changed, ...found };
	});
}

/** A whole sweep: sync if the last one is older than five minutes, discovery, plan. */
export async function requestSweep(ctx: AppContext, connectorId: number): Promise<string> {
	await ownConnector(ctx, connectorId);
	return startJob(ctx, 'sweep', connectorId, async (onProgress) => {
		const { sync, found } = await sweep(ctx, connectorId, { onProgress, asked: true });
		ctx.wake.queueChanged(connectorId);
		if (sync !== null) mustHaveEnded(sync);
		return { ...found };
	});
}

/** What kept a sync from ending well is what its job failed of. */
function mustHaveEnded({ error }: SyncReport): void {
	if (error !== null) throw new AppError(error.code, 503, error.message);
}

/** The first look at a new connector's library. What keeps it from starting is told by its health. */
export async function firstSync(ctx: AppContext, connectorId: number): Promise<void> {
	try {
		await requestSync(ctx, connectorId, 'full');
	} catch (error) {
		ctx.log.warn('The first sync could not be started.', { connector: connectorId, error });
	}
}
