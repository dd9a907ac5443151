/**
 * What is wanted of a whole connector, found by one query per rule, and the table that keeps it. The conditions are
 * those of `domain/wanted.ts`, which judges single items; a test holds them together.
 */
import type { SQL } from 'bun';
import { intList } from '../bulk';
import {
	BELOW_CUTOFF,
	BELOW_SCORE,
	conditionsOf,
	orderInFile,
	Values,
	type DiscoveryRules,
} from './discovery-conditions';

/** The columns of what was found. */
const COLUMNS = 'item, series_id, season_number, number, reason, available_at';
const NOTHING = `select null::int as item, null::int as series_id, null::int as season_number, null::int as number,
	null::text as reason, null::timestamptz as available_at where false`;
/** Place in the series, by season and number; bounded, since an application may name any number. */
const NUMBER = `least(e.season_number, 20000) * 100000 + least(coalesce(e.episode_number, e.id % 100000), 99999)`;
const REASON = `case when ${BELOW_CUTOFF} then 'quality' else 'format' end`;

function episodeGaps(rules: DiscoveryRules, values: Values): string {
	const c = conditionsOf(rules, values);
	return `select e.id as item, e.series_id, e.season_number, ${NUMBER} as number, 'gap' as reason, ${c.episodeAvailable} as available_at
		from episodes e join series o on o.id = e.series_id
		where e.connector_id = ${c.connector} and e.file_arr_id = 0 and ${c.alive('e')} and ${c.specialOk('e')}
			and ${c.alive('o')} and ${c.passes} and ${c.episodeIsOut}`;
}

function movieGaps(rules: DiscoveryRules, values: Values): string {
	const c = conditionsOf(rules, values);
	return `select o.id as item, null::int as series_id, null::int as season_number, null::int as number, 'gap' as reason,
			${c.movieAvailable} as available_at from movies o
		where o.connector_id = ${c.connector} and o.file_arr_id = 0 and ${c.alive('o')} and ${c.movieIsOut}
			and o.not_searchable is null and ${c.passes}`;
}

/** Qualities that matter: with format upgrades every file does, else only those below some profile's cutoff. */
interface UpgradableFiles {
	all: boolean;
	/** Lists for SQL: qualities below a cutoff, and those that some profile does not have. */
	below: string;
	unknown: string;
	/** So few that their episodes are looked up one by one. */
	few: boolean;
}

/** Beyond so many files, or this share of all, one pass over all episodes is cheaper than as many look-ups. */
const LOOKED_UP_AT_MOST = 100_000;
const LOOKED_UP_SHARE = 0.1;

async function upgradableFiles(tx: SQL, { connectorId, format }: DiscoveryRules): Promise<UpgradableFiles> {
	const ranked = (await tx`
		select q.quality_id as id, bool_or(p.upgrade_allowed and q.rank < p.effective_cutoff_rank) as below,
			count(*) = (select count(*) from quality_profiles where connector_id = ${connectorId}) as known
		from profile_qualities q join quality_profiles p on p.connector_id = q.connector_id and p.arr_id = q.profile_arr_id
		where q.connector_id = ${connectorId} group by q.quality_id`) as {
		id: number;
		below: boolean;
		known: boolean;
	}[];
	const below = ranked.filter((row) => row.below).map((row) => row.id);
	const known = new Set(ranked.filter((row) => row.known).map((row) => row.id));
	const present = format ? [] : await qualitiesOfFiles(tx, connectorId);
	const unknown = present.filter((id) => !known.has(id) && !below.includes(id));
	return {
		all: format,
		below: intList(below),
		unknown: intList(unknown),
		few: !format && (await areFew(tx, connectorId, [...below, ...unknown])),
	};
}

/** Each quality that a file has, by one look-up for each: there are a few among a million files. */
async function qualitiesOfFiles(tx: SQL, connectorId: number): Promise<number[]> {
	const rows = (await tx`
		with recursive present(id) as (
			select min(quality_id) from files where connector_id = ${connectorId}
			union all
			select (select min(f.quality_id) from files f where f.connector_id = ${connectorId} and f.quality_id > p.id)
			from present p where p.id is not null
		) select id from present where id is not null`) as { id: number }[];
	return rows.map((row) => row.id);
}

/** `reltuples`: how many files there are in all, as the database last counted; -1 if it never did. */
async function areFew(tx: SQL, connectorId: number, qualities: readonly number[]): Promise<boolean> {
	const rows =
		(await tx`select count(*)::int as count, (select reltuples from pg_class where oid = 'files'::regclass) as known
		from (select from files where connector_id = ${connectorId}
			and quality_id = any(${intList(qualities)}::text::int[]) limit ${LOOKED_UP_AT_MOST}) f`) as {
			count: number;
			known: number;
		}[];
	const { count, known } = rows[0] ?? { count: 0, known: -1 };
	return count < LOOKED_UP_AT_MOST && (known < 0 || count < known * LOOKED_UP_SHARE);
}

/** The files to look at. One of a quality that a profile does not have goes by the arr's own verdict. */
function fileSource(files: UpgradableFiles, connector: string, values: Values): string {
	const of = `select * from files where connector_id = ${connector}`;
	if (files.all) return `(${of})`;
	const below = `${values.add(files.below)}::text::int[]`;
	const unknown = `${values.add(files.unknown)}::text::int[]`;
	return `(${of} and quality_id = any(${below}) union all ${of} and arr_cutoff_not_met and quality_id = any(${unknown}))`;
}

const kindsOf = ({ quality, format }: DiscoveryRules): string =>
	[...(quality ? [BELOW_CUTOFF] : []), ...(format ? [BELOW_SCORE] : [])].join(' or ');

