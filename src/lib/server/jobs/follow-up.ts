/**
 * Work that somebody asked for and follows: a row that says how far it is, kept seven days. Whoever asked gets the id
 * at once. The process that works for the connector carries it out: this one, or the one that holds the connector's
 * lock, which is told of it.
 */
import type { AppContext } from '../app-context';
import { AppError } from '../app-error';
import { withContext } from '../context';
import { findConnector } from '../db/queries/connectors';
import { deleteJobs, insertJob, openJobs, takeQueuedJobs, tellJob, type JobRow } from '../db/queries/jobs';
import { closeLeftOpen, INTERRUPTED_JOB, openElsewhere } from '../db/queries/left-open';
import { JobStopped } from '../scheduler';
import { describe } from '../services/connectors/health';
import type { ConnectorKind } from '$lib/domain/words';
import { ASKED_KINDS, askedKind, type Args } from './asked';
import { tellOthers } from './neighbours';
import type { Progress } from './sync';

/** How often progress is written at most. */
const PROGRESS_EVERY_MS = 500;
const KEPT_MS = 7 * 86_400_000;
/** Between two tries to store what came of a job, while the database is away. */
const STORE_AGAIN_MS = 30_000;
const STOP_LIMIT_MS = 10_000;

interface Running {
	connectorId: number | null;
	abort: AbortController;
	ended: Promise<void>;
}
const running = new WeakMap<AppContext, Set<Running>>();
const stopped = new WeakSet<AppContext>();

/** Begins the work, here or where the connector is worked for. An open job that does the same is joined. */
export async function startJob(
	ctx: AppContext,
	{ kind, connectorId, args }: { kind: string; connectorId: number; args: Args },
): Promise<string> {
	// one that a dead process left behind is not joined
	await closeInterrupted(ctx, connectorId);
	const { covers } = askedKind(kind);
	const open = (await openJobs(ctx.db, kind, connectorId)).find((job) => covers(job.args, args));
	if (open !== undefined) return open.id;
	const id = await insertJob(ctx.db, { kind, connectorId, args, createdAt: ctx.clock.date() });
	if (!(await takeJobs(ctx, connectorId))) await tellOthers(ctx, connectorId);
	return id;
}

/** Begins what was asked for and waits, if this process works for the connector or now can; else gives back false. */
export async function takeJobs(ctx: AppContext, connectorId: number): Promise<boolean> {
	if (stopped.has(ctx) || !(await ctx.locks.hold(connectorId))) return false;
	const taken = { kinds: ASKED_KINDS, runner: ctx.processId, at: ctx.clock.date() };
	for (const job of await takeQueuedJobs(ctx.db, connectorId, taken)) follow(ctx, job);
	return true;
}

/** What other processes left: their open work is told as interrupted if they are dead, and what waits is begun. */
export async function lookAfterJobs(ctx: AppContext): Promise<void> {
	const open = await openElsewhere(ctx.db, ctx.processId);
	if (open.length === 0) return;
	await closeInterrupted(ctx);
	for (const { connectorId, queued } of open) if (queued) await takeJobs(ctx, connectorId);
}

async function closeInterrupted(ctx: AppContext, connectorId?: number): Promise<void> {
	const asker = { processId: ctx.processId, backendPid: await ctx.locks.backendPid() };
	const at = ctx.clock.date();
	const count = await closeLeftOpen(ctx.db, asker, {
		at,
		...(connectorId === undefined ? {} : { connectorId }),
	});
	if (count > 0) ctx.log.info('closed what a process that died had left open', { count });
}

/**
 * Ends what runs here: it is told as interrupted, as if the process had died. What is asked for from now on waits for
 * the next process.
 */
export async function stopJobs(ctx: AppContext): Promise<void> {
	stopped.add(ctx);
	const open = [...(running.get(ctx) ?? [])];
	if (open.length === 0) return;
	for (const { abort } of open) abort.abort(new JobStopped());
	const enough = new AbortController();
	const limit = ctx.clock.sleep(STOP_LIMIT_MS, enough.signal).catch(() => undefined);
	await Promise.race([Promise.all(open.map((job) => job.ended)), limit]);
	enough.abort();
}

/** Work for connectors that were deleted meanwhile ends at once, with its row. */
export async function stopJobsOfDeleted(ctx: AppContext): Promise<void> {
	for (const { connectorId, abort } of running.get(ctx) ?? [])
		if (connectorId !== null && (await findConnector(ctx.db, connectorId)) === undefined)
			abort.abort(new JobStopped());
}

function follow(ctx: AppContext, job: JobRow): void {
	const ofContext = running.get(ctx) ?? new Set<Running>();
	running.set(ctx, ofContext);
	const abort = new AbortController();
	const fields = { job: job.kind, connector: job.connectorId };
	const ended = withContext({ fields }, () => carryOut(ctx, job, abort.signal));
	const mine: Running = { connectorId: job.connectorId, abort, ended };
	ofContext.add(mine);
	void ended.finally(() => ofContext.delete(mine));
}

/** Never rejects. */
async function carryOut(ctx: AppContext, job: JobRow, signal: AbortSignal): Promise<void> {
	const end = await outcomeOf(ctx, job, signal);
	for (;;) {
		try {
			await tellJob(ctx.db, own(ctx, job), { ...end, endedAt: ctx.clock.date() });
			return;
		} catch (error) {
			ctx.log.error('What came of a job could not be stored.', { id: job.id, error });
			if (signal.aborted) return;
			await ctx.clock.sleep(STORE_AGAIN_MS, signal).catch(() => undefined);
		}
	}
}

async function outcomeOf(
	ctx: AppContext,
	{ id, kind, connectorId, args }: JobRow,
	signal: AbortSignal,
): Promise<Pick<JobRow, 'status'> & Partial<Pick<JobRow, 'result' | 'error'>>> {
	try {
		const onProgress = progressWriter(ctx, id);
		const work = { connectorId: connectorId ?? 0, args, onProgress, signal };
		return { status: 'done', result: await askedKind(kind).run(ctx, work) };
	} catch (error) {
		if (signal.aborted) return { status: 'failed', error: INTERRUPTED_JOB };
		ctx.log.warn('a job failed', { id, ...causeOf(error) });
		const { code, message } = describe(error, await applicationOf(ctx, connectorId));
		return { status: 'failed', error: { code, message } };
	}
}

/** What keeps a job from ending well by the nature of things needs no stack in the log. */
const causeOf = (error: unknown): object =>
	error instanceof AppError ? { code: error.code, message: error.message } : { error };

/** In whose name the failure is told; null while the database is away as well. */
async function applicationOf(ctx: AppContext, connectorId: number | null): Promise<ConnectorKind | null> {
	const connector = await findConnector(ctx.db, connectorId ?? 0).catch(() => undefined);
	return connector?.kind ?? null;
}

function progressWriter(ctx: AppContext, id: string): Progress {
	let last = 0;
	return (done, total) => {
		const now = performance.now();
		if (now - last < PROGRESS_EVERY_MS && done !== total) return;
		last = now;
		tellJob(ctx.db, own(ctx, { id }), { progressDone: done, progressTotal: total }).catch((error: unknown) =>
			ctx.log.debug('progress could not be stored', { id, error }),
		);
	};
}

const own = (ctx: AppContext, { id }: { id: string }) => ({ id, runner: ctx.processId });

export async function pruneJobs(ctx: AppContext): Promise<void> {
	await deleteJobs(ctx.db, { before: new Date(ctx.clock.now() - KEPT_MS) });
}
