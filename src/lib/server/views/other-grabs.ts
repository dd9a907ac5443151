/** Grabs of an item that no search of ours explains, and what came of them. */
import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { arrHistory, grabs } from '../db/schema';
import { isSameDownload } from '$lib/domain/download';
import type { GrabView, ItemRef } from '$lib/domain/views';
import type { GrabResult } from '$lib/domain/words';
import { toGrabViews } from './dispatches';

const SHOWN = 50;

/** The newest first: those that are followed, and those that history alone tells of. */
export async function readOtherGrabs(ctx: AppContext, ref: ItemRef): Promise<GrabView[]> {
	const ofItem = eq(ref.kind === 'episode' ? grabs.episodeId : grabs.movieId, ref.id);
	const rows = await ctx.db
		.select()
		.from(grabs)
		.where(and(ofItem, eq(grabs.claim, 'find')))
		.orderBy(desc(grabs.grabbedAt))
		.limit(SHOWN);
	const followed = await toGrabViews(ctx, rows);
	const told = await readToldGrabs(ctx, ref);
	return [...followed, ...told].sort((a, b) => b.grabbedAt.getTime() - a.grabbedAt.getTime()).slice(0, SHOWN);
}

/** A grab that came to no end after so long has none that history will ever tell. */
const TOLD_BY_MS = 7 * 24 * 3_600_000;
const ENDS: Readonly<Record<string, GrabResult>> = { imported: 'imported', download_failed: 'failed' };

/** Grabs that nobody follows, with the end that history tells of them. */
async function readToldGrabs(ctx: AppContext, ref: ItemRef): Promise<GrabView[]> {
	const column = ref.kind === 'episode' ? arrHistory.episodeId : arrHistory.movieId;
	const history = await ctx.db
		.select()
		.from(arrHistory)
		.where(
			and(
				eq(column, ref.id),
				eq(arrHistory.event, 'grabbed'),
				sql`not exists (select 1 from grabs g where g.connector_id = ${arrHistory.connectorId} and g.history_arr_id = ${arrHistory.arrId})`,
			),
		)
		.orderBy(desc(arrHistory.date))
		.limit(SHOWN);
	if (history.length === 0) return [];
	const ends = await ctx.db
		.select()
		.from(arrHistory)
		.where(and(eq(column, ref.id), inArray(arrHistory.event, Object.keys(ENDS))))
		.orderBy(arrHistory.date);
	return history.map((row) => {
		const end = ends.find(
			(one) =>
				one.date >= row.date && isSameDownload({ downloadId: row.downloadId, title: row.sourceTitle }, one),
		);
		const result = end === undefined ? undefined : ENDS[end.event];
		const isOld = ctx.clock.now() - row.date.getTime() > TOLD_BY_MS;
		return {
			title: row.sourceTitle,
			claim: 'find',
			releaseSource: row.releaseSource,
			indexer: row.indexer,
			protocol: null,
			size: row.size,
			quality: row.qualityName,
			formatScore: row.formatScore,
			qualityBefore: null,
			grabbedAt: row.date,
			historyArrId: row.arrId,
			result: result ?? (isOld ? 'vanished' : 'following'),
			resultAt: end?.date ?? null,
			resultDetail: end?.reason ?? null,
			progress: null,
			etaAt: null,
		};
	});
}
