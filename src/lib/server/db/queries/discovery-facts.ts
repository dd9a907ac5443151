/** The facts of single items, as `domain/wanted.ts` judges them. */
import type { SQL } from 'bun';
import type { ItemFacts } from '$lib/domain/wanted';
import type { ItemKind, Presence } from '$lib/domain/words';
import { intList } from '../bulk';
import {
	conditionsOf,
	orderInFile,
	Values,
	type Conditions,
	type DiscoveryRules,
} from './discovery-conditions';

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
const joins = (item: 'e' | 'o'): string => `
	left join files f on f.connector_id = ${item}.connector_id and f.arr_id = ${item}.file_arr_id and ${item}.file_arr_id <> 0
		and ${item === 'e' ? 'f.series_id' : 'f.movie_id'} = o.id
	left join quality_profiles p on p.connector_id = ${item}.connector_id and p.arr_id = o.quality_profile_arr_id
	left join profile_qualities q on q.connector_id = ${item}.connector_id and q.profile_arr_id = p.arr_id and q.quality_id = f.quality_id`;

const carriesFile = (
	c: Conditions,
): string => `not exists (select 1 from episodes x where x.connector_id = e.connector_id
	and x.file_arr_id = e.file_arr_id and x.series_id = e.series_id and x.id <> e.id and ${c.alive('x')} and ${c.specialOk('x')}
	and (${orderInFile('x')}) < (${orderInFile('e')}))`;

const episodeStatement = (c: Conditions): string => `
	select e.id, case when 'deleted' in (e.presence, o.presence) then 'deleted' when 'unconfirmed' in (e.presence, o.presence)
			then 'unconfirmed' else 'present' end as presence,
		e.unreadable is not null or o.unreadable is not null as unreadable, e.monitored, o.monitored as "seriesMonitored",
		${c.isSpecial} as special, ${c.passes} as passes, e.air_date_utc as "airDateUtc", o.runtime,
		false as "isAvailable", null::timestamptz as "availableSince", null::timestamptz as "releaseDate", null::timestamptz as added,
		null::text as "notSearchable", e.file_arr_id as "fileArrId", ${carriesFile(c)} as "carriesFile", ${FILE_AND_PROFILE}
	from episodes e join series o on o.id = e.series_id ${joins('e')} where e.connector_id = ${c.connector}`;

const movieStatement = (c: Conditions): string => `
	select o.id, o.presence, o.unreadable is not null as unreadable, o.monitored, true as "seriesMonitored", false as special,
		${c.passes} as passes, null::timestamptz as "airDateUtc", 0 as runtime, o.is_available as "isAvailable",
		o.available_since as "availableSince", o.release_date as "releaseDate", o.added, o.not_searchable as "notSearchable",
		o.file_arr_id as "fileArrId", true as "carriesFile", ${FILE_AND_PROFILE}
	from movies o ${joins('o')} where o.connector_id = ${c.connector}`;

/** Facts of the given items of one connector, in no order. */
export async function itemFacts(
	sql: SQL,
	rules: DiscoveryRules,
	kind: ItemKind,
	ids: readonly number[],
): Promise<ItemWithFacts[]> {
	const values = new Values();
	const c = conditionsOf(rules, values);
	const [statement, item] = kind === 'episode' ? [episodeStatement(c), 'e'] : [movieStatement(c), 'o'];
	// the rules' times are values too, though a judgement of facts needs none of them
	const times = `$1::timestamptz is not null and $2::timestamptz is not null`;
	const rows = (await sql.unsafe(
		`${statement} and ${item}.id = any(${values.add(intList(ids))}::text::int[]) and ${times}`,
		values.list,
	)) as Row[];
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
	const rows = (await sql.unsafe(`select connector_id as id from ${table} where id = $1`, [id])) as {
		id: number;
	}[];
	return rows[0]?.id ?? null;
}
