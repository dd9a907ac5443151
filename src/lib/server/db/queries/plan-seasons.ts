/** Facts of seasons, counted from the mirror's own episodes, for the decision "season or episodes". */
import { sql, type SQL } from 'drizzle-orm';
import type { SeasonFacts, SeasonSettings } from '$lib/domain/season-decision';
import type { SearchState, WantedReason } from '$lib/domain/words';
import type { DbOrTx } from '../client';
import { wantedItemsOfSeasons, type ItemRules } from './plan-items';
import { rowsOf } from '../rows';

/** A season with what its rank depends on. */
export interface SeasonRow extends SeasonFacts {
	seasonId: number;
	seriesId: number;
	targetKey: string;
	registryId: number | null;
	/** The best reason among its ready episodes. */
	reason: WantedReason;
	attempts: number;
	since: Date;
	availableAt: Date | null;
	waitingSince: Date;
	lastSearchTime: Date | null;
	boost: number;
}

/**
 * The seasons that could be searched as a whole by the number of their wanted episodes alone: at least `minWanted`,
 * and a large part of the season or more than `orMoreThan`. Ready episodes are among the wanted, so none is missed.
 */
export const seasonsWorthALook = (
	{ connectorId, now }: ItemRules,
	{ minWanted, minShare, orMoreThan }: Pick<SeasonSettings, 'minWanted' | 'minShare' | 'orMoreThan'>,
): SQL =>
	sql`select c.series_id, c.season_number from (
			select w.series_id, w.season_number, count(*) as wanted from wanted w
			where w.connector_id = ${connectorId} and w.series_id is not null and w.season_number > 0
			group by w.series_id, w.season_number having count(*) >= ${minWanted}
		) c
		join episodes e on e.series_id = c.series_id and e.season_number = c.season_number
		where e.monitored and e.air_date_utc <= ${now}
		group by c.series_id, c.season_number, c.wanted
		having c.wanted > ${orMoreThan} or c.wanted * 100 >= ${minShare} * count(*)`;

/** Those of them that there are. */
export const readSeasonKeys = (
	tx: DbOrTx,
	which: SQL,
): Promise<{ seriesId: number; seasonNumber: number }[]> =>
	rowsOf(tx, sql`select series_id as "seriesId", season_number as "seasonNumber" from (${which}) seasons`);

/** Some seasons by their keys. */
export function theseSeasons(keys: readonly { seriesId: number; seasonNumber: number }[]): SQL {
	const series = sql.param(keys.map(({ seriesId }) => seriesId));
	const numbers = sql.param(keys.map(({ seasonNumber }) => seasonNumber));
	return sql`select * from unnest(${series}::int[], ${numbers}::int[]) as keys(series_id, season_number)`;
}

/** One season. */
export const oneSeason = (seriesId: number, seasonNumber: number): SQL =>
	sql`select ${seriesId}::int as series_id, ${seasonNumber}::int as season_number`;

/** Facts of the seasons that `which` (a query of series_id and season_number) names and that have wanted episodes. */
export async function readSeasonFacts(tx: DbOrTx, rules: ItemRules, which: SQL): Promise<SeasonRow[]> {
	const rows = await rowsOf<RawSeason>(
		tx,
		sql`
		with items as materialized (${wantedItemsOfSeasons(rules, which)}),
		judged as (select *, ${NEED} as need from items),
		needs as (${countNeeds(rules)}),
		own as (${countEpisodes(rules)})
		select n.id as "seasonId", s.id as "seriesId", 'series:' || s.tvdb_id || '/season:' || n.number as "targetKey",
			n.number as "seasonNumber", s.series_type as "seriesType", s.status as "seriesStatus",
			s.monitored as "seriesMonitored", r.id as "registryId", r.state as "memoryState",
			r.next_eligible_at as "memoryUntil", r.last_attempt_at as "memoryAttemptAt", coalesce(r.attempts, 0) as attempts,
			needs.*, own.*, ${laterSeasonAired(rules)} as "laterSeasonAired",
			greatest(needs."itemsWaitingSince", r.last_attempt_at, least(r.next_eligible_at, ${rules.now}::timestamptz)) as "waitingSince"
		from needs
		join series s on s.id = needs.series_id
		join seasons n on n.series_id = s.id and n.number = needs.season_number and n.presence = 'present'
		join own on own.own_series = needs.series_id and own.own_season = needs.season_number
		left join search_registry r on r.season_id = n.id`,
	);
	return rows.map(seasonRow);
}

