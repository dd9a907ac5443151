/**
 * What the user or a rebuild of the mirror does to many targets at once. A scope is an item, a season, a series or a
 * connector, and nothing outside of it is touched.
 */
import { and, eq, lt, sql, type SQL } from 'drizzle-orm';
import type { SearchState } from '$lib/domain/words';
import type { DbOrTx } from '../../db/client';
import { episodes, movies, searchRegistry, seasons, series } from '../../db/schema';
import {
	forget,
	giveBirth,
	move,
	remember,
	statesBefore,
	type RegistryRow,
	type TargetRef,
} from './states-moves';

export interface Scope {
	kind: 'episode' | 'movie' | 'season' | 'series' | 'connector';
	/** Our row id. */
	id: number;
}

const ANEW = {
	attempts: 0,
	freshAttempts: 0,
	nextEligibleAt: null,
	restReason: null,
	consecutiveNotSearched: 0,
	consecutiveErrors: 0,
	exhaustedBy: null,
	countedFor: null,
	grabId: null,
} as const;

/**
 * Forgets what searches led to: any state → pending, attempts 0, eligible at once. A search under way is watched to
 * its end and only its counts are forgotten. A season's reset includes its episodes. Gives back how many were touched.
 */
export async function resetScope(tx: DbOrTx, scope: Scope, { at }: { at: Date }): Promise<number> {
	return await resetWhere(tx, inScope(scope), at);
}

async function resetWhere(tx: DbOrTx, which: SQL, at: Date): Promise<number> {
	const { grabId: _, ...counts } = ANEW;
	const kept = await remember(tx, and(which, eq(searchRegistry.state, 'searching')) ?? which, counts);
	const same = await remember(tx, and(which, eq(searchRegistry.state, 'pending')) ?? which, ANEW);
	const from: SearchState[] = statesBefore('pending').filter((state) => state !== 'searching');
	const moved = await move(tx, which, { from, to: 'pending', at, set: ANEW });
	return kept + same + moved.length;
}

/** The user gives targets up: any state → exhausted, without an end. Rows are born where there were none. */
export async function giveUpTargets(
	tx: DbOrTx,
	targets: readonly TargetRef[],
	{ at }: { at: Date },
): Promise<RegistryRow[]> {
	const born = await giveBirth(tx, targets, at);
	const which = sql`${searchRegistry.id} = any(${sql.param(born.map((row) => row.id))}::int[])`;
	const set = { exhaustedBy: 'user', nextEligibleAt: null, restReason: 'given_up', coveredBy: null } as const;
	await remember(tx, and(which, eq(searchRegistry.state, 'exhausted')) ?? which, set);
	return await move(tx, which, { from: statesBefore('exhausted'), to: 'exhausted', at, set });
}

/** Done rows are kept 30 days; gives back how many went. */
export async function forgetDone(tx: DbOrTx, { before }: { before: Date }): Promise<number> {
	const old = and(eq(searchRegistry.state, 'done'), lt(searchRegistry.stateSince, before));
	return old === undefined ? 0 : await forget(tx, old);
}

/**
 * Targets whose mirror row has been purged, of connectors whose mirror is whole; nothing under way is forgotten, and
 * nothing that changed after `before`.
 */
export async function forgetOrphans(tx: DbOrTx, { before }: { before: Date }): Promise<number> {
	const orphaned = sql`exists (select 1 from connectors c where c.id = ${searchRegistry.connectorId} and c.mirror_complete)
		and ${searchRegistry.state} not in ('searching', 'grabbed') and ${searchRegistry.stateSince} < ${before}
		and case ${searchRegistry.targetKind}
			when 'episode' then not exists (select 1 from ${episodes} e where e.id = ${searchRegistry.episodeId})
			when 'season' then not exists (select 1 from ${seasons} n where n.id = ${searchRegistry.seasonId})
			else not exists (select 1 from ${movies} m where m.id = ${searchRegistry.movieId}) end`;
	return await forget(tx, orphaned);
}

