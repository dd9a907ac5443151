/**
 * Sending: `claimed → sending → watching`. The command is written at most once in a dispatch's life: after the commit
 * that says `sending` the POST begins within five seconds or not at all, and whatever is left open here is settled by
 * recovery, never by a second POST.
 */
import type { AppContext } from '../../app-context';
import { checkpoint } from '../../checkpoint';
import { isArrError } from '../../connectors/common/errors';
import type { ArrClient, CommandRecord, SearchCommand } from '../../connectors/common/types';
import { advanceDispatch, type DispatchRow } from '../../db/queries/dispatches';
import { maySend } from './dispatcher-budget';
import { asJson, readNotes } from './evidence-notes';
import { dispatchIdOf } from './foreign';
import type { SendingFacts } from './live-checks';
import { lockIsHeld } from './locks-proof';

/** From the commit to the first byte of the POST. */
export const BEGIN_WITHIN_MS = 5_000;
export const FIRST_LOOK_MS = 2_000;

export type Sent =
	| { state: 'watching'; dispatch: DispatchRow }
	/** Provably not sent, or provably not taken: the cost goes back. */
	| { state: 'not_sent'; reason: string; dispatch: DispatchRow }
	/** The application refused the command itself. */
	| { state: 'refused'; reason: string; dispatch: DispatchRow }
	/** Written, and no answer read: recovery finds out. */
	| { state: 'unknown'; dispatch: DispatchRow };

export async function send(
	ctx: AppContext,
	client: ArrClient,
	claimed: DispatchRow,
	facts: SendingFacts,
): Promise<Sent> {
	const dispatch = await beginSending(ctx, claimed, facts);
	if (typeof dispatch === 'string') return { state: 'not_sent', reason: dispatch, dispatch: claimed };
	const since = dispatch.sendingAt?.getTime() ?? 0;
	if (ctx.clock.now() - since > BEGIN_WITHIN_MS) return { state: 'not_sent', reason: 'too_late', dispatch };
	try {
		const answer = await client.search(commandOf(dispatch), dispatch.id);
		await checkpoint('dispatch.answer_read');
		return await storeCommand(ctx, dispatch, answer);
	} catch (error) {
		if (!isArrError(error)) throw error;
		ctx.log.warn('sending a search failed', { dispatch: dispatch.id, code: error.code, sent: error.sent });
		if (error.sent === 'unknown') return { state: 'unknown', dispatch };
		const refused = error.decision === 'give_up_item';
		return { state: refused ? 'refused' : 'not_sent', reason: error.code, dispatch };
	}
}

/**
 * The last moment at which it can be kept from being sent: the session that holds our connector's lock still does,
 * nobody else took the dispatch on, and the user has not stopped searching during the live checks.
 */
async function beginSending(
	ctx: AppContext,
	claimed: DispatchRow,
	facts: SendingFacts,
): Promise<DispatchRow | 'lock_lost' | 'stopped'> {
	const { connectorId } = claimed;
	if (connectorId === null) return 'stopped';
	const pid = await ctx.locks.backendPid();
	return await ctx.db.transaction(async (tx) => {
		if (!(await lockIsHeld(tx, connectorId, pid))) return 'lock_lost';
		if (!(await maySend(tx, connectorId))) return 'stopped';
		const begun = await advanceDispatch(tx, claimed.id, ['claimed'], {
			state: 'sending',
			sendingAt: ctx.clock.date(),
			highestCommandId: facts.highestCommandId,
			arrStartTime: facts.arrStartTime,
			arrClock: facts.arrClock,
			before: asJson(facts.before),
		});
		return begun ?? 'lock_lost';
	});
}

async function storeCommand(ctx: AppContext, dispatch: DispatchRow, answer: CommandRecord): Promise<Sent> {
	const notes = { ...readNotes(dispatch.evidence), merged: isMerged(dispatch, answer) };
	const watching = await watchFrom(ctx, dispatch, answer, notes);
	await checkpoint('dispatch.id_stored');
	return watching === null ? { state: 'unknown', dispatch } : { state: 'watching', dispatch: watching };
}

/** `sending → watching` with the command's id; also how recovery adopts a command. */
export async function watchFrom(
	ctx: AppContext,
	dispatch: DispatchRow,
	command: CommandRecord,
	notes: ReturnType<typeof readNotes>,
): Promise<DispatchRow | null> {
	return await advanceDispatch(ctx.db, dispatch.id, ['sending'], {
		state: 'watching',
		commandId: command.id,
		commandStarted: command.started,
		watchingSince: ctx.clock.date(),
		nextLookAt: new Date(ctx.clock.now() + FIRST_LOOK_MS),
		evidence: asJson(notes),
	});
}

/** The arr answered with a command that was there already: somebody else's, or none of ours by its id. */
export function isMerged(
	dispatch: Pick<DispatchRow, 'id' | 'highestCommandId'>,
	answer: CommandRecord,
): boolean {
	if (dispatchIdOf(answer) === dispatch.id) return false;
	return answer.clientUserAgent !== null || answer.id <= (dispatch.highestCommandId ?? 0);
}

export function commandOf(dispatch: Pick<DispatchRow, 'targetKind' | 'target'>): SearchCommand {
	const { target } = dispatch;
	const arrId = target.items[0]?.arrId ?? 0;
	switch (dispatch.targetKind) {
		case 'movie':
			return { kind: 'movie', movieArrId: arrId };
		case 'episode':
			return { kind: 'episode', episodeArrId: arrId };
		case 'season':
			return { kind: 'season', seriesArrId: target.seriesArrId ?? 0, seasonNumber: target.seasonNumber ?? 0 };
	}
}
