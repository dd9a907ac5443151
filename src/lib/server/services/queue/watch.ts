/**
 * Watching: looks at commands that are under way, more and more rarely, until they end; then judges them, and where
 * silence could still be explained away reads health again 8 s and 120 s after the end. Everything seen is stored
 * before it is used, so that a new process goes on where this one died.
 */
import type { CommandEnd } from '$lib/domain/outcome';
import type { AppContext } from '../../app-context';
import { checkpoint } from '../../checkpoint';
import { isArrError } from '../../connectors/common/errors';
import type { ArrClient, CommandRecord } from '../../connectors/common/types';
import { findConnector, type ConnectorRow } from '../../db/queries/connectors';
import { advanceDispatch, dueDispatches, nextLookAt, type DispatchRow } from '../../db/queries/dispatches';
import { noteSuccess } from '../connectors/health';
import { conclude } from './conclude';
import { endOf, judgeDispatch } from './evidence';
import { asJson, readNotes } from './evidence-notes';
import { noteCommands } from './foreign';
import { lookAtList } from './watch-list';

const FIRST_LOOK_MS = 2_000;
const LAST_LOOK_MS = 60_000;
const MESSAGES_KEPT = 20;
/** A command that runs this long is given up. */
const GIVE_UP_MS = 6 * 3_600_000;

export interface WatchRound {
	/** When the next look is due; null if there is nothing to look at. */
	nextAt: Date | null;
	/** Dispatches concluded in this round. */
	concluded: string[];
}

/** Looks at every dispatch of the connector that is due. Throws nothing for what the arr does or does not answer. */
export async function watchRound(ctx: AppContext, connectorId: number): Promise<WatchRound> {
	const connector = await findConnector(ctx.db, connectorId);
	if (connector === undefined || !(await ctx.locks.hold(connectorId))) return { nextAt: null, concluded: [] };
	const { nextAt, concluded } = await watchFor(ctx, connector);
	const listAt = await lookAtList(ctx, connector);
	const next = Math.min(...[nextAt, listAt].map((time) => time?.getTime() ?? Number.POSITIVE_INFINITY));
	return { nextAt: Number.isFinite(next) ? new Date(next) : null, concluded };
}

/** The same, without the look at what others do, for a connector whose row was just read, and which is ours. */
export async function watchFor(ctx: AppContext, connector: ConnectorRow): Promise<WatchRound> {
	const due = await dueDispatches(ctx.db, connector.id, ctx.clock.date());
	const concluded: string[] = [];
	if (due.length > 0) {
		const client = await ctx.clients.for(connector);
		for (const dispatch of due) {
			if (await look({ ctx, connector, client }, dispatch)) concluded.push(dispatch.id);
		}
	}
	return { nextAt: await nextLookAt(ctx.db, connector.id, ctx.clock.date()), concluded };
}

interface Watching {
	ctx: AppContext;
	connector: ConnectorRow;
	client: ArrClient;
}

/** True if it was concluded. */
async function look(watching: Watching, dispatch: DispatchRow): Promise<boolean> {
	const { ctx } = watching;
	try {
		await checkpoint('dispatch.watching');
		const seen = storedEnd(dispatch);
		if (seen !== null) return await judged(watching, dispatch, seen);
		const ended = await lookAtCommand(watching, dispatch);
		return ended === null ? false : await judged(watching, ended.dispatch, ended.end);
	} catch (error) {
		if (!isArrError(error)) throw error;
		await lookLater(ctx, dispatch, error.code);
		return false;
	}
}

/** The end that an earlier look has stored; the command itself may be unreadable by now. */
function storedEnd(dispatch: DispatchRow): CommandEnd | null {
	const status = dispatch.commandStatus;
	const ends: readonly CommandEnd[] = [
		'completed',
		'failed',
		'aborted',
		'cancelled',
		'orphaned',
		'unreadable',
		'gone',
	];
	return ends.find((end) => end === status) ?? null;
}

async function lookAtCommand(
	watching: Watching,
	dispatch: DispatchRow,
): Promise<{ dispatch: DispatchRow; end: CommandEnd } | null> {
	const { ctx, client, connector } = watching;
	const commands = await client.commands();
	await noteCommands(ctx, connector, commands);
	const command = await findCommand(client, commands, dispatch);
	if (command === 'unknown') return await storeEnd(ctx, dispatch, 'gone', null);
	if (command === 'unreadable') return await storeEnd(ctx, dispatch, 'unreadable', null);
	const end = endOf(command);
	if (end === 'orphaned') await noteRestart(ctx, connector, client);
	if (end !== null) return await storeEnd(ctx, dispatch, end, command);
	const since = (dispatch.watchingSince ?? dispatch.claimedAt).getTime();
	if (ctx.clock.now() - since > GIVE_UP_MS) return await storeEnd(ctx, dispatch, 'gone', command);
	await storeProgress(ctx, dispatch, command);
	return null;
}

