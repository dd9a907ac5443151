/** What a user's act is about: the item, season, series or connector by our row id, with its natural key and name. */
import { sql, type SQL } from 'drizzle-orm';
import type { TargetKind } from '$lib/domain/words';
import type { DbOrTx } from '../client';
import { rowsOf } from '../rows';

export interface ScopeRef {
	kind: 'episode' | 'movie' | 'season' | 'series';
	/** Our row id. */
	id: number;
}

export interface ScopeRow {
	connectorId: number;
	connectorName: string;
	/** Where a rule of the user is kept. */
	ruleScope: 'item' | 'season' | 'series';
	/** Natural key. */
	key: string;
	title: string;
	episodeId: number | null;
	movieId: number | null;
}

/** Null if the mirror does not have it. */
export async function findScope(tx: DbOrTx, { kind, id }: ScopeRef): Promise<ScopeRow | null> {
	const [row] = await rowsOf<ScopeRow>(
		tx,
		sql`select c.id as "connectorId", c.name as "connectorName", x.* from (${BY_KIND[kind](id)}) x
			join connectors c on c.id = x.connector_id`,
	);
	return row ?? null;
}

const BY_KIND: Readonly<Record<ScopeRef['kind'], (id: number) => SQL>> = {
	episode: (
		id,
	) => sql`select e.connector_id, 'item' as "ruleScope", 'series:' || s.tvdb_id || '/' || e.natural_key as key,
		s.title || ' · ' || e.title as title, e.id as "episodeId", null::int as "movieId"
		from episodes e join series s on s.id = e.series_id where e.id = ${id}`,
	movie: (id) => sql`select m.connector_id, 'item' as "ruleScope", m.natural_key as key, m.title,
		null::int as "episodeId", m.id as "movieId" from movies m where m.id = ${id}`,
	season: (
		id,
	) => sql`select n.connector_id, 'season' as "ruleScope", 'series:' || s.tvdb_id || '/season:' || n.number as key,
		s.title || ' · Season ' || n.number as title, null::int as "episodeId", null::int as "movieId"
		from seasons n join series s on s.id = n.series_id where n.id = ${id}`,
	series: (id) => sql`select s.connector_id, 'series' as "ruleScope", 'series:' || s.tvdb_id as key, s.title,
		null::int as "episodeId", null::int as "movieId" from series s where s.id = ${id}`,
};

/** A target inside a scope, as the registry knows it. */
export interface ScopeTarget {
	connectorId: number;
	kind: TargetKind;
	key: string;
	rowId: number;
}

/** The single targets of a scope: the item itself, or all episodes of a season or series. */
export async function targetsOfScope(tx: DbOrTx, { kind, id }: ScopeRef): Promise<ScopeTarget[]> {
	if (kind === 'movie') {
		return await rowsOf<ScopeTarget>(
			tx,
			sql`select connector_id as "connectorId", 'movie' as kind, natural_key as key, id as "rowId" from movies where id = ${id}`,
		);
	}
	const which = {
		episode: sql`e.id = ${id}`,
		season: sql`(e.series_id, e.season_number) = (select series_id, number from seasons where id = ${id})`,
		series: sql`e.series_id = ${id}`,
	}[kind];
	return await rowsOf<ScopeTarget>(
		tx,
		sql`select e.connector_id as "connectorId", 'episode' as kind, 'series:' || s.tvdb_id || '/' || e.natural_key as key,
			e.id as "rowId" from episodes e join series s on s.id = e.series_id where ${which}`,
	);
}

/** Queued targets, not pinned, that a rule about this key holds for: the item's own, its season's and its series'. */
export async function queuedUnder(tx: DbOrTx, connectorId: number, key: string): Promise<number[]> {
	const rows = await rowsOf<{ id: number }>(
		tx,
		sql`select r.id from request_queue q join search_registry r on r.id = q.registry_id
			left join episodes e on e.id = r.episode_id
			where q.connector_id = ${connectorId} and not q.pinned and (r.target_key = ${key} or starts_with(r.target_key, ${key} || '/')
				or split_part(r.target_key, '/', 1) || '/season:' || e.season_number = ${key})`,
	);
	return rows.map((row) => row.id);
}
