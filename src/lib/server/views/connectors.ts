/** Connectors as cards and as their own page. */
import { and, desc, eq, gt, inArray } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import {
	findConnector,
	findReading,
	healthHistory,
	listConnectorRows,
	openQuestions,
	recentSyncRuns,
	type ConnectorRow,
} from '../db/queries/connectors';
import { connectorHealthHistory, jobs, qualityProfiles, scheduleRuns } from '../db/schema';
import { readUsage } from '../db/queries/budget';
import { hasKey } from '../services/connectors/clients';
import { QUEUE_PAUSED } from '../services/settings/keys';
import { readSetting } from '../services/settings/store';
import type { ConnectorDetail, ConnectorView, HealthBar, JobView, Scope } from '$lib/domain/views';
import { CONNECTOR_JOBS } from '$lib/domain/job-words';
import { HEALTH_STATUSES, type HealthStatus } from '$lib/domain/words';
import { libraryOf } from './library';
import { nextSearch } from './next-search';
import { budgetView, profileOf, readConnectorStats } from './stats';

const BARS = 36;
const DAY_MS = 86_400_000;

export async function listConnectorViews(ctx: AppContext, scope: Scope): Promise<ConnectorView[]> {
	const rows = (await listConnectorRows(ctx.db)).filter(
		(row) => scope.connectorIds === null || scope.connectorIds.includes(row.id),
	);
	const { paused } = await readSetting(ctx.db, QUEUE_PAUSED);
	return Promise.all(rows.sort((a, b) => a.id - b.id).map((row) => toView(ctx, row, paused)));
}

async function toView(ctx: AppContext, row: ConnectorRow, pausedGlobally: boolean): Promise<ConnectorView> {
	const now = ctx.clock.date();
	const [stats, usage, bars, syncing, library] = await Promise.all([
		readConnectorStats(ctx, row),
		readUsage(ctx.db, row.id, now),
		readBars(ctx, row),
		readSyncing(ctx, row.id),
		libraryOf(ctx, row.id),
	]);
	const profile = profileOf(ctx, row);
	const wanted = (stats.gaps ?? 0) + (stats.qualityUpgrades ?? 0) + (stats.formatUpgrades ?? 0);
	return {
		id: row.id,
		name: row.name,
		kind: row.kind,
		url: row.url,
		application: row.application,
		version: row.version,
		shape: row.shape,
		mode: row.mode,
		enabled: row.enabled,
		paused: row.paused,
		group: row.settings.group,
		throttle: row.settings.throttle,
		health: row.health,
		healthSince: row.healthSince,
		lastError: row.lastError,
		heldReason: row.heldReason,
		healthBars: bars,
		stats: {
			...stats,
			gaps: stats.gaps ?? 0,
			qualityUpgrades: stats.qualityUpgrades ?? 0,
			formatUpgrades: stats.formatUpgrades ?? 0,
		},
		completion: stats.mirrorComplete ? { done: library.done, total: library.done + (stats.gaps ?? 0) } : null,
		budget: budgetView(profile, usage, now),
		next: nextSearch(ctx, row, usage, { queued: stats.queued, pausedGlobally }),
		nextSyncAt: nextSyncAt(row),
		syncing,
		library: { containers: library.containers, items: library.items },
		paceDays: wanted === 0 || !stats.mirrorComplete ? null : Math.ceil(wanted / profile.costPerDay),
	};
}

function nextSyncAt(row: ConnectorRow): Date | null {
	if (!row.enabled || row.lastIncrementalAt === null) return null;
	return new Date(row.lastIncrementalAt.getTime() + row.settings.schedule.syncMinutes * 60_000);
}

/** The last 24 hours in 36 pieces; a piece shows the worst that was seen in it. */
async function readBars(ctx: AppContext, row: ConnectorRow): Promise<HealthBar[]> {
	const now = ctx.clock.now();
	const start = now - DAY_MS;
	const changes = await ctx.db
		.select()
		.from(connectorHealthHistory)
		.where(
			and(
				eq(connectorHealthHistory.connectorId, row.id),
				gt(connectorHealthHistory.at, new Date(start - 30 * DAY_MS)),
			),
		)
		.orderBy(connectorHealthHistory.at);
	const width = DAY_MS / BARS;
	const before = changes.filter((change) => change.at.getTime() <= start).at(-1)?.status;
	// what it was at first is not kept, but follows: a change never leads to what was there before
	const [first] = changes;
	const atFirst: HealthStatus =
		first === undefined ? row.health : first.status === 'healthy' ? 'unknown' : 'healthy';
	let current: HealthBar = before ?? (row.createdAt.getTime() <= start ? atFirst : null);
	return Array.from({ length: BARS }, (_, at) => {
		const from = start + at * width;
		const inside = changes.filter(
			(change) => change.at.getTime() > from && change.at.getTime() <= from + width,
		);
		if (current === null && row.createdAt.getTime() < from + width) current = atFirst;
		const shown = worst([...(current === null ? [] : [current]), ...inside.map((change) => change.status)]);
		current = inside.at(-1)?.status ?? current;
		return shown;
	});
}

