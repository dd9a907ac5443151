/** Asked once more inside the claim's transaction, where all earlier claims and acts of the user are visible. */
import type { AppContext } from '../../app-context';
import type { DbOrTx, Tx } from '../../db/client';
import { findConnector, type ConnectorRow } from '../../db/queries/connectors';
import { QUEUE_PAUSED } from '../settings/keys';
import { readSetting } from '../settings/store';
import { readConnectorFacts } from './facts';
import { throttleGate } from './gates-budget';
import type { QueueRow } from './states';

/** True if this cost may be taken at this moment. */
export async function mayTake(
	ctx: AppContext,
	tx: Tx,
	connectorId: number,
	entry: QueueRow,
): Promise<boolean> {
	const facts = await readConnectorFacts(ctx, tx, connectorId);
	if (facts === null || facts.pausedGlobally || !isStarted(facts.connector)) return false;
	return throttleGate(facts, { cost: entry.cost, reason: entry.reason, byUser: entry.pinned }).open;
}

/** Nobody has stopped it since: switched off, back to observing, paused or held. */
export async function maySend(tx: DbOrTx, connectorId: number): Promise<boolean> {
	const connector = await findConnector(tx, connectorId);
	if (connector === undefined || !isStarted(connector)) return false;
	return !(await readSetting(tx, QUEUE_PAUSED)).paused;
}

const isStarted = ({ enabled, mode, paused, heldReason }: ConnectorRow): boolean =>
	enabled && mode === 'active' && !paused && heldReason === null;
