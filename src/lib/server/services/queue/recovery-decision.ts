/**
 * What became of a POST whose answer was never read: pure, from what the arr shows afterwards (design: recovery).
 * All times are the arr's own.
 */
import type { CommandRead, CommandRecord } from '../../connectors/common/types';

const MINUTE_MS = 60_000;
/** Right after a start, commands of the dead process still read `started`. */
const SETTLING_MS = 10_000;
/** An ended command stays in the list for at least five minutes. */
const LISTED_MS = 4 * MINUTE_MS;
/** An ended command can be read by its id for a day. */
const READABLE_MS = 23 * 60 * MINUTE_MS;
/** A command queued this much later than our POST came after it. */
const AFTER_POST_MS = 2 * MINUTE_MS;
/** Most ids that are walked. */
export const WALK_LIMIT = 5_000;
/** Unknown ids in a row, beyond the newest known one, that mean the end. */
const END_OF_IDS = 5;

export interface ArrivalFacts {
	/** The command that carries our dispatch id, if the list has it. */
	listed: CommandRecord | null;
	arrNow: Date;
	startTime: Date | null;
	/** The arr's clock and start as they were read right before sending. */
	arrClock: Date;
	startTimeThen: Date | null;
	highestListedId: number | null;
	highestCommandId: number;
}

export type Arrival =
	| { step: 'adopt'; command: CommandRecord }
	| { step: 'never_arrived' }
	| { step: 'walk' }
	| { step: 'wait'; ms: number }
	| { step: 'undecidable' };

export function decideArrival(facts: ArrivalFacts): Arrival {
	const { listed, arrNow, startTime } = facts;
	if (listed !== null) return { step: 'adopt', command: listed };
	const up = startTime === null ? Number.POSITIVE_INFINITY : arrNow.getTime() - startTime.getTime();
	if (up < SETTLING_MS) return { step: 'wait', ms: SETTLING_MS - Math.max(0, up) };
	const passed = arrNow.getTime() - facts.arrClock.getTime();
	if (passed >= 0 && passed < LISTED_MS && isSame(startTime, facts.startTimeThen))
		return { step: 'never_arrived' };
	if (passed > READABLE_MS) return { step: 'undecidable' };
	// Ids never go back, unless the application was restored from a backup.
	if (facts.highestListedId !== null && facts.highestListedId < facts.highestCommandId)
		return { step: 'undecidable' };
	return { step: 'walk' };
}

export type WalkEnd = { end: 'found'; command: CommandRecord } | { end: 'absent' } | { end: 'hidden' };

/**
 * Walks up the ids from `facts.highestCommandId`, past unknown ones. An ended command that the application fails to
 * read, or has lost, hides its owner: without a find, nothing is known then. Whatever `read` throws is thrown.
 */
export async function walkCommands(
	facts: Pick<ArrivalFacts, 'arrClock' | 'highestCommandId' | 'highestListedId'>,
	read: (id: number) => Promise<CommandRead>,
	isOurs: (command: CommandRecord) => boolean,
): Promise<WalkEnd> {
	const newest = Math.max(facts.highestListedId ?? 0, facts.highestCommandId);
	let hidden = false;
	let unknown = 0;
	for (let id = facts.highestCommandId + 1; id <= facts.highestCommandId + WALK_LIMIT; id += 1) {
		const answer = await read(id);
		if (answer.state === 'found') {
			if (isOurs(answer.command)) return { end: 'found', command: answer.command };
			if (cameAfter(answer.command, facts.arrClock)) break;
		}
		// Ids are given out without gaps and kept for a day: a hole below the newest one may have been ours.
		hidden ||=
			answer.state === 'unreadable' || (answer.state === 'unknown' && id < (facts.highestListedId ?? 0));
		unknown = answer.state === 'unknown' ? unknown + 1 : 0;
		if (id > newest && unknown >= END_OF_IDS) break;
		if (id === facts.highestCommandId + WALK_LIMIT) hidden = true;
	}
	return { end: hidden ? 'hidden' : 'absent' };
}

const cameAfter = (command: CommandRecord, post: Date): boolean =>
	command.queued !== null && command.queued.getTime() - post.getTime() > AFTER_POST_MS;

const isSame = (a: Date | null, b: Date | null): boolean => a?.getTime() === b?.getTime();
