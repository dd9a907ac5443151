/**
 * One round of sending for a connector: settle what a dead process left, choose, claim, check live, send. At most one
 * command leaves in a round; its outcome is found by the watch.
 */
import type { AppContext } from '../../app-context';
import type { Tx } from '../../db/client';
import { findConnector, type ConnectorRow } from '../../db/queries/connectors';
import { findGate, markTold } from '../../db/queries/connector-gates';
import { openDispatches } from '../../db/queries/dispatches';
import { recordEvent } from '../../events';
import { claimChosen, type Chosen, type Claimed } from './claim';
import { conclude } from './conclude';
import { postponedUntil, withdraw } from './conclude-withdrawn';
import { inHand, inHandAfterOthers } from './dispatcher-hands';
import { mayTake } from './dispatcher-budget';
import { refusedConclusion } from './dispatcher-refused';
import { refreshGates } from './gates-refresh';
import { checkLive } from './live-checks';
import { lookAtLanes } from './live-checks-look';
import { recoverOpen } from './recovery';
import { send } from './send';

const SECOND_MS = 1_000;
const IDLE_MS = 60 * SECOND_MS;

export interface DispatchRound {
	did:
		| 'sent'
		| 'withdrawn'
		| 'postponed'
		| 'unknown'
		| 'refused'
		| 'closed'
		| 'in_flight'
		| 'not_ours'
		| 'nothing';
	/** Why nothing was sent, in one word of ours or by the closed gate's name. */
	reason: string | null;
	dispatchId: string | null;
	/** When another round makes sense. */
	nextAt: Date;
	/** Items whose state in the arr differs from the mirror's: worth a targeted read. */
	reread: { seriesArrIds: number[]; movieArrIds: number[] } | null;
}

type Partly = Partial<DispatchRound> & Pick<DispatchRound, 'did'>;

/** What to send next, or the gate that is closed; asked inside the claim's transaction. */
export type Choose = (
	ctx: AppContext,
	connectorId: number,
	tx: Tx,
) => Promise<Chosen | { open: false; gate: string; until: Date | null }>;

export interface RoundOptions {
	/** A round under way is waited for; otherwise it is left alone, and this one does nothing. */
	afterOthers?: boolean;
}

/** A round that sends what `choose` chooses. */
export async function dispatchWith(
	ctx: AppContext,
	connectorId: number,
	choose: Choose,
	{ afterOthers = false }: RoundOptions = {},
): Promise<DispatchRound> {
	const connector = await findConnector(ctx.db, connectorId);
	if (connector === undefined) return round(ctx, { did: 'nothing' });
	if (!(await ctx.locks.hold(connectorId))) return round(ctx, { did: 'not_ours' });
	const { nextAt } = await recoverOpen(ctx, connectorId);
	const hand = afterOthers ? inHandAfterOthers : inHand;
	const result = await hand(ctx, connectorId, () => sendOne(ctx, connector, choose));
	if (result === null) return round(ctx, { did: 'in_flight' });
	return nextAt !== null && nextAt < result.nextAt ? { ...result, nextAt } : result;
}

async function sendOne(ctx: AppContext, connector: ConnectorRow, choose: Choose): Promise<DispatchRound> {
	const open = await openDispatches(ctx.db, connector.id, ['claimed', 'sending', 'watching']);
	if (open.length > 0) return round(ctx, { did: 'in_flight', nextAt: inSeconds(ctx, 5) });
	await refreshGates(ctx, connector);
	const lanes = await lanesHold(ctx, connector);
	if (lanes !== null) return round(ctx, { did: 'closed', reason: 'lanes', nextAt: lanes });
	const result = await claimChosen(
		ctx,
		connector,
		(tx) => choose(ctx, connector.id, tx),
		(tx, entry) => mayTake(ctx, tx, connector.id, entry),
	);
	if (!result.open) {
		const nextAt = result.until ?? inSeconds(ctx, 60);
		return round(ctx, { did: 'closed', reason: result.gate, nextAt });
	}
	if (result.claimed === null) return round(ctx, { did: 'nothing', nextAt: inSeconds(ctx, 5) });
	return await carryOut(ctx, connector, result.claimed);
}

