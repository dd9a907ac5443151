/** What the list of series and that of movies have in common: how they are read, judged and remembered. */
import type { SQL } from 'bun';
import type { ListReading } from '../../connectors/common/types';
import { isSettled, isShrunk, type Loss } from '../../db/queries/mirror-absence';
import { isAccepted, useAcceptance, withdrawQuestion } from '../../db/queries/mirror-runs';
import { ask } from './instance';
import type { ListEntry, ListLines } from './list-lines';
import { forgetList, rememberList, type ListMemory } from './list-memory';
import { note, SeenIds, type SyncSession } from './session';

interface Listed<T> {
	/** What one record and several are called. */
	words: readonly [one: string, many: string];
	entryOf: (record: T) => ListEntry;
	/** Called after each page. */
	passed?: () => void;
}

/** Reads all records into `list`, but those that came before; one that cannot be read is told. */
export async function readRecords<T extends { arrId: number }>(
	session: SyncSession,
	list: ListLines,
	reading: ListReading<T>,
	{ words: [one, many], entryOf, passed }: Listed<T>,
): Promise<void> {
	const seen = new SeenIds(many);
	for await (const page of reading) {
		for (const item of seen.newOf(page)) {
			if (item.ok) list.add(entryOf(item.record));
			else {
				list.addUnreadable(item.arrId, item.problem);
				note(session.detail.unreadable, `${one} ${item.arrId}: ${item.problem}`);
			}
		}
		await list.pass();
		passed?.();
	}
}

/** After a whole list was written: the next is compared with it, if nothing about it was in doubt. */
export async function rememberWhole(
	session: SyncSession,
	tx: SQL,
	table: 'series' | 'movies',
	{ isClean, memory }: { isClean: boolean; memory: ListMemory },
): Promise<void> {
	const { ctx, connector } = session;
	if (isClean && (await isSettled(tx, table, connector.id))) rememberList(session, memory);
	else forgetList(ctx, connector.id);
}

/** Counts rows that a list had no more. */
export function noteAbsence(
	session: SyncSession,
	{ unconfirmed, deleted }: { unconfirmed: number; deleted: number },
): void {
	session.detail.unconfirmed += unconfirmed;
	session.detail.deleted += deleted;
	session.changed += unconfirmed + deleted;
}

/** Whether a list's losses may be believed; a shrunk one is put to the user, a good one withdraws the question. */
export async function judgeLoss(
	session: SyncSession,
	tx: SQL,
	loss: Loss,
): Promise<'believed' | 'shrunk' | 'accepted'> {
	const { connector, ctx } = session;
	if (!isShrunk(loss)) {
		await withdrawQuestion(tx, connector.id, 'shrink', ctx.clock.date());
		return 'believed';
	}
	if (await isAccepted(tx, connector.id, 'shrink')) {
		await useAcceptance(tx, connector.id, 'shrink');
		return 'accepted';
	}
	await ask(session, tx, 'shrink', { had: loss.had, missing: loss.missing });
	return 'shrunk';
}
