/** What a live check saw of one item, written into the mirror at once; the next sync reads the rest. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { EpisodeRecord, MovieRecord } from '../../connectors/common/types';
import type { DbOrTx } from '../client';
import { rowsOf } from '../rows';
import { episodes, movies, series } from '../schema';

export async function noteEpisode(db: DbOrTx, connectorId: number, seen: EpisodeRecord): Promise<void> {
	await db
		.update(episodes)
		.set({
			monitored: seen.monitored,
			fileArrId: seen.fileArrId,
			airDateUtc: seen.airDateUtc,
			airDate: seen.airDate,
			...(seen.lastSearchTime === null ? {} : { lastSearchTime: seen.lastSearchTime }),
		})
		.where(
			and(
				eq(episodes.connectorId, connectorId),
				eq(episodes.arrId, seen.arrId),
				eq(episodes.naturalKey, seen.naturalKey),
			),
		);
}

export async function noteMovie(db: DbOrTx, connectorId: number, seen: MovieRecord): Promise<void> {
	await db
		.update(movies)
		.set({
			monitored: seen.monitored,
			isAvailable: seen.isAvailable,
			fileArrId: seen.fileArrId,
			notSearchable: seen.notSearchable,
			...(seen.lastSearchTime === null ? {} : { lastSearchTime: seen.lastSearchTime }),
		})
		.where(
			and(
				eq(movies.connectorId, connectorId),
				eq(movies.arrId, seen.arrId),
				eq(movies.naturalKey, seen.naturalKey),
			),
		);
}

/** The episodes of this series are read anew by the next sync. */
export async function markSeriesStale(db: DbOrTx, seriesId: number, monitored?: boolean): Promise<void> {
	await db
		.update(series)
		.set({ stale: true, ...(monitored === undefined ? {} : { monitored }) })
		.where(eq(series.id, seriesId));
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
