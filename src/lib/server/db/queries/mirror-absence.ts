/**
 * Rows that a whole list lacked: unconfirmed first, deleted when a second whole list lacks them too or when a
 * question by id proved it (design: offline is not empty). Nothing here runs after a list that was not whole, and
 * nothing where a list shrank more than is likely.
 */
import type { SQL } from 'bun';
import { countOf, intList } from '../bulk';

export type MirrorTable = 'series' | 'seasons' | 'episodes' | 'movies';

/** A second whole list counts from this long after the first. */
export const SECOND_LIST_MS = 10 * 60_000;
const SHRINK_SHARE = 0.2;
const SHRINK_ROWS = 10;

export interface Loss {
	/** Rows the mirror had, and how many of them the list lacks. */
	had: number;
	missing: number;
}

/** More gone than a user is likely to have removed: the list is not believed. */
export function isShrunk({ had, missing }: Loss): boolean {
	if (missing === 0) return false;
	if (missing === had) return true;
	return missing >= SHRINK_ROWS && missing > had * SHRINK_SHARE;
}

/** Condition of a row's absence from the staged list; `t` is the row. */
export const ABSENT = {
	series: `not exists (select 1 from list_series l where l.tvdb_id = t.tvdb_id)
		and not exists (select 1 from list_unreadable u where u.arr_id = t.arr_id)`,
	movies: `not exists (select 1 from list_movies l where l.natural_key = t.natural_key)
		and not exists (select 1 from list_unreadable u where u.arr_id = t.arr_id)`,
	movieIds: `not exists (select 1 from list_ids l where l.arr_id = t.arr_id)`,
} as const;

/** What the mirror has, and how much of it the list lacks. */
export async function lossOf(
	tx: SQL,
	table: 'series' | 'movies',
	connectorId: number,
	absent: string,
): Promise<Loss> {
	// two counts, since a condition within one would be asked row by row
	const rows = (await tx.unsafe(
		`select (select count(*)::int from ${table} t where t.connector_id = $1 and t.presence <> 'deleted') as had,
			(select count(*)::int from ${table} t where t.connector_id = $1 and t.presence <> 'deleted' and ${absent}) as missing`,
		[connectorId],
	)) as Loss[];
	return rows[0] ?? { had: 0, missing: 0 };
}

/** Nothing of the list is doubted or could not be read: the same list would change nothing, however often it came. */
export async function isSettled(tx: SQL, table: 'series' | 'movies', connectorId: number): Promise<boolean> {
	const doubted = (of: string): string =>
		`exists (select 1 from ${of} where connector_id = $1 and (presence = 'unconfirmed' or unreadable is not null))`;
	const tables = table === 'series' ? ['series', 'seasons'] : ['movies'];
	const rows = (await tx.unsafe(`select not (${tables.map(doubted).join(' or ')}) as settled`, [
		connectorId,
	])) as { settled: boolean }[];
	return rows[0]?.settled === true;
}

/** Moves absent rows on: present → unconfirmed, and unconfirmed for long enough → deleted. */
export async function markAbsent(
	tx: SQL,
	table: MirrorTable,
	connectorId: number,
	absent: string,
	{ at, confirmed = false }: { at: Date; confirmed?: boolean },
): Promise<{ unconfirmed: number; deleted: number }> {
	const since = new Date(at.getTime() - SECOND_LIST_MS);
	const deleted: unknown = await tx.unsafe(
		`update ${table} t set presence = 'deleted', deleted_at = $2, absent_since = coalesce(t.absent_since, $2)
		where t.connector_id = $1 and (t.presence = 'unconfirmed' and t.absent_since <= $3 or t.presence <> 'deleted' and $4::boolean)
			and ${absent}`,
		[connectorId, at, since, confirmed],
	);
	const unconfirmed: unknown = await tx.unsafe(
		`update ${table} t set presence = 'unconfirmed', absent_since = $2
		where t.connector_id = $1 and t.presence = 'present' and ${absent}`,
		[connectorId, at],
	);
	return { unconfirmed: countOf(unconfirmed), deleted: countOf(deleted) };
}

/** An unconfirmed row that may be asked for by its id. */
export interface Doubt {
	id: number;
	arrId: number;
	/** Of a movie; empty otherwise. */
	naturalKey: string;
}