/** Only a restart orphans a command: its queue is incomplete for a while, and nobody may be sent meanwhile. */
async function noteRestart(ctx: AppContext, connector: ConnectorRow, client: ArrClient): Promise<void> {
	await noteSuccess(ctx, connector.id, { instance: await client.status() });
}

async function findCommand(
	client: ArrClient,
	commands: readonly CommandRecord[],
	dispatch: DispatchRow,
): Promise<CommandRecord | 'unknown' | 'unreadable'> {
	const listed = commands.find((one) => one.id === dispatch.commandId);
	if (listed !== undefined) return listed;
	const read = await client.command(dispatch.commandId ?? 0);
	return read.state === 'found' ? read.command : read.state;
}

async function storeEnd(
	ctx: AppContext,
	dispatch: DispatchRow,
	end: CommandEnd,
	command: CommandRecord | null,
): Promise<{ dispatch: DispatchRow; end: CommandEnd } | null> {
	const notes = { ...readNotes(dispatch.evidence), exception: command?.exception ?? null };
	const stored = await advanceDispatch(ctx.db, dispatch.id, ['watching'], {
		commandStatus: end,
		commandStarted: command?.started ?? dispatch.commandStarted,
		commandEnded: command?.ended ?? null,
		commandDurationMs: command?.durationMs ?? null,
		commandMessage: command?.message ?? null,
		endSeenAt: ctx.clock.date(),
		nextLookAt: ctx.clock.date(),
		evidence: asJson(notes),
	});
	await checkpoint('dispatch.ended');
	return stored === null ? null : { dispatch: stored, end };
}

async function storeProgress(ctx: AppContext, dispatch: DispatchRow, command: CommandRecord): Promise<void> {
	const isNew = command.message !== null && dispatch.messages.at(-1) !== command.message;
	const messages = isNew
		? [...dispatch.messages, command.message ?? ''].slice(-MESSAGES_KEPT)
		: dispatch.messages;
	const now = ctx.clock.now();
	const watched = now - (dispatch.watchingSince ?? dispatch.claimedAt).getTime();
	const wait = Math.min(LAST_LOOK_MS, Math.max(FIRST_LOOK_MS, watched / 4));
	await advanceDispatch(ctx.db, dispatch.id, ['watching'], {
		messages,
		commandStarted: command.started ?? dispatch.commandStarted,
		commandStatus: command.status,
		nextLookAt: new Date(now + wait),
	});
}

/** Concludes, or shows the outcome so far and waits for the next reading of health. */
async function judged(watching: Watching, dispatch: DispatchRow, end: CommandEnd): Promise<boolean> {
	const { ctx, connector, client } = watching;
	const result = await judgeDispatch(ctx, connector, client, dispatch, end);
	if (result.nextLookMs === null) return await conclude(ctx, connector, dispatch, result);
	const endSeen = (dispatch.endSeenAt ?? ctx.clock.date()).getTime();
	await advanceDispatch(ctx.db, dispatch.id, ['watching', 'ended'], {
		state: 'ended',
		provisional: result.verdict.outcome,
		releasesSeen: result.verdict.releasesSeen,
		evidence: asJson(result.notes),
		nextLookAt: new Date(Math.max(endSeen + result.nextLookMs, ctx.clock.now())),
	});
	return false;
}

/** The arr could not be asked: the dispatch waits, nothing is concluded from it. */
async function lookLater(ctx: AppContext, dispatch: DispatchRow, code: string): Promise<void> {
	const notes = readNotes(dispatch.evidence);
	const failedLooks = notes.failedLooks + 1;
	const wait = Math.min(LAST_LOOK_MS, FIRST_LOOK_MS * 2 ** Math.min(failedLooks, 10));
	ctx.log.info('a search could not be looked at', { dispatch: dispatch.id, code });
	await advanceDispatch(ctx.db, dispatch.id, ['watching', 'ended'], {
		evidence: asJson({ ...notes, failedLooks }),
		nextLookAt: new Date(ctx.clock.now() + wait),
	});
}
