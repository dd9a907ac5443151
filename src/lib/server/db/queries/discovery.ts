/**
 * What is wanted of a whole connector, by one statement per rule. The conditions are those of `domain/wanted.ts`,
 * which judges single items; a test holds them together.
 */
import type { SQL } from 'bun';
import type { Shape } from '$lib/domain/words';
import { countOf } from '../bulk';

/** The rules of a connector with its filters bound to ids. Null = no such filter. */
export interface DiscoveryRules {
	connectorId: number;
	shape: Shape;
	/** Only dates are known (Whisparr 2), and years are no specials. */
	datesOnly: boolean;
	now: Date;
	graceHours: number;
	specials: boolean;
	gap: boolean;
	quality: boolean;
	format: boolean;
	filters: ItemFilters;
}

/** Filters by the arr's ids and values, as lists for SQL (`{1,2}` and JSON). */
export interface ItemFilters {
	includeTags: string | null;
	excludeTags: string | null;
	qualityProfiles: string | null;
	seriesTypes: string | null;
	rootFolders: string | null;
}

/**
 * Values of `$1` … `$12`. Every statement names them all in `settings`, so that each has its type wherever it is used.
 */
export const SETTINGS = `settings as materialized (
	select $1::int as connector_id, $2::timestamptz as now, make_interval(secs => $3::float8 * 3600) as grace,
		$4::boolean as specials, $5::boolean as dates_only, $6::boolean as quality, $7::boolean as format,
		$8::text::int[] as include_tags, $9::text::int[] as exclude_tags, $10::text::int[] as profiles,
		array(select jsonb_array_elements_text($11::text::jsonb)) as types, $11::text is not null as by_type,
		array(select jsonb_array_elements_text($12::text::jsonb)) as folders, $12::text is not null as by_folder)`;

/** Values of `$1` … `$12`, in the order of `SETTINGS`. */
export function settingValues(rules: DiscoveryRules): (string | number | boolean | Date | null)[] {
	const { filters } = rules;
	return [
		rules.connectorId,
		rules.now,
		rules.graceHours,
		rules.specials,
		rules.datesOnly,
		rules.quality,
		rules.format,
		filters.includeTags,
		filters.excludeTags,
		filters.qualityProfiles,
		filters.seriesTypes,
		filters.rootFolders,
	];
}

/** Owner `o` (series or movie) passes the connector's filters. */
const passes = (types: boolean): string => `
	(c.include_tags is null or o.tags && c.include_tags)
	and (c.exclude_tags is null or not o.tags && c.exclude_tags)
	and (c.profiles is null or o.quality_profile_arr_id = any(c.profiles))
	${types ? 'and (not c.by_type or o.series_type = any(c.types))' : ''}
	and (not c.by_folder or rtrim(o.root_folder, '/\\') = any(c.folders))`;

export const PASSES = { series: passes(true), movies: passes(false) } as const;

const alive = (row: string): string => `${row}.presence = 'present' and ${row}.unreadable is null and ${row}.monitored`;
const specialOk = (row: string): string => `(c.specials or c.dates_only or ${row}.season_number <> 0)`;

export const EPISODE_AVAILABLE = `(e.air_date_utc + case when c.dates_only then interval '1 day' else make_interval(mins => o.runtime) end)`;
export const MOVIE_AVAILABLE = `(case when not o.is_available then o.release_date
	when o.available_since is not null then o.available_since
	when o.release_date <= c.now then o.release_date else o.added end)`;

const EPISODE_IS_OUT = `${EPISODE_AVAILABLE} <= c.now - c.grace and ${EPISODE_AVAILABLE} <= c.now`;
const MOVIE_IS_OUT = `o.is_available and (${MOVIE_AVAILABLE} is null or ${MOVIE_AVAILABLE} <= c.now - c.grace)`;

/** Of the episodes that share a file, the first that may be searched at all stands for it. */
export const CARRIES_FILE = `not exists (select 1 from episodes x where x.connector_id = e.connector_id and x.file_arr_id = e.file_arr_id
	and x.series_id = e.series_id and x.id <> e.id and ${alive('x')} and ${specialOk('x')}
	and (x.season_number, coalesce(x.episode_number, 2147483647), x.id) < (e.season_number, coalesce(e.episode_number, 2147483647), e.id))`;

