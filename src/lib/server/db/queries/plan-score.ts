/**
 * The score of `domain/priority.ts` as SQL, so that a hundred thousand items are ranked without leaving the database.
 * A test compares the two over random items.
 */
import { sql, type SQL } from 'drizzle-orm';
import {
	AGE_HALF_DAYS,
	KIND_WORTH,
	MISSING_FULL_DAYS,
	REACH_FULL,
	type PriorityWeights,
} from '$lib/domain/priority';

/** Columns or expressions that the score is made of; the same names as `ScoreInput`. */
export interface ScoreColumns {
	reason: SQL;
	availableAt: SQL;
	since: SQL;
	waitingSince: SQL;
	attempts: SQL;
	items: SQL;
	cost: SQL;
	boost: SQL;
}

/** Rounded to one decimal, as the pure function does. */
export function scoreSql(of: ScoreColumns, now: Date, weights: PriorityWeights): SQL {
	const { age, missing, attempts, kind, reach, waitingPerDay } = weights;
	const all = age + missing + attempts + kind + reach;
	const days = (from: SQL): SQL =>
		sql`(greatest(0::float8, date_part('epoch', ${now}::timestamptz - ${from})) / 86400::float8)`;
	const ageFactor = sql`case when ${of.availableAt} is null then 0 else ${num(AGE_HALF_DAYS)} / (${num(AGE_HALF_DAYS)} + ${days(of.availableAt)}) end`;
	const missingFactor = sql`least(1, ${days(of.since)} / ${num(MISSING_FULL_DAYS)})`;
	const kindFactor = sql`case ${of.reason} when 'gap' then ${num(KIND_WORTH.gap)} when 'quality' then ${num(KIND_WORTH.quality)} else ${num(KIND_WORTH.format)} end`;
	const reachFactor = sql`least(1, greatest(0, ${of.items}::float8 / ${of.cost} - 1) / ${num(REACH_FULL)})`;
	const base =
		all === 0
			? sql`0`
			: sql`1000 * (${num(age)} * ${ageFactor} + ${num(missing)} * ${missingFactor}
				+ ${num(attempts)} / (1 + ${of.attempts})::float8 + ${num(kind)} * ${kindFactor}
				+ ${num(reach)} * ${reachFactor}) / ${num(all)}`;
	const boosted = sql`least(1000, greatest(0, ${base} + ${of.boost}))`;
	return sql`(floor((${boosted} + ${num(waitingPerDay)} * ${days(of.waitingSince)}) * 10 + 0.5) / 10)::float8`;
}

/** Our own constants and the user's weights: numbers, written out so that the planner sees them. */
const num = (value: number): SQL => sql.raw(`${String(value)}::float8`);
