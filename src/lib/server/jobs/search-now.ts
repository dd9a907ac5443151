/** A search that the user asked for: put first in line, and sent at once if nothing speaks against it. */
import type { AppContext } from '../app-context';
import { connectorOfItem } from '../db/queries/registry';
import { requestSearch } from '../services/queue/user-acts';
import { firstClosed, type GateFact } from '$lib/domain/explanation';
import type { ItemKind } from '$lib/domain/words';
import { sendRound } from './dispatch';

export type SearchNow =
	| { sent: true; dispatchId: string }
	| { sent: false; gate: GateFact | null; estimatedAt: Date | null; queueId: number };

/** Errors are those of `requestSearch`: what cannot be asked for at all is refused. */
export async function searchNow(ctx: AppContext, ref: { kind: ItemKind; id: number }): Promise<SearchNow> {
	const { queueId, explanation } = await requestSearch(ctx, ref);
	const waiting: SearchNow = {
		sent: false,
		queueId,
		gate: firstClosed(explanation.gates),
		estimatedAt: explanation.nextAttemptAt ?? null,
	};
	const connectorId = await connectorOfItem(ctx.db, ref);
	if (connectorId === null) return waiting;
	const round = await sendRound(ctx, connectorId);
	ctx.wake.queueChanged(connectorId);
	return round?.did === 'sent' && round.dispatchId !== null ? { sent: true, dispatchId: round.dispatchId } : waiting;
}
