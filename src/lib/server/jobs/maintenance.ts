/**
 * House-keeping once a day: every table that grows has its retention here, deleted in small steps so that nothing
 * waits for it; then VACUUM and ANALYZE of what changes most.
 */
import type { AppContext } from '../app-context';
import { forgetDone, forgetOrphans } from '../services/queue/states';
import { pruneJobs } from './follow-up';

const DAY_MS = 86_400_000;
/** A target whose row is missing may be found again by its key at the end of the next full sync: it gets two weeks. */
const ORPHAN_MS = 14 * DAY_MS;
/** Rows deleted per statement. */
const STEP = 10_000;

interface Retention {
	table: string;
	/** SQL condition with `$1` = the moment before which rows go. */
	where: string;
	days: number;
}

/** What is kept, and how long. Dispatches and grabs are the user's proof: they stay longest. */
export const RETENTIONS: readonly Retention[] = [
	{ table: 'events', where: 'at < $1', days: 30 },
	{ table: 'schedule_runs', where: 'started_at < $1', days: 14 },
	{ table: 'sync_runs', where: 'started_at < $1', days: 30 },
	{ table: 'connector_health_history', where: 'at < $1', days: 90 },
	{ table: 'arr_history', where: 'date < $1', days: 90 },
	{ table: 'foreign_commands', where: 'first_seen_at < $1', days: 7 },
	{ table: 'hourly_aggregates', where: 'hour < $1', days: 730 },
	{ table: 'dispatches', where: "state = 'concluded' and claimed_at < $1", days: 730 },
	{ table: 'grabs', where: "(result <> 'following' or connector_id is null) and grabbed_at < $1", days: 730 },
	{ table: 'sessions', where: 'expires_at < $1', days: 0 },
	{ table: 'login_attempts', where: 'last_at < $1', days: 2 },
	{ table: 'undo_acts', where: 'created_at < $1', days: 1 },
];

/** Days that the memory of an imported item is kept. */
const DONE_DAYS = 30;

const VACUUMED = [
	'episodes',
	'movies',
	'series',
	'files',
	'wanted',
	'search_registry',
	'request_queue',
	'dispatches',
	'arr_queue',
	'arr_history',
	'events',
	'title_words',
];

export interface MaintenanceReport {
	removed: Record<string, number>;
	orphans: number;
}

/** Prunes, removes orphans, vacuums. Each part stands alone: one that fails stops no other, and is told at the end. */
export async function maintain(ctx: AppContext): Promise<MaintenanceReport> {
	const removed: Record<string, number> = {};
	let orphans = 0;
	const doneBefore = new Date(ctx.clock.now() - DONE_DAYS * DAY_MS);
	const parts: [name: string, work: () => Promise<void>][] = [
		...RETENTIONS.map((retention): [string, () => Promise<void>] => [
			retention.table,
			async () => void (removed[retention.table] = await prune(ctx, retention)),
		]),
		[
			'search_registry',
			async () => void (removed.search_registry = await forgetDone(ctx.db, { before: doneBefore })),
		],
		['jobs', () => pruneJobs(ctx)],
		['orphans', async () => void (orphans = await removeOrphans(ctx))],
		['vacuum', () => vacuum(ctx)],
	];
	const failed = await each(ctx, parts);
	if (failed.length > 0)
		throw new AggregateError(failed, 'A part of the house-keeping failed; the log has the details.');
	return { removed, orphans };
}

/** All parts, one after the other. Gives back what failed. */
async function each(
	ctx: AppContext,
	parts: readonly [name: string, work: () => Promise<void>][],
): Promise<unknown[]> {
	const failed: unknown[] = [];
	for (const [part, work] of parts) {
		try {
			await work();
		} catch (error) {
			failed.push(error);
			ctx.log.error('A part of the house-keeping failed.', { part, error });
		}
	}
	return failed;
}

async function prune(ctx: AppContext, { table, where, days }: Retention): Promise<number> {
	const before = new Date(ctx.clock.now() - days * DAY_MS);
	let total = 0;
	for (;;) {
		const rows: unknown[] = await ctx.bulk.unsafe(
			`delete from ${table} where ctid in (select ctid from ${table} where ${where} limit ${String(STEP)}) returning 1`,
			[before],
		);
		total += rows.length;
		if (rows.length < STEP) return total;
	}
}

/** Search memory and files whose mirror row has been purged. A deleted row keeps its memory for seven days. */
async function removeOrphans(ctx: AppContext): Promise<number> {
	const files: unknown[] = await ctx.bulk.unsafe(
		`delete from files f where (f.series_id is not null and not exists (select 1 from series s where s.id = f.series_id))
			or (f.movie_id is not null and not exists (select 1 from movies m where m.id = f.movie_id)) returning 1`,
	);
	const rules: unknown[] = await ctx.bulk.unsafe(
		`delete from target_rules where not excluded and boost = 0 returning 1`,
	);
	const titles: unknown[] = await ctx.bulk.unsafe(
		`delete from title_words t where not exists (select 1 from connectors c where c.id = t.connector_id)
			or (t.series_id is not null and not exists (select 1 from series s where s.id = t.series_id)) returning 1`,
	);
	const memory = await forgetOrphans(ctx.db, { before: new Date(ctx.clock.now() - ORPHAN_MS) });
	return files.length + rules.length + titles.length + memory;
}

async function vacuum(ctx: AppContext): Promise<void> {
	for (const table of VACUUMED) {
		try {
			await ctx.bulk.unsafe(`vacuum (analyze) ${table}`);
		} catch (error) {
			ctx.log.warn('a table could not be vacuumed', { table, error });
		}
	}
}
