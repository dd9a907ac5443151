/**
 * A look at the arr's lanes: closes the gate *lanes free* or opens it. Closed for an hour, it lets one search an hour
 * through, if a worker is to spare.
 */
import type { AppContext } from '../../app-context';
import type { ArrClient } from '../../connectors/common/types';
import { findGate } from '../../db/queries/connector-gates';
import { findReading, type ConnectorRow } from '../../db/queries/connectors';
import { putReading } from '../../db/queries/dispatches-mirror';
import { closeGate, openGate } from './connector-gates';
import { noteCommands } from './foreign';
import { judgeLanes } from './live-checks-lanes';

const HOUR_MS = 3_600_000;
/** Not in step with the arr's own jobs, which come every 30, 60 or 90 s. */
const REST_MS = 17_000;

export interface LanesLook {
	/** A search may be sent, as far as the lanes are concerned. */
	free: boolean;
	/** When another look makes sense. */
	until: Date;
	highestCommandId: number;
}

/** Throws `ArrError`. */
export async function lookAtLanes(
	ctx: AppContext,
	connector: ConnectorRow,
	client: ArrClient,
	startTime: Date | null,
): Promise<LanesLook> {
	const commands = await client.commands();
	const foreign = await noteCommands(ctx, connector, commands);
	const lanes = judgeLanes(commands, foreign, startTime);
	const known = await findReading<{ highestId?: number }>(ctx.db, connector.id, 'commands');
	const listed = Math.max(0, ...commands.map((command) => command.id));
	const highestCommandId = listed === 0 ? (known?.value.highestId ?? 0) : listed;
	const at = ctx.clock.date();
	return await ctx.db.transaction(async (tx) => {
		await putReading(tx, connector.id, 'commands', { highestId: highestCommandId, busy: lanes.busy }, at);
		if (lanes.free) {
			await openGate(tx, { connector, at }, 'lanes');
			return { free: true, until: at, highestCommandId };
		}
		const gate = await findGate(tx, connector.id, 'lanes');
		const patient = gate !== null && at.getTime() - gate.closedAt.getTime() >= HOUR_MS && lanes.spare;
		const closing = { cause: lanes.busy.join(', ').slice(0, 200), forMs: patient ? HOUR_MS : REST_MS };
		const until = await closeGate(tx, { connector, at }, 'lanes', closing);
		return { free: patient, until, highestCommandId };
	});
}
