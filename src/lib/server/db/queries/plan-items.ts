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
import { EPISODE_MARK, MOVIE_MARK } from './target-mark';

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
	/** Whether the user excluded or boosted anything. */
	anyRules: boolean;
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
	sql`select f.*, ${scoreOf(rules)} as score from (${itemsFrom(
		rules,
		rules.kind === 'episode'
			? sql`wanted w join episodes e on e.id = w.episode_id join series s on s.id = e.series_id`
			: sql`wanted w join movies m on m.id = w.movie_id`,
		sql`w.connector_id = ${rules.connectorId}`,
	)}) f`;

/**
 * The wanted episodes of these seasons, with the facts that a season is decided by; `seasons` is a query of
 * (series_id, season_number).
 */
export const wantedItemsOfSeasons = (rules: ItemRules, seasons: SQL): SQL =>
	sql`select "seriesId", "seasonNumber", "wantedOpen", "kindOpen", "indexerOpen", "coveredBy", "excludedBy", "inFlight",
		state, "stateOpen", "stateUntil", "graceOpen", reason, since, "availableAt", "lastSearchTime", "lastAttemptAt", boost
		from (${itemsFrom(
			rules,
			sql`wanted w join episodes e on e.id = w.episode_id join series s on s.id = e.series_id`,
			sql`w.connector_id = ${rules.connectorId} and (w.series_id, w.season_number) in (${seasons})`,
		)}) f`;

/** Items by our row ids, wanted or not. */
export const itemsById = (rules: ItemRules, ids: readonly number[]): SQL =>
	sql`select f.*, ${scoreOf(rules)} as score from (${
		rules.kind === 'episode'
			? itemsFrom(
					rules,
					sql`episodes e join series s on s.id = e.series_id left join wanted w on w.episode_id = e.id`,
					sql`e.connector_id = ${rules.connectorId} and e.id = any(${sql.param([...ids])}::int[])`,
				)
			: itemsFrom(
					rules,
					sql`movies m left join wanted w on w.movie_id = m.id`,
					sql`m.connector_id = ${rules.connectorId} and m.id = any(${sql.param([...ids])}::int[])`,
				)
	}) f`;

/** Nothing but the connector and its turn keeps such an item from being searched. */
export const ITEM_IS_OPEN = sql`"wantedOpen" and "kindOpen" and "excludedBy" is null and "graceOpen" and "inFlight" is null
	and "coveredBy" is null and "stateOpen" and "indexerOpen" and "spacingOpen"`;

/** The same of facts that were read. */
export const isOpen = (item: ItemFacts): boolean =>
	item.wantedOpen &&
	item.kindOpen &&
	item.excludedBy === null &&
	item.graceOpen &&
	item.inFlight === null &&
	item.coveredBy === null &&
	item.stateOpen &&
	item.indexerOpen &&
	item.spacingOpen;

/** The facts of some items. */
export async function readItemFacts(tx: DbOrTx, items: SQL): Promise<ItemFacts[]> {
	return await rowsOf<ItemFacts>(tx, items);
}

/**
 * `offset 0` is a fence: conditions on the facts are tried after the joins. Pushed into them, they mislead the
 * planner into a hundred thousand index look-ups where four hash joins do.
 */
function itemsFrom(rules: ItemRules, from: SQL, where: SQL): SQL {
	const item = ITEM[rules.kind];
	return sql`
		select ${identity(item)}, ${wantedFacts(rules, item)}, ${ruleFacts(rules)}, ${flightFacts(rules, item)},
			${stateFacts(rules, item)}
		from ${from}
		left join search_registry r on ${item.registry}
		left join request_queue q on q.registry_id = r.id
		${rules.kind === 'episode' ? sql`left join seasons n on n.series_id = s.id and n.number = e.season_number` : sql``}
		${rules.anyRules ? targetRules(rules, item) : sql``}
		where ${where}
		offset 0`;
}

/** What stands for an item: an episode `e` of a series `s` in a season `n`, or a movie `m`. */
interface ItemColumns {
	kind: SQL;
	id: SQL;
	key: SQL;
	registry: SQL;
	seriesId: SQL;
	seasonNumber: SQL;
	seasonId: SQL;
	fileArrId: SQL;
	lastSearchTime: SQL;
	cost: SQL;
	tags: SQL;
	mark: SQL;
	present: SQL;
	deleted: SQL;
	monitored: SQL;
	available: (now: Date) => SQL;
	/** Its column in tables that name items of both kinds. */
	column: SQL;
}

