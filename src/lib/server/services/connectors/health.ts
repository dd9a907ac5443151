/**
 * How a connector is: one good answer makes it reachable again, three failures in a row make it unhealthy or
 * offline, complaints about searching and importing make it degraded. While it is not healthy it is probed every
 * minute at first, then less often, up to ten minutes (design: talking to applications).
 */
import { AppError } from '../../app-error';
import type { AppContext } from '../../app-context';
import { isArrError } from '../../connectors/common/errors';
import type { HealthIssue, Instance } from '../../connectors/common/types';
import type { Tx } from '../../db/client';
import { lockConnector, noteStillWell, patchConnector, type ConnectorRow } from '../../db/queries/connectors';
import { connectorHealthHistory } from '../../db/schema';
import { recordEvent } from '../../events';
import { inNameOf } from '$lib/domain/application';
import type { ConnectorKind, HealthStatus, Severity } from '$lib/domain/words';

/** Failures in a row until a connector counts as away. */
const FAILURES_UNTIL_AWAY = 3;
const FIRST_PROBE_MS = 60_000;
const LAST_PROBE_MS = 10 * 60_000;

/** Health sources that concern searching or importing; removed titles, updates and the like do not (arr §12.3). */
const CONCERNING = new Set([
	'IndexerStatusCheck',
	'IndexerLongTermStatusCheck',
	'IndexerSearchCheck',
	'IndexerRssCheck',
	'DownloadClientCheck',
	'DownloadClientStatusCheck',
	'DownloadClientRootFolderCheck',
	'ImportMechanismCheck',
	'RemotePathMappingCheck',
	'RootFolderCheck',
	'MountCheck',
]);

/** Causes that mean "nobody is there", as opposed to "somebody answers badly". */
const AWAY_CODES = new Set(['dns', 'refused', 'unreachable', 'timeout']);

/** What `/health` means for us: the first complaint that concerns searching or importing, if any. */
export function concerningIssue(issues: readonly HealthIssue[]): HealthIssue | undefined {
	return issues.find(
		(issue) => CONCERNING.has(issue.source) && issue.type !== 'notice' && !isHarmless(issue),
	);
}

function isHarmless(issue: HealthIssue): boolean {
	return issue.source === 'IndexerSearchCheck' && issue.fragment.includes('interactive-search');
}

interface GoodAnswer {
	instance?: Instance;
	issues?: readonly HealthIssue[];
}

/**
 * A good answer: reachable again, facts of the instance stored, degraded if its health complains. `known`: the row as
 * the caller has just read it; mostly nothing of it is other than before, and then only the time is noted.
 */
export async function noteSuccess(
	ctx: AppContext,
	connectorId: number,
	answer: GoodAnswer,
	known?: ConnectorRow,
): Promise<void> {
	const now = ctx.clock.date();
	if (known !== undefined && isAsBefore(known, answer, now)) {
		if (await noteStillWell(ctx.db, known, now)) return;
	}
	await ctx.db.transaction(async (tx) => {
		const row = await lockConnector(tx, connectorId);
		if (row === undefined) return;
		const { status, reason } = healthAfter(row, answer);
		await patchConnector(tx, connectorId, { ...AFTER_SUCCESS, lastOkAt: now, ...factsOf(row, answer, now) });
		await changeHealth(ctx, tx, row, status, reason);
	});
}

const AFTER_SUCCESS = { failures: 0, lastError: null, nextProbeAt: null } as const;

const factsOf = (row: ConnectorRow, { instance }: GoodAnswer, now: Date) =>
	instance === undefined ? {} : instanceFacts(row, instance, now);

/** Without a reading of `/health` a complaint stands as it was. */
function healthAfter(
	row: ConnectorRow,
	{ issues }: GoodAnswer,
): { status: HealthStatus; reason: string | null } {
	if (issues === undefined)
		return row.health === 'degraded'
			? { status: 'degraded', reason: row.healthReason }
			: { status: 'healthy', reason: null };
	const concern = concerningIssue(issues);
	return concern === undefined
		? { status: 'healthy', reason: null }
		: { status: 'degraded', reason: concern.message };
}

/** Nothing that the answer tells is other than what the row says. */
function isAsBefore(row: ConnectorRow, answer: GoodAnswer, now: Date): boolean {
	const { status, reason } = healthAfter(row, answer);
	const told = { ...AFTER_SUCCESS, health: status, healthReason: reason, ...factsOf(row, answer, now) };
	return Object.entries(told).every(([name, value]) =>
		Bun.deepEquals(row[name as keyof ConnectorRow], value, true),
	);
}

