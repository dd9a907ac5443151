/** One run of a sync: its row, its error in plain words, its event. One at a time per connector. */
import { inNameOf } from '$lib/domain/application';
import type { ConnectorKind, SyncMode } from '$lib/domain/words';
import type { AppContext } from '../../app-context';
import { AppError, notFound } from '../../app-error';
import { isArrError } from '../../connectors/common/errors';
import { drizzleOn } from '../../db/bulk';
import { findConnector, type ConnectorRow } from '../../db/queries/connectors';
import { beginRun, endRun, noteSync, type BegunRun } from '../../db/queries/mirror-runs';
import { recordEvent } from '../../events';
import { noteFailure, noteSuccess } from '../connectors/health';
import { fullSync } from './full';
import { incrementalSync } from './incremental';
import { checkApplication } from './instance';
import {
	emptyDetail,
	inTransaction,
	SyncProblem,
	type SyncDetail,
	type SyncOptions,
	type SyncSession,
} from './session';

/** What came of a sync. `error` is set where it stopped; nothing that was written before is wrong then. */
export interface SyncReport {
	mode: SyncMode;
	startedAt: Date;
	endedAt: Date;
	requests: number;
	changed: number;
	error: { code: string; message: string } | null;
	detail: SyncDetail;
}

interface Running {
	mode: SyncMode;
	report: Promise<SyncReport>;
}
const running = new WeakMap<AppContext, Map<number, Running>>();

/**
 * Syncs a connector. A full sync under way absorbs an incremental one that is asked for meanwhile; a full one waits
 * for an incremental one. The first sync of a connector is always full.
 */
export async function runSync(
	ctx: AppContext,
	connectorId: number,
	mode: SyncMode,
	options: SyncOptions = {},
): Promise<SyncReport> {
	const ofContext = running.get(ctx) ?? new Map<number, Running>();
	running.set(ctx, ofContext);
	for (;;) {
		const other = ofContext.get(connectorId);
		if (other === undefined) break;
		if (other.mode === 'full' || other.mode === mode) return other.report;
		await other.report.catch(() => undefined);
	}
	const report = runAlone(ctx, connectorId, mode, options);
	const mine: Running = { mode, report };
	ofContext.set(connectorId, mine);
	try {
		return await report;
	} finally {
		if (ofContext.get(connectorId) === mine) ofContext.delete(connectorId);
	}
}

async function runAlone(
	ctx: AppContext,
	connectorId: number,
	asked: SyncMode,
	options: SyncOptions,
): Promise<SyncReport> {
	const connector = await findConnector(ctx.db, connectorId);
	if (connector === undefined) throw notFound('connector');
	const mode = connector.mirrorComplete ? asked : 'full';
	const startedAt = ctx.clock.date();
	const run = await beginRun(ctx.bulk, connectorId, { mode, at: startedAt, runner: ctx.processId });
	const work: Work = { ctx, connector, mode, options, startedAt, session: null, firstRequest: 0 };
	let failure: unknown = null;
	try {
		await doWork(work);
	} catch (error) {
		failure = error;
	}
	if (failure !== null && (await isDeleted(work))) throw notFound('connector');
	const report = reportOf(work, failure);
	await finish(work, run, report, failure);
	if (failure !== null && !isExpected(failure)) throw failure;
	return report;
}

/** Whatever failed after that has no one to be told to. A database that is away answers nothing. */
async function isDeleted({ ctx, connector }: Work): Promise<boolean> {
	const row = await findConnector(ctx.db, connector.id).catch(() => null);
	if (row !== undefined) return false;
	ctx.log.info('a connector was deleted while it was read', { connector: connector.id });
	return true;
}

interface Work {
	readonly ctx: AppContext;
	readonly connector: ConnectorRow;
	readonly mode: SyncMode;
	readonly options: SyncOptions;
	readonly startedAt: Date;
	session: SyncSession | null;
	firstRequest: number;
}

async function doWork(work: Work): Promise<void> {
	const { ctx, connector, mode, options, startedAt } = work;
	const client = await ctx.clients.for(connector);
	work.firstRequest = client.requestCount;
	const detail = emptyDetail();
	const instance = await client.status(options.signal);
	const instanceReadAt = ctx.clock.now();
	const session: SyncSession = {
		...{ ctx, client, connector, mode, options, startedAt, detail, instance, instanceReadAt },
		changed: 0,
	};
	work.session = session;
	await checkApplication(session);
	await noteSuccess(ctx, connector.id, { instance }, connector);
	if (mode === 'full') await fullSync(session);
	else await incrementalSync(session);
}

function reportOf(work: Work, failure: unknown): SyncReport {
	const { ctx, mode, startedAt, session } = work;
	return {
		mode,
		startedAt,
		endedAt: ctx.clock.date(),
		requests: session === null ? 0 : session.client.requestCount - work.firstRequest,
		changed: session?.changed ?? 0,
		error: failure === null ? null : described(failure, work.connector.kind),
		detail: session?.detail ?? emptyDetail(),
	};
}

const isExpected = (error: unknown): boolean =>
	isArrError(error) || error instanceof SyncProblem || error instanceof AppError || isAbort(error);
const isAbort = (error: unknown): boolean =>
	error instanceof DOMException && (error.name === 'AbortError' || error.name === 'TimeoutError');

function described(error: unknown, kind: ConnectorKind): { code: string; message: string } {
	if (isArrError(error) || error instanceof SyncProblem || error instanceof AppError)
		return { code: error.code, message: inNameOf(error.message, kind) };
	if (isAbort(error)) return { code: 'cancelled', message: 'The sync was stopped.' };
	return { code: 'internal', message: 'Something went wrong on our side; the log has the details.' };
}

/** Row, memory of the connector and event in one transaction. */
async function finish(work: Work, run: BegunRun, report: SyncReport, failure: unknown): Promise<void> {
	const { ctx, connector, mode } = work;
	const { error, endedAt } = report;
	if (isArrError(failure) && failure.code !== 'cancelled') await noteFailure(ctx, connector.id, failure);
	if (error !== null) logStop(ctx, connector.id, error, failure);
	await inTransaction(ctx.bulk, async (tx) => {
		await endRun(tx, run.id, { ...report, detail: { ...report.detail } });
		if (error === null) {
			const tookMs = endedAt.getTime() - report.startedAt.getTime();
			await noteSync(tx, connector.id, { mode, endedAt, tookMs });
		}
		const { before } = run;
		const tellGood = error === null && (report.changed > 0 || !connector.mirrorComplete || before !== null);
		const tellBad = error !== null && error.code !== before && error.code !== 'cancelled';
		if (!tellGood && !tellBad) return;
		await recordEvent(drizzleOn(tx), {
			at: endedAt,
			type: error === null ? 'sync.completed' : 'sync.failed',
			severity: error === null ? 'info' : 'error',
			connector,
			message: messageOf(connector.name, report),
			data: { mode, changed: report.changed, requests: report.requests, code: error?.code ?? null },
		});
	});
}

function logStop(
	ctx: AppContext,
	connector: number,
	{ code, message }: { code: string; message: string },
	failure: unknown,
): void {
	if (isExpected(failure)) ctx.log.warn('a sync stopped', { connector, code, message });
	else ctx.log.error('a sync failed', { connector, error: failure });
}

function messageOf(name: string, { mode, changed, error }: SyncReport): string {
	const what = mode === 'full' ? 'The full sync' : 'The sync';
	if (error !== null) return `${what} of ${name} stopped: ${error.message}`;
	return changed === 1
		? `${what} of ${name} found 1 change.`
		: `${what} of ${name} found ${changed} changes.`;
}
