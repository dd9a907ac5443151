/** REST: every search that was sent, and what came of it. */
import * as v from 'valibot';
import { notFound } from '$lib/server/app-error';
import { operation } from '$lib/server/api/operation';
import { cursorQuery, limitQuery, pageOf, queryId } from '$lib/server/api/schemas';
import { findDispatchRow, findDispatchView, listDispatchViews } from '$lib/server/views/dispatches';
import { OUTCOMES } from '$lib/domain/words';
import { detailSchema, dispatchSchema } from './schema';

const tag = 'Searches';

export const listDispatches = operation({
	method: 'GET',
	path: '/dispatches',
	summary: 'Searches, newest first',
	tag,
	query: v.object({
		connector: queryId,
		outcome: v.optional(v.picklist(OUTCOMES)),
		limit: limitQuery,
		cursor: cursorQuery,
	}),
	answers: { 200: pageOf(dispatchSchema) },
	run: async ({ ctx, query }) => ({
		body: await listDispatchViews(ctx, {
			connectorIds: query.connector === undefined ? null : [query.connector],
			outcome: query.outcome ?? null,
			limit: query.limit,
			cursor: query.cursor ?? null,
		}),
	}),
});

export const getDispatch = operation({
	method: 'GET',
	path: '/dispatches/{id}',
	summary: 'One search: command, cost, times, outcome, evidence and its strength',
	tag,
	params: v.object({ id: v.pipe(v.string(), v.uuid()) }),
	answers: { 200: detailSchema },
	errors: ['not_found'],
	run: async ({ ctx, params }) => {
		const [view, row] = await Promise.all([
			findDispatchView(ctx, params.id),
			findDispatchRow(ctx, params.id),
		]);
		if (view === null || row === undefined) throw notFound('search');
		return {
			body: {
				...view,
				command: {
					id: row.commandId,
					status: row.commandStatus,
					message: row.commandMessage,
					started: row.commandStarted,
					ended: row.commandEnded,
					durationMs: row.commandDurationMs,
					messages: row.messages,
				},
				items: row.target.items.map(({ id, arrId, label, wanted }) => ({ id, arrId, label, wanted })),
				evidence: row.evidence,
			},
		};
	},
});
