/** Sending, as jobs call it: the planner's choice goes through one round. */
import type { AppContext } from '../../app-context';
import { chooseNext } from './candidates';
import { dispatchWith, type Choose, type DispatchRound } from './dispatcher-round';

export type { DispatchRound } from './dispatcher-round';

/** Sends at most one search of the connector; tells what it did, and when to come again. */
export async function dispatchRound(ctx: AppContext, connectorId: number): Promise<DispatchRound> {
	return await dispatchWith(ctx, connectorId, choosePlanned);
}

const choosePlanned: Choose = async (ctx, connectorId) => {
	const choice = await chooseNext(ctx, connectorId);
	if (choice.open) return { open: true, registryId: choice.candidate.registryId };
	return { open: false, gate: choice.gate.gate, until: choice.gate.until ?? null };
};
