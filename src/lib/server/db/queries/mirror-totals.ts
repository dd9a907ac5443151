/** The arr's own wanted totals, recounted in the mirror by its own conditions (arr §6). */
import type { SQL } from 'bun';
import type { Shape } from '$lib/domain/words';
import { movieAvailableAt } from './discovery-conditions';

export interface ArrRuleCounts {
	missing: number;
	cutoffUnmet: number;
	verdictsDiffer: number;
	/** How many of the arr's wanted are none for us, and why; `yearless`: how many of ours the arr leaves out. */
	reasons: Record<string, number>;
}

export async function wantedByArrRules(
	sql: SQL,
	connectorId: number,
	shape: Shape,
	now: Date,
): Promise<ArrRuleCounts> {
	const [missing, upgrades] = await Promise.all([
		shape === 'series' ? missingEpisodes(sql, connectorId, now) : missingMovies(sql, connectorId, now),
		cutoffUnmet(sql, connectorId, shape),
	]);
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
			(count(*) filter (where e.season_number = 0 and c.kind = 'sonarr'
				and not (c.settings->>'specials')::boolean))::int as specials,
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

async function missingMovies(sql: SQL, connectorId: number, now: Date) {
	const rows = (await sql.unsafe(
		`select (count(*) filter (where m.year > 0))::int as total,
			(count(*) filter (where m.year > 0 and not m.is_available))::int as "notAvailable",
			(count(*) filter (where m.year > 0 and m.presence <> 'present'))::int as unconfirmed,
			(count(*) filter (where m.year > 0 and m.not_searchable is not null))::int as "notSearchable",
			(count(*) filter (where m.year > 0 and m.is_available
				and ${movieAvailableAt('m', '$2::timestamptz')} > $2::timestamptz - ${GRACE}))::int as "inGrace",
			(count(*) filter (where coalesce(m.year, 0) = 0 and m.is_available))::int as yearless
		from movies m join connectors c on c.id = m.connector_id
		where m.connector_id = $1 and m.file_arr_id = 0 and m.monitored and m.presence <> 'deleted'`,
		[connectorId, now.toISOString()],
	)) as MissingMovies[];
	return rows[0] ?? NO_MOVIES;
}

const GRACE = `make_interval(secs => (c.settings->>'graceHours')::float * 3600)`;
const NO_MOVIES = { total: 0, notAvailable: 0, unconfirmed: 0, notSearchable: 0, inGrace: 0, yearless: 0 };
type MissingMovies = typeof NO_MOVIES;

/** Below the cutoff by our reckoning. */
const BELOW = '(q.rank < p.effective_cutoff_rank)';
/** Files with their owner, profile and quality, and the items of each; `o` is the series or movie, `i` the item. */
const OWNERS: Readonly<Record<Shape, string>> = {
	series: 'join series o on o.id = f.series_id',
	movies: 'join movies o on o.id = f.movie_id',
};
const ITEMS: Readonly<Record<Shape, string>> = {
	series: `join episodes i on i.connector_id = $1 and i.file_arr_id = f.arr_id and i.file_arr_id <> 0 and i.presence <> 'deleted'`,
	movies: `join movies i on i.id = f.movie_id and i.presence <> 'deleted'`,
};
const LISTED: Readonly<Record<Shape, string>> = {
	series: `i.monitored and f.monitored and (i.season_number <> 0 or exists (select 1 from connectors c where c.id = $1 and c.kind = 'whisparr'))`,
	movies: 'i.monitored',
};

/** The arr lists items below the cutoff; only those files, and the disputed ones, are joined to their items. */
async function cutoffUnmet(
	sql: SQL,
	connectorId: number,
	shape: Shape,
): Promise<{ total: number; notAllowed: number; differ: number }> {
	const rows = (await sql.unsafe(
		`with judged as (
			select f.id, f.arr_id, f.series_id, f.movie_id, o.monitored, p.upgrade_allowed, ${BELOW} as below,
				${BELOW} <> f.arr_cutoff_not_met as disputed
			from files f ${OWNERS[shape]}
			join quality_profiles p on p.connector_id = f.connector_id and p.arr_id = o.quality_profile_arr_id
			join profile_qualities q on q.connector_id = f.connector_id and q.profile_arr_id = p.arr_id and q.quality_id = f.quality_id
			where f.connector_id = $1 and (${BELOW} or ${BELOW} <> f.arr_cutoff_not_met)
		)
		select (count(*) filter (where f.below and ${LISTED[shape]}))::int as total,
			(count(*) filter (where f.below and ${LISTED[shape]} and not f.upgrade_allowed))::int as "notAllowed",
			(count(distinct f.id) filter (where f.disputed))::int as differ
		from judged f ${ITEMS[shape]}`,
		[connectorId],
	)) as { total: number; notAllowed: number; differ: number }[];
	return rows[0] ?? { total: 0, notAllowed: 0, differ: 0 };
}
