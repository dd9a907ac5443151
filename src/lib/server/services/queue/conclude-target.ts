/** What the outcome does to the target, and to the episodes that a season search covered. */
import type { Verdict } from '$lib/domain/outcome';
import type { Tx } from '../../db/client';
import type { DispatchRow } from '../../db/queries/dispatches';
import type { GrabRow } from '../../db/queries/grabs';
import {
	recordError,
	recordGrabbed,
	recordInconclusive,
	recordLost,
	recordMerged,
	recordNothingFound,
	recordNotSearched,
	recordParked,
	releaseCovered,
} from './states';

/** What a season search did not find rests so long before its single searches. */
const AFTER_SEASON_MS = 24 * 3_600_000;

export interface TargetMove {
	dispatch: DispatchRow;
	verdict: Verdict;
	at: Date;
	/** Without by-catch. */
	grabs: readonly GrabRow[];
	ownMatter: boolean;
	/** Until when the gate is closed that the outcome closed. */
	gateUntil: Date | null;
}

export async function moveTarget(tx: Tx, move: TargetMove): Promise<void> {
	const { dispatch, at } = move;
	if (dispatch.registryId === null) return;
	await record(tx, dispatch.registryId, move);
	if (dispatch.targetKind !== 'season') return;
	const asked = move.verdict.outcome !== 'not_searched';
	await releaseCovered(tx, dispatch.registryId, {
		at,
		dispatchId: dispatch.id,
		grabbedEpisodeIds: move.grabs.flatMap((grab) => grab.episodeId ?? []),
		notBefore: asked ? new Date(at.getTime() + AFTER_SEASON_MS) : null,
	});
}

async function record(tx: Tx, registryId: number, move: TargetMove): Promise<boolean> {
	const of = { at: move.at, dispatchId: move.dispatch.id, byUser: move.dispatch.byUser };
	const grabId = move.dispatch.targetKind === 'season' ? null : (move.grabs[0]?.id ?? null);
	switch (move.verdict.outcome) {
		case 'grabbed':
			return await recordGrabbed(tx, registryId, { ...of, grabId });
		case 'pending':
			return await recordParked(tx, registryId, of);
		case 'merged':
			return await recordMerged(tx, registryId, { ...of, grabId });
		case 'nothing_found':
			return await recordNothingFound(tx, registryId, of);
		case 'not_searched':
			return await recordNotSearched(tx, registryId, { ...of, ownMatter: move.ownMatter });
		case 'inconclusive':
			return await recordInconclusive(tx, registryId, {
				...of,
				...(move.gateUntil === null ? {} : { notBefore: move.gateUntil }),
			});
		case 'error':
			return await recordError(tx, registryId, of);
		case 'lost':
			return await recordLost(tx, registryId, of);
	}
}