const worst = (seen: readonly HealthStatus[]): HealthBar =>
	seen.reduce<HealthBar>(
		(found, status) =>
			found === null || HEALTH_STATUSES.indexOf(status) > HEALTH_STATUSES.indexOf(found) ? status : found,
		null,
	);

async function readSyncing(ctx: AppContext, connectorId: number): Promise<JobView | null> {
	const [row] = await ctx.db
		.select()
		.from(jobs)
		.where(and(eq(jobs.connectorId, connectorId), inArray(jobs.status, ['queued', 'running'])))
		.orderBy(desc(jobs.createdAt))
		.limit(1);
	if (row === undefined) return null;
	const { id, kind, status, startedAt, endedAt, error } = row;
	return {
		id,
		kind,
		status,
		progress: { done: row.progressDone, total: row.progressTotal },
		startedAt,
		endedAt,
		error,
	};
}

export async function readConnectorDetail(ctx: AppContext, id: number): Promise<ConnectorDetail | null> {
	const row = await findConnector(ctx.db, id);
	if (row === undefined) return null;
	const { paused } = await readSetting(ctx.db, QUEUE_PAUSED);
	const [view, history, asked, runs, ran, choices] = await Promise.all([
		toView(ctx, row, paused),
		healthHistory(ctx.db, id, 50),
		openQuestions(ctx.db, id),
		recentSyncRuns(ctx.db, id, 20),
		readJobs(ctx, id),
		readChoices(ctx, id),
	]);
	return {
		...view,
		settings: row.settings,
		apiKey:
			row.apiKeySetAt === null
				? null
				: { setAt: row.apiKeySetAt, last4: row.apiKeyLast4 ?? '', readable: hasKey(ctx, row) },
		notices: row.notices ?? [],
		questions: asked.map(({ id: questionId, kind, detail, askedAt }) => ({
			id: questionId,
			kind,
			detail,
			askedAt,
		})),
		healthHistory: history.map(({ at, status, reason }) => ({ at, status, reason })),
		syncs: runs.map(({ mode, startedAt, endedAt, requests, changed, error }) => ({
			mode,
			startedAt,
			endedAt,
			requests,
			changed,
			error,
		})),
		jobs: ran,
		choices,
	};
}

/** Last and next run of each job: what the database keeps, and what this process has planned. */
async function readJobs(ctx: AppContext, connectorId: number): Promise<ConnectorDetail['jobs']> {
	const rows = await ctx.db
		.selectDistinctOn([scheduleRuns.job])
		.from(scheduleRuns)
		.where(eq(scheduleRuns.connectorId, connectorId))
		.orderBy(scheduleRuns.job, desc(scheduleRuns.startedAt));
	const planned = ctx.scheduled().filter((job) => job.connectorId === connectorId);
	return CONNECTOR_JOBS.flatMap((name) => {
		const row = rows.find(({ job }) => job === name);
		const job = planned.find((one) => one.name === name);
		if (row === undefined && job === undefined) return [];
		const own = job?.lastRun;
		const newer = own !== undefined && own.startedAt > (row?.startedAt.getTime() ?? 0) ? own : undefined;
		return [
			{
				job: name,
				running: job?.running ?? false,
				lastRunAt: newer === undefined ? (row?.startedAt ?? null) : new Date(newer.startedAt),
				lastStatus: newer?.status ?? row?.status ?? null,
				lastError: newer === undefined ? (row?.error ?? null) : null,
				nextRunAt: job?.nextRunAt === undefined ? null : new Date(job.nextRunAt),
			},
		];
	});
}

async function readChoices(ctx: AppContext, connectorId: number): Promise<ConnectorDetail['choices']> {
	const [tags, folders, profiles] = await Promise.all([
		findReading<{ label: string }[]>(ctx.db, connectorId, 'tags'),
		findReading<{ label: string }[]>(ctx.db, connectorId, 'rootFolders'),
		ctx.db
			.select({ name: qualityProfiles.name })
			.from(qualityProfiles)
			.where(eq(qualityProfiles.connectorId, connectorId)),
	]);
	return {
		tags: tags?.value.map(({ label }) => label) ?? [],
		rootFolders: folders?.value.map(({ label }) => label) ?? [],
		qualityProfiles: profiles.map(({ name }) => name),
	};
}
