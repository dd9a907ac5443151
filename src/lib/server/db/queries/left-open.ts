/**
 * What a process left open when it died: jobs and sync runs that nobody carries on. A connector's work is done by the
 * session that holds its lock, so what is open belongs to a living process if that holds the lock, and to nobody if
 * no other session than the asker's does.
 */
import { and, eq, isNull, ne, not, or, sql } from 'drizzle-orm';
import type { DbOrTx } from '../client';
import { rowsOf } from '../rows';
import { jobs, syncRuns } from '../schema';
import { isHeldByOther } from './connector-locks';

/** The process that asks, and the backend of the session that holds its locks. */
export interface Asker {
	processId: string;
	backendPid: number;
}

/** Connectors that have queued jobs, or something open that another process began. */
export async function openElsewhere(
	db: DbOrTx,
	processId: string,
): Promise<{ connectorId: number; queued: boolean }[]> {
	return rowsOf(
		db,
		sql`select connector_id as "connectorId", bool_or(queued) as queued from (
			select connector_id, status = 'queued' as queued from jobs
				where status in ('queued', 'running') and (status = 'queued' or runner is distinct from ${processId})
			union all
			select connector_id, false from sync_runs where ended_at is null and runner is distinct from ${processId}
		) open group by connector_id`,
	);
}

/** What a job is told to have failed of when its process ended before it. */
export const INTERRUPTED_JOB = {
	code: 'interrupted',
	message: 'Comradarr was stopped while this ran. Start it again.',
};
/** The same of a sync run. */
export const INTERRUPTED_RUN = {
	code: 'interrupted',
	message: 'Comradarr was stopped during this sync. What it had read is kept; the next sync reads the rest.',
};

/** Tells as interrupted what dead processes left open, of one connector or of all. Gives back how much that was. */
export async function closeLeftOpen(
	db: DbOrTx,
	{ processId, backendPid }: Asker,
	{ at, connectorId }: { at: Date; connectorId?: number },
): Promise<number> {
	const closedJobs = await db
		.update(jobs)
		.set({ status: 'failed', endedAt: at, error: INTERRUPTED_JOB })
		.where(
			and(
				eq(jobs.status, 'running'),
				or(isNull(jobs.runner), ne(jobs.runner, processId)),
				connectorId === undefined ? undefined : eq(jobs.connectorId, connectorId),
				not(isHeldByOther(jobs.connectorId, backendPid)),
			),
		)
		.returning({ id: jobs.id });
	const closedRuns = await db
		.update(syncRuns)
		.set({ endedAt: at, error: INTERRUPTED_RUN })
		.where(
			and(
				isNull(syncRuns.endedAt),
				or(isNull(syncRuns.runner), ne(syncRuns.runner, processId)),
				connectorId === undefined ? undefined : eq(syncRuns.connectorId, connectorId),
				not(isHeldByOther(syncRuns.connectorId, backendPid)),
			),
		)
		.returning({ id: syncRuns.id });
	return closedJobs.length + closedRuns.length;
}
