/** How a connector is, asked of itself: status, health and download queue, kept as the readings that gates need. */
import type { AppContext } from '../app-context';
import { isArrError } from '../connectors/common/errors';
import type { HealthIssue } from '../connectors/common/types';
import { findReading } from '../db/queries/connectors';
import { noteFailure, noteSuccess, probeWaitsUntil } from '../services/connectors/health';
import { readFacts } from '../services/sync';
import { ownConnector } from './sync';

/** Reads status and facts; a failure is counted on the connector and not thrown. */
export async function checkHealth(ctx: AppContext, connectorId: number): Promise<boolean> {
	const row = await ownConnector(ctx, connectorId);
	if (probeWaitsUntil(row, ctx.clock.now()) !== null) return false;
	try {
		const client = await ctx.clients.for(connectorId);
		const instance = await client.status();
		await readFacts(ctx, connectorId);
		const health = await findReading<HealthIssue[]>(ctx.db, connectorId, 'health');
		await noteSuccess(ctx, connectorId, { instance, issues: health?.value ?? [] });
		return true;
	} catch (error) {
		await noteFailure(ctx, connectorId, error);
		if (!isArrError(error)) ctx.log.warn('health could not be read', { connector: connectorId, error });
		return false;
	}
}