const ITEM: Readonly<Record<ItemKind, ItemColumns>> = {
	episode: {
		kind: sql`'episode'::text`,
		id: sql`e.id`,
		key: sql`('series:' || s.tvdb_id || '/' || e.natural_key)`,
		registry: sql`r.episode_id = e.id`,
		seriesId: sql`s.id`,
		seasonNumber: sql`e.season_number`,
		seasonId: sql`n.id`,
		fileArrId: sql`e.file_arr_id`,
		lastSearchTime: sql`e.last_search_time`,
		cost: sql`case when e.season_number = 0 and s.series_type not in ('site', 'daily') then 2 else 1 end`,
		tags: sql`s.tags`,
		mark: EPISODE_MARK,
		present: sql`(e.presence = 'present' and s.presence = 'present' and e.unreadable is null)`,
		deleted: sql`'deleted' in (e.presence, s.presence)`,
		monitored: sql`(e.monitored and s.monitored)`,
		available: (now) =>
			sql`coalesce(e.air_date_utc + case when s.series_type = 'site' then interval '1 day' else make_interval(mins => s.runtime) end <= ${now}, false)`,
		column: sql`episode_id`,
	},
	movie: {
		kind: sql`'movie'::text`,
		id: sql`m.id`,
		key: sql`m.natural_key`,
		registry: sql`r.movie_id = m.id`,
		seriesId: sql`null::int`,
		seasonNumber: sql`null::int`,
		seasonId: sql`null::int`,
		fileArrId: sql`m.file_arr_id`,
		lastSearchTime: sql`m.last_search_time`,
		cost: sql`1`,
		tags: sql`m.tags`,
		mark: MOVIE_MARK,
		present: sql`(m.presence = 'present' and m.unreadable is null)`,
		deleted: sql`m.presence = 'deleted'`,
		monitored: sql`m.monitored`,
		available: () => sql`m.is_available`,
		column: sql`movie_id`,
	},
};

/** Rules of the item `ri`, of its season `rs` and its series `rx`. */
function targetRules({ connectorId, kind }: ItemRules, item: ItemColumns): SQL {
	const own = sql`left join target_rules ri on ri.connector_id = ${connectorId} and ri.scope = 'item' and ri.target_key = ${item.key}`;
	if (kind === 'movie') return own;
	return sql`${own}
		left join target_rules rs on rs.connector_id = ${connectorId} and rs.scope = 'season'
			and rs.target_key = 'series:' || s.tvdb_id || '/season:' || e.season_number
		left join target_rules rx on rx.connector_id = ${connectorId} and rx.scope = 'series'
			and rx.target_key = 'series:' || s.tvdb_id`;
}

const reasonOf = (item: ItemColumns): SQL =>
	sql`coalesce(w.reason, case when ${item.fileArrId} = 0 then 'gap' else 'quality' end)`;

/** What is wanted changed, so the next round counts anew (the same rule as `recountChanged`). */
const countsAnew = sql`(r.state = 'done' or coalesce(r.counted_for <> w.reason, false)
	and r.state in ('pending', 'queued', 'cooldown', 'failed', 'exhausted') and r.exhausted_by is distinct from 'user')`;

/** What of the memory `r` a score is made of. */
export const ATTEMPTS = sql`(case when ${countsAnew} then 0 else coalesce(r.attempts + r.fresh_attempts, 0) end)`;

const identity = (item: ItemColumns): SQL => sql`
	${item.kind} as kind, ${item.id} as id, w.id as "wantedId", ${reasonOf(item)} as reason,
	${item.seriesId} as "seriesId", ${item.seasonNumber} as "seasonNumber", ${item.seasonId} as "seasonId",
	${item.key} as "targetKey", w.since, ${item.lastSearchTime} as "lastSearchTime", ${item.cost} as cost,
	r.id as "registryId", coalesce(r.state, 'pending') as state,
	${ATTEMPTS} as attempts, r.rest_reason as "restReason",
	r.exhausted_by as "exhaustedBy", r.last_attempt_at as "lastAttemptAt",
	q.id as "queueId", coalesce(q.pinned, false) as pinned`;

