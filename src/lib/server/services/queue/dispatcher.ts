/** Sending, as jobs call it: the planner's choice goes through one round. */
import type { AppContext } from '../../app-context';
import { chooseNext } from './candidates';
import { dispatchWith, type Choose, type DispatchRound, type RoundOptions } from './dispatcher-round';

export type { DispatchRound, RoundOptions } from './dispatcher-round';
export { inHandAfterOthers } from './dispatcher-hands';

/** Sends at most one search of the connector; tells what it did, and when to come again. */
export async function dispatchRound(
	ctx: AppContext,
	connectorId: number,
	options: RoundOptions = {},
): Promise<DispatchRound> {
	return await dispatchWith(ctx, connectorId, choosePlanned, options);
}

/** The first in line that may be sent now, by what the claim's transaction sees. */
export const choosePlanned: Choose = async (ctx, connectorId, tx) => {
	const choice = await chooseNext(ctx, connectorId, tx);
	if (choice.open) return { open: true, registryId: choice.candidate.registryId, approved: true };
	return { open: false, gate: choice.gate.gate, until: choice.gate.until ?? null };
};
