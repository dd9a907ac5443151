/**
 * How large a mirror is. Counting a million rows takes longer than a page may, and they change only when they are read
 * anew: a count is kept until then. While a large one is counted again, the last one is shown.
 */
import { sql } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { rowsOf } from '../db/rows';

export interface LibraryCounts extends Record<string, unknown> {
	/** Series, or movies. */
	containers: number;
	items: number;
	withFile: number;
	/** Monitored and with a file. */
	done: number;
}

interface Kept {
	stamp: string;
	countedAt: number;
	tookMs: number;
	counts: LibraryCounts;
	again: Promise<LibraryCounts> | null;
}

/** Small changes between syncs, such as an import, are seen after this long. */
const FRESH_MS = 60_000;
/** What is counted faster than this is counted while the page waits. */
const QUICK_MS = 20;

const kept = new WeakMap<AppContext, Map<number, Kept>>();

/** The counts of one connector's mirror. */
export async function libraryOf(ctx: AppContext, connectorId: number): Promise<LibraryCounts> {
	const own = kept.get(ctx) ?? new Map<number, Kept>();
	kept.set(ctx, own);
	const known = own.get(connectorId);
	const stamp = await stampOf(ctx, connectorId);
	const age = ctx.clock.now() - (known?.countedAt ?? 0);
	if (known === undefined) return countAgain(ctx, own, connectorId, stamp);
	if (known.stamp === stamp && age < FRESH_MS && age >= 0) return known.counts;
	known.again ??= countAgain(ctx, own, connectorId, stamp).catch((error: unknown) => {
		ctx.log.warn('A library could not be counted.', { connector: connectorId, error });
		known.again = null;
		return known.counts;
	});
	return known.tookMs < QUICK_MS ? known.again : known.counts;
}

async function stampOf(ctx: AppContext, connectorId: number): Promise<string> {
	const [row] = await rowsOf<{ stamp: string }>(
		ctx.db,
		sql`select concat_ws(' ', mirror_complete::text, last_full_at, last_incremental_at) as stamp
			from connectors where id = ${connectorId}`,
	);
	return row?.stamp ?? '';
}

async function countAgain(
	ctx: AppContext,
	own: Map<number, Kept>,
	connectorId: number,
	stamp: string,
): Promise<LibraryCounts> {
	const began = performance.now();
	const [row] = await rowsOf<LibraryCounts>(
		ctx.db,
		sql`select s.containers + m.items as containers, e.items + m.items as items,
				e.with_file + m.with_file as "withFile", e.done + m.done as done
			from (select count(*)::int as containers from series
					where connector_id = ${connectorId} and presence <> 'deleted') s,
				(select ${tally} from episodes where connector_id = ${connectorId} and presence <> 'deleted') e,
				(select ${tally} from movies where connector_id = ${connectorId} and presence <> 'deleted') m`,
	);
	const counts = row ?? { containers: 0, items: 0, withFile: 0, done: 0 };
	const tookMs = performance.now() - began;
	own.set(connectorId, { stamp, countedAt: ctx.clock.now(), tookMs, counts, again: null });
	return counts;
}

const tally = sql`count(*)::int as items, (count(*) filter (where file_arr_id <> 0))::int as with_file,
	(count(*) filter (where monitored and file_arr_id <> 0))::int as done`;