export const BELOW_CUTOFF = `coalesce(q.rank < p.effective_cutoff_rank, f.arr_cutoff_not_met, false)`;
const BELOW_SCORE = `(not ${BELOW_CUTOFF} and f.format_score < p.cutoff_format_score)`;

/** What a find would have to beat, for the page. */
const TO_BEAT = `jsonb_build_object('quality', f.quality_name, 'score', f.format_score, 'cutoff', p.cutoff_name,
	'cutoffScore', p.cutoff_format_score, 'profile', p.name)`;

const COLUMNS = 'episode_id, movie_id, series_id, season_number, reason, available_at, detail';

const EPISODE_GAPS = `with ${SETTINGS}
	insert into found (${COLUMNS})
	select e.id, null::int, e.series_id, e.season_number, 'gap', ${EPISODE_AVAILABLE}, '{}'::jsonb
	from settings c join episodes e on e.connector_id = c.connector_id join series o on o.id = e.series_id
	where e.connector_id = $1 and e.file_arr_id = 0 and ${alive('e')} and ${alive('o')} and ${specialOk('e')} and ${PASSES.series}
		and ${EPISODE_IS_OUT}`;

const EPISODE_UPGRADES = `with ${SETTINGS}
	insert into found (${COLUMNS})
	select e.id, null::int, e.series_id, e.season_number, case when ${BELOW_CUTOFF} then 'quality' else 'format' end,
		${EPISODE_AVAILABLE}, ${TO_BEAT}
	from settings c join files f on f.connector_id = c.connector_id
	join series o on o.id = f.series_id
	join quality_profiles p on p.connector_id = f.connector_id and p.arr_id = o.quality_profile_arr_id and p.upgrade_allowed
	left join profile_qualities q on q.connector_id = f.connector_id and q.profile_arr_id = p.arr_id and q.quality_id = f.quality_id
	join episodes e on e.connector_id = f.connector_id and e.file_arr_id = f.arr_id and e.file_arr_id <> 0
	where f.connector_id = $1 and (c.quality and ${BELOW_CUTOFF} or c.format and ${BELOW_SCORE})
		and ${alive('o')} and ${PASSES.series} and ${alive('e')} and ${specialOk('e')} and ${EPISODE_IS_OUT} and ${CARRIES_FILE}`;

const MOVIE_GAPS = `with ${SETTINGS}
	insert into found (${COLUMNS})
	select null::int, o.id, null::int, null::int, 'gap', ${MOVIE_AVAILABLE}, '{}'::jsonb
	from settings c join movies o on o.connector_id = c.connector_id
	where o.connector_id = $1 and o.file_arr_id = 0 and ${alive('o')} and ${MOVIE_IS_OUT} and o.not_searchable is null and ${PASSES.movies}`;

const MOVIE_UPGRADES = `with ${SETTINGS}
	insert into found (${COLUMNS})
	select null::int, o.id, null::int, null::int, case when ${BELOW_CUTOFF} then 'quality' else 'format' end,
		${MOVIE_AVAILABLE}, ${TO_BEAT}
	from settings c join movies o on o.connector_id = c.connector_id
	join files f on f.connector_id = o.connector_id and f.arr_id = o.file_arr_id
	join quality_profiles p on p.connector_id = o.connector_id and p.arr_id = o.quality_profile_arr_id and p.upgrade_allowed
	left join profile_qualities q on q.connector_id = o.connector_id and q.profile_arr_id = p.arr_id and q.quality_id = f.quality_id
	where o.connector_id = $1 and o.file_arr_id <> 0 and (c.quality and ${BELOW_CUTOFF} or c.format and ${BELOW_SCORE})
		and ${alive('o')} and ${MOVIE_IS_OUT} and o.not_searchable is null and ${PASSES.movies}`;

/** Collects everything that is wanted now into the temporary table `found`. */
export async function findWanted(tx: SQL, rules: DiscoveryRules): Promise<void> {
	await tx.unsafe(`create temp table if not exists found (episode_id int, movie_id int, series_id int, season_number int,
		reason text, available_at timestamptz, detail jsonb) on commit delete rows`);
	const [gaps, upgrades] =
		rules.shape === 'series' ? [EPISODE_GAPS, EPISODE_UPGRADES] : [MOVIE_GAPS, MOVIE_UPGRADES];
	if (rules.gap) await tx.unsafe(gaps, settingValues(rules));
	if (rules.quality || rules.format) await tx.unsafe(upgrades, settingValues(rules));
}

