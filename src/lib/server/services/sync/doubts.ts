/**
 * Rows that a whole list lacked are asked for one by one, while they are few: "not there", from a route that answers
 * for others, is proof (design: offline is not empty).
 */
import type { ArrClient } from '../../connectors/common/types';
import { isArrError } from '../../connectors/common/errors';
import {
	doubtfulRows,
	presentRow,
	settleDoubts,
	type AskedTable,
	type Doubt,
} from '../../db/queries/mirror-absence';
import { lockMirror } from '../../db/queries/mirror-mark';
import { inTransaction, type SyncSession } from './session';

/** Questions per sync, the one that proves the route included. */
const MOST_QUESTIONS = 50;

/** Asks about unconfirmed rows and settles those that got an answer. */
export async function askAboutDoubts(session: SyncSession): Promise<void> {
	const tables: readonly AskedTable[] =
		session.instance.shape === 'series' ? ['series', 'episodes'] : ['movies'];
	let left = MOST_QUESTIONS;
	for (const table of tables) {
		if (left > 1) left -= await askAbout(session, table, left);
	}
}

async function askAbout(session: SyncSession, table: AskedTable, most: number): Promise<number> {
	const { ctx, connector } = session;
	const doubts = await doubtfulRows(ctx.bulk, table, connector.id, most - 1);
	if (doubts.length === 0) return 0;
	const proof = await presentRow(ctx.bulk, table, connector.id);
	if (proof === undefined || (await exists(session, table, proof)) !== true) return 1;
	const gone: number[] = [];
	const there: number[] = [];
	for (const doubt of doubts) {
		const found = await exists(session, table, doubt);
		if (found !== null) (found ? there : gone).push(doubt.id);
	}
	await inTransaction(ctx.bulk, async (tx) => {
		await lockMirror(tx, connector.id);
		await settleDoubts(tx, table, { gone, there }, ctx.clock.date());
	});
	session.changed += gone.length + there.length;
	session.detail.deleted += gone.length;
	session.detail.returnedByQuestion += there.length;
	return doubts.length + 1;
}

/** Null where the answer proves nothing. */
async function exists(session: SyncSession, table: AskedTable, doubt: Doubt): Promise<boolean | null> {
	try {
		return (await ask(session.client, table, doubt, session.options.signal)).found;
	} catch (error) {
		if (isArrError(error) && error.decision === 'give_up_item') return null;
		throw error;
	}
}

function ask(
	client: ArrClient,
	table: AskedTable,
	doubt: Doubt,
	signal?: AbortSignal,
): Promise<{ found: boolean }> {
	switch (table) {
		case 'series':
			return client.getSeries(doubt.arrId, signal);
		case 'episodes':
			return client.getEpisode(doubt.arrId, signal);
		case 'movies':
			return client.getMovie(doubt, signal);
	}
}
