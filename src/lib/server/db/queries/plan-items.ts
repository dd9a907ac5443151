/**
 * What decides, for an item of the library, whether it may be searched: each fact of the explanation as a column,
 * computed once and used by all, for one item and for a hundred thousand alike. The explanation reads the columns of
 * one item, the planner takes those whose columns are all open: so the two cannot disagree.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { PriorityWeights } from '$lib/domain/priority';
import type { ItemKind, Presence, SearchState, WantedReason } from '$lib/domain/words';
import type { DbOrTx } from '../client';
import { rowsOf } from '../rows';
import { scoreSql } from './plan-score';
import { ITEM_MARK } from './target-mark';

/** What of the connector decides on its items. */
export interface ItemRules {
	connectorId: number;
	/** What the library is made of. */
	kind: ItemKind;
	now: Date;
	graceHours: number;
	/** Kinds that are switched on. */
	kinds: readonly WantedReason[];
	/** Which items a usable indexer takes: all, or those that carry one of the tags. */
	indexers: { anyItem: boolean; tags: readonly number[] };
	itemSpacingMs: number;
	weights: PriorityWeights;
}

export type InFlight = 'searching' | 'grabbed' | 'parked' | 'downloading' | 'grabbed_elsewhere';

/** One item with all its facts; `…Open` are the gates, the rest is what they are explained by. */
export interface ItemFacts {
	kind: ItemKind;
	id: number;
	wantedId: number | null;
	/** Why it is wanted; of an item that is not: what a search of it would be for. */
	reason: WantedReason;
	seriesId: number | null;
	seasonNumber: number | null;
	seasonId: number | null;
	targetKey: string;
	presence: Presence;
	monitored: boolean;
	/** Out, by the mirror alone: what a search of the user needs. */
	available: boolean;
	availableAt: Date | null;
	since: Date | null;
	lastSearchTime: Date | null;
	cost: number;
	boost: number;
	score: number;
	registryId: number | null;
	state: SearchState;
	attempts: number;
	restReason: string | null;
	exhaustedBy: 'rule' | 'user' | null;
	lastAttemptAt: Date | null;
	queueId: number | null;
	pinned: boolean;

	kindOpen: boolean;
	wantedOpen: boolean;
	excludedBy: 'item' | 'season' | 'series' | null;
	graceOpen: boolean;
	graceUntil: Date | null;
	inFlight: InFlight | null;
	coveredBy: number | null;
	stateOpen: boolean;
	stateUntil: Date | null;
	indexerOpen: boolean;
	spacingOpen: boolean;
	spacingUntil: Date | null;
}

/** All wanted items of the connector. */
export const wantedItems = (rules: ItemRules): SQL =>
	itemsFrom(
		rules,
		rules.kind === 'episode'
			? sql`wanted w join episodes e on e.id = w.episode_id join series s on s.id = e.series_id left join movies m on false`
			: sql`wanted w join movies m on m.id = w.movie_id left join episodes e on false left join series s on false`,
		sql`w.connector_id = ${rules.connectorId}`,
	);

/** The wanted episodes of these seasons; `seasons` is a query of (series_id, season_number). */
export const wantedItemsOfSeasons = (rules: ItemRules, seasons: SQL): SQL =>
	itemsFrom(
		rules,
		sql`wanted w join episodes e on e.id = w.episode_id join series s on s.id = e.series_id left join movies m on false`,
		sql`w.connector_id = ${rules.connectorId} and (w.series_id, w.season_number) in (${seasons})`,
	);

/** Items by our row ids, wanted or not. */
export const itemsById = (rules: ItemRules, ids: readonly number[]): SQL =>
	rules.kind === 'episode'
		? itemsFrom(
				rules,
				sql`episodes e join series s on s.id = e.series_id left join wanted w on w.episode_id = e.id
					left join movies m on false`,
				sql`e.connector_id = ${rules.connectorId} and e.id = any(${sql.param([...ids])}::int[])`,
			)
		: itemsFrom(
				rules,
				sql`movies m left join wanted w on w.movie_id = m.id left join episodes e on false left join series s on false`,
				sql`m.connector_id = ${rules.connectorId} and m.id = any(${sql.param([...ids])}::int[])`,
			);

