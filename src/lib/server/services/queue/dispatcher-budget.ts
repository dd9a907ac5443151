/** The budget, asked once more inside the claim's transaction, where all earlier claims are visible. */
import type { AppContext } from '../../app-context';
import type { Tx } from '../../db/client';
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
	if (facts === null) return false;
	return throttleGate(facts, { cost: entry.cost, reason: entry.reason, byUser: entry.pinned }).open;
}
