/** The first page: what runs, what needs somebody, the figures with their past, one track per connector. */
import { and, ne, sql } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { rowsOf } from '../db/rows';
import { findConnector, openQuestions, listConnectorRows, type ConnectorRow } from '../db/queries/connectors';
import { dispatches } from '../db/schema';
import { PROFILES } from '$lib/domain/throttle';
import type { DashboardView, NeedsYou, Scope, TrackView, Trend } from '$lib/domain/views';
import { listConnectorViews } from './connectors';
import { dispatchesWhere, inScope } from './dispatches';
import { listEventViews } from './events';
import { readQueue } from './queue';
import { needsSomebody } from './shell';
import { readTracks } from './tracks';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What is wanted beside what is in line already; null while that is not known. */
const beyond = (wanted: number | null, queued: number): number | null =>
	wanted === null ? null : Math.max(0, wanted - queued);

export async function readDashboard(ctx: AppContext, scope: Scope): Promise<DashboardView> {
	const [running, queue, needs, views, activity] = await Promise.all([
		dispatchesWhere(ctx, and(inScope(scope.connectorIds), ne(dispatches.state, 'concluded')), 5),
		readQueue(ctx, scope, 100),
		readNeeds(ctx, scope),
		listConnectorViews(ctx, scope),
		listEventViews(ctx, { ...scope, limit: 8, cursor: null, notable: true }),
	]);
	const points = await readPoints(ctx, scope);
	const tracks: TrackView[] = await readTracks(ctx, views, queue.rows);
	const active = views.filter((view) => view.enabled && view.mode === 'active');
	const nextFree = queue.budgets
		.flatMap(({ next }) => next.at ?? [])
		.sort((a, b) => a.getTime() - b.getTime())[0];
	const complete = views.some((view) => view.stats.mirrorComplete);
	const sum = (pick: (view: (typeof views)[number]) => number): number | null =>
		complete ? views.reduce((total, view) => total + pick(view), 0) : null;
	return {
		running,
		upcoming: queue.rows.filter((row) => row.blocked === null).slice(0, 2),
		needsYou: needs,
		tiles: {
			gaps: { value: sum((view) => view.stats.gaps), ...daily(points, 'gap', ctx) },
			qualityUpgrades: { value: sum((view) => view.stats.qualityUpgrades), ...daily(points, 'quality', ctx) },
			counted: complete ? null : countedByArr(views),
			formatUpgradesOn: await formatOn(ctx),
			queue: {
				value: queue.total,
				plan: beyond(
					sum((view) => view.stats.gaps + view.stats.qualityUpgrades),
					queue.total,
				),
				nextAt: nextFree ?? null,
			},
			searched: {
				...hourlySum(points, 'searches', ctx),
				value: views.reduce((total, view) => total + view.stats.searchedToday, 0),
				allowed: active.reduce((total, view) => total + PROFILES[view.throttle].costPerDay, 0),
				connectors: active.length,
			},
			imported: {
				...dailySum(points, 'imports', ctx),
				searches: dailySum(points, 'searches', ctx).value ?? 0,
			},
		},
		tracks,
		activity: activity.items,
		nextSweep: nextOf(ctx, 'sweep', views),
		nextFullSync: nextOf(ctx, 'full_sync', views),
	};
}

type View = Awaited<ReturnType<typeof listConnectorViews>>[number];

/** Until our own counts are there. */
function countedByArr(views: readonly View[]): DashboardView['tiles']['counted'] {
	const known = views.flatMap(({ stats: { arrMissing, arrCutoffUnmet } }) =>
		arrMissing === null ? [] : [{ missing: arrMissing, cutoffUnmet: arrCutoffUnmet ?? 0 }],
	);
	if (known.length === 0) return null;
	return known.reduce((sum, one) => ({
		missing: sum.missing + one.missing,
		cutoffUnmet: sum.cutoffUnmet + one.cutoffUnmet,
	}));
}

/** The first of a job's next runs, as far as this process has planned them. */
function nextOf(
	ctx: AppContext,
	job: 'sweep' | 'full_sync',
	views: readonly View[],
): { connector: string; at: Date } | null {
	const due = ctx.scheduled().flatMap(({ name, connectorId, nextRunAt }) => {
		const view = views.find(({ id }) => id === connectorId);
		if (name !== job || view === undefined || nextRunAt === undefined) return [];
		return [{ connector: view.name, at: new Date(nextRunAt) }];
	});
	return due.sort((a, b) => a.at.getTime() - b.at.getTime())[0] ?? null;
}

interface Point extends Record<string, unknown> {
	metric: string;
	hour: Date;
	value: number;
}

