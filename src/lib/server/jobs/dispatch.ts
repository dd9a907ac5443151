/**
 * What is done for a connector between sweeps: finish what was under way, follow what was grabbed, then ask for the
 * next thing if every gate is open. Returns when it wants to run again.
 */
import type { AppContext } from '../app-context';
import { isArrError } from '../connectors/common/errors';
import { findReading } from '../db/queries/connectors';
import { noteFailure } from '../services/connectors/health';
import { dispatchRound } from '../services/queue/dispatcher';
import { followGrabs } from '../services/queue/follow';
import { recoverOpen } from '../services/queue/recovery';
import { watchRound } from '../services/queue/watch';
import { chooseNext } from '../services/queue/candidates';
import { fillQueue } from '../services/queue/fill';
import { readFacts } from '../services/sync';
import { checkHealth } from './health';
import { ownConnector } from './sync';

const LONGEST_WAIT_MS = 60_000;
const SHORTEST_WAIT_MS = 500;
/** Facts older than this are read again before anything is sent (design: gates). */
const FACTS_FRESH_MS = 60_000;

/** One round; the milliseconds until the next one is wanted. */
export async function dispatchStep(ctx: AppContext, connectorId: number): Promise<number> {
	const row = await ownConnector(ctx, connectorId);
	try {
		const wishes = [
			await recoverOpen(ctx, connectorId),
			await watchRound(ctx, connectorId),
			await followGrabs(ctx, connectorId),
			row.mode === 'active' ? await sendNext(ctx, connectorId) : null,
		];
		return waitFor(ctx, wishes);
	} catch (error) {
		if (!isArrError(error)) throw error;
		await noteFailure(ctx, connectorId, error);
		return LONGEST_WAIT_MS;
	}
}
