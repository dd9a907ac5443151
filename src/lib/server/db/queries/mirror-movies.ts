/** Which movies a sync reads, where an application lists no more than ids. */
import type { SQL } from 'bun';
import { drizzleOn, intList } from '../bulk';
import { changeMirrorMark } from './mirror-mark';

/**
 * Of the staged ids: what the mirror does not know, what is unreadable or in `touched`, and the next `slice` of the
 * others, in a round that never ends.
 */
export async function slicedMovieIds(
	sql: SQL,
	connectorId: number,
	slice: number,
	touched: readonly number[],
): Promise<number[]> {
	const rows = (await sql`
		with turn as (
			select coalesce((select (value->>'after')::int from connector_readings
				where connector_id = ${connectorId} and name = 'movieSlice'), 0) as after
		), round as (
			select m.arr_id from movies m, turn
			where m.connector_id = ${connectorId} and m.arr_id > 0 and m.presence = 'present'
			order by m.arr_id <= turn.after, m.arr_id limit ${slice}::int
		)
		select l.arr_id as id from list_ids l
		where l.arr_id in (select arr_id from round)
			or l.arr_id = any(${intList(touched)}::text::int[])
			or not exists (select 1 from movies m where m.connector_id = ${connectorId} and m.arr_id = l.arr_id
				and m.presence = 'present' and m.unreadable is null)`) as { id: number }[];
	return rows.map((row) => row.id);
}

/** The next slice begins behind this one. */
export async function turnMovieSlice(sql: SQL, connectorId: number, slice: number, at: Date): Promise<void> {
	await sql`
		insert into connector_readings (connector_id, name, value, read_at)
		select ${connectorId}::int, 'movieSlice', jsonb_build_object('after', coalesce((
			select max(arr_id) from (
				select m.arr_id from movies m where m.connector_id = ${connectorId} and m.arr_id > coalesce((
					select (value->>'after')::int from connector_readings
					where connector_id = ${connectorId} and name = 'movieSlice'), 0)
				order by m.arr_id limit ${slice}::int) next), 0)), ${at}
		on conflict (connector_id, name) do update set value = excluded.value, read_at = excluded.read_at`;
}

/** A few listed ids that the mirror knows, spread over the library. */
export async function someKnownIds(sql: SQL, connectorId: number, count: number): Promise<number[]> {
	const rows = (await sql`select m.arr_id as id from movies m join list_ids l on l.arr_id = m.arr_id
		where m.connector_id = ${connectorId} and m.presence = 'present' order by hashint4(m.id) limit ${count}::int`) as {
		id: number;
	}[];
	return rows.map((row) => row.id);
}

/** What single movies are asked for by. */
export async function movieRefs(
	sql: SQL,
	connectorId: number,
	arrIds: string,
): Promise<{ arrId: number; naturalKey: string }[]> {
	return await sql`select arr_id as "arrId", natural_key as "naturalKey" from movies
		where connector_id = ${connectorId} and arr_id = any(${arrIds}::text::int[])`;
}

/** The application denies a row by its id: doubtful until a sync settles it. Gives back how many rows. */
export async function doubtRows(
	sql: SQL,
	table: 'series' | 'episodes' | 'movies',
	connectorId: number,
	arrId: number,
	at: Date,
): Promise<number> {
	const rows = (await sql.unsafe(
		`update ${table} set presence = 'unconfirmed', absent_since = $3
		where connector_id = $1 and arr_id = $2 and presence = 'present'
		returning ${table === 'episodes' ? 'series_id' : 'null::int as series_id'}`,
		[connectorId, arrId, at],
	)) as { series_id: number | null }[];
	if (rows.length > 0) await changeMirrorMark(drizzleOn(sql), connectorId);
	const series = rows.map((row) => row.series_id ?? 0).filter((id) => id > 0);
	await sql`update series set stale = true, content_hash = null where id = any(${intList(series)}::text::int[])`;
	return rows.length;
}
