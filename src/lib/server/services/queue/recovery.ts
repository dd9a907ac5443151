/**
 * Recovery of dispatches that a process left behind. `claimed`: never sent. `sending`: the arr is asked what became of
 * the POST; it is never repeated. `watching` and `ended` need nothing: the watch goes on from what is stored.
 */
import type { AppContext } from '../../app-context';
import { isArrError } from '../../connectors/common/errors';
import type { ArrClient } from '../../connectors/common/types';
import { findConnector, type ConnectorRow } from '../../db/queries/connectors';
import { openDispatches, type DispatchRow } from '../../db/queries/dispatches';
import { conclude } from './conclude';
import { withdraw } from './conclude-withdrawn';
import { isInHand } from './dispatcher-hands';
import { judgeDispatch } from './evidence';
import { readNotes } from './evidence-notes';
import { dispatchIdOf, noteCommands } from './foreign';
import { decideArrival, walkCommands, type ArrivalFacts } from './recovery-decision';
import { BEGIN_WITHIN_MS, watchFrom } from './send';

/** Beyond the POST's own time-out. */
const MARGIN_MS = 30_000;
const FIRST_RETRY_MS = 15_000;
const LAST_RETRY_MS = 10 * 60_000;

export interface Recovery {
	/** Dispatches settled: adopted, taken back or concluded. */
	settled: string[];
	/** When something is left to be looked at; null if nothing is. */
	nextAt: Date | null;
}

/** Settles what can be settled now; to be run at start and before each round. */
export async function recoverOpen(ctx: AppContext, connectorId: number): Promise<Recovery> {
	const connector = await findConnector(ctx.db, connectorId);
	const result: Recovery = { settled: [], nextAt: null };
	if (connector === undefined || isInHand(ctx, connectorId)) return result;
	if (!(await ctx.locks.hold(connectorId))) return result;
	for (const dispatch of await openDispatches(ctx.db, connectorId, ['claimed', 'sending'])) {
		const again = await settle(ctx, connector, dispatch);
		if (again === null) result.settled.push(dispatch.id);
		else result.nextAt = result.nextAt === null || again < result.nextAt ? again : result.nextAt;
	}
	return result;
}

/** Null once settled, else when to try again. */
async function settle(ctx: AppContext, connector: ConnectorRow, dispatch: DispatchRow): Promise<Date | null> {
	if (dispatch.state === 'claimed') {
		await withdraw(ctx, connector, dispatch, { reason: 'interrupted', notBefore: null });
		return null;
	}
	const due = dueAt(connector, dispatch);
	if (ctx.clock.now() < due) return new Date(due);
	try {
		return await settleSending(ctx, connector, dispatch);
	} catch (error) {
		if (!isArrError(error)) throw error;
		ctx.log.info('an open search could not be settled yet', { dispatch: dispatch.id, code: error.code });
		return new Date(ctx.clock.now() + retryAfter(ctx.clock.now() - due));
	}
}

/** At first soon, then ever more rarely: an application may be away for days. */
const retryAfter = (sinceDueMs: number): number =>
	Math.min(LAST_RETRY_MS, Math.max(FIRST_RETRY_MS, sinceDueMs / 4));

/** Before that the POST may still be under way. */
function dueAt(connector: ConnectorRow, dispatch: DispatchRow): number {
	const timeoutMs = connector.settings.connection.timeoutSeconds * 1000;
	return (dispatch.sendingAt ?? dispatch.claimedAt).getTime() + BEGIN_WITHIN_MS + timeoutMs + MARGIN_MS;
}

async function settleSending(
	ctx: AppContext,
	connector: ConnectorRow,
	dispatch: DispatchRow,
): Promise<Date | null> {
	const client = await ctx.clients.for(connector);
	const facts = await arrivalFacts(ctx, connector, client, dispatch);
	const arrival = decideArrival(facts);
	switch (arrival.step) {
		case 'wait':
			return new Date(ctx.clock.now() + arrival.ms + 1_000);
		case 'adopt':
			await adopt(ctx, dispatch, arrival.command, 'listed');
			return null;
		case 'never_arrived':
			await withdraw(ctx, connector, dispatch, { reason: 'never_arrived', notBefore: null });
			return null;
		case 'walk':
			await walk(ctx, connector, client, dispatch, facts);
			return null;
		case 'undecidable':
			await byHistory(ctx, connector, client, dispatch);
			return null;
	}
}

async function arrivalFacts(
	ctx: AppContext,
	connector: ConnectorRow,
	client: ArrClient,
	dispatch: DispatchRow,
): Promise<ArrivalFacts> {
	const instance = await client.status();
	const commands = await client.commands();
	await noteCommands(ctx, connector, commands);
	return {
		listed: commands.find((command) => dispatchIdOf(command) === dispatch.id) ?? null,
		arrNow: instance.now,
		startTime: instance.startTime,
		arrClock: dispatch.arrClock ?? instance.now,
		startTimeThen: dispatch.arrStartTime,
		highestListedId: commands.length === 0 ? null : Math.max(...commands.map((command) => command.id)),
		highestCommandId: dispatch.highestCommandId ?? 0,
	};
}

async function walk(
	ctx: AppContext,
	connector: ConnectorRow,
	client: ArrClient,
	dispatch: DispatchRow,
	facts: ArrivalFacts,
): Promise<void> {
	const found = await walkCommands(
		facts,
		(id) => client.command(id),
		(command) => dispatchIdOf(command) === dispatch.id,
	);
	switch (found.end) {
		case 'found':
			await adopt(ctx, dispatch, found.command, 'walked');
			return;
		case 'absent':
			await withdraw(ctx, connector, dispatch, { reason: 'never_arrived', notBefore: null });
			return;
		case 'hidden':
			await byHistory(ctx, connector, client, dispatch);
	}
}

async function adopt(
	ctx: AppContext,
	dispatch: DispatchRow,
	command: Parameters<typeof watchFrom>[2],
	how: 'listed' | 'walked',
): Promise<void> {
	const notes = { ...readNotes(dispatch.evidence), adopted: how };
	await watchFrom(ctx, dispatch, command, notes);
	ctx.log.info('found the command of an interrupted search', {
		dispatch: dispatch.id,
		command: command.id,
		how,
	});
}

/** No command can be known any more: a grab of the item that nobody else explains is ours, else it is lost. */
async function byHistory(
	ctx: AppContext,
	connector: ConnectorRow,
	client: ArrClient,
	dispatch: DispatchRow,
): Promise<void> {
	const judged = await judgeDispatch(ctx, connector, client, dispatch, 'gone');
	await conclude(ctx, connector, dispatch, judged);
}
