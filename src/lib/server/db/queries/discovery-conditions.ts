/**
 * The conditions of `domain/wanted.ts` in SQL, for one connector's rules. Only what its settings ask for stands in a
 * statement, so that the planner knows how many rows to expect. Rows: `e` episode, `o` its series or a movie, `f` file,
 * `p` profile, `q` rank of the file's quality in it.
 */
import type { Shape } from '$lib/domain/words';

/** The rules of a connector with its filters bound to ids. */
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

/** Filters by the arr's ids and values, as lists for SQL (`{1,2}` and JSON). Null = no such filter. */
export interface ItemFilters {
	includeTags: string | null;
	excludeTags: string | null;
	qualityProfiles: string | null;
	seriesTypes: string | null;
	rootFolders: string | null;
}

export type Value = string | number | Date;

/** Collects values; `add` gives the placeholder. */
export class Values {
	readonly list: Value[] = [];
	add(value: Value): string {
		this.list.push(value);
		return `$${this.list.length}`;
	}
}

export interface Conditions {
	connector: string;
	/** Present, readable and monitored. */
	alive: (row: 'e' | 'o' | 'x') => string;
	specialOk: (row: 'e' | 'x') => string;
	isSpecial: string;
	/** The owner passes the filters. */
	passes: string;
	episodeAvailable: string;
	episodeIsOut: string;
	movieAvailable: string;
	movieIsOut: string;
}

const alive = (row: string): string =>
	`${row}.presence = 'present' and ${row}.unreadable is null and ${row}.monitored`;

/** Since when a movie is available, or when it will be; both names are SQL. */
export const movieAvailableAt = (row: string, now: string): string =>
	`(case when not ${row}.is_available then ${row}.release_date
		when ${row}.available_since is not null then ${row}.available_since
		when ${row}.release_date <= ${now} then ${row}.release_date else ${row}.added end)`;

/** The conditions of these rules; their values go into `values`. */
export function conditionsOf(rules: DiscoveryRules, values: Values): Conditions {
	const now = `${values.add(rules.now)}::timestamptz`;
	const graceEnd = `${values.add(new Date(rules.now.getTime() - rules.graceHours * 3_600_000))}::timestamptz`;
	const anySeason = rules.specials || rules.datesOnly;
	const runtime = rules.datesOnly ? `interval '1 day'` : 'make_interval(mins => o.runtime)';
	const episodeAvailable = `(e.air_date_utc + ${runtime})`;
	const movieAvailable = movieAvailableAt('o', now);
	return {
		connector: `${values.add(rules.connectorId)}::int`,
		alive,
		specialOk: (row) => (anySeason ? 'true' : `${row}.season_number <> 0`),
		isSpecial: rules.datesOnly ? 'false' : 'e.season_number = 0',
		passes: filterCondition(rules, values),
		episodeAvailable,
		episodeIsOut: `${episodeAvailable} <= least(${now}, ${graceEnd})`,
		movieAvailable,
		movieIsOut: `o.is_available and (${movieAvailable} is null or ${movieAvailable} <= ${graceEnd})`,
	};
}

function filterCondition({ filters, shape }: DiscoveryRules, values: Values): string {
	const { includeTags, excludeTags, qualityProfiles, seriesTypes, rootFolders } = filters;
	const ids = (list: string): string => `${values.add(list)}::text::int[]`;
	const texts = (list: string): string =>
		`array(select jsonb_array_elements_text(${values.add(list)}::text::jsonb))`;
	const parts = ['true'];
	if (includeTags !== null) parts.push(`o.tags && ${ids(includeTags)}`);
	if (excludeTags !== null) parts.push(`not o.tags && ${ids(excludeTags)}`);
	if (qualityProfiles !== null) parts.push(`o.quality_profile_arr_id = any(${ids(qualityProfiles)})`);
	if (seriesTypes !== null && shape === 'series') parts.push(`o.series_type = any(${texts(seriesTypes)})`);
	if (rootFolders !== null) parts.push(`rtrim(o.root_folder, '/\\') = any(${texts(rootFolders)})`);
	return `(${parts.join(' and ')})`;
}

/** Of the episodes that share a file, the first that may be searched at all stands for it. */
export const orderInFile = (row: string): string =>
	`${row}.season_number, coalesce(${row}.episode_number, 2147483647), ${row}.id`;
export const BELOW_CUTOFF = `coalesce(q.rank < p.effective_cutoff_rank, f.arr_cutoff_not_met, false)`;
export const BELOW_SCORE = `(not ${BELOW_CUTOFF} and f.format_score < p.cutoff_format_score)`;
