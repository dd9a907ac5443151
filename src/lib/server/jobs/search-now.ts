/** A search that the user asked for: put first in line, and sent at once if nothing speaks against it. */
import type { AppContext } from '../app-context';
import { sentSince } from '../db/queries/dispatches';
import { connectorOfItem } from '../db/queries/registry';
import { explain } from '../services/queue/explain';
import { requestSearch } from '../services/queue/user-acts';
import { firstClosed, type GateFact } from '$lib/domain/explanation';
import type { ItemKind } from '$lib/domain/words';
import { sendRound } from './dispatch';

export type SearchNow =
	| { sent: true; dispatchId: string }
	| { sent: false; gate: GateFact | null; estimatedAt: Date | null; queueId: number };

/** Errors are those of `requestSearch`: what cannot be asked for at all is refused. */
export async function searchNow(ctx: AppContext, ref: { kind: ItemKind; id: number }): Promise<SearchNow> {
	const askedAt = ctx.clock.date();
	const { queueId, registryId, explanation } = await requestSearch(ctx, ref);
	const connectorId = await connectorOfItem(ctx.db, ref);
	const round = connectorId === null ? null : await sendRound(ctx, connectorId);
	if (connectorId !== null) ctx.wake.queueChanged(connectorId);
	// Another search may have been first in line, and the loop may have sent this one: only its own dispatch tells.
	const dispatchId = await sentSince(ctx.db, registryId, askedAt);
	if (dispatchId !== null) return { sent: true, dispatchId };
	const now = round === null ? explanation : ((await explain(ctx, ref)) ?? explanation);
	return { sent: false, queueId, gate: firstClosed(now.gates), estimatedAt: now.nextAttemptAt ?? null };
}