/** These episodes kept their key but are other episodes now: nothing that was remembered is about them. */
export async function resetIdentities(
	tx: DbOrTx,
	episodeIds: readonly number[],
	{ at }: { at: Date },
): Promise<number> {
	return await resetWhere(tx, idIn('episode_id', episodeIds), at);
}

/** Forgets targets whose mirror rows are being purged; call it before the rows go. Nothing under way is forgotten. */
export async function forgetGone(
	tx: DbOrTx,
	gone: { episodes: readonly number[]; seasons: readonly number[]; movies: readonly number[] },
): Promise<number> {
	const any = sql`(${idIn('episode_id', gone.episodes)} or ${idIn('season_id', gone.seasons)} or ${idIn('movie_id', gone.movies)})`;
	return await forget(tx, sql`${any} and ${searchRegistry.state} not in ('searching', 'grabbed')`);
}

/** After a rebuild of the mirror: finds each target's row again by its natural key. Gives back how many moved. */
export async function rebindTargets(tx: DbOrTx, connectorId: number): Promise<number> {
	const of = sql`${searchRegistry.connectorId} = ${connectorId}`;
	const episode = sql`(select e.id from ${episodes} e join ${series} s on s.id = e.series_id
		where s.connector_id = ${connectorId} and s.tvdb_id = split_part(split_part(${searchRegistry.targetKey}, '/', 1), ':', 2)::int
			and e.natural_key = split_part(${searchRegistry.targetKey}, '/', 2))`;
	const season = sql`(select n.id from ${seasons} n join ${series} s on s.id = n.series_id
		where s.connector_id = ${connectorId} and s.tvdb_id = split_part(split_part(${searchRegistry.targetKey}, '/', 1), ':', 2)::int
			and n.number = split_part(${searchRegistry.targetKey}, '/season:', 2)::int)`;
	const movie = sql`(select m.id from ${movies} m
		where m.connector_id = ${connectorId} and m.natural_key = ${searchRegistry.targetKey})`;
	const lost = (kind: string, table: SQL, column: SQL): SQL =>
		sql`${of} and ${searchRegistry.targetKind} = ${kind} and not exists (select 1 from ${table} x where x.id = ${column})`;
	return (
		(await remember(tx, lost('episode', sql`${episodes}`, sql`${searchRegistry.episodeId}`), {
			episodeId: episode,
		})) +
		(await remember(tx, lost('season', sql`${seasons}`, sql`${searchRegistry.seasonId}`), {
			seasonId: season,
		})) +
		(await remember(tx, lost('movie', sql`${movies}`, sql`${searchRegistry.movieId}`), { movieId: movie }))
	);
}

const idIn = (column: 'episode_id' | 'season_id' | 'movie_id', ids: readonly number[]): SQL =>
	sql`search_registry.${sql.raw(column)} = any(${sql.param([...ids])}::int[])`;

function inScope(scope: Scope): SQL {
	switch (scope.kind) {
		case 'connector':
			return sql`${searchRegistry.connectorId} = ${scope.id}`;
		case 'episode':
			return sql`${searchRegistry.episodeId} = ${scope.id}`;
		case 'movie':
			return sql`${searchRegistry.movieId} = ${scope.id}`;
		case 'season':
			return sql`(${searchRegistry.seasonId} = ${scope.id} or ${searchRegistry.episodeId} in (
				select e.id from ${episodes} e join ${seasons} n on n.series_id = e.series_id and n.number = e.season_number
				where n.id = ${scope.id}))`;
		case 'series':
			return sql`(${searchRegistry.episodeId} in (select e.id from ${episodes} e where e.series_id = ${scope.id})
				or ${searchRegistry.seasonId} in (select n.id from ${seasons} n where n.series_id = ${scope.id}))`;
	}
}
