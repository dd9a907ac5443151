/** A season under way: its wanted episodes go with it, and come back when it is over. */
import { and, eq, sql } from 'drizzle-orm';
import type { DbOrTx } from '../../db/client';
import { grabs, searchRegistry } from '../../db/schema';
import { notEarlierThan } from './states-line';
import {
	giveBirth,
	lineUp,
	move,
	oneOfIds,
	remember,
	type LineEntry,
	type RegistryRow,
	type TargetRef,
} from './states-moves';

/**
 * The wanted episodes of a season go under way through it: cooldown → pending → queued → searching, in the claim's
 * transaction. Failed, exhausted and grabbed episodes are not covered. A rest that was running is remembered and holds
 * again after the release. Gives back the covered rows.
 */
export async function coverSeason(
	tx: DbOrTx,
	seasonRegistryId: number,
	{ at, dispatchId, episodes }: { at: Date; dispatchId: string; episodes: readonly TargetRef[] },
): Promise<RegistryRow[]> {
	const born = await giveBirth(tx, episodes, at);
	const which = oneOfIds(born.map((row) => row.id));
	await move(tx, which, { from: ['cooldown'], to: 'pending', at });
	const pending = await tx
		.select()
		.from(searchRegistry)
		.where(and(which, eq(searchRegistry.state, 'pending')));
	await lineUp(
		tx,
		pending.map((row) => coveredEntry(row)),
		at,
	);
	const set = { coveredBy: seasonRegistryId, lastDispatchId: dispatchId };
	return await move(tx, which, { from: ['queued'], to: 'searching', at, set });
}

/**
 * The season search is over: its grabbed episodes wait for their grabs (the dispatch's own rows in `grabs`), the
 * others are pending again with attempts unchanged, not before `notBefore` (24 h later; null if nothing was sent) and
 * not before a rest that was running. Gives back how many were released.
 */
export async function releaseCovered(
	tx: DbOrTx,
	seasonRegistryId: number,
	options: {
		at: Date;
		dispatchId: string;
		grabbedEpisodeIds: readonly number[];
		notBefore: Date | null;
	},
): Promise<number> {
	const { at, dispatchId, notBefore } = options;
	const covered = sql`${searchRegistry.coveredBy} = ${seasonRegistryId}`;
	const found = sql`${covered} and ${searchRegistry.episodeId} = any(${sql.param([...options.grabbedEpisodeIds])}::int[])`;
	const grab = sql`(select max(g.id) from ${grabs} g
		where g.dispatch_id = ${dispatchId} and g.episode_id = ${searchRegistry.episodeId})`;
	const grabbed = await move(tx, found, {
		from: ['searching'],
		to: 'grabbed',
		at,
		set: { coveredBy: null, grabId: grab, lastOutcome: 'grabbed', lastAttemptAt: at, restReason: null },
	});
	const restNow =
		notBefore === null ? {} : { nextEligibleAt: notEarlierThan(notBefore), restReason: 'after_season' };
	const set = { coveredBy: null, ...restNow };
	const others = await move(tx, covered, { from: ['searching'], to: 'pending', at, set });
	await remember(tx, covered, { coveredBy: null });
	return grabbed.length + others.length;
}

/** A queue row that lives inside one transaction only: covered episodes pass through the line, nobody sees it. */
const coveredEntry = (row: RegistryRow): LineEntry => ({
	connectorId: row.connectorId,
	registryId: row.id,
	targetKind: row.targetKind,
	reason: 'gap',
	score: 0,
	cost: 1,
});