export interface WantedChange {
	added: number;
	changed: number;
	removedEpisodes: number[];
	removedMovies: number[];
}

/** Makes the table of wanted items equal to what was found. What stays wanted for the same reason keeps its `since`. */
export async function storeWanted(tx: SQL, { connectorId, shape, now }: DiscoveryRules): Promise<WantedChange> {
	const key = shape === 'series' ? 'episode_id' : 'movie_id';
	await tx.unsafe('analyze found');
	const removed = (await tx.unsafe(
		`delete from wanted w where w.connector_id = $1 and not exists (select 1 from found f where f.${key} = w.${key})
		returning w.episode_id as "episodeId", w.movie_id as "movieId"`,
		[connectorId],
	)) as { episodeId: number | null; movieId: number | null }[];
	const changed = await tx.unsafe(
		`update wanted w set reason = f.reason, available_at = f.available_at, detail = f.detail, series_id = f.series_id,
			season_number = f.season_number, since = case when w.reason = f.reason then w.since else $2 end
		from found f where w.connector_id = $1 and w.${key} = f.${key}
			and (w.reason, w.available_at, w.detail, w.series_id, w.season_number)
				is distinct from (f.reason, f.available_at, f.detail, f.series_id, f.season_number)`,
		[connectorId, now],
	);
	const added = await tx.unsafe(
		`insert into wanted (connector_id, since, ${COLUMNS}) select $1, $2, ${COLUMNS} from found f
		where not exists (select 1 from wanted w where w.${key} = f.${key})`,
		[connectorId, now],
	);
	return {
		added: countOf(added),
		changed: countOf(changed),
		removedEpisodes: removed.map((row) => row.episodeId ?? 0).filter((id) => id > 0),
		removedMovies: removed.map((row) => row.movieId ?? 0).filter((id) => id > 0),
	};
}

/** How many items of each kind are wanted now. */
export async function countWanted(
	sql: SQL,
	connectorId: number,
): Promise<{ gap: number; quality: number; format: number }> {
	const rows = (await sql`select (count(*) filter (where reason = 'gap'))::int as gap,
		(count(*) filter (where reason = 'quality'))::int as quality,
		(count(*) filter (where reason = 'format'))::int as format
		from wanted where connector_id = ${connectorId}`) as { gap: number; quality: number; format: number }[];
	return rows[0] ?? { gap: 0, quality: 0, format: 0 };
}

/** Tag ids of today by label in lower case, from the last reading. */
export async function tagIdsByLabel(sql: SQL, connectorId: number): Promise<Map<string, number>> {
	const rows = (await sql`select value from connector_readings where connector_id = ${connectorId} and name = 'tags'`) as {
		value: { arrId: number; label: string }[];
	}[];
	return new Map((rows[0]?.value ?? []).map((tag) => [tag.label.toLowerCase(), tag.arrId]));
}

export async function profileIdsByName(
	sql: SQL,
	connectorId: number,
	names: readonly string[],
): Promise<number[]> {
	const rows = (await sql`select arr_id as id from quality_profiles where connector_id = ${connectorId}
		and name = any(array(select jsonb_array_elements_text(${JSON.stringify(names)}::text::jsonb)))`) as { id: number }[];
	return rows.map((row) => row.id);
}

/** Rows of the queue whose target is no longer wanted: removed items, and seasons of which nothing is wanted. */
export async function queuedButUnwanted(tx: SQL, connectorId: number): Promise<number[]> {
	const rows = (await tx`
		select r.id from request_queue q join search_registry r on r.id = q.registry_id
		left join seasons n on n.id = r.season_id
		where q.connector_id = ${connectorId} and not q.pinned and case r.target_kind
			when 'episode' then not exists (select 1 from wanted w where w.episode_id = r.episode_id)
			when 'movie' then not exists (select 1 from wanted w where w.movie_id = r.movie_id)
			else not exists (select 1 from wanted w where w.series_id = n.series_id and w.season_number = n.number) end`) as {
		id: number;
	}[];
	return rows.map((row) => row.id);
}
