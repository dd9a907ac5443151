/** Two connectors to one application would search each item twice, each within its own budget. */
import type { AppContext } from '../../app-context';
import { isSameAddress } from '../../connectors';
import { listConnectorRows, type ConnectorRow } from '../../db/queries/connectors';

/** The connector that already leads to the application at this address. */
export async function findTwin(ctx: AppContext, url: string): Promise<ConnectorRow | undefined> {
	return (await listConnectorRows(ctx.db)).find((row) => isSameAddress(row.url, url));
}
