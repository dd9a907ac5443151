/**
 * Work that somebody asked for and follows: a row that says how far it is, kept seven days. The work itself runs on
 * in the background; whoever asked gets the id at once.
 */
import { and, desc, eq, inArray, lt } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { jobs } from '../db/schema';
import { findConnector, type ConnectorRow } from '../db/queries/connectors';
import { describe } from '../services/connectors/health';

export type JobRow = typeof jobs.$inferSelect;
export type Progress = (done: number, total: number) => void;

/** How often progress is written at most. */
const PROGRESS_EVERY_MS = 500;
const KEPT_MS = 7 * 86_400_000;

/** Starts `work` and returns the job's id. A second asking of the same kind and connector joins the open one. */
export async function startJob(
	ctx: AppContext,
	kind: string,
	connectorId: number | null,
	work: (progress: Progress) => Promise<Record<string, unknown>>,
): Promise<string> {
	const open = await findOpenJob(ctx, kind, connectorId);
	if (open !== undefined) return open.id;
	const id = Bun.randomUUIDv7();
	await ctx.db.insert(jobs).values({ id, kind, connectorId, status: 'queued', createdAt: ctx.clock.date() });
	void follow(ctx, id, work);
	return id;
}

async function findOpenJob(
	ctx: AppContext,
	kind: string,
	connectorId: number | null,
): Promise<JobRow | undefined> {
	if (connectorId === null) return undefined;
	const [row] = await ctx.db
		.select()
		.from(jobs)
		.where(
			and(
				eq(jobs.kind, kind),
				eq(jobs.connectorId, connectorId),
				inArray(jobs.status, ['queued', 'running']),
			),
		)
		.orderBy(desc(jobs.createdAt))
		.limit(1);
	return row;
}

async function follow(
	ctx: AppContext,
	id: string,
	work: (progress: Progress) => Promise<Record<string, unknown>>,
): Promise<void> {
	try {
		await ctx.db.update(jobs).set({ status: 'running', startedAt: ctx.clock.date() }).where(eq(jobs.id, id));
		const result = await work(progressWriter(ctx, id));
		await ctx.db
			.update(jobs)
			.set({ status: 'done', result, endedAt: ctx.clock.date() })
			.where(eq(jobs.id, id));
	} catch (error) {
		ctx.log.warn('a job failed', { job: id, error });
		const { code, message } = describe(error, (await connectorOf(ctx, id))?.kind ?? null);
		await ctx.db
			.update(jobs)
			.set({ status: 'failed', error: { code, message }, endedAt: ctx.clock.date() })
			.where(eq(jobs.id, id))
			.catch((failure: unknown) =>
				ctx.log.error('the failure of a job could not be stored', { job: id, error: failure }),
			);
	}
}

async function connectorOf(ctx: AppContext, job: string): Promise<ConnectorRow | undefined> {
	const connectorId = (await findJob(ctx, job))?.connectorId ?? null;
	return connectorId === null ? undefined : findConnector(ctx.db, connectorId);
}

function progressWriter(ctx: AppContext, id: string): Progress {
	let last = 0;
	return (done, total) => {
		const now = performance.now();
		if (now - last < PROGRESS_EVERY_MS && done < total) return;
		last = now;
		void ctx.db
			.update(jobs)
			.set({ progressDone: done, progressTotal: total })
			.where(eq(jobs.id, id))
			.catch((error: unknown) => ctx.log.debug('progress could not be stored', { job: id, error }));
	};
}

export async function findJob(ctx: AppContext, id: string): Promise<JobRow | undefined> {
	const [row] = await ctx.db.select().from(jobs).where(eq(jobs.id, id));
	return row;
}

/** Jobs of a process that died are told as failed, not left running for ever. */
export async function closeInterruptedJobs(ctx: AppContext): Promise<void> {
	await ctx.db
		.update(jobs)
		.set({
			status: 'failed',
			endedAt: ctx.clock.date(),
			error: { code: 'interrupted', message: 'Comradarr was stopped while this ran. Start it again.' },
		})
		.where(inArray(jobs.status, ['queued', 'running']));
}

export async function pruneJobs(ctx: AppContext): Promise<void> {
	await ctx.db.delete(jobs).where(lt(jobs.createdAt, new Date(ctx.clock.now() - KEPT_MS)));
}
