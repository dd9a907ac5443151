/** The gates that rest on the application's health, brought in line with what was read of it last. */
import { clientComplaints, noUsableIndexer } from '$lib/domain/complaints';
import type { AppContext } from '../../app-context';
import type { DownloadClientRecord, HealthIssue } from '../../connectors/common/types';
import { findGates } from '../../db/queries/connector-gates';
import { findReading, type ConnectorRow } from '../../db/queries/connectors';
import { clientRowsSeenAt } from '../../db/queries/dispatches-mirror';
import { noteHealth } from './connector-gates';

/** True if a closed gate was opened. */
export async function refreshGates(ctx: AppContext, connector: ConnectorRow): Promise<boolean> {
	const health = await findReading<HealthIssue[]>(ctx.db, connector.id, 'health');
	if (health === undefined) return false;
	const complains = noUsableIndexer(health.value) !== null || clientComplaints(health.value).length > 0;
	if (!complains && (await findGates(ctx.db, connector.id)).length === 0) return false;
	const clients = await findReading<DownloadClientRecord[]>(ctx.db, connector.id, 'downloadClients');
	const reading = {
		issues: health.value,
		readAt: health.readAt,
		enabledClients: clients?.value.filter((one) => one.enabled).length ?? null,
		clientRowsAt: await clientRowsSeenAt(ctx.db, connector.id),
	};
	return await ctx.db.transaction((tx) => noteHealth(tx, { connector, at: ctx.clock.date() }, reading));
}
