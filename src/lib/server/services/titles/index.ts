/**
 * The words of titles are indexed after a sync has read them, and not while it writes: a first sync of a large library
 * would take longer by a third. Until then a new title is not found by its words, and everything else of it is there.
 */
import type { SQL } from 'bun';
import type { AppContext } from '../../app-context';
import { indexMovieTitles, indexSeriesTitles, staleSeries } from '../../db/queries/title-index';

/** Series that are indexed in one transaction: it is short, and never waits for long. */
const AT_ONCE = 300;

/** Brings the words of a connector's titles up to date. What keeps that from being done is logged, and tried again. */
export async function indexTitles(ctx: AppContext, connectorId: number): Promise<void> {
	try {
		const stale = await staleSeries(ctx.bulk, connectorId);
		for (let at = 0; at < stale.length; at += AT_ONCE)
			await alone(ctx, connectorId, (tx) => indexSeriesTitles(tx, stale.slice(at, at + AT_ONCE)));
		let written = stale.length;
		await alone(ctx, connectorId, async (tx) => {
			written += await indexMovieTitles(tx, connectorId);
		});
		// what was added lately is kept as a list, which every search would read to its end
		if (written > 0) await ctx.bulk`select gin_clean_pending_list('title_words_words')`;
	} catch (error) {
		ctx.log.warn('Titles could not be indexed; new ones are not found by their words yet.', {
			connector: connectorId,
			error,
		});
	}
}

/** Two at a time would write the same rows. */
async function alone(
	ctx: AppContext,
	connectorId: number,
	work: (tx: SQL) => Promise<unknown>,
): Promise<void> {
	await ctx.bulk.begin(async (tx) => {
		await tx`select pg_advisory_xact_lock(7264, ${connectorId}::int)`;
		await work(tx);
	});
}
