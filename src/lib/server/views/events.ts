/** The activity feed, read from the outbox, newest first. */
import { and, desc, eq, inArray, lt, notInArray } from 'drizzle-orm';
import * as v from 'valibot';
import type { AppContext } from '../app-context';
import { events } from '../db/schema';
import type { EventType } from '../events';
import type { EventFilter, EventView, Page } from '$lib/domain/views';
import { cursorId, pageOf, readCursor } from './keyset';

const cursorSchema = v.strictTuple([cursorId]);

/** What happens all the time, or is told by another event as well. */
const ROUTINE: readonly EventType[] = [
	'access.login',
	'sync.completed',
	'discovery.changed',
	'queue.filled',
	'search.sent',
	'search.returned',
	'search.postponed',
	'grab.found',
];

export async function listEventViews(ctx: AppContext, filter: EventFilter): Promise<Page<EventView>> {
	const after = readCursor(filter.cursor, cursorSchema);
	const { item, connectorIds } = filter;
	const rows = await ctx.db
		.select()
		.from(events)
		.where(
			and(
				connectorIds === null
					? undefined
					: inArray(events.connectorId, connectorIds.length === 0 ? [-1] : connectorIds),
				item === undefined
					? undefined
					: eq(item.kind === 'episode' ? events.episodeId : events.movieId, item.id),
				filter.notable === true ? notInArray(events.type, [...ROUTINE]) : undefined,
				after === null ? undefined : lt(events.id, after[0]),
			),
		)
		.orderBy(desc(events.id))
		.limit(filter.limit + 1);
	const page = pageOf(rows, filter.limit, (last) => [last.id]);
	return { items: page.items.map(toView), nextCursor: page.nextCursor };
}

function toView(row: typeof events.$inferSelect): EventView {
	return {
		id: row.id,
		at: row.at,
		type: row.type,
		severity: row.severity,
		connector: row.connectorName === null ? null : { id: row.connectorId, name: row.connectorName },
		ref: refOf(row.episodeId, row.movieId),
		dispatchId: row.dispatchId,
		message: row.message,
	};
}

/** `episode-12`, `movie-7`, or null. */
export function refOf(episodeId: number | null, movieId: number | null): string | null {
	if (episodeId !== null) return `episode-${String(episodeId)}`;
	return movieId === null ? null : `movie-${String(movieId)}`;
}
