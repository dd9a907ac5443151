/** Sync runs, the questions a sync asks the user, and what a connector remembers of its syncs. */
import type { SQL } from 'bun';
import type { ConnectorKind, SyncMode } from '$lib/domain/words';
import type { ConnectorSettings } from '$lib/domain/settings';
import { INTERRUPTED_RUN } from './left-open';

/** What a sync has to know of its connector. */
export interface SyncedConnector {
	id: number;
	name: string;
	kind: ConnectorKind;
	shape: 'series' | 'movies' | null;
	application: string | null;
	version: string | null;
	settings: ConnectorSettings;
	mirrorComplete: boolean;
	historyCursor: Date | null;
	syncRotation: number;
	heldReason: string | null;
	arrStartSeenAt: Date | null;
}

export async function findSyncedConnector(sql: SQL, id: number): Promise<SyncedConnector | undefined> {
	const rows = (await sql`
		select id, name, kind, shape, application, version, settings, mirror_complete as "mirrorComplete",
			history_cursor as "historyCursor", sync_rotation as "syncRotation", held_reason as "heldReason",
			arr_start_seen_at as "arrStartSeenAt"
		from connectors where id = ${id}`) as SyncedConnector[];
	return rows[0];
}

export interface BegunRun {
	id: number;
	/** Error code of the run before this one, or null if that was good. */
	before: string | null;
}

/** Begins a run. There is one at a time for a connector: one that is still open was interrupted. */
export async function beginRun(
	sql: SQL,
	connectorId: number,
	{ mode, at, runner }: { mode: SyncMode; at: Date; runner: string },
): Promise<BegunRun> {
	const interrupted = JSON.stringify(INTERRUPTED_RUN);
	const rows = (await sql`with left_open as (
			update sync_runs set ended_at = ${at}, error = ${interrupted}::text::jsonb
			where connector_id = ${connectorId}::int and ended_at is null
		), newest as (
			select case when ended_at is null then ${INTERRUPTED_RUN.code} else error->>'code' end as code
			from sync_runs where connector_id = ${connectorId}::int order by id desc limit 1
		)
		insert into sync_runs (connector_id, mode, runner, started_at, detail)
		values (${connectorId}::int, ${mode}, ${runner}, ${at}, '{}'::jsonb)
		returning id, (select code from newest) as before`) as BegunRun[];
	const [run] = rows;
	if (run === undefined) throw new Error('the sync run could not be stored');
	return run;
}

export interface RunEnd {
	endedAt: Date;
	requests: number;
	changed: number;
	error: { code: string; message: string } | null;
	detail: Record<string, unknown>;
}

export async function endRun(sql: SQL, runId: number, end: RunEnd): Promise<void> {
	const detail = JSON.stringify(end.detail).replaceAll('\\u0000', '');
	const error = end.error === null ? null : JSON.stringify(end.error).replaceAll('\\u0000', '');
	await sql`update sync_runs set ended_at = ${end.endedAt}, requests = ${end.requests}, changed = ${end.changed},
		error = ${error}::text::jsonb, detail = ${detail}::text::jsonb where id = ${runId}`;
}

/** A good sync is remembered; a full one makes the mirror complete, an incremental one gives the turn to the next list. */
export async function noteSync(
	sql: SQL,
	connectorId: number,
	{ mode, endedAt, tookMs }: { mode: SyncMode; endedAt: Date; tookMs: number },
): Promise<void> {
	if (mode === 'full') {
		await sql`update connectors set last_full_at = ${endedAt}, mirror_complete = true where id = ${connectorId}`;
	} else {
		await sql`update connectors set last_incremental_at = ${endedAt}, last_incremental_ms = ${Math.round(tookMs)},
			sync_rotation = (sync_rotation + 1) % 1000000 where id = ${connectorId}`;
	}
}

export async function storeArrTotals(
	sql: SQL,
	connectorId: number,
	totals: { missing: number | null; cutoffUnmet: number | null },
	at: Date,
): Promise<void> {
	await sql`update connectors set arr_missing = ${totals.missing}, arr_cutoff_unmet = ${totals.cutoffUnmet},
		arr_counts_at = ${at} where id = ${connectorId}`;
}

/** `shrink` and `other_instance` hold the connector: nothing is sent until they are answered or withdrawn. */
export type SyncQuestion = 'other_instance' | 'shrink' | 'shrink_episodes';
const HOLDING: readonly SyncQuestion[] = ['other_instance', 'shrink'];

/** Asks, or brings the open question up to date. Gives back whether it is new. */
export async function askQuestion(
	sql: SQL,
	connectorId: number,
	kind: SyncQuestion,
	detail: Record<string, unknown>,
	at: Date,
): Promise<boolean> {
	const text = JSON.stringify(detail).replaceAll('\\u0000', '');
	const rows = (await sql`insert into questions (connector_id, kind, detail, asked_at)
		values (${connectorId}, ${kind}, ${text}::text::jsonb, ${at})
		on conflict (connector_id, kind) where answered_at is null do update set detail = excluded.detail
		returning (xmax = 0) as fresh`) as { fresh: boolean }[];
	if (HOLDING.includes(kind))
		await sql`update connectors set held_reason = ${kind} where id = ${connectorId}`;
	return rows[0]?.fresh ?? false;
}

/** The matter settled itself: the question goes, and what it held back may go on. */
export async function withdrawQuestion(
	sql: SQL,
	connectorId: number,
	kind: SyncQuestion,
	at: Date,
): Promise<void> {
	await sql`update questions set answer = 'withdrawn', answered_at = ${at}
		where connector_id = ${connectorId} and kind = ${kind} and answered_at is null`;
	await sql`update connectors set held_reason = null where id = ${connectorId} and held_reason = ${kind}`;
}

/** Whether the user said "this is right" to the question, and no sync acted on it yet. */
export async function isAccepted(sql: SQL, connectorId: number, kind: SyncQuestion): Promise<boolean> {
	const rows = (await sql`select 1 from questions where connector_id = ${connectorId} and kind = ${kind}
		and answer = 'accept' and not coalesce((detail->>'done')::boolean, false) limit 1`) as unknown[];
	return rows.length > 0;
}

/** The sync did what the user accepted; the next time it asks again. */
export async function useAcceptance(sql: SQL, connectorId: number, kind: SyncQuestion): Promise<void> {
	await sql`update questions set detail = detail || '{"done": true}'::jsonb
		where connector_id = ${connectorId} and kind = ${kind} and answer = 'accept'`;
	await sql`update connectors set held_reason = null where id = ${connectorId} and held_reason = ${kind}`;
}