/** What an episode contributes; the words of `EpisodeNeed`. */
const NEED = sql`case
	when not "wantedOpen" or not "kindOpen" or not "indexerOpen" or "coveredBy" is not null then 'none'
	when "excludedBy" is not null then 'excluded'
	when "inFlight" is not null then 'resting'
	when state in ('failed', 'exhausted') and not "stateOpen" then 'stopped'
	when not "graceOpen" or not "stateOpen" then 'resting'
	else 'ready' end`;

const countNeeds = ({ now }: ItemRules): SQL => sql`
	select "seriesId" as series_id, "seasonNumber" as season_number,
		count(*) filter (where need = 'ready')::int as ready,
		count(*) filter (where need = 'resting')::int as resting,
		count(*) filter (where need = 'excluded')::int as "excludedWanted",
		count(*) filter (where need = 'ready' and reason = 'gap')::int as gaps,
		count(*) filter (where need = 'ready' and reason = 'quality')::int as qualities,
		min(since) filter (where need = 'ready') as since,
		max("availableAt") filter (where need = 'ready') as "availableAt",
		min(greatest(since, "lastAttemptAt", least("stateUntil", ${now}::timestamptz))) filter (where need = 'ready') as "itemsWaitingSince",
		case when bool_or("lastSearchTime" is null) filter (where need = 'ready') then null
			else min("lastSearchTime") filter (where need = 'ready') end as "lastSearchTime",
		case when bool_or("lastAttemptAt" is null) filter (where need = 'ready') then null
			else min("lastAttemptAt") filter (where need = 'ready') end as "firstEpisodeAttemptAt",
		coalesce(max(boost) filter (where need = 'ready'), 0)::int as boost
	from judged group by 1, 2`;

/** A season search asks for every monitored episode, wanted or not: so an excluded one counts, wanted or not. */
const countEpisodes = ({ connectorId, now }: ItemRules): SQL => sql`
	select e.series_id as own_series, e.season_number as own_season, count(*)::int as episodes,
		count(*) filter (where e.air_date_utc is null)::int as undated,
		max(e.air_date_utc) as "lastAirDate",
		count(*) filter (where e.monitored)::int as monitored,
		count(*) filter (where e.monitored and e.air_date_utc <= ${now})::int as "monitoredAired",
		${airYears(sql`e.air_date`, sql`e.air_date_utc`)} filter (where e.monitored)::int as "airYears",
		max(r.last_attempt_at) as "lastEpisodeAttemptAt",
		count(*) filter (where e.monitored and t.excluded)::int as "excludedMonitored"
	from needs join episodes e on e.series_id = needs.series_id and e.season_number = needs.season_number
	join series o on o.id = e.series_id
	left join search_registry r on r.episode_id = e.id
	left join target_rules t on t.connector_id = ${connectorId} and t.scope = 'item'
		and t.target_key = 'series:' || o.tvdb_id || '/' || e.natural_key
	where e.presence <> 'deleted'
	group by 1, 2`;

/** A daily season is asked for once per year of its air dates, as the network's calendar has them (arr §9.3). */
export const airYears = (airDate: SQL, airDateUtc: SQL): SQL =>
	sql`count(distinct coalesce(left(${airDate}, 4), extract(year from ${airDateUtc} at time zone 'UTC')::text))`;

const laterSeasonAired = ({ now }: ItemRules): SQL => sql`exists (select 1 from episodes l
	where l.series_id = s.id and l.season_number > n.number and l.air_date_utc <= ${now})`;

interface RawSeason extends Omit<SeasonRow, 'memory' | 'reason' | 'since' | 'waitingSince' | 'excluded'> {
	excludedWanted: number;
	excludedMonitored: number;
	memoryState: SearchState | null;
	memoryUntil: Date | null;
	memoryAttemptAt: Date | null;
	gaps: number;
	qualities: number;
	/** Null without a ready episode: such a season is never chosen. */
	since: Date | null;
	waitingSince: Date | null;
}

function seasonRow(raw: RawSeason): SeasonRow {
	const { memoryState, memoryUntil, memoryAttemptAt, gaps, qualities, ...rest } = raw;
	const { excludedWanted, excludedMonitored, ...row } = rest;
	const memory =
		memoryState === null
			? null
			: { state: memoryState, nextEligibleAt: memoryUntil, lastAttemptAt: memoryAttemptAt };
	const reason = gaps > 0 ? 'gap' : qualities > 0 ? 'quality' : 'format';
	const never = new Date(0);
	const excluded = Math.max(excludedWanted, excludedMonitored);
	return {
		...row,
		excluded,
		memory,
		reason,
		since: raw.since ?? never,
		waitingSince: raw.waitingSince ?? never,
	};
}
