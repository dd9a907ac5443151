/** Jobs: work that was asked for. A row is taken and ended by conditional updates, so that one process carries it out. */
import { and, asc, eq, inArray, lt } from 'drizzle-orm';
import type { DbOrTx } from '../client';
import { jobs } from '../schema';

export type JobRow = typeof jobs.$inferSelect;

export async function insertJob(
	db: DbOrTx,
	job: Pick<JobRow, 'kind' | 'connectorId' | 'args' | 'createdAt'>,
): Promise<string> {
	const id = Bun.randomUUIDv7();
	await db.insert(jobs).values({ ...job, id, status: 'queued' });
	return id;
}

export async function findJob(db: DbOrTx, id: string): Promise<JobRow | undefined> {
	const [row] = await db.select().from(jobs).where(eq(jobs.id, id));
	return row;
}

/** Those of one kind that are not over, oldest first. */
export async function openJobs(db: DbOrTx, kind: string, connectorId: number): Promise<JobRow[]> {
	return db
		.select()
		.from(jobs)
		.where(
			and(
				eq(jobs.kind, kind),
				eq(jobs.connectorId, connectorId),
				inArray(jobs.status, ['queued', 'running']),
			),
		)
		.orderBy(asc(jobs.createdAt));
}

/** The connector goes: what is not over will never be. */
export async function endJobsOfDeleted(db: DbOrTx, connectorId: number, at: Date): Promise<void> {
	const error = { code: 'connector_deleted', message: 'The connector was deleted before this ended.' };
	await db
		.update(jobs)
		.set({ status: 'failed', endedAt: at, error })
		.where(and(eq(jobs.connectorId, connectorId), inArray(jobs.status, ['queued', 'running'])));
}

/** Takes all of the connector that nobody has begun. */
export async function takeQueuedJobs(
	db: DbOrTx,
	connectorId: number,
	{ kinds, runner, at }: { kinds: readonly string[]; runner: string; at: Date },
): Promise<JobRow[]> {
	return db
		.update(jobs)
		.set({ status: 'running', runner, startedAt: at })
		.where(and(eq(jobs.connectorId, connectorId), eq(jobs.status, 'queued'), inArray(jobs.kind, [...kinds])))
		.returning();
}

/** Writes how far a job is, or what came of it, as long as it is its runner's to tell. */
export async function tellJob(
	db: DbOrTx,
	{ id, runner }: { id: string; runner: string },
	set: Partial<Omit<JobRow, 'id' | 'runner'>>,
): Promise<void> {
	await db
		.update(jobs)
		.set(set)
		.where(and(eq(jobs.id, id), eq(jobs.status, 'running'), eq(jobs.runner, runner)));
}

export async function deleteJobs(db: DbOrTx, { before }: { before: Date }): Promise<void> {
	await db.delete(jobs).where(lt(jobs.createdAt, before));
}
