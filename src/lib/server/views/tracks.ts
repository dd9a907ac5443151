/** Search tracks: the last 18 hours of each connector as marks, the next six as plans. */
import { and, desc, gt, inArray, sql } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { connectorHealthHistory, dispatches } from '../db/schema';
import type { ConnectorView, QueueRow, TrackView } from '$lib/domain/views';

const HOUR_MS = 3_600_000;
const PAST_MS = 18 * HOUR_MS;
const AHEAD_MS = 6 * HOUR_MS;
const MOST_MARKS = 500;

export async function readTracks(
	ctx: AppContext,
	views: readonly ConnectorView[],
	queue: readonly QueueRow[],
): Promise<TrackView[]> {
	const ids = views.map((view) => view.id);
	if (ids.length === 0) return [];
	const since = new Date(ctx.clock.now() - PAST_MS);
	const [rows, health] = await Promise.all([
		ctx.db
			.select({
				id: dispatches.id,
				connectorId: dispatches.connectorId,
				at: dispatches.claimedAt,
				outcome: dispatches.outcome,
				target: dispatches.target,
				imported: sql<boolean>`exists (select 1 from grabs g where g.dispatch_id = "dispatches"."id" and g.result = 'imported')`,
			})
			.from(dispatches)
			.where(
				and(
					inArray(dispatches.connectorId, ids),
					gt(dispatches.claimedAt, since),
					sql`${dispatches.outcome} is distinct from 'withdrawn'`,
				),
			)
			.orderBy(desc(dispatches.claimedAt))
			.limit(MOST_MARKS * ids.length),
		ctx.db
			.select()
			.from(connectorHealthHistory)
			.where(and(inArray(connectorHealthHistory.connectorId, ids), gt(connectorHealthHistory.at, since)))
			.orderBy(connectorHealthHistory.at),
	]);
	return views.map((view) => ({
		connector: view,
		marks: rows
			.filter((row) => row.connectorId === view.id)
			.slice(0, MOST_MARKS)
			.reverse()
			.map((row) => ({
				at: row.at,
				outcome: row.outcome ?? 'open',
				imported: row.imported,
				title: row.target.title,
				dispatchId: row.id,
			})),
		planned: queue.flatMap((row) =>
			row.connector.id === view.id &&
			row.estimateAt !== null &&
			row.estimateAt.getTime() < ctx.clock.now() + AHEAD_MS
				? [{ at: row.estimateAt, title: row.target.title }]
				: [],
		),
		unreachable: awaySpans(
			health.filter((change) => change.connectorId === view.id),
			ctx.clock.date(),
		),
	}));
}

function awaySpans(changes: readonly { at: Date; status: string }[], now: Date): { from: Date; to: Date }[] {
	const spans: { from: Date; to: Date }[] = [];
	let from: Date | null = null;
	for (const { at, status } of changes) {
		const away = status === 'offline' || status === 'unhealthy';
		if (away && from === null) from = at;
		if (!away && from !== null) {
			spans.push({ from, to: at });
			from = null;
		}
	}
	return from === null ? spans : [...spans, { from, to: now }];
}
