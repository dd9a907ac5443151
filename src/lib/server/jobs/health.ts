/** How a connector is, asked of itself: status, health and download queue, kept as the readings that gates need. */
import type { AppContext } from '../app-context';
import { isArrError } from '../connectors/common/errors';
import type { ConnectorRow } from '../db/queries/connectors';
import { noteFailure, noteSuccess, probeWaitsUntil, startSeenAt } from '../services/connectors/health';
import { refreshGates } from '../services/queue/gates-refresh';
import { readFacts } from '../services/sync';
import { ownConnector } from './sync';

/**
 * Reads status and facts; a failure is counted on the connector and not thrown. A gate that they open again sets the
 * dispatch loop going. `known`: the connector's row, where the caller has just made sure that it is ours.
 */
export async function checkHealth(
	ctx: AppContext,
	connectorId: number,
	known?: ConnectorRow,
): Promise<boolean> {
	const row = known ?? (await ownConnector(ctx, connectorId));
	if (probeWaitsUntil(row, ctx.clock.now()) !== null) return false;
	try {
		const client = await ctx.clients.for(row);
		const instance = await client.status();
		const arrStartSeenAt = startSeenAt(row, instance, ctx.clock.date());
		const { health } = await readFacts(ctx, { ...row, arrStartSeenAt });
		await noteSuccess(ctx, connectorId, { instance, issues: health }, row);
		if (row.mode === 'active' && (await refreshGates(ctx, row))) ctx.wake.queueChanged(connectorId);
		return true;
	} catch (error) {
		await noteFailure(ctx, connectorId, error);
		if (!isArrError(error)) ctx.log.warn('health could not be read', { connector: connectorId, error });
		return false;
	}
}
