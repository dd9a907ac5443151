/**
 * What the last whole list of a connector said, record by record, so that of the next one only what differs has to be
 * written. It counts as long as nobody else wrote into the mirror; a full sync never rests on it.
 */
import type { AppContext } from '../../app-context';
import type { MirrorMark } from '../../db/queries/mirror-mark';
import type { SyncSession } from './session';

/** Longer lists are not remembered. */
export const MOST_REMEMBERED = 50_000;

export interface ListMemory {
	/** The mirror's mark when it was true. */
	mark: string;
	/** Of the whole answer, where it was small enough to have one. */
	digest: string | undefined;
	/** Hash of each record's lines by the arr's id. */
	hashes: Map<number, bigint>;
	/** The arr's clock when it was compared with the mirror. */
	asOf: Date;
}

/** The hash of a record that has to be compared again, whatever it says. */
const DOUBTED = -1n;

const memories = new WeakMap<AppContext, Map<number, ListMemory>>();

function memoriesOf(ctx: AppContext): Map<number, ListMemory> {
	const known = memories.get(ctx) ?? new Map<number, ListMemory>();
	memories.set(ctx, known);
	return known;
}

/** Null where a list has to be applied whole. */
export function recallList({ ctx, connector, mode }: SyncSession): ListMemory | null {
	if (mode === 'full' || connector.heldReason !== null) return null;
	return memoriesOf(ctx).get(connector.id) ?? null;
}

export function rememberList({ ctx, connector }: SyncSession, memory: ListMemory): void {
	if (memory.hashes.size <= MOST_REMEMBERED) memoriesOf(ctx).set(connector.id, memory);
	else memoriesOf(ctx).delete(connector.id);
}

export function forgetList(ctx: AppContext, connectorId: number): void {
	memoriesOf(ctx).delete(connectorId);
}

/**
 * Episodes or files of these items were written, which their list says nothing of but its counts: what is remembered
 * holds on, and they are compared again. `mark`: as the writer found and left it.
 */
export function noteContentWritten(
	{ ctx, connector }: { ctx: AppContext; connector: { id: number } },
	mark: MirrorMark,
	arrIds: readonly number[],
): void {
	const memory = memoriesOf(ctx).get(connector.id);
	if (memory === undefined || memory.mark !== mark.before) return;
	memory.mark = mark.after;
	if (arrIds.length > 0) memory.digest = undefined;
	for (const id of arrIds) memory.hashes.set(id, DOUBTED);
}
