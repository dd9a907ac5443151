/**
 * The conclusion: one transaction writes outcome, evidence and strength, moves the target, settles cost, gates and
 * grabs, and tells it. Whoever comes second finds the dispatch concluded and changes nothing.
 */
import { effectiveProfile, PROFILES } from '$lib/domain/throttle';
import type { AppContext } from '../../app-context';
import { checkpoint } from '../../checkpoint';
import type { Tx } from '../../db/client';
import type { ConnectorRow } from '../../db/queries/connectors';
import { advanceDispatch, lastConcluded, type DispatchRow } from '../../db/queries/dispatches';
import { putGrabs, type GrabRow } from '../../db/queries/grabs';
import { closeGate, noteOutcome, openGate } from './connector-gates';
import { describeVerdict, outcomeEvent } from './conclude-words';
import { grabRows } from './conclude-grabs';
import { moveTarget } from './conclude-target';
import { markProofUnreliable, notSearchedInARow } from './conclude-not-searched';
import type { Conclusion } from './evidence-notes';

const OPEN = ['claimed', 'sending', 'watching', 'ended'] as const;

/** False if it was concluded already. */
export async function conclude(
	ctx: AppContext,
	connector: ConnectorRow,
	dispatch: DispatchRow,
	conclusion: Conclusion,
): Promise<boolean> {
	const at = ctx.clock.date();
	return await ctx.db.transaction(async (tx) => {
		const { verdict } = conclusion;
		const concluded = await advanceDispatch(tx, dispatch.id, OPEN, {
			state: 'concluded',
			concludedAt: at,
			outcome: verdict.outcome,
			strength: verdict.strength,
			provisional: null,
			nextLookAt: null,
			costReturned: verdict.outcome === 'not_searched' || verdict.outcome === 'merged',
			releasesSeen: verdict.releasesSeen,
			evidence: describeVerdict(dispatch, conclusion),
		});
		if (concluded === null) return false;
		await settle(ctx, tx, { connector, dispatch: concluded, conclusion, at });
		await checkpoint('dispatch.concluding');
		return true;
	});
}

interface Settling {
	connector: ConnectorRow;
	dispatch: DispatchRow;
	conclusion: Conclusion;
	at: Date;
}

async function settle(ctx: AppContext, tx: Tx, of: Settling): Promise<void> {
	const { connector, dispatch, conclusion, at } = of;
	const { verdict } = conclusion;
	const grabbed = await putGrabs(tx, await grabRows(tx, dispatch, conclusion.history, verdict.grabs, at));
	const row = await judgeNotSearched(tx, of);
	const profile = effectiveProfile(PROFILES[connector.settings.throttle], ctx.limits.spacingFloorMs);
	const until = await noteOutcome(tx, { connector, at }, verdict, profile.errorPauseMs);
	const gateUntil = row.closes
		? await closeGate(tx, { connector, at }, 'indexer', { cause: 'two_not_searched' })
		: until;
	await moveTarget(tx, {
		dispatch,
		verdict,
		at,
		grabs: grabbed.filter(isCounted),
		ownMatter: row.ownMatter,
		gateUntil,
	});
	if (row.proofMisleads) {
		await markProofUnreliable(tx, connector, at);
		await openGate(tx, { connector, at }, 'indexer');
	}
	await outcomeEvent(tx, connector, dispatch, verdict, grabbed, at);
}

/** By-catch is kept and followed, but nothing waits for it. */
const isCounted = (grab: GrabRow): boolean => grab.claim !== 'by_catch';

/** Whose matter it is that nobody was asked: the configuration's, the connector's, or the item's own. */
async function judgeNotSearched(
	tx: Tx,
	{ connector, dispatch, conclusion }: Settling,
): Promise<{ ownMatter: boolean; closes: boolean; proofMisleads: boolean }> {
	const { verdict } = conclusion;
	if (verdict.outcome !== 'not_searched' || verdict.closes !== null) {
		return { ownMatter: false, closes: false, proofMisleads: false };
	}
	const earlier = (await lastConcluded(tx, connector.id, 4)).filter((one) => one.id !== dispatch.id);
	return notSearchedInARow(dispatch, earlier);
}
