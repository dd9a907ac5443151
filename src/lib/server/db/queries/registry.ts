/** Reads of the search registry that the moves need: what is remembered about a target, and its connector's rules. */
import { eq, sql, type SQL } from 'drizzle-orm';
import type { ItemKind, SearchState, TargetKind } from '$lib/domain/words';
import type { DbOrTx } from '../client';
import { rowsOf } from '../rows';
import { connectors, episodes, movies, searchRegistry, series, wanted } from '../schema';

/** A target's memory together with what decides on its next rest. */
export interface TargetFacts {
	connectorId: number;
	targetKind: TargetKind;
	state: SearchState;
	attempts: number;
	freshAttempts: number;
	consecutiveNotSearched: number;
	consecutiveErrors: number;
	/** When the item could first be found; null for seasons and for what has no date. */
	availableAt: Date | null;
	maxAttempts: number;
	exhaustedRestDays: number;
}

/** Reads a target and locks its row until the transaction ends; null if there is none. */
export async function lockTarget(tx: DbOrTx, registryId: number): Promise<TargetFacts | null> {
	const [row] = await tx
		.select({
			connectorId: searchRegistry.connectorId,
			targetKind: searchRegistry.targetKind,
			state: searchRegistry.state,
			attempts: searchRegistry.attempts,
			freshAttempts: searchRegistry.freshAttempts,
			consecutiveNotSearched: searchRegistry.consecutiveNotSearched,
			consecutiveErrors: searchRegistry.consecutiveErrors,
			wantedAt: wanted.availableAt,
			airedAt: sql`${episodes.airDateUtc} + make_interval(mins => ${series.runtime})`.mapWith(toDate),
			releasedAt: sql`coalesce(${movies.availableSince}, ${movies.releaseDate})`.mapWith(toDate),
			settings: connectors.settings,
		})
		.from(searchRegistry)
		.innerJoin(connectors, eq(connectors.id, searchRegistry.connectorId))
		.leftJoin(
			wanted,
			sql`${wanted.episodeId} = ${searchRegistry.episodeId} or ${wanted.movieId} = ${searchRegistry.movieId}`,
		)
		.leftJoin(episodes, eq(episodes.id, searchRegistry.episodeId))
		.leftJoin(series, eq(series.id, episodes.seriesId))
		.leftJoin(movies, eq(movies.id, searchRegistry.movieId))
		.where(eq(searchRegistry.id, registryId))
		.for('update', { of: searchRegistry });
	if (row === undefined) return null;
	const { settings, wantedAt, airedAt, releasedAt, ...facts } = row;
	return {
		...facts,
		availableAt: wantedAt ?? airedAt ?? releasedAt,
		maxAttempts: settings.maxAttempts,
		exhaustedRestDays: settings.exhaustedRestDays,
	};
}

/** A computed instant; the driver gives a `Date`. */
const toDate = (value: unknown): Date | null => (value instanceof Date ? value : null);

/** The connector of a mirrored item; null if the mirror does not have it. */
export async function connectorOfItem(
	tx: DbOrTx,
	ref: { kind: ItemKind; id: number },
): Promise<number | null> {
	const table = ref.kind === 'episode' ? episodes : movies;
	const [row] = await tx.select({ connectorId: table.connectorId }).from(table).where(eq(table.id, ref.id));
	return row?.connectorId ?? null;
}

/** The rests of some targets, by registry id. */
export async function readRests(
	tx: DbOrTx,
	registryIds: readonly number[],
): Promise<Map<number, { nextEligibleAt: Date | null; restReason: string | null }>> {
	const rows = await tx
		.select({
			id: searchRegistry.id,
			nextEligibleAt: searchRegistry.nextEligibleAt,
			restReason: searchRegistry.restReason,
		})
		.from(searchRegistry)
		.where(sql`${searchRegistry.id} = any(${sql.param([...registryIds])}::int[])`);
	return new Map(rows.map(({ id, ...rest }) => [id, rest]));
}

/**
 * Registry rows whose target is wanted for another reason than its count is for, or again though it was done; and those
 * that count for nothing yet. By one pass over both tables: they are large, and hardly any row is one of these.
 */
export async function readRecounts(
	tx: DbOrTx,
	connectorId: number,
): Promise<{ uncounted: number[]; changed: number[] }> {
	const of = (own: SQL): SQL => sql`select r.id, r.counted_for is null as uncounted,
			r.state = 'done' or coalesce(r.counted_for <> w.reason, false) as changed
		from search_registry r join wanted w on w.${own} = r.${own}
		where r.connector_id = ${connectorId} and r.${own} is not null
			and (r.counted_for is null or r.state = 'done' or r.counted_for <> w.reason)`;
	const rows = await rowsOf<{ id: number; uncounted: boolean; changed: boolean }>(
		tx,
		sql`${of(sql.raw('episode_id'))} union all ${of(sql.raw('movie_id'))}`,
	);
	const ids = (which: 'uncounted' | 'changed'): number[] =>
		rows.flatMap((row) => (row[which] ? [row.id] : []));
	return { uncounted: ids('uncounted'), changed: ids('changed') };
}