/** Nothing but the connector and its turn keeps such an item from being searched. */
export const ITEM_IS_OPEN = sql`"wantedOpen" and "kindOpen" and "excludedBy" is null and "graceOpen" and "inFlight" is null
	and "coveredBy" is null and "stateOpen" and "indexerOpen" and "spacingOpen"`;

/** The facts of some items. */
export async function readItemFacts(tx: DbOrTx, items: SQL): Promise<ItemFacts[]> {
	return await rowsOf<ItemFacts>(tx, items);
}

/**
 * `offset 0` is a fence: conditions on the facts are tried after the joins. Pushed into them, they mislead the
 * planner into a hundred thousand index look-ups where four hash joins do.
 */
function itemsFrom(rules: ItemRules, from: SQL, where: SQL): SQL {
	return sql`select f.*, ${scoreOf(rules)} as score from (
		select ${identity}, ${wantedFacts(rules)}, ${ruleFacts}, ${flightFacts(rules)}, ${stateFacts(rules)}
		from ${from}
		left join search_registry r on ${rules.kind === 'episode' ? sql`r.episode_id = e.id` : sql`r.movie_id = m.id`}
		left join request_queue q on q.registry_id = r.id
		left join seasons n on n.series_id = s.id and n.number = e.season_number
		left join target_rules ri on ri.connector_id = ${rules.connectorId} and ri.scope = 'item' and ri.target_key = ${itemKey}
		left join target_rules rs on rs.connector_id = ${rules.connectorId} and rs.scope = 'season'
			and rs.target_key = 'series:' || s.tvdb_id || '/season:' || e.season_number
		left join target_rules rx on rx.connector_id = ${rules.connectorId} and rx.scope = 'series'
			and rx.target_key = 'series:' || s.tvdb_id
		where ${where}
		offset 0
	) f`;
}

const itemKey = sql`case when m.id is null then 'series:' || s.tvdb_id || '/' || e.natural_key else m.natural_key end`;
const fileArrId = sql`coalesce(e.file_arr_id, m.file_arr_id)`;
const reason = sql`coalesce(w.reason, case when ${fileArrId} = 0 then 'gap' else 'quality' end)`;

/** What is wanted changed, so the next round counts anew (the same rule as `recountChanged`). */
const countsAnew = sql`(r.state = 'done' or coalesce(r.counted_for <> w.reason, false)
	and r.state in ('pending', 'cooldown', 'failed', 'exhausted') and r.exhausted_by is distinct from 'user')`;

const identity = sql`
	case when m.id is null then 'episode' else 'movie' end as kind,
	coalesce(e.id, m.id) as id, w.id as "wantedId", ${reason} as reason,
	s.id as "seriesId", e.season_number as "seasonNumber", n.id as "seasonId", ${itemKey} as "targetKey",
	w.since, coalesce(e.last_search_time, m.last_search_time) as "lastSearchTime",
	case when e.season_number = 0 and s.series_type not in ('site', 'daily') then 2 else 1 end as cost,
	r.id as "registryId", coalesce(r.state, 'pending') as state,
	case when ${countsAnew} then 0 else coalesce(r.attempts + r.fresh_attempts, 0) end as attempts, r.rest_reason as "restReason",
	r.exhausted_by as "exhaustedBy", r.last_attempt_at as "lastAttemptAt",
	q.id as "queueId", coalesce(q.pinned, false) as pinned`;

