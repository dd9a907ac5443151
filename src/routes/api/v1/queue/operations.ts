/** REST: the request queue and the plan behind it. */
import * as v from 'valibot';
import { AppError } from '$lib/server/app-error';
import { operation } from '$lib/server/api/operation';
import { idParams, limitQuery, nullableInstant, queryId } from '$lib/server/api/schemas';
import { undoClear } from '$lib/server/services/queue/undo';
import {
	clearQueue,
	pauseQueue,
	removeFromQueue,
	resumeQueue,
} from '$lib/server/services/queue/user-acts-queue';
import { readPlan } from '$lib/server/views/plan';
import { readQueue } from '$lib/server/views/queue';
import { TARGET_KINDS, WANTED_REASONS } from '$lib/domain/words';
import { connectorRef } from '../wanted/schema';

const tag = 'Queue';
const target = v.object({
	kind: v.picklist(TARGET_KINDS),
	ref: v.nullable(v.string()),
	seasonId: v.nullable(v.number()),
	title: v.string(),
	subtitle: v.nullable(v.string()),
});
const common = {
	connector: connectorRef,
	target,
	reason: v.picklist(WANTED_REASONS),
	score: v.number(),
	cost: v.number(),
	estimateAt: nullableInstant,
};
const queueRow = v.object({
	id: v.number(),
	...common,
	has: v.nullable(v.string()),
	pinned: v.boolean(),
	waitingSince: nullableInstant,
	searches: v.number(),
	blocked: v.nullable(v.string()),
	inGroup: v.boolean(),
});
const planRow = v.object({ position: v.number(), ...common, why: v.string() });
const scopeOf = (connector: number | undefined) => ({
	connectorIds: connector === undefined ? null : [connector],
});
const scopeBody = v.object({ connector: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))) });
const done = v.object({ done: v.literal(true) });

export const listQueue = operation({
	method: 'GET',
	path: '/queue',
	summary: 'The head of the plan, taken up for sending',
	tag,
	query: v.object({ connector: queryId, limit: limitQuery }),
	answers: { 200: v.object({ items: v.array(queueRow), nextCursor: v.null(), total: v.number() }) },
	run: async ({ ctx, query }) => {
		const { rows, total } = await readQueue(ctx, scopeOf(query.connector), query.limit);
		return { body: { items: rows, nextCursor: null, total } };
	},
});

export const removeQueued = operation({
	method: 'DELETE',
	path: '/queue/{id}',
	summary: 'Take a search out of the queue; it comes back a day later at the earliest',
	tag,
	params: idParams,
	answers: { 204: null },
	errors: ['not_found'],
	run: async ({ ctx, params }) => {
		await removeFromQueue(ctx, params.id);
		return {};
	},
});

export const pauseSearching = operation({
	method: 'POST',
	path: '/queue/pause',
	summary: 'Send nothing more; what was sent is watched to its end',
	tag,
	body: scopeBody,
	answers: { 200: done },
	run: async ({ ctx, body }) => {
		await pauseQueue(ctx, body.connector ?? null);
		return { body: { done: true } };
	},
});

export const resumeSearching = operation({
	method: 'POST',
	path: '/queue/resume',
	summary: 'Send again',
	tag,
	body: scopeBody,
	answers: { 200: done },
	run: async ({ ctx, body }) => {
		await resumeQueue(ctx, body.connector ?? null);
		ctx.wake.queueChanged(body.connector ?? null);
		return { body: { done: true } };
	},
});

export const clearSearches = operation({
	method: 'POST',
	path: '/queue/clear',
	summary: 'Empty the queue, of one connector or of all. `undoId` brings it back for a while.',
	tag,
	body: v.object({ ...scopeBody.entries, undo: v.optional(v.pipe(v.string(), v.uuid())) }),
	answers: { 200: v.object({ count: v.number(), undoId: v.nullable(v.string()) }) },
	errors: ['not_found'],
	run: async ({ ctx, body }) => {
		if (body.undo === undefined) return { body: await clearQueue(ctx, body.connector ?? null) };
		if (body.connector !== undefined)
			throw new AppError('invalid', 422, 'An undo concerns what was cleared, not a connector.');
		return { body: { count: await undoClear(ctx, body.undo), undoId: null } };
	},
});

export const getPlan = operation({
	method: 'GET',
	path: '/plan',
	summary: 'What would be sent next, with reason and cost. Sends nothing.',
	tag,
	query: v.object({ connector: queryId, limit: limitQuery }),
	answers: {
		200: v.object({ items: v.array(planRow), nextCursor: v.null(), total: v.nullable(v.number()) }),
	},
	run: async ({ ctx, query }) => {
		const { rows, total } = await readPlan(ctx, scopeOf(query.connector), query.limit);
		return { body: { items: rows, nextCursor: null, total } };
	},
});
