/**
 * The few that can be among the best, found by what is remembered of them alone: a look at each of a hundred thousand
 * wanted rows and its memory, and at the mirror only for those. What a score is made of stands there, but for boosts.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { DbOrTx } from '../client';
import { rowsOf } from '../rows';
import { ATTEMPTS, mayBeOpen, stateUntil, type ItemRules } from './plan-items';
import { scoreSql } from './plan-score';

/** Whether the user boosted anything: then no score is known without its rules. */
export async function anyBoost(tx: DbOrTx, connectorId: number): Promise<boolean> {
	const rows = await rowsOf<{ any: boolean }>(
		tx,
		sql`select exists (select from target_rules where connector_id = ${connectorId} and boost <> 0) as any`,
	);
	return rows[0]?.any ?? true;
}

/**
 * Ids of the best `count` and of all that score as high as the last of them; fewer only if there are no more. What
 * `covered` is true of is left out.
 */
export async function bestByMemory(
	tx: DbOrTx,
	rules: ItemRules,
	covered: SQL,
	count: number,
): Promise<number[]> {
	const own = sql.raw(rules.kind === 'episode' ? 'episode_id' : 'movie_id');
	const { now, weights } = rules;
	const score = scoreSql(
		{
			reason: sql`w.reason`,
			availableAt: sql`w.available_at`,
			since: sql`w.since`,
			waitingSince: sql`greatest(w.since, r.last_attempt_at, ${stateUntil(now)})`,
			attempts: ATTEMPTS,
			// a single search stands for one item, and reach begins beyond that
			items: sql`1`,
			cost: sql`1`,
			boost: sql`0`,
		},
		now,
		weights,
	);
	const rows = await rowsOf<{ id: number }>(
		tx,
		sql`select w.${own} as id from wanted w left join search_registry r on r.${own} = w.${own}
			where w.connector_id = ${rules.connectorId} and w.${own} is not null and ${mayBeOpen(rules)} and not ${covered}
			order by ${score} desc fetch first ${sql.raw(String(Math.trunc(count)))} rows with ties`,
	);
	return rows.map(({ id }) => id);
}