/** From the claim on, every way ends in a state from which recovery could go on. */
async function carryOut(ctx: AppContext, connector: ConnectorRow, claimed: Claimed): Promise<DispatchRound> {
	const { dispatch, entry } = claimed;
	const client = await ctx.clients.for(connector);
	const live = await checkLive(ctx, connector, client, claimed);
	const told = { dispatchId: dispatch.id };
	switch (live.verdict) {
		case 'postpone': {
			const notBefore = postponedUntil(ctx.clock.now(), entry.postponed);
			await withdraw(ctx, connector, dispatch, { reason: live.reason, notBefore, entry });
			return round(ctx, { ...told, did: 'postponed', reason: live.reason, nextAt: inSeconds(ctx, 5) });
		}
		case 'withdraw': {
			await withdraw(ctx, connector, dispatch, {
				reason: live.reason,
				notBefore: live.notBefore,
				place: entry,
			});
			const reread = live.mirrorChanged ? rereadOf(claimed) : null;
			return round(ctx, {
				...told,
				did: 'withdrawn',
				reason: live.reason,
				nextAt: inSeconds(ctx, 5),
				reread,
			});
		}
		case 'go':
			break;
	}
	const sent = await send(ctx, client, dispatch, live.facts);
	switch (sent.state) {
		case 'watching':
			return round(ctx, { ...told, did: 'sent', nextAt: inSeconds(ctx, 2) });
		case 'unknown':
			return round(ctx, { ...told, did: 'unknown', nextAt: inSeconds(ctx, 15) });
		case 'not_sent': {
			const notBefore = postponedUntil(ctx.clock.now(), entry.postponed);
			await withdraw(ctx, connector, sent.dispatch, { reason: sent.reason, notBefore, entry });
			return round(ctx, { ...told, did: 'postponed', reason: sent.reason, nextAt: inSeconds(ctx, 15) });
		}
		case 'refused':
			await conclude(ctx, connector, sent.dispatch, refusedConclusion(sent.reason));
			return round(ctx, { ...told, did: 'refused', reason: sent.reason, nextAt: inSeconds(ctx, 5) });
	}
}

/** Lanes that were busy are looked at again before anything is claimed; until they are free nothing is. */
async function lanesHold(ctx: AppContext, connector: ConnectorRow): Promise<Date | null> {
	const gate = await findGate(ctx.db, connector.id, 'lanes');
	if (gate === null) return null;
	const closedForMs = ctx.clock.now() - gate.closedAt.getTime();
	if (gate.level === 0 && closedForMs >= 60 * IDLE_MS) await tellBusy(ctx, connector, gate.cause);
	if (gate.until > ctx.clock.date()) return gate.until;
	const client = await ctx.clients.for(connector);
	const look = await lookAtLanes(ctx, connector, client, connector.arrStartTime);
	return look.free ? null : look.until;
}

async function tellBusy(ctx: AppContext, connector: ConnectorRow, by: string): Promise<void> {
	await ctx.db.transaction(async (tx) => {
		await markTold(tx, connector.id, 'lanes');
		await recordEvent(tx, {
			at: ctx.clock.date(),
			type: 'connector.notice',
			severity: 'warning',
			connector,
			message: `${connector.name} has been busy for an hour (${by}); until it is free, one search an hour is sent.`,
			data: { code: 'lanes_busy', by },
		});
	});
}

const rereadOf = ({ dispatch }: Claimed): DispatchRound['reread'] => ({
	seriesArrIds: dispatch.target.seriesArrId === null ? [] : [dispatch.target.seriesArrId],
	movieArrIds: dispatch.targetKind === 'movie' ? dispatch.target.items.map((item) => item.arrId) : [],
});

const inSeconds = (ctx: AppContext, seconds: number): Date => new Date(ctx.clock.now() + seconds * SECOND_MS);

const round = (ctx: AppContext, partly: Partly): DispatchRound => ({
	reason: null,
	dispatchId: null,
	nextAt: inSeconds(ctx, IDLE_MS / SECOND_MS),
	reread: null,
	...partly,
});
