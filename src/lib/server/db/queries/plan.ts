/** The ranking of single searches, and what a plan row is called. */
import { sql, type SQL } from 'drizzle-orm';
import type { TargetKind, WantedReason } from '$lib/domain/words';
import type { DbOrTx } from '../client';
import { anyBoost, bestByMemory } from './plan-best';
import { ITEM_IS_OPEN, itemsById, wantedItems, type ItemRules } from './plan-items';
import { rowsOf } from '../rows';

/** A single search that could be sent, with what its score was made of. */
export interface SingleRow {
	targetKind: 'episode' | 'movie';
	targetId: number;
	targetKey: string;
	seriesId: number | null;
	seasonNumber: number | null;
	reason: WantedReason;
	cost: number;
	score: number;
	lastSearchTime: Date | null;
	since: Date;
	availableAt: Date | null;
	waitingSince: Date;
	attempts: number;
	boost: number;
	registryId: number | null;
	queueId: number | null;
}

export interface SeasonKey {
	seriesId: number;
	seasonNumber: number;
}

interface RankOptions {
	/** A search of their season stands for these. */
	without: readonly SeasonKey[];
	maxCost: number;
	limit: number;
}

/** Looked at for each that is asked for: some of the best are excluded, on their way, or not as discovery found them. */
const LOOKED_AT_EACH = 4;
/** Beyond so many, all are looked at. */
const LOOKED_AT_MOST = 20_000;

/** The best `limit` of all open items, but for those that a search of their season stands for. */
export async function rankSingles(tx: DbOrTx, rules: ItemRules, options: RankOptions): Promise<SingleRow[]> {
	if (await anyBoost(tx, rules.connectorId)) return await rankAmong(tx, rules, wantedItems(rules), options);
	const covered = oneOf(options.without, sql`(w.series_id, w.season_number)`);
	for (let count = options.limit * LOOKED_AT_EACH; count <= LOOKED_AT_MOST; count *= LOOKED_AT_EACH) {
		const ids = await bestByMemory(tx, rules, covered, count);
		const ranked = await rankAmong(tx, rules, itemsById(rules, ids), options);
		if (ranked.length === options.limit || ids.length < count) return ranked;
	}
	return await rankAmong(tx, rules, wantedItems(rules), options);
}

async function rankAmong(
	tx: DbOrTx,
	rules: ItemRules,
	items: SQL,
	{ without, maxCost, limit }: RankOptions,
): Promise<SingleRow[]> {
	return await rowsOf<SingleRow>(
		tx,
		sql`
		select kind as "targetKind", id as "targetId", "targetKey", "seriesId", "seasonNumber", reason, cost, score,
			"lastSearchTime", since, "availableAt", greatest(since, "lastAttemptAt", "stateUntil") as "waitingSince",
			attempts, boost, "registryId", "queueId"
		from (${items}) i
		where ${ITEM_IS_OPEN} and not pinned and cost <= ${maxCost} and not ${oneOf(without, sql`("seriesId", "seasonNumber")`)}
		order by score desc, "lastSearchTime" asc nulls first, kind, id
		limit ${limit}`,
	);
}

/** Whether a season is one of these. Movies have none, and then there are none. */
function oneOf(seasons: readonly SeasonKey[], key: SQL): SQL {
	if (seasons.length === 0) return sql`false`;
	const series = sql.param(seasons.map((season) => season.seriesId));
	const numbers = sql.param(seasons.map((season) => season.seasonNumber));
	return sql`(${key} in (select * from unnest(${series}::int[], ${numbers}::int[])))`;
}

export interface TargetTitle {
	kind: TargetKind;
	id: number;
	/** Complete: `Harbor Nine · S02E05`, `Winter Ledger (2021)`. */
	title: string;
	/** Episode title; of a season: how many episodes it has. */
	subtitle: string | null;
}

/** Titles of targets by kind and our row id; those that the mirror lost are left out. */
export async function readTitles(
	tx: DbOrTx,
	targets: readonly { targetKind: TargetKind; targetId: number }[],
): Promise<Map<string, TargetTitle>> {
	const ids = (kind: TargetKind): number[] =>
		targets.filter((target) => target.targetKind === kind).map((target) => target.targetId);
	const rows = await rowsOf<TargetTitle>(
		tx,
		sql`
		select 'episode' as kind, e.id, s.title || ' · ' || case when e.episode_number is null then coalesce(e.air_date, e.season_number::text)
			else 'S' || lpad(e.season_number::text, greatest(2, length(e.season_number::text)), '0') || 'E' || lpad(e.episode_number::text, greatest(2, length(e.episode_number::text)), '0') end as title,
			e.title as subtitle
		from episodes e join series s on s.id = e.series_id where e.id = any(${sql.param(ids('episode'))}::int[])
		union all
		select 'movie', m.id, m.title || case when m.year > 0 then ' (' || m.year || ')' else '' end, m.studio
		from movies m where m.id = any(${sql.param(ids('movie'))}::int[])
		union all
		select 'season', n.id, s.title || ' · ' || case when s.series_type = 'site' then n.number::text else 'Season ' || n.number end, null
		from seasons n join series s on s.id = n.series_id where n.id = any(${sql.param(ids('season'))}::int[])`,
	);
	return new Map(rows.map((row) => [`${row.kind} ${row.id}`, row]));
}