/** Monitored, available, confirmed; and still what discovery found, file or no file. */
function wantedFacts({ now, kinds, graceHours }: ItemRules, item: ItemColumns): SQL {
	const until = graceUntil(graceHours);
	return sql`
		case when ${item.present} then 'present' when ${item.deleted} then 'deleted' else 'unconfirmed' end as presence,
		${item.monitored} as monitored, ${item.present} and ${item.available(now)} as available,
		w.available_at as "availableAt",
		${reasonOf(item)} = any(${sql.param([...kinds])}::text[]) as "kindOpen",
		w.id is not null and ${item.present} and ${item.monitored} and (w.reason = 'gap') = (${item.fileArrId} = 0) as "wantedOpen",
		coalesce(${until} <= ${now}, true) as "graceOpen", ${until} as "graceUntil"`;
}

const graceUntil = (hours: number): SQL => sql`(w.available_at + make_interval(secs => ${hours * 3600}))`;

function ruleFacts({ anyRules, kind }: ItemRules): SQL {
	if (!anyRules) return sql`null::text as "excludedBy", 0 as boost`;
	if (kind === 'movie')
		return sql`case when ri.excluded then 'item' end as "excludedBy", coalesce(ri.boost, 0) as boost`;
	return sql`
		case when ri.excluded then 'item' when rs.excluded then 'season' when rx.excluded then 'series' end as "excludedBy",
		coalesce(ri.boost, 0) + coalesce(rs.boost, 0) + coalesce(rx.boost, 0) as boost`;
}

/** Own search, arr queue, or a grab that is followed. `in` and not `exists`: one hash for all items. */
function flightFacts({ connectorId }: ItemRules, { id, column }: ItemColumns): SQL {
	const of = sql`connector_id = ${connectorId} and ${column} is not null`;
	return sql`
		case when r.state = 'searching' and r.covered_by is null then 'searching'
			when r.state = 'grabbed' and r.rest_reason = 'parked' then 'parked'
			when r.state = 'grabbed' then 'grabbed'
			when ${id} in (select ${column} from arr_queue where ${of}) then 'downloading'
			when ${id} in (select ${column} from grabs where result = 'following' and ${of}) then 'grabbed_elsewhere'
		end as "inFlight",
		r.covered_by as "coveredBy"`;
}

function stateFacts({ now, indexers, itemSpacingMs }: ItemRules, { mark, tags }: ItemColumns): SQL {
	const until = spacingUntil(itemSpacingMs);
	return sql`
		${stateOpen(now, sql`coalesce(r.failed_on <> ${mark}, false)`)} as "stateOpen", ${stateUntil(now)} as "stateUntil",
		${indexers.anyItem} or ${tags} && ${sql.param([...indexers.tags])}::int[] as "indexerOpen",
		coalesce(${until} <= ${now}, true) as "spacingOpen", ${until} as "spacingUntil"`;
}

/**
 * The state as the next planning round will find it: rests that are over are over, and what was given up by the rule
 * or rested for another reason begins anew; so does what failed, if by now it `mayRevive`.
 */
const stateOpen = (now: Date, mayRevive: SQL): SQL => sql`
	case when r.id is null or r.state in ('searching', 'grabbed') then true
		when r.state in ('pending', 'queued') then coalesce(r.next_eligible_at <= ${now}, true)
		when r.state = 'done' then w.id is not null
		when r.exhausted_by = 'user' then false
		else coalesce(r.next_eligible_at <= ${now}, false) or ${countsAnew} or r.state = 'failed' and ${mayRevive}
	end`;

export const stateUntil = (now: Date): SQL => sql`
	(case when not (${countsAnew} and (r.state = 'done' or r.state not in ('pending', 'queued') and r.next_eligible_at > ${now}))
		then r.next_eligible_at end)`;

const spacingUntil = (spacingMs: number): SQL =>
	sql`(r.last_attempt_at + make_interval(secs => ${spacingMs / 1000}))`;

/**
 * What the wanted row `w` and its memory `r` alone have to say: false of an item that cannot be open. True of more than
 * are: whether the mirror still has it so is another matter.
 */
export const mayBeOpen = ({ now, kinds, graceHours, itemSpacingMs }: ItemRules): SQL => sql`
	w.reason = any(${sql.param([...kinds])}::text[]) and coalesce(${graceUntil(graceHours)} <= ${now}, true)
	and (r.id is null or r.state not in ('searching', 'grabbed') and r.covered_by is null
		and ${stateOpen(now, sql`true`)} and coalesce(${spacingUntil(itemSpacingMs)} <= ${now}, true))`;

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
