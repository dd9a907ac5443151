/** The arr's own wanted totals, recounted in the mirror by its own conditions (arr §6). */
import type { SQL } from 'bun';
import type { Shape } from '$lib/domain/words';

export interface ArrRuleCounts {
	missing: number;
	cutoffUnmet: number;
	verdictsDiffer: number;
	/** How many of the arr's missing are no gaps for us, and why. */
	reasons: Record<string, number>;
}

export async function wantedByArrRules(
	sql: SQL,
	connectorId: number,
	shape: Shape,
	now: Date,
): Promise<ArrRuleCounts> {
	const missing =
		shape === 'series' ? await missingEpisodes(sql, connectorId, now) : await missingMovies(sql, connectorId);
	const upgrades = await cutoffUnmet(sql, connectorId, shape);
	const { total, ...reasons } = missing;
	return {
		missing: total,
		cutoffUnmet: upgrades.total,
		verdictsDiffer: upgrades.differ,
		reasons: { ...reasons, upgradesNotAllowed: upgrades.notAllowed },
	};
}

async function missingEpisodes(sql: SQL, connectorId: number, now: Date) {
	const rows = (await sql`
		select count(*)::int as total,
			(count(*) filter (where e.season_number = 0 and c.kind = 'sonarr'))::int as specials,
			(count(*) filter (where e.presence <> 'present' or s.presence <> 'present'))::int as unconfirmed,
			(count(*) filter (where e.air_date_utc + make_interval(mins => s.runtime)
				+ make_interval(secs => (c.settings->>'graceHours')::float * 3600) > ${now}::timestamptz))::int as "inGrace"
		from episodes e join series s on s.id = e.series_id join connectors c on c.id = e.connector_id
		where e.connector_id = ${connectorId} and e.file_arr_id = 0 and e.monitored and s.monitored
			and e.presence <> 'deleted' and s.presence <> 'deleted'
			and e.air_date_utc + make_interval(mins => s.runtime) <= ${now}::timestamptz`) as {
		total: number;
		specials: number;
		unconfirmed: number;
		inGrace: number;
	}[];
	return rows[0] ?? { total: 0, specials: 0, unconfirmed: 0, inGrace: 0 };
}

async function missingMovies(sql: SQL, connectorId: number) {
	const rows = (await sql`
		select count(*)::int as total,
			(count(*) filter (where not is_available))::int as "notAvailable",
			(count(*) filter (where presence <> 'present'))::int as unconfirmed,
			(count(*) filter (where not_searchable is not null))::int as "notSearchable"
		from movies where connector_id = ${connectorId} and file_arr_id = 0 and monitored and year > 0
			and presence <> 'deleted'`) as {
		total: number;
		notAvailable: number;
		unconfirmed: number;
		notSearchable: number;
	}[];
	return rows[0] ?? { total: 0, notAvailable: 0, unconfirmed: 0, notSearchable: 0 };
}

const BELOW = `(q.rank < p.effective_cutoff_rank)`;

async function cutoffUnmet(
	sql: SQL,
	connectorId: number,
	shape: Shape,
): Promise<{ total: number; notAllowed: number; differ: number }> {
	const item =
		shape === 'series'
			? `join series o on o.id = f.series_id
				join episodes i on i.connector_id = f.connector_id and i.file_arr_id = f.arr_id and i.presence <> 'deleted'`
			: `join movies o on o.id = f.movie_id join movies i on i.id = f.movie_id and i.presence <> 'deleted'`;
	const listed =
		shape === 'series'
			? `i.monitored and o.monitored and (i.season_number <> 0 or f.connector_id in (select id from connectors where kind = 'whisparr'))`
			: 'i.monitored';
	const rows = (await sql.unsafe(
		`select (count(*) filter (where ${BELOW} and ${listed}))::int as total,
			(count(*) filter (where ${BELOW} and ${listed} and not p.upgrade_allowed))::int as "notAllowed",
			(count(distinct f.id) filter (where ${BELOW} <> f.arr_cutoff_not_met))::int as differ
		from files f ${item}
		join quality_profiles p on p.connector_id = f.connector_id and p.arr_id = o.quality_profile_arr_id
		join profile_qualities q on q.connector_id = f.connector_id and q.profile_arr_id = p.arr_id and q.quality_id = f.quality_id
		where f.connector_id = $1`,
		[connectorId],
	)) as { total: number; notAllowed: number; differ: number }[];
	return rows[0] ?? { total: 0, notAllowed: 0, differ: 0 };
}