/** Hourly sums over the connectors, of the last 8 days. */
async function readPoints(ctx: AppContext, scope: Scope): Promise<Point[]> {
	const only =
		scope.connectorIds === null
			? sql`true`
			: sql`connector_id = any(${sql.param(scope.connectorIds)}::int[])`;
	const since = new Date(ctx.clock.now() - 8 * DAY_MS);
	const rows = await rowsOf<Point>(
		ctx.db,
		sql`select metric, hour, sum(value)::float8 as value from hourly_aggregates where hour >= ${since} and ${only} group by 1, 2 order by 2`,
	);
	return [...rows];
}

const at = (point: Point): number => new Date(point.hour).getTime();

/** A gauge: its last value of each of the last seven days; in the first two days, of each of the last 24 hours. */
function daily(points: readonly Point[], metric: string, ctx: AppContext): Omit<Trend, 'value'> {
	const own = points.filter((point) => point.metric === metric);
	const now = ctx.clock.now();
	const lastWithin = (moment: number, spanMs: number): number | null =>
		own.filter((point) => at(point) <= moment && at(point) > moment - spanMs).at(-1)?.value ?? null;
	const isYoung = own[0] === undefined || at(own[0]) > now - 2 * DAY_MS;
	const [steps, spanMs] = isYoung ? [24, HOUR_MS] : [7, DAY_MS];
	return {
		before: lastWithin(now - 7 * DAY_MS, DAY_MS),
		points: Array.from({ length: steps }, (_, step) => lastWithin(now - (steps - 1 - step) * spanMs, spanMs)),
	};
}

/** A counter by hour over a day. */
function hourlySum(points: readonly Point[], metric: string, ctx: AppContext): Trend {
	const hour = Math.floor(ctx.clock.now() / HOUR_MS) * HOUR_MS;
	const own = new Map(
		points.filter((point) => point.metric === metric).map((point) => [at(point), point.value]),
	);
	const values = Array.from({ length: 24 }, (_, back) => own.get(hour - (23 - back) * HOUR_MS) ?? null);
	return { value: total(values), before: null, points: values };
}

/** A counter by day over a week. */
function dailySum(points: readonly Point[], metric: string, ctx: AppContext): Trend {
	const now = ctx.clock.now();
	const own = points.filter((point) => point.metric === metric);
	const values = Array.from({ length: 7 }, (_, day) => {
		const end = now - (6 - day) * DAY_MS;
		const inside = own.filter((point) => at(point) > end - DAY_MS && at(point) <= end);
		return inside.length === 0 ? null : total(inside.map((point) => point.value));
	});
	return { value: total(values), before: null, points: values };
}

const total = (values: readonly (number | null)[]): number =>
	values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

async function formatOn(ctx: AppContext): Promise<boolean> {
	return (await listConnectorRows(ctx.db)).some((row) => row.settings.kinds.format.enabled);
}

/** What only the user can mend, worst first. */
async function readNeeds(ctx: AppContext, scope: Scope): Promise<NeedsYou[]> {
	const inside = (id: number): boolean => scope.connectorIds === null || scope.connectorIds.includes(id);
	const rows = (await listConnectorRows(ctx.db)).filter((row) => row.enabled && inside(row.id));
	const asked = (await openQuestions(ctx.db)).filter((question) => inside(question.connectorId));
	const needs: NeedsYou[] = ctx.keyring.locked
		? [
				{
					code: 'locked',
					connector: null,
					since: null,
					message: 'The secret key does not fit this database',
					detail: 'Nothing is sent until the right SECRET_KEY is given, or the API keys are entered again.',
				},
			]
		: [];
	for (const question of asked) {
		const row = await findConnector(ctx.db, question.connectorId);
		if (row === undefined) continue;
		const { message } = question.detail;
		needs.push({
			code: 'question',
			connector: refOf(row),
			since: question.askedAt,
			message: typeof message === 'string' ? message : `${row.name} needs a decision`,
			detail: null,
		});
	}
	return [...needs, ...rows.filter(needsSomebody).map(needOf)];
}

function needOf(row: ConnectorRow): NeedsYou {
	const code = needCode(row);
	const word = {
		key_refused: 'refused its API key',
		key_missing: 'needs its API key again',
		offline: 'cannot be reached',
		unhealthy: 'does not answer as it should',
	}[code];
	return {
		code,
		connector: refOf(row),
		since: row.healthSince,
		message: `${row.name} ${word}`,
		detail: row.lastError?.hint ?? row.lastError?.message ?? null,
	};
}

function needCode({
	lastError,
	apiKeyEncrypted,
	health,
}: ConnectorRow): 'key_refused' | 'key_missing' | 'offline' | 'unhealthy' {
	if (lastError?.code === 'unauthorized') return 'key_refused';
	if (lastError?.code === 'key_missing' || apiKeyEncrypted === null) return 'key_missing';
	return health === 'offline' ? 'offline' : 'unhealthy';
}

const refOf = ({ id, name, kind }: ConnectorRow) => ({ id, name, kind });
