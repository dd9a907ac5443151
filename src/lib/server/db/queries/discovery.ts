/**
 * What is wanted of a whole connector, by one statement per rule, and the table that keeps it. The conditions are
 * those of `domain/wanted.ts`, which judges single items; a test holds them together.
 */
import type { SQL } from 'bun';
import { countOf, intList } from '../bulk';
import {
	BELOW_CUTOFF,
	BELOW_SCORE,
	conditionsOf,
	orderInFile,
	Values,
	type DiscoveryRules,
} from './discovery-conditions';

const COLUMNS = 'episode_id, movie_id, series_id, season_number, reason, available_at, detail';

/** What a find would have to beat, for the page. */
const TO_BEAT = `jsonb_build_object('quality', f.quality_name, 'score', f.format_score, 'cutoff', p.cutoff_name,
	'cutoffScore', p.cutoff_format_score, 'profile', p.name)`;
const REASON = `case when ${BELOW_CUTOFF} then 'quality' else 'format' end`;

/** Collects everything that is wanted now into the temporary table `found`. */
export async function findWanted(tx: SQL, rules: DiscoveryRules): Promise<void> {
	await tx.unsafe(`create temp table if not exists found (episode_id int, movie_id int, series_id int, season_number int,
		reason text, available_at timestamptz, detail jsonb) on commit delete rows`);
	const isSeries = rules.shape === 'series';
	if (rules.gap) await (isSeries ? findEpisodeGaps(tx, rules) : findMovieGaps(tx, rules));
	if (!rules.quality && !rules.format) return;
	const files = await upgradableFiles(tx, rules);
	await (isSeries ? findEpisodeUpgrades(tx, rules, files) : findMovieUpgrades(tx, rules, files));
}

async function findEpisodeGaps(tx: SQL, rules: DiscoveryRules): Promise<void> {
	const values = new Values();
	const c = conditionsOf(rules, values);
	await tx.unsafe(
		`insert into found (${COLUMNS})
		select e.id, null::int, e.series_id, e.season_number, 'gap', ${c.episodeAvailable}, '{}'::jsonb
		from episodes e join series o on o.id = e.series_id
		where e.connector_id = ${c.connector} and e.file_arr_id = 0 and ${c.alive('e')} and ${c.specialOk('e')}
			and ${c.alive('o')} and ${c.passes} and ${c.episodeIsOut}`,
		values.list,
	);
}

async function findMovieGaps(tx: SQL, rules: DiscoveryRules): Promise<void> {
	const values = new Values();
	const c = conditionsOf(rules, values);
	await tx.unsafe(
		`insert into found (${COLUMNS})
		select null::int, o.id, null::int, null::int, 'gap', ${c.movieAvailable}, '{}'::jsonb from movies o
		where o.connector_id = ${c.connector} and o.file_arr_id = 0 and ${c.alive('o')} and ${c.movieIsOut}
			and o.not_searchable is null and ${c.passes}`,
		values.list,
	);
}

/** Qualities that matter: with format upgrades every file does, else only those below some profile's cutoff. */
interface UpgradableFiles {
	all: boolean;
	/** Lists for SQL. */
	below: string;
	known: string;
}

async function upgradableFiles(tx: SQL, { connectorId, format }: DiscoveryRules): Promise<UpgradableFiles> {
	const rows = (await tx`
		select q.quality_id as id, bool_or(p.upgrade_allowed and q.rank < p.effective_cutoff_rank) as below, count(*)::int as profiles
		from profile_qualities q join quality_profiles p on p.connector_id = q.connector_id and p.arr_id = q.profile_arr_id
		where q.connector_id = ${connectorId} group by q.quality_id`) as {
		id: number;
		below: boolean;
		profiles: number;
	}[];
	const [total] =
		(await tx`select count(*)::int as profiles from quality_profiles where connector_id = ${connectorId}`) as {
			profiles: number;
		}[];
	const known = rows.filter((row) => row.profiles === total?.profiles);
	return {
		all: format,
		below: intList(rows.filter((row) => row.below).map((row) => row.id)),
		known: intList(known.map((row) => row.id)),
	};
}

/** The files to look at. One of a quality that a profile does not have goes by the arr's own verdict. */
function fileSource(files: UpgradableFiles, connector: string, values: Values): string {
	const of = `select * from files where connector_id = ${connector}`;
	if (files.all) return `(${of})`;
	const below = `${values.add(files.below)}::text::int[]`;
	const known = `${values.add(files.known)}::text::int[]`;
	return `(${of} and quality_id = any(${below})
		union all ${of} and arr_cutoff_not_met and quality_id <> all(${known}) and quality_id <> all(${below}))`;
}

