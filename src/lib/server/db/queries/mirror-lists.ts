/** A staged list becomes rows: duplicates out, moved ids freed, then one merge by natural key. */
import type { SQL } from 'bun';
import { countOf, mergeStage } from '../bulk';
import { MOVIE_FIELDS, SERIES_FIELDS } from './mirror-stage';

/** A row that was read is there. */
export const IS_PRESENT = {
	presence: "'present'",
	absent_since: 'null::timestamptz',
	deleted_at: 'null::timestamptz',
	unreadable: 'null::text',
} as const;

/** Of ids that both sides know: how many still stand for the same thing, and how many for another. */
export interface Pairs {
	same: number;
	different: number;
	mirrored: number;
	listed: number;
}

const LISTS = {
	series: { stage: 'list_series', key: 'tvdb_id' },
	movies: { stage: 'list_movies', key: 'natural_key' },
} as const;

/** Compares what the mirror knows by arr id with the staged list. */
export async function comparePairs(
	sql: SQL,
	table: 'series' | 'movies',
	connectorId: number,
): Promise<Pairs> {
	const { stage, key } = LISTS[table];
	const rows = (await sql.unsafe(
		`select (count(*) filter (where l.${key} = t.${key}))::int as same,
			(count(*) filter (where l.${key} <> t.${key}))::int as different,
			count(*)::int as mirrored, (select count(*)::int from ${stage}) as listed
		from ${table} t left join ${stage} l on l.arr_id = t.arr_id
		where t.connector_id = $1 and t.presence <> 'deleted' and t.arr_id > 0`,
		[connectorId],
	)) as Pairs[];
	return rows[0] ?? { same: 0, different: 0, mirrored: 0, listed: 0 };
}

/** Two records with one key: the lowest arr id stays. Gives back the keys that came twice. */
export async function dropDuplicates(sql: SQL, table: 'series' | 'movies'): Promise<string[]> {
	const { stage, key } = LISTS[table];
	const rows = (await sql.unsafe(
		`delete from ${stage} a using ${stage} b
		where (a.${key} = b.${key} and (a.arr_id > b.arr_id or (a.arr_id = b.arr_id and a.ctid > b.ctid)))
		returning a.${key}::text as key`,
	)) as { key: string }[];
	await sql.unsafe(`delete from ${stage} a using ${stage} b where a.arr_id = b.arr_id and a.ctid > b.ctid`);
	return rows.map((row) => row.key);
}

/** An arr id that now belongs to another row is taken from the one that has it and is not in the list. */
async function freeMovedIds(tx: SQL, table: 'series' | 'movies', connectorId: number): Promise<void> {
	const { stage, key } = LISTS[table];
	await tx.unsafe(
		`update ${table} t set arr_id = -t.id from ${stage} l
		where t.connector_id = $1 and t.arr_id = l.arr_id and t.${key} <> l.${key}
			and not exists (select 1 from ${stage} x where x.${key} = t.${key})`,
		[connectorId],
	);
}

/** So many new rows change what the planner must know. */
const MANY_ROWS = 1_000;

/** Writes the staged series and their seasons. Gives back how many rows changed. */
export async function applySeries(tx: SQL, connectorId: number): Promise<number> {
	await freeMovedIds(tx, 'series', connectorId);
	const series = await mergeStage(tx, {
		table: 'series',
		stage: 'list_series',
		match: 't.connector_id = $1 and t.tvdb_id = s.tvdb_id',
		columns: SERIES_FIELDS,
		// another id for the same series: its episodes have others too
		values: { ...IS_PRESENT, stale: 'coalesce(t.stale or t.arr_id <> s.arr_id, false)' },
		keys: { connector_id: '$1', tvdb_id: 's.tvdb_id' },
		parameters: [connectorId],
	});
	const seasons = await mergeStage(tx, {
		table: 'seasons',
		stage: `(select distinct on (x.id, l.number) x.id as series_id, l.number, l.monitored
			from list_seasons l join series x on x.connector_id = $1 and x.tvdb_id = l.tvdb_id order by x.id, l.number)`,
		match: 't.series_id = s.series_id and t.number = s.number',
		columns: ['monitored'],
		values: IS_PRESENT,
		keys: { connector_id: '$1', series_id: 's.series_id', number: 's.number' },
		parameters: [connectorId],
	});
	// what follows joins both, and a table that was just filled is taken for a small one
	if (series.inserted + seasons.inserted > MANY_ROWS) await tx`analyze series, seasons`;
	const unreadable = await markUnreadable(tx, 'series', connectorId);
	return series.updated + series.inserted + seasons.updated + seasons.inserted + unreadable;
}

/** Seasons that a listed, readable series no longer has; `t` is the season. Two joins, each of whole lists. */
export const SEASON_ABSENT = `t.series_id in (
		select s.id from list_series l join series s on s.connector_id = $1 and s.tvdb_id = l.tvdb_id)
	and not exists (select 1 from list_seasons n join series s on s.connector_id = $1 and s.tvdb_id = n.tvdb_id
		where s.id = t.series_id and n.number = t.number)`;

/** Writes the staged movies. `now` becomes the moment since when a movie is available, if it was not before. */
export async function applyMovies(tx: SQL, connectorId: number, now: Date): Promise<number> {
	const isNew = await hasNone(tx, 'movies', connectorId);
	if (!isNew) await freeMovedIds(tx, 'movies', connectorId);
	const movies = await mergeStage(tx, {
		isNew,
		table: 'movies',
		stage: '(select *, $2::timestamptz as now from list_movies)',
		match: 't.connector_id = $1 and t.natural_key = s.natural_key',
		columns: MOVIE_FIELDS,
		values: {
			...IS_PRESENT,
			available_since: `case when not s.is_available then null::timestamptz
				when t.is_available = false then s.now
				when t.is_available then t.available_since
				when s.release_date is null or s.release_date > s.now then coalesce(s.added, s.now) end`,
		},
		keys: { connector_id: '$1', natural_key: 's.natural_key' },
		parameters: [connectorId, now],
	});
	const unreadable = await markUnreadable(tx, 'movies', connectorId);
	return movies.updated + movies.inserted + unreadable;
}

/** A connector's first rows: nothing is compared with them. */
export async function hasNone(tx: SQL, table: 'movies' | 'files', connectorId: number): Promise<boolean> {
	const rows = (await tx.unsafe(
		`select not exists (select 1 from ${table} where connector_id = $1) as none`,
		[connectorId],
	)) as { none: boolean }[];
	return rows[0]?.none === true;
}

/** A record that could not be read is there: its row keeps its last good values and says why. */
async function markUnreadable(tx: SQL, table: 'series' | 'movies', connectorId: number): Promise<number> {
	const marked: unknown = await tx.unsafe(
		`update ${table} t set unreadable = u.problem, presence = 'present', absent_since = null, deleted_at = null
		from list_unreadable u where t.connector_id = $1 and t.arr_id = u.arr_id
			and (t.unreadable, t.presence) is distinct from (u.problem, 'present')`,
		[connectorId],
	);
	return countOf(marked);
}
