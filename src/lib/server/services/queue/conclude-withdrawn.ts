/**
 * Taking a dispatch back before anything was searched: a live check said no or could not be made, the POST provably
 * never arrived, or the process died before sending. The cost goes back, no attempt is counted.
 */
import { inNameOf } from '$lib/domain/application';
import { withdrawnSentence } from '$lib/domain/proof-words';
import type { AppContext } from '../../app-context';
import { checkpoint } from '../../checkpoint';
import type { Tx } from '../../db/client';
import type { ConnectorRow } from '../../db/queries/connectors';
import { advanceDispatch, type DispatchRow } from '../../db/queries/dispatches';
import { recordEvent } from '../../events';
import { readNotes, asJson } from './evidence-notes';
import { putBackInLine, releaseCovered, returnTarget, type QueueRow } from './states';

const MINUTE_MS = 60_000;
/** Waits after live checks that could not be made. */
const POSTPONE_MS = [1, 2, 5, 15].map((minutes) => minutes * MINUTE_MS);

export interface Withdrawal {
	/** One word of ours. */
	reason: string;
	notBefore: Date | null;
	/** Back into the line, where it was, and not only back to pending. */
	entry?: QueueRow;
	/** Where it stood, for reasons that speak against this moment alone. */
	place?: QueueRow;
	/** What else is known. */
	detail?: Record<string, unknown>;
}

/** False if the dispatch had moved on from where it was read: then it may have been sent, and is somebody else's to settle. */
export async function withdraw(
	ctx: AppContext,
	connector: ConnectorRow,
	dispatch: DispatchRow,
	withdrawal: Withdrawal,
): Promise<boolean> {
	const at = ctx.clock.date();
	return await ctx.db.transaction(async (tx) => {
		const taken = await advanceDispatch(tx, dispatch.id, [dispatch.state], {
			state: 'concluded',
			outcome: 'withdrawn',
			concludedAt: at,
			costReturned: true,
			nextLookAt: null,
			evidence: { ...asJson(readNotes(dispatch.evidence)), cause: withdrawal.reason, ...withdrawal.detail },
		});
		if (taken === null) return false;
		await giveBack(tx, taken, withdrawal, at);
		await tell(tx, connector, taken, withdrawal, at);
		await checkpoint('dispatch.concluding');
		return true;
	});
}

/** When a dispatch whose live check failed for the `postponed`-th time may try again. */
export const postponedUntil = (now: number, postponed: number): Date =>
	new Date(now + (POSTPONE_MS[Math.min(postponed, POSTPONE_MS.length - 1)] ?? MINUTE_MS));

/** Reasons that speak against this moment and not against the search itself. */
const FOR_NOW = new Set([
	'interrupted',
	'never_arrived',
	'lanes_busy',
	'indexer',
	'download_client',
	'searched_recently',
]);

/** Only the connector could not take it: no other search would have been sent either. */
const NOT_ITS_OWN = new Set(['lanes_busy', 'indexer', 'download_client']);

/**
 * What the user asked for keeps its place until it was searched, or cannot be; anything else where the connector alone
 * was in the way, or it would wait for a sweep behind all others.
 */
const staysInLine = (dispatch: DispatchRow, { reason, place }: Withdrawal): boolean =>
	dispatch.connectorId !== null &&
	(dispatch.byUser ? FOR_NOW.has(reason) : place !== undefined && NOT_ITS_OWN.has(reason));

const placeOf = (dispatch: DispatchRow, registryId: number) => ({
	connectorId: dispatch.connectorId ?? 0,
	registryId,
	targetKind: dispatch.targetKind,
	seriesId: dispatch.seriesId,
	reason: dispatch.reason,
	score: 0,
	cost: dispatch.cost,
	pinned: true,
});

async function giveBack(tx: Tx, dispatch: DispatchRow, withdrawal: Withdrawal, at: Date): Promise<void> {
	const { reason, notBefore, entry, place } = withdrawal;
	if (dispatch.registryId === null) return;
	if (entry !== undefined) await putBackInLine(tx, entry, { at, notBefore, postponed: entry.postponed + 1 });
	else if (staysInLine(dispatch, withdrawal)) {
		const row = place ?? placeOf(dispatch, dispatch.registryId);
		await putBackInLine(tx, row, { at, notBefore, postponed: 0 });
	} else await returnTarget(tx, dispatch.registryId, { at, notBefore, reason });
	if (dispatch.targetKind !== 'season') return;
	await releaseCovered(tx, dispatch.registryId, {
		at,
		dispatchId: dispatch.id,
		grabbedEpisodeIds: [],
		notBefore: null,
	});
}

async function tell(
	tx: Tx,
	connector: ConnectorRow,
	dispatch: DispatchRow,
	withdrawal: Withdrawal,
	at: Date,
): Promise<void> {
	const { reason, notBefore, entry } = withdrawal;
	const [item] = dispatch.target.items;
	const until = notBefore === null ? '' : ` Not before ${notBefore.toISOString()}.`;
	await recordEvent(tx, {
		at,
		type: entry !== undefined || staysInLine(dispatch, withdrawal) ? 'search.postponed' : 'search.returned',
		connector,
		dispatchId: dispatch.id,
		episodeId: dispatch.targetKind === 'episode' ? (item?.id ?? null) : null,
		movieId: dispatch.targetKind === 'movie' ? (item?.id ?? null) : null,
		message: `${dispatch.target.title}: not sent. ${inNameOf(withdrawnSentence(reason), connector.kind)}${until}`,
		data: { reason, notBefore: notBefore?.toISOString() ?? null },
	});
}