const REFERENCE = {
	series: `id, arr_id as "arrId", '' as "naturalKey"`,
	episodes: `id, arr_id as "arrId", '' as "naturalKey"`,
	movies: 'id, arr_id as "arrId", natural_key as "naturalKey"',
} as const;

export type AskedTable = keyof typeof REFERENCE;

/** Unconfirmed rows, the newest first; of episodes those whose series still exists. */
export async function doubtfulRows(
	sql: SQL,
	table: AskedTable,
	connectorId: number,
	limit: number,
): Promise<Doubt[]> {
	const alive =
		table === 'episodes'
			? `and exists (select 1 from series s where s.id = t.series_id and s.presence = 'present')`
			: '';
	return await sql.unsafe(
		`select ${REFERENCE[table]} from ${table} t where connector_id = $1 and presence = 'unconfirmed' and arr_id > 0 ${alive}
		order by absent_since desc, id limit $2`,
		[connectorId, limit],
	);
}

/** A row that is surely there, to see that the application answers such questions at all. */
export async function presentRow(
	sql: SQL,
	table: AskedTable,
	connectorId: number,
	except: readonly number[] = [],
): Promise<Doubt | undefined> {
	const rows = (await sql.unsafe(
		`select ${REFERENCE[table]} from ${table} where connector_id = $1 and presence = 'present' and arr_id > 0
			and id <> all($2::text::int[]) limit 1`,
		[connectorId, intList(except)],
	)) as Doubt[];
	return rows[0];
}

/** Proven by a question: these rows are gone, or there all the same. */
export async function settleDoubts(
	tx: SQL,
	table: AskedTable,
	{ gone, there }: { gone: readonly number[]; there: readonly number[] },
	at: Date,
): Promise<void> {
	await tx.unsafe(
		`update ${table} set presence = 'deleted', deleted_at = $2 where id = any($1::text::int[]) and presence = 'unconfirmed'`,
		[intList(gone), at],
	);
	await tx.unsafe(
		`update ${table} set presence = 'present', absent_since = null where id = any($1::text::int[]) and presence = 'unconfirmed'`,
		[intList(there)],
	);
}

/** Rows whose week is over; their search memory must be forgotten before `purgeRows`. */
export async function purgeableRows(
	tx: SQL,
	connectorId: number,
	before: Date,
): Promise<{ episodes: number[]; movies: number[]; seasons: number[] }> {
	const ids = async (query: PromiseLike<unknown>): Promise<number[]> =>
		((await query) as { id: number }[]).map((row) => row.id);
	return {
		// two ways to go, each by its own index: together they would be looked for in all rows
		episodes: await ids(tx`select id from episodes
			where connector_id = ${connectorId} and presence = 'deleted' and deleted_at <= ${before}
			union select e.id from series s join episodes e on e.series_id = s.id
			where s.connector_id = ${connectorId} and s.presence = 'deleted' and s.deleted_at <= ${before}`),
		seasons: await ids(tx`select id from seasons
			where connector_id = ${connectorId} and presence = 'deleted' and deleted_at <= ${before}
			union select n.id from series s join seasons n on n.series_id = s.id
			where s.connector_id = ${connectorId} and s.presence = 'deleted' and s.deleted_at <= ${before}`),
		movies: await ids(
			tx`select id from movies where connector_id = ${connectorId} and presence = 'deleted' and deleted_at <= ${before}`,
		),
	};
}

/** Removes the rows for good. */
export async function purgeRows(tx: SQL, connectorId: number, before: Date): Promise<void> {
	await tx`delete from episodes where connector_id = ${connectorId} and presence = 'deleted' and deleted_at <= ${before}`;
	await tx`delete from seasons where connector_id = ${connectorId} and presence = 'deleted' and deleted_at <= ${before}`;
	await tx`delete from series where connector_id = ${connectorId} and presence = 'deleted' and deleted_at <= ${before}`;
	await tx`delete from files f using movies m where m.id = f.movie_id and m.connector_id = ${connectorId}
		and m.presence = 'deleted' and m.deleted_at <= ${before}`;
	await tx`delete from movies where connector_id = ${connectorId} and presence = 'deleted' and deleted_at <= ${before}`;
}
