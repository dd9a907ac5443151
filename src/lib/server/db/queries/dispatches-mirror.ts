/** What a live check saw of one item, written into the mirror at once; the next sync reads the rest. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { EpisodeRecord, MovieRecord } from '../../connectors/common/types';
import type { DbOrTx } from '../client';
import { rowsOf } from '../rows';
import { episodes, movies, series } from '../schema';
import { changeMirrorMark } from './mirror-mark';

export async function noteEpisode(db: DbOrTx, connectorId: number, seen: EpisodeRecord): Promise<void> {
	const { monitored, fileArrId, airDateUtc, airDate, lastSearchTime } = seen;
	const changed = await rowsOf(
		db,
		sql`
		update episodes set monitored = ${monitored}, file_arr_id = ${fileArrId}, air_date_utc = ${airDateUtc}::timestamptz,
			air_date = ${airDate}, last_search_time = coalesce(${lastSearchTime}::timestamptz, last_search_time)
		where connector_id = ${connectorId} and arr_id = ${seen.arrId} and natural_key = ${seen.naturalKey}
			and (monitored, file_arr_id, air_date_utc, air_date, last_search_time) is distinct from (${monitored}::boolean,
				${fileArrId}::int, ${airDateUtc}::timestamptz, ${airDate}::text,
				coalesce(${lastSearchTime}::timestamptz, last_search_time))
		returning id`,
	);
	if (changed.length > 0) await changeMirrorMark(db, connectorId);
}

export async function noteMovie(db: DbOrTx, connectorId: number, seen: MovieRecord): Promise<void> {
	const { monitored, isAvailable, fileArrId, notSearchable, lastSearchTime } = seen;
	const changed = await rowsOf(
		db,
		sql`
		update movies set monitored = ${monitored}, is_available = ${isAvailable}, file_arr_id = ${fileArrId},
			not_searchable = ${notSearchable}, last_search_time = coalesce(${lastSearchTime}::timestamptz, last_search_time)
		where connector_id = ${connectorId} and arr_id = ${seen.arrId} and natural_key = ${seen.naturalKey}
			and (monitored, is_available, file_arr_id, not_searchable, last_search_time) is distinct from (
				${monitored}::boolean, ${isAvailable}::boolean, ${fileArrId}::int, ${notSearchable}::text,
				coalesce(${lastSearchTime}::timestamptz, last_search_time))
		returning id`,
	);
	if (changed.length > 0) await changeMirrorMark(db, connectorId);
}

/** The episodes of this series are read anew by the next sync. */
export async function markSeriesStale(db: DbOrTx, seriesId: number, monitored?: boolean): Promise<void> {
	const [row] = await db
		.update(series)
		.set({ stale: true, ...(monitored === undefined ? {} : { monitored }) })
		.where(eq(series.id, seriesId))
		.returning({ connectorId: series.connectorId });
	if (row !== undefined && monitored !== undefined) await changeMirrorMark(db, row.connectorId);
}

/** Only the search time moved: known at once, without another read. */
export async function noteSearched(
	db: DbOrTx,
	kind: 'episode' | 'movie',
	ids: readonly number[],
	at: Date,
): Promise<void> {
	if (ids.length === 0) return;
	const table = kind === 'episode' ? episodes : movies;
	await db
		.update(table)
		.set({ lastSearchTime: at })
		.where(
			and(
				inArray(table.id, [...ids]),
				sql`(${table.lastSearchTime} is null or ${table.lastSearchTime} < ${at})`,
			),
		);
}

/** Stores a reading that gates are answered from. */
export async function putReading(
	db: DbOrTx,
	connectorId: number,
	name: string,
	value: object,
	readAt: Date,
): Promise<void> {
	const text = JSON.stringify(value).replaceAll('\\u0000', '');
	await db.execute(
		sql`insert into connector_readings (connector_id, name, value, read_at)
			values (${connectorId}, ${name}, ${text}::text::jsonb, ${readAt})
			on conflict (connector_id, name) do update set value = excluded.value, read_at = excluded.read_at`,
	);
}

/** The reading whose time tells when rows of a download client were last seen in the arr's queue. */
export const CLIENT_ROWS = 'clientRows';

/** Stores a reading of health; `clientRows`: the queue, read right before, had rows of a download client. */
export async function putHealth(
	db: DbOrTx,
	connectorId: number,
	{ issues, clientRows }: { issues: readonly object[]; clientRows: boolean },
	readAt: Date,
): Promise<void> {
	await putReading(db, connectorId, 'health', issues, readAt);
	if (clientRows) await putReading(db, connectorId, CLIENT_ROWS, {}, readAt);
}

/** When rows of a download client were last seen in the arr's queue. */
export async function clientRowsSeenAt(db: DbOrTx, connectorId: number): Promise<Date | null> {
	const [row] = await rowsOf<{ at: Date }>(
		db,
		sql`select read_at as at from connector_readings where connector_id = ${connectorId} and name = ${CLIENT_ROWS}`,
	);
	return row?.at ?? null;
}