/** Monitored, available, confirmed; and still what discovery found, file or no file. */
function wantedFacts({ now, kinds, graceHours }: ItemRules): SQL {
	const present = sql`(coalesce(e.presence, m.presence) = 'present' and coalesce(s.presence, 'present') = 'present'
		and coalesce(e.unreadable, m.unreadable) is null)`;
	const monitored = sql`(coalesce(e.monitored, m.monitored) and coalesce(s.monitored, true))`;
	const aired = sql`(e.air_date_utc + case when s.series_type = 'site' then interval '1 day' else make_interval(mins => s.runtime) end)`;
	const graceUntil = sql`(w.available_at + make_interval(secs => ${graceHours * 3600}))`;
	return sql`
		case when ${present} then 'present' when coalesce(e.presence, m.presence) = 'deleted' or s.presence = 'deleted'
			then 'deleted' else 'unconfirmed' end as presence,
		${monitored} as monitored,
		${present} and case when m.id is null then coalesce(${aired} <= ${now}, false) else m.is_available end as available,
		w.available_at as "availableAt",
		${reason} = any(${sql.param([...kinds])}::text[]) as "kindOpen",
		w.id is not null and ${present} and ${monitored} and (w.reason = 'gap') = (${fileArrId} = 0) as "wantedOpen",
		coalesce(${graceUntil} <= ${now}, true) as "graceOpen", ${graceUntil} as "graceUntil"`;
}

const ruleFacts = sql`
	case when ri.excluded then 'item' when rs.excluded then 'season' when rx.excluded then 'series' end as "excludedBy",
	coalesce(ri.boost, 0) + coalesce(rs.boost, 0) + coalesce(rx.boost, 0) as boost`;

/** Own search, arr queue, or a grab that is followed. `in` and not `exists`: one hash for all items. */
function flightFacts({ connectorId }: ItemRules): SQL {
	const inQueue = sql`coalesce(e.id in (select episode_id from arr_queue where connector_id = ${connectorId} and episode_id is not null)
		or m.id in (select movie_id from arr_queue where connector_id = ${connectorId} and movie_id is not null), false)`;
	const grabbed = sql`coalesce(e.id in (select episode_id from grabs where connector_id = ${connectorId} and result = 'following' and episode_id is not null)
		or m.id in (select movie_id from grabs where connector_id = ${connectorId} and result = 'following' and movie_id is not null), false)`;
	return sql`
		case when r.state = 'searching' and r.covered_by is null then 'searching'
			when r.state = 'grabbed' and r.rest_reason = 'parked' then 'parked'
			when r.state = 'grabbed' then 'grabbed'
			when ${inQueue} then 'downloading'
			when ${grabbed} then 'grabbed_elsewhere' end as "inFlight",
		r.covered_by as "coveredBy"`;
}

/**
 * The state as the next planning round will find it: rests that are over are over, and what was given up by the rule
 * or rested for another reason begins anew.
 */
function stateFacts({ now, indexers, itemSpacingMs }: ItemRules): SQL {
	const spacingUntil = sql`(r.last_attempt_at + make_interval(secs => ${itemSpacingMs / 1000}))`;
	return sql`
		case when r.id is null or r.state in ('searching', 'grabbed') then true
			when r.state in ('pending', 'queued') then coalesce(r.next_eligible_at <= ${now}, true)
			when r.state = 'done' then w.id is not null
			when r.exhausted_by = 'user' then false
			else coalesce(r.next_eligible_at <= ${now}, false) or ${countsAnew}
				or r.state = 'failed' and coalesce(r.failed_on <> ${ITEM_MARK}, false)
		end as "stateOpen",
		case when not (${countsAnew} and (r.state = 'done' or r.state <> 'pending' and r.next_eligible_at > ${now}))
			then r.next_eligible_at end as "stateUntil",
		${indexers.anyItem} or coalesce(s.tags, m.tags) && ${sql.param([...indexers.tags])}::int[] as "indexerOpen",
		coalesce(${spacingUntil} <= ${now}, true) as "spacingOpen", ${spacingUntil} as "spacingUntil"`;
}

const scoreOf = ({ now, weights }: ItemRules): SQL =>
	scoreSql(
		{
			reason: sql`f.reason`,
			availableAt: sql`f."availableAt"`,
			since: sql`coalesce(f.since, ${now}::timestamptz)`,
			waitingSince: waitingSince(now),
			attempts: sql`f.attempts`,
			items: sql`1`,
			cost: sql`f.cost`,
			boost: sql`f.boost`,
		},
		now,
		weights,
	);

/** Since when nothing but its turn keeps it waiting. */
const waitingSince = (now: Date): SQL =>
	sql`greatest(coalesce(f.since, ${now}::timestamptz), f."lastAttemptAt", f."stateUntil")`;
