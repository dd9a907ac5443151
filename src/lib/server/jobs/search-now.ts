/** A search that the user asked for: put first in line, and sent at once if nothing speaks against it. */
import type { AppContext } from '../app-context';
import { sentSince } from '../db/queries/dispatches';
import { queueIdOf } from '../db/queries/queue';
import { connectorOfItem } from '../db/queries/registry';
import { inHandAfterOthers } from '../services/queue/dispatcher';
import { explain } from '../services/queue/explain';
import { requestSearch, type RequestedSearch } from '../services/queue/user-acts';
import { firstClosed, type GateFact } from '$lib/domain/explanation';
import type { ItemKind } from '$lib/domain/words';
import { sendRound } from './dispatch';

export type SearchNow =
	| { sent: true; dispatchId: string }
	| { sent: false; gate: GateFact | null; estimatedAt: Date | null; queueId: number };

interface ItemRef {
	kind: ItemKind;
	id: number;
}

/** Errors are those of `requestSearch`: what cannot be asked for at all is refused. */
export async function searchNow(ctx: AppContext, ref: ItemRef): Promise<SearchNow> {
	const askedAt = ctx.clock.date();
	const requested = await requestSearch(ctx, ref);
	const connectorId = await connectorOfItem(ctx.db, ref);
	if (connectorId === null) return waiting(requested, requested.explanation);
	await sendRound(ctx, connectorId);
	// The loop may have taken it up as well: its round is over before anything is told of the search.
	const told = await inHandAfterOthers(ctx, connectorId, () => tell(ctx, ref, requested, askedAt));
	ctx.wake.queueChanged(connectorId);
	return told;
}

/** Another search may have been first in line: only its own dispatch tells that it was sent. */
async function tell(
	ctx: AppContext,
	ref: ItemRef,
	requested: RequestedSearch,
	askedAt: Date,
): Promise<SearchNow> {
	const dispatchId = await sentSince(ctx.db, requested.registryId, askedAt);
	if (dispatchId !== null) return { sent: true, dispatchId };
	// taken up and put back, it stands in line anew
	const queueId = (await queueIdOf(ctx.db, requested.registryId)) ?? requested.queueId;
	return waiting({ queueId }, (await explain(ctx, ref)) ?? requested.explanation);
}

const waiting = (
	{ queueId }: Pick<RequestedSearch, 'queueId'>,
	{ gates, nextAttemptAt }: RequestedSearch['explanation'],
): SearchNow => ({ sent: false, queueId, gate: firstClosed(gates), estimatedAt: nextAttemptAt ?? null });
