/** The plan as pages and REST show it: what would be sent next, with reason and cost. Sends nothing. */
import type { AppContext } from '../app-context';
import { readWantedCounts, wantedInAll } from '../db/queries/wanted-counts';
import { planNext, type PlannedSearch } from '../services/queue/planner';
import type { PlanRow, Scope } from '$lib/domain/views';

export interface PlanView {
	rows: PlanRow[];
	/** Wanted items behind it; null before a first full sync. */
	total: number | null;
}

export async function readPlan(ctx: AppContext, scope: Scope, limit: number): Promise<PlanView> {
	const planned =
		scope.connectorIds === null
			? await planNext(ctx, { limit })
			: (
					await Promise.all(scope.connectorIds.map((connectorId) => planNext(ctx, { connectorId, limit })))
				).flat();
	const counts = await readWantedCounts(ctx.db, scope.connectorIds);
	const ordered = planned.sort((a, b) => a.position - b.position || b.score - a.score).slice(0, limit);
	return { rows: ordered.map(toRow), total: counts.length === 0 ? null : wantedInAll(counts) };
}

function toRow(planned: PlannedSearch, at: number): PlanRow {
	const { target } = planned;
	return {
		position: at + 1,
		connector: planned.connector,
		target: {
			kind: target.kind,
			ref: target.kind === 'season' ? null : `${target.kind}-${String(target.id)}`,
			seasonId: target.kind === 'season' ? target.id : null,
			title: target.title,
			subtitle: target.subtitle,
		},
		reason: planned.reason,
		score: Math.round(planned.score),
		cost: planned.cost,
		why: planned.why,
		estimateAt: planned.estimateAt,
	};
}
