/** The figures of one connector: what it lacks, what was searched, what the budget leaves. */
import { sql } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { rowsOf } from '../db/rows';
import { lastFullDetail, recentSyncRuns, type ConnectorRow } from '../db/queries/connectors';
import { readUsage } from '../db/queries/budget';
import { readWantedCounts } from '../db/queries/wanted-counts';
import {
	budgetLeft,
	effectiveProfile,
	PROFILES,
	spentWithin,
	type ThrottleProfile,
	type Usage,
} from '$lib/domain/throttle';
import { arrDifference } from '$lib/domain/arr-difference';
import type { BudgetView, ConnectorStats } from '$lib/domain/views';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** As REST tells it: our own counts are null until the first full sync is complete, never 0. */
export type RestStats = Omit<ConnectorStats, 'gaps' | 'qualityUpgrades' | 'formatUpgrades'> & {
	gaps: number | null;
	qualityUpgrades: number | null;
	formatUpgrades: number | null;
};

export async function readConnectorStats(ctx: AppContext, row: ConnectorRow): Promise<RestStats> {
	const [counts, usage, [run], [wanted], detail] = await Promise.all([
		readCounts(ctx, row.id),
		readUsage(ctx.db, row.id, ctx.clock.date()),
		recentSyncRuns(ctx.db, row.id, 1),
		readWantedCounts(ctx.db, [row.id]),
		lastFullDetail(ctx.db, row.id),
	]);
	return {
		gaps: wanted?.gap ?? null,
		qualityUpgrades: wanted?.quality ?? null,
		formatUpgrades: wanted?.format ?? null,
		arrMissing: row.arrMissing,
		arrCutoffUnmet: row.arrCutoffUnmet,
		arrCountedAt: row.arrCountsAt,
		arrDiffers: arrDifference(detail, row.settings),
		queued: counts.queued,
		searchedToday: counts.searched,
		costToday: spentWithin(usage, ctx.clock.date(), DAY_MS),
		budgetLeft: budgetLeft(profileOf(ctx, row), usage, ctx.clock.date()),
		lastSync:
			run === undefined
				? null
				: {
						mode: run.mode,
						startedAt: run.startedAt,
						endedAt: run.endedAt,
						requests: run.requests,
						changed: run.changed,
						error: run.error,
					},
		// Until the library was discovered our counts say nothing, so the mirror is not told as complete either.
		mirrorComplete: row.mirrorComplete && wanted !== undefined,
	};
}

interface Counts extends Record<string, unknown> {
	queued: number;
	searched: number;
}

async function readCounts(ctx: AppContext, connectorId: number): Promise<Counts> {
	const dayAgo = new Date(ctx.clock.now() - DAY_MS);
	const [counts] = await rowsOf<Counts>(
		ctx.db,
		sql`
		select
			(select count(*)::int from request_queue where connector_id = ${connectorId}) as queued,
			(select count(*)::int from dispatches where connector_id = ${connectorId} and claimed_at > ${dayAgo}
				and outcome is distinct from 'withdrawn') as searched`,
	);
	return counts ?? { queued: 0, searched: 0 };
}

/** The throttle profile in force. */
export const profileOf = (ctx: AppContext, row: ConnectorRow): ThrottleProfile =>
	effectiveProfile(PROFILES[row.settings.throttle], ctx.limits.spacingFloorMs);

export function budgetView(profile: ThrottleProfile, usage: Usage, now: Date): BudgetView {
	return {
		hour: { used: spentWithin(usage, now, HOUR_MS), limit: profile.costPerHour },
		day: { used: spentWithin(usage, now, DAY_MS), limit: profile.costPerDay },
	};
}
