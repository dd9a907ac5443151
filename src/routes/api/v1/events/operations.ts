/** REST: the activity feed. */
import * as v from 'valibot';
import { operation } from '$lib/server/api/operation';
import { cursorQuery, instant, itemRefParam, limitQuery, pageOf, queryId } from '$lib/server/api/schemas';
import { listEventViews } from '$lib/server/views/events';
import { SEVERITIES } from '$lib/domain/words';

const eventSchema = v.object({
	id: v.number(),
	at: instant,
	type: v.string(),
	severity: v.picklist(SEVERITIES),
	connector: v.nullable(v.object({ id: v.nullable(v.number()), name: v.string() })),
	ref: v.nullable(v.string()),
	dispatchId: v.nullable(v.string()),
	message: v.string(),
});

export const listEvents = operation({
	method: 'GET',
	path: '/events',
	summary: 'What happened, newest first; kept for 30 days',
	tag: 'Activity',
	query: v.object({
		connector: queryId,
		item: v.optional(itemRefParam),
		limit: limitQuery,
		cursor: cursorQuery,
	}),
	answers: { 200: pageOf(eventSchema) },
	run: async ({ ctx, query }) => ({
		body: await listEventViews(ctx, {
			connectorIds: query.connector === undefined ? null : [query.connector],
			limit: query.limit,
			cursor: query.cursor ?? null,
			...(query.item === undefined ? {} : { item: query.item }),
		}),
	}),
});
