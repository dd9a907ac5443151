/** What the series list should say now, computed from the mirror with the application's own formula (arr §4.2). */
import type { SQL } from 'bun';
import type { AirPrecision } from '$lib/domain/fingerprint';
import { countOf } from '../bulk';

/**
 * The text of `domain/fingerprint` for each series of a connector, at the arr's time `$2`. `$3`: air times count as
 * days. `only` restricts the series.
 */
const prediction = (only: string): string => `
	select series_id, string_agg(concat_ws(':', season_number, total, counted, with_file, next_airing, previous_airing), ';'
		order by season_number) as seasons
	from (
		select e.series_id, e.season_number, count(*) as total,
			count(*) filter (where e.file_arr_id <> 0 or (e.monitored and e.air_date_utc <= $2)) as counted,
			count(*) filter (where e.file_arr_id <> 0) as with_file,
			coalesce(floor(extract(epoch from min(e.air_date_utc) filter (where e.monitored and e.air_date_utc >= $2)) / $3)::bigint::text, '') as next_airing,
			coalesce(floor(extract(epoch from max(e.air_date_utc) filter (where e.monitored and e.air_date_utc < $2)) / $3)::bigint::text, '') as previous_airing
		from episodes e
		where e.connector_id = $1 and e.presence = 'present' ${only}
		group by e.series_id, e.season_number
	) season
	group by series_id`;

const joined = (only: string): string => `
	select s.id, l.fingerprint, coalesce(p.seasons, '') || '|' || coalesce(f.size, 0) as predicted
	from list_series l
	join series s on s.connector_id = $1 and s.tvdb_id = l.tvdb_id
	left join (${prediction(only)}) p on p.series_id = s.id
	left join (select series_id, sum(size) as size from files where connector_id = $1 and series_id is not null group by series_id) f
		on f.series_id = s.id and p.seasons is not null`;

const LISTED = `and e.series_id in (
	select s.id from list_series l join series s on s.connector_id = $1 and s.tvdb_id = l.tvdb_id)`;

export interface Comparison {
	from: Date;
	to: Date;
	precision: AirPrecision;
	listedOnly: boolean;
}

/** Series (the arr's ids) of which something airs in that time, by the mirror: their list entry is another then. */
export async function seriesAiring(
	sql: SQL,
	connectorId: number,
	{ from, to }: { from: Date; to: Date },
): Promise<number[]> {
	const rows = (await sql`
		select distinct s.arr_id as id from episodes e join series s on s.id = e.series_id
		where e.connector_id = ${connectorId} and e.monitored and e.file_arr_id = 0 and e.presence = 'present'
			and e.air_date_utc between ${from} and ${to}`) as { id: number }[];
	return rows.map((row) => row.id);
}

const unitOf = (precision: AirPrecision): number => (precision === 'days' ? 86_400 : 1);

/**
 * Marks the series as stale whose list entry is not what the mirror predicts, unless it disagreed in the same words
 * when its episodes were last read. Call it after the list was applied. Gives back how many were marked.
 *
 * `from` and `to`: the arr's clock around the answer. What airs in between may stand on either side. `listedOnly`: the
 * staged list holds some series only, and of the others nothing is said.
 */
export async function markDiffering(
	tx: SQL,
	connectorId: number,
	{ from, to, precision, listedOnly }: Comparison,
): Promise<number> {
	const unit = unitOf(precision);
	await tx.unsafe(
		`create temp table if not exists differing (id int, fingerprint text) on commit delete rows`,
	);
	await tx.unsafe(
		`insert into differing select id, fingerprint from (${joined(listedOnly ? LISTED : '')}) both_sides where fingerprint <> predicted`,
		[connectorId, from, unit],
	);
	if (to > from) {
		await tx.unsafe(
			`delete from differing d using (${joined('and e.series_id in (select id from differing)')}) again
			where again.id = d.id and again.fingerprint = again.predicted`,
			[connectorId, to, unit],
		);
	}
	await tx`update series s set list_fingerprint = null where s.connector_id = ${connectorId}
		and s.list_fingerprint is not null and s.presence = 'present' and not exists (select 1 from differing d where d.id = s.id)
		and (not ${listedOnly}::boolean or s.tvdb_id in (select tvdb_id from list_series))`;
	const marked: unknown =
		await tx`update series s set stale = true, list_fingerprint = d.fingerprint from differing d
		where d.id = s.id and s.list_fingerprint is distinct from d.fingerprint and s.episodes_read_at is not null`;
	return countOf(marked);
}