const ranked = (source: string, owner: 'f.series_id' | 'f.movie_id', table: 'series' | 'movies'): string => `
	from ${source} f join ${table} o on o.id = ${owner}
	join quality_profiles p on p.connector_id = f.connector_id and p.arr_id = o.quality_profile_arr_id and p.upgrade_allowed
	left join profile_qualities q on q.connector_id = f.connector_id and q.profile_arr_id = p.arr_id and q.quality_id = f.quality_id`;

const kindsOf = ({ quality, format }: DiscoveryRules): string =>
	[...(quality ? [BELOW_CUTOFF] : []), ...(format ? [BELOW_SCORE] : [])].join(' or ');

/** Of several episodes in one file the first stands for it. */
async function findEpisodeUpgrades(tx: SQL, rules: DiscoveryRules, files: UpgradableFiles): Promise<void> {
	const values = new Values();
	const c = conditionsOf(rules, values);
	await tx.unsafe(
		`insert into found (${COLUMNS})
		select episode_id, null::int, series_id, season_number, reason, available_at, detail from (
			select distinct on (e.file_arr_id) e.id as episode_id, e.series_id, e.season_number, ${REASON} as reason,
				${c.episodeAvailable} as available_at, ${TO_BEAT} as detail, ${c.episodeIsOut} as is_out
			${ranked(fileSource(files, c.connector, values), 'f.series_id', 'series')}
			join episodes e on e.connector_id = f.connector_id and e.file_arr_id = f.arr_id and e.file_arr_id <> 0 and e.series_id = o.id
			where (${kindsOf(rules)}) and ${c.alive('o')} and ${c.passes} and ${c.alive('e')} and ${c.specialOk('e')}
			order by e.file_arr_id, ${orderInFile('e')}
		) first where is_out`,
		values.list,
	);
}

async function findMovieUpgrades(tx: SQL, rules: DiscoveryRules, files: UpgradableFiles): Promise<void> {
	const values = new Values();
	const c = conditionsOf(rules, values);
	await tx.unsafe(
		`insert into found (${COLUMNS})
		select null::int, o.id, null::int, null::int, ${REASON}, ${c.movieAvailable}, ${TO_BEAT}
		${ranked(fileSource(files, c.connector, values), 'f.movie_id', 'movies')}
		where o.file_arr_id = f.arr_id and (${kindsOf(rules)}) and ${c.alive('o')} and ${c.movieIsOut}
			and o.not_searchable is null and ${c.passes}`,
		values.list,
	);
}

export interface WantedChange {
	added: number;
	changed: number;
	removedEpisodes: number[];
	removedMovies: number[];
}

/** Makes the table of wanted items equal to what was found. What stays wanted for the same reason keeps its `since`. */
export async function storeWanted(
	tx: SQL,
	{ connectorId, shape, now }: DiscoveryRules,
): Promise<WantedChange> {
	const key = shape === 'series' ? 'episode_id' : 'movie_id';
	// both sides can be large, and the planner knows nothing of a table filled a moment ago
	await tx.unsafe('set local enable_nestloop = off');
	const removed = (await tx.unsafe(
		`delete from wanted w where w.connector_id = $1 and not exists (select 1 from found f where f.${key} = w.${key})
		returning w.episode_id as "episodeId", w.movie_id as "movieId"`,
		[connectorId],
	)) as { episodeId: number | null; movieId: number | null }[];
	const changed: unknown = await tx.unsafe(
		`update wanted w set reason = f.reason, available_at = f.available_at, detail = f.detail, series_id = f.series_id,
			season_number = f.season_number, since = case when w.reason = f.reason then w.since else $2 end
		from found f where w.connector_id = $1 and w.${key} = f.${key}
			and (w.reason, w.available_at, w.detail, w.series_id, w.season_number)
				is distinct from (f.reason, f.available_at, f.detail, f.series_id, f.season_number)`,
		[connectorId, now],
	);
	const added: unknown = await tx.unsafe(
		`insert into wanted (connector_id, since, ${COLUMNS}) select $1, $2, ${COLUMNS} from found f
		where not exists (select 1 from wanted w where w.${key} = f.${key})`,
		[connectorId, now],
	);
	await tx.unsafe('set local enable_nestloop = on');
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
	const rows =
		(await sql`select value from connector_readings where connector_id = ${connectorId} and name = 'tags'`) as {
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
		and name = any(array(select jsonb_array_elements_text(${JSON.stringify(names)}::text::jsonb)))`) as {
		id: number;
	}[];
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