/** Columns that a good `/system/status` fills; a new start time is remembered with our clock too. */
export function instanceFacts(row: Pick<ConnectorRow, 'arrStartTime'>, instance: Instance, now: Date) {
	const restarted = row.arrStartTime?.getTime() !== instance.startTime?.getTime();
	return {
		shape: instance.shape,
		application: instance.application,
		version: instance.version,
		instanceName: instance.instanceName,
		databaseType: instance.databaseType,
		urlBase: instance.urlBase,
		capabilities: { ...instance.capabilities },
		fingerprint: instance.fingerprint,
		notices: instance.notices.map(({ code, message }) => ({ code, message })),
		...(restarted
			? { arrStartTime: instance.startTime, arrStartSeenAt: startByOurClock(instance, now) }
			: {}),
	};
}

/** When the instance started, by our clock. */
export function startSeenAt(
	row: Pick<ConnectorRow, 'arrStartTime' | 'arrStartSeenAt'>,
	instance: Instance,
	now: Date,
): Date | null {
	const known = row.arrStartTime?.getTime() === instance.startTime?.getTime();
	return known ? row.arrStartSeenAt : startByOurClock(instance, now);
}

/** The arr's uptime is reckoned by its own clock alone; only its length is taken over to ours. */
function startByOurClock({ now: arrNow, startTime }: Instance, now: Date): Date {
	const uptimeMs = startTime === null ? 0 : Math.max(0, arrNow.getTime() - startTime.getTime());
	return new Date(now.getTime() - uptimeMs);
}

/** A failed request: counted, told, and at the third in a row (or a refused key at once) the connector is away. */
export async function noteFailure(ctx: AppContext, connectorId: number, error: unknown): Promise<void> {
	await ctx.db.transaction(async (tx) => {
		const row = await lockConnector(tx, connectorId);
		if (row === undefined) return;
		const told = describe(error, row.kind);
		const failures = row.failures + 1;
		const now = ctx.clock.now();
		await patchConnector(tx, connectorId, {
			failures,
			lastError: told,
			nextProbeAt: new Date(now + probeDelay(failures)),
		});
		const status = statusAfterFailure(row, failures, told.code);
		const advice = isArrError(error) && error.decision === 'ask_user' ? told.hint : null;
		await changeHealth(ctx, tx, row, status, told.message, advice);
	});
}

function statusAfterFailure(row: ConnectorRow, failures: number, code: string): HealthStatus {
	if (code === 'unauthorized' || code === 'key_missing') return 'unhealthy';
	if (failures < FAILURES_UNTIL_AWAY) return row.health;
	return AWAY_CODES.has(code) ? 'offline' : 'unhealthy';
}

/** 60 s, 2, 4, 8 min, then every 10 min. */
export function probeDelay(failures: number): number {
	return Math.min(LAST_PROBE_MS, FIRST_PROBE_MS * 2 ** Math.max(0, failures - FAILURES_UNTIL_AWAY));
}

/**
 * Until when it is not to be probed; null if it may be asked now. A moment further away than any probe is ever put off
 * was set by a clock that has been put right since.
 */
export function probeWaitsUntil(
	{ nextProbeAt }: Pick<ConnectorRow, 'nextProbeAt'>,
	now: number,
): Date | null {
	if (nextProbeAt === null) return null;
	const waitMs = nextProbeAt.getTime() - now;
	return waitMs > 0 && waitMs <= LAST_PROBE_MS ? nextProbeAt : null;
}

/** Code, message and hint of any error, safe to show, in the name of the application that it is about. */
export function describe(
	error: unknown,
	kind: ConnectorKind | null,
): { code: string; message: string; hint: string | null } {
	const named = (text: string): string => (kind === null ? text : inNameOf(text, kind));
	if (isArrError(error)) return { code: error.code, message: named(error.message), hint: named(error.hint) };
	if (error instanceof AppError) return { code: error.code, message: error.message, hint: null };
	return {
		code: 'internal',
		message: 'Something went wrong on our side; the log has the details.',
		hint: null,
	};
}

const SEVERITY: Record<HealthStatus, Severity> = {
	unknown: 'info',
	healthy: 'success',
	degraded: 'warning',
	unhealthy: 'error',
	offline: 'error',
};

async function changeHealth(
	ctx: AppContext,
	tx: Tx,
	row: ConnectorRow,
	status: HealthStatus,
	reason: string | null,
	/** What the user can do about it. */
	advice: string | null = null,
): Promise<void> {
	if (status === row.health && reason === row.healthReason) return;
	const now = ctx.clock.date();
	await patchConnector(tx, row.id, {
		health: status,
		healthReason: reason,
		...(status === row.health ? {} : { healthSince: now }),
	});
	if (status === row.health) return;
	await tx.insert(connectorHealthHistory).values({ connectorId: row.id, at: now, status, reason });
	if (row.health === 'unknown' && status === 'healthy') return;
	await recordEvent(tx, {
		at: now,
		type: 'connector.health_changed',
		severity: SEVERITY[status],
		connector: row,
		message:
			reason === null
				? `${row.name} is ${status}.`
				: [`${row.name} is ${status}: ${reason}`, advice].filter(Boolean).join(' '),
		data: { from: row.health, to: status },
	});
}
