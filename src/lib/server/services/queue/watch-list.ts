/**
 * The command list, looked at now and then also while nothing of ours is under way: searches that others make stay in
 * it for five minutes, and count against the budget.
 */
import type { AppContext } from '../../app-context';
import { isArrError } from '../../connectors/common/errors';
import { findReading, type ConnectorRow } from '../../db/queries/connectors';
import { putReading } from '../../db/queries/dispatches-mirror';
import { noteCommands } from './foreign';

/** An ended command stays in the list for at least five minutes. */
const EVERY_MS = 4 * 60_000;

/** When the list is to be looked at next, given when it was read last; null where nobody needs one. */
export function nextListLook(connector: ConnectorRow, readAt: Date | null): Date | null {
	const awake = connector.enabled && connector.mode === 'active' && connector.shape !== null;
	if (!awake || connector.health === 'offline' || connector.health === 'unhealthy') return null;
	return new Date(readAt === null ? 0 : readAt.getTime() + EVERY_MS);
}

/** Looks if it is time to; gives back when the next look is due, null where nobody needs one. */
export async function lookAtList(ctx: AppContext, connector: ConnectorRow): Promise<Date | null> {
	const known = await findReading<{ highestId?: number; busy?: string[] }>(ctx.db, connector.id, 'commands');
	const due = nextListLook(connector, known?.readAt ?? null);
	const now = ctx.clock.now();
	if (due === null || due.getTime() > now) return due;
	try {
		const client = await ctx.clients.for(connector);
		const commands = await client.commands();
		await noteCommands(ctx, connector, commands);
		const highestId = Math.max(0, ...commands.map((command) => command.id)) || (known?.value.highestId ?? 0);
		const reading = { highestId, busy: known?.value.busy ?? [] };
		await putReading(ctx.db, connector.id, 'commands', reading, ctx.clock.date());
	} catch (error) {
		if (!isArrError(error)) throw error;
		ctx.log.debug('the command list could not be read', { connector: connector.id, code: error.code });
	}
	return new Date(now + EVERY_MS);
}