const profiles = (connector: string): string => `
	join quality_profiles p on p.connector_id = ${connector} and p.arr_id = o.quality_profile_arr_id and p.upgrade_allowed
	left join profile_qualities q on q.connector_id = ${connector} and q.profile_arr_id = p.arr_id and q.quality_id = f.quality_id`;

/**
 * Of several episodes in one file the first stands for it. What is materialized is read once, whatever is joined to it;
 * `offset 0` is a fence, and `coalesce` hides an equality: the planner would expect a handful of rows, and join fifty
 * thousand one by one.
 */
function episodeUpgrades(rules: DiscoveryRules, files: UpgradableFiles, values: Values): string {
	const c = conditionsOf(rules, values);
	const source = fileSource(files, c.connector, values);
	const ofFile = `e.connector_id = ${c.connector} and e.file_arr_id = f.arr_id and e.file_arr_id <> 0
		and ${c.alive('e')} and ${c.specialOk('e')}`;
	const episodes = files.few
		? `cross join lateral (select * from episodes e where ${ofFile} offset 0) e`
		: `join episodes e on ${ofFile}`;
	return `select ${COLUMNS} from (
		with e as materialized (
			select e.id, e.series_id, e.season_number, e.episode_number, e.air_date_utc, f.arr_id as file, f.series_id as file_series,
				 f.quality_id, f.format_score, f.arr_cutoff_not_met
			from ${source} f ${episodes}
		)
		select distinct on (f.arr_id) e.id as item, e.series_id, e.season_number, ${NUMBER} as number, ${REASON} as reason,
			${c.episodeAvailable} as available_at, ${c.episodeIsOut} as is_out
		from e cross join lateral (select e.file as arr_id, e.quality_id, e.format_score, e.arr_cutoff_not_met) f
		join series o on o.id = e.series_id ${profiles(c.connector)}
		where (${kindsOf(rules)}) and coalesce(e.series_id = e.file_series, false) and ${c.alive('o')} and ${c.passes}
		order by f.arr_id, ${orderInFile('e')}
	) first where is_out`;
}

function movieUpgrades(rules: DiscoveryRules, files: UpgradableFiles, values: Values): string {
	const c = conditionsOf(rules, values);
	return `select o.id as item, null::int as series_id, null::int as season_number, null::int as number, ${REASON} as reason,
			${c.movieAvailable} as available_at
		from ${fileSource(files, c.connector, values)} f join movies o on o.id = f.movie_id ${profiles(c.connector)}
		where o.file_arr_id = f.arr_id and (${kindsOf(rules)}) and ${c.alive('o')} and ${c.movieIsOut}
			and o.not_searchable is null and ${c.passes}`;
}

async function everythingWanted(tx: SQL, rules: DiscoveryRules, values: Values): Promise<string> {
	const isSeries = rules.shape === 'series';
	const parts: string[] = [];
	if (rules.gap) parts.push(isSeries ? episodeGaps(rules, values) : movieGaps(rules, values));
	if (rules.quality || rules.format) {
		const files = await upgradableFiles(tx, rules);
		parts.push(isSeries ? episodeUpgrades(rules, files, values) : movieUpgrades(rules, files, values));
	}
	return parts.length === 0 ? NOTHING : parts.join(' union all ');
}

export interface WantedChange {
	added: number;
	/** Wanted for another reason than before, or with other facts. */
	changed: number;
	removed: number;
}

/**
 * Makes the table of wanted items equal to what is wanted now: found, compared and written in one pass, so that a
 * discovery that finds nothing new writes nothing at all. What stays wanted for the same reason keeps its `since`. In
 * the order of the items, so that a first one fills the indexes from end to end.
 */
export async function renewWanted(tx: SQL, rules: DiscoveryRules): Promise<WantedChange> {
	const values = new Values();
	const key = rules.shape === 'series' ? 'episode_id' : 'movie_id';
	const now = `${values.add(rules.now)}::timestamptz`;
	const connector = `${values.add(rules.connectorId)}::int`;
	const rows = (await tx.unsafe(
		`with found as (${await everythingWanted(tx, rules, values)}),
		diff as materialized (
			select f.*, w.id as row, f.item is null as is_gone
			from found f full join (select * from wanted where connector_id = ${connector}) w on w.${key} = f.item
			where w.id is null or f.item is null or (w.reason, w.available_at, w.series_id, w.season_number, w.number)
				is distinct from (f.reason, f.available_at, f.series_id, f.season_number, f.number)
		),
		removed as (delete from wanted w using diff d where d.is_gone and w.id = d.row returning 1),
		changed as (
			update wanted w set reason = d.reason, available_at = d.available_at, series_id = d.series_id,
				season_number = d.season_number, number = d.number, since = case when w.reason = d.reason then w.since else ${now} end
			from diff d where not d.is_gone and w.id = d.row returning 1),
		added as (
			insert into wanted (connector_id, since, ${key}, series_id, season_number, number, reason, available_at)
			select ${connector}, ${now}, ${COLUMNS} from diff where row is null order by item returning 1)
		select (select count(*)::int from added) as added, (select count(*)::int from changed) as changed,
			(select count(*)::int from removed) as removed`,
		values.list,
	)) as WantedChange[];
	return rows[0] ?? { added: 0, changed: 0, removed: 0 };
}

/**
 * Until the transaction ends, nobody else discovers for this connector, and it is not deleted: what is written for it
 * would stay behind, since the rows of `wanted` go with their items. False if it is gone.
 */
export async function lockForDiscovery(tx: SQL, connectorId: number): Promise<boolean> {
	await tx`select pg_advisory_xact_lock(7263, ${connectorId}::int)`;
	const rows = (await tx`select id from connectors where id = ${connectorId} for key share`) as unknown[];
	return rows.length === 1;
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
