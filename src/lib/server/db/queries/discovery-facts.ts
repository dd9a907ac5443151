/** The facts of single items, as `domain/wanted.ts` judges them. */
import type { SQL } from 'bun';
import type { ItemFacts } from '$lib/domain/wanted';
import type { ItemKind, Presence } from '$lib/domain/words';
import { intList } from '../bulk';
import { CARRIES_FILE, PASSES, SETTINGS, settingValues, type DiscoveryRules } from './discovery';

export interface ItemWithFacts {
	id: number;
	facts: ItemFacts;
}

interface Row {
	id: number;
	presence: Presence;
	unreadable: boolean;
	monitored: boolean;
	seriesMonitored: boolean;
	special: boolean;
	passes: boolean;
	airDateUtc: Date | null;
	runtime: number;
	isAvailable: boolean;
	availableSince: Date | null;
	releaseDate: Date | null;
	added: Date | null;
	notSearchable: string | null;
	fileArrId: number;
	hasFileRow: boolean;
	rank: number | null;
	formatScore: number | null;
	arrCutoffNotMet: boolean | null;
	carriesFile: boolean;
	upgradeAllowed: boolean | null;
	effectiveCutoffRank: number | null;
	cutoffFormatScore: number | null;
}

const FILE_AND_PROFILE = `f.id is not null as "hasFileRow", q.rank, f.format_score as "formatScore",
	f.arr_cutoff_not_met as "arrCutoffNotMet", p.upgrade_allowed as "upgradeAllowed",
	p.effective_cutoff_rank as "effectiveCutoffRank", p.cutoff_format_score as "cutoffFormatScore"`;
const JOINS = (item: string): string => `
	left join files f on f.connector_id = ${item}.connector_id and f.arr_id = ${item}.file_arr_id and ${item}.file_arr_id <> 0
	left join quality_profiles p on p.connector_id = ${item}.connector_id and p.arr_id = o.quality_profile_arr_id
	left join profile_qualities q on q.connector_id = ${item}.connector_id and q.profile_arr_id = p.arr_id and q.quality_id = f.quality_id`;

const EPISODES = `with ${SETTINGS}
	select e.id, case when 'deleted' in (e.presence, o.presence) then 'deleted' when 'unconfirmed' in (e.presence, o.presence)
			then 'unconfirmed' else 'present' end as presence,
		e.unreadable is not null or o.unreadable is not null as unreadable, e.monitored, o.monitored as "seriesMonitored",
		e.season_number = 0 and not c.dates_only as special, (${PASSES.series}) as passes, e.air_date_utc as "airDateUtc", o.runtime,
		false as "isAvailable", null::timestamptz as "availableSince", null::timestamptz as "releaseDate", null::timestamptz as added,
		null::text as "notSearchable", e.file_arr_id as "fileArrId", ${CARRIES_FILE} as "carriesFile", ${FILE_AND_PROFILE}
	from settings c join episodes e on e.connector_id = c.connector_id join series o on o.id = e.series_id ${JOINS('e')}
	where e.id = any($13::text::int[])`;

const MOVIES = `with ${SETTINGS}
	select o.id, o.presence, o.unreadable is not null as unreadable, o.monitored, true as "seriesMonitored", false as special,
		(${PASSES.movies}) as passes, null::timestamptz as "airDateUtc", 0 as runtime, o.is_available as "isAvailable",
		o.available_since as "availableSince", o.release_date as "releaseDate", o.added, o.not_searchable as "notSearchable",
		o.file_arr_id as "fileArrId", true as "carriesFile", ${FILE_AND_PROFILE}
	from settings c join movies o on o.connector_id = c.connector_id ${JOINS('o')}
	where o.id = any($13::text::int[])`;

/** Facts of the given items of one connector, in no order. */
export async function itemFacts(
	sql: SQL,
	rules: DiscoveryRules,
	kind: ItemKind,
	ids: readonly number[],
): Promise<ItemWithFacts[]> {
	const statement = kind === 'episode' ? EPISODES : MOVIES;
	const rows = (await sql.unsafe(statement, [...settingValues(rules), intList(ids)])) as Row[];
	return rows.map((row) => ({ id: row.id, facts: factsOf(row, kind, rules.datesOnly) }));
}

function factsOf(row: Row, kind: ItemKind, datesOnly: boolean): ItemFacts {
	const { presence, unreadable, monitored, seriesMonitored, special, notSearchable } = row;
	return {
		...{ presence, unreadable, monitored, seriesMonitored, special, notSearchable },
		filtered: !row.passes,
		timing:
			kind === 'episode'
				? { kind, airDateUtc: row.airDateUtc, seriesRuntime: row.runtime, datesOnly }
				: {
						kind,
						isAvailable: row.isAvailable,
						availableSince: row.availableSince,
						releaseDate: row.releaseDate,
						added: row.added,
					},
		hasFile: row.fileArrId !== 0,
		file: row.hasFileRow
			? {
					rank: row.rank,
					formatScore: row.formatScore,
					arrCutoffNotMet: row.arrCutoffNotMet,
					carriesFile: row.carriesFile,
				}
			: null,
		profile: profileOf(row),
	};
}

function profileOf({ upgradeAllowed, effectiveCutoffRank, cutoffFormatScore }: Row): ItemFacts['profile'] {
	if (upgradeAllowed === null || effectiveCutoffRank === null || cutoffFormatScore === null) return null;
	return { upgradeAllowed, effectiveCutoffRank, cutoffFormatScore };
}

/** The connector an item belongs to, or null. */
export async function connectorOfItem(sql: SQL, kind: ItemKind, id: number): Promise<number | null> {
	const table = kind === 'episode' ? 'episodes' : 'movies';
	const rows = (await sql.unsafe(`select connector_id as id from ${table} where id = $1`, [id])) as { id: number }[];
	return rows[0]?.id ?? null;
}
