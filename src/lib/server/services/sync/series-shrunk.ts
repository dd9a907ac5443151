/**
 * A series whose episode list shrank a lot: a whole season may have gone, or the answer may be half. Some of the
 * missing episodes are asked for by id; if the application denies them all, the list is believed, else the user is
 * asked and nothing changes.
 */
import { presentRow } from '../../db/queries/mirror-absence';
import { episodesToProve, markEpisodes, type ShrunkSeries } from '../../db/queries/mirror-episodes';
import { lockMirror } from '../../db/queries/mirror-mark';
import { isAccepted, useAcceptance, withdrawQuestion } from '../../db/queries/mirror-runs';
import { ask } from './instance';
import { inTransaction, type SyncSession } from './session';

/** Questions per series, and series per sync; the others are looked at by the next sync. */
const PER_SERIES = 4;
const SERIES_PER_SYNC = 10;

/** Settles what can be proven, and puts the rest to the user in one question. */
export async function settleShrunk(session: SyncSession, shrunk: readonly ShrunkSeries[]): Promise<void> {
	const { ctx, connector } = session;
	if (await isAccepted(ctx.bulk, connector.id, 'shrink_episodes'))
		await useAcceptance(ctx.bulk, connector.id, 'shrink_episodes');
	const doubted: ShrunkSeries[] = [];
	for (const [position, series] of shrunk.entries()) {
		if (position < SERIES_PER_SYNC && (await isProven(session, series))) await believe(session, series);
		else doubted.push(series);
	}
	if (doubted.length === 0) {
		await withdrawQuestion(ctx.bulk, connector.id, 'shrink_episodes', ctx.clock.date());
		return;
	}
	const list = doubted
		.slice(0, 20)
		.map(({ seriesId, title, had, missing }) => ({ seriesId, title, had, missing }));
	const detail = { count: doubted.length, series: list };
	await inTransaction(ctx.bulk, (tx) => ask(session, tx, 'shrink_episodes', detail));
}

/** The route answers for an episode that is there, and denies each of a few that the list lacks. */
async function isProven(session: SyncSession, { ids }: ShrunkSeries): Promise<boolean> {
	const { ctx, client, connector, options } = session;
	const there = await presentRow(ctx.bulk, 'episodes', connector.id, ids);
	if (there === undefined || !(await client.getEpisode(there.arrId, options.signal)).found) return false;
	const asked = await episodesToProve(ctx.bulk, ids, PER_SERIES);
	for (const arrId of asked) {
		if ((await client.getEpisode(arrId, options.signal)).found) return false;
	}
	return asked.length > 0;
}

async function believe(session: SyncSession, { ids }: ShrunkSeries): Promise<void> {
	const { ctx, connector, detail } = session;
	await inTransaction(ctx.bulk, async (tx) => {
		await lockMirror(tx, connector.id);
		const { unconfirmed, deleted } = await markEpisodes(tx, ids, ctx.clock.date(), false);
		detail.unconfirmed += unconfirmed;
		detail.deleted += deleted;
		session.changed += unconfirmed + deleted;
	});
}
