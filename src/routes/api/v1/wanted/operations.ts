/** REST: what is wanted, everything mirrored, and what a user can do about an item. */
import * as v from 'valibot';
import { notFound } from '$lib/server/app-error';
import { operation } from '$lib/server/api/operation';
import { itemParams, pageOf } from '$lib/server/api/schemas';
import { searchNow } from '$lib/server/jobs/search-now';
import { explain } from '$lib/server/services/queue/explain';
import { whyNotWanted } from '$lib/server/services/discovery';
import { excludeTarget, giveUp, includeTarget, resetTarget } from '$lib/server/services/queue/user-acts';
import { readItem } from '$lib/server/views/item';
import { listContent, listWanted } from '$lib/server/views/items';
import {
	explanationOut,
	explanationSchema,
	filterOf,
	itemQuery,
	itemSchema,
	searchSent,
	searchWaits,
} from './schema';

const tag = 'Items';
const done = v.object({ done: v.literal(true) });
const errors = ['not_found'];

export const listWantedItems = operation({
	method: 'GET',
	path: '/wanted',
	summary: 'Gaps and upgrade candidates, each with its state and why it is not being searched',
	tag,
	query: itemQuery,
	answers: { 200: pageOf(itemSchema) },
	run: async ({ ctx, query }) => ({ body: await listWanted(ctx, filterOf(query)) }),
});

export const listContentItems = operation({
	method: 'GET',
	path: '/content',
	summary: 'Everything mirrored, wanted or not',
	tag,
	query: itemQuery,
	answers: { 200: pageOf(itemSchema) },
	run: async ({ ctx, query }) => ({ body: await listContent(ctx, filterOf(query)) }),
});

export const getItem = operation({
	method: 'GET',
	path: '/wanted/{id}',
	summary: 'One mirrored item, wanted or not: `episode-<n>` or `movie-<n>`',
	tag,
	params: itemParams,
	answers: {
		200: v.looseObject({
			...itemSchema.entries,
			monitored: v.boolean(),
			memory: v.looseObject({ attempts: v.number() }),
		}),
	},
	errors,
	run: async ({ ctx, params }) => {
		const item = await readItem(ctx, params.id);
		if (item === null) throw notFound('item');
		return { body: item };
	},
});

export const explainItem = operation({
	method: 'GET',
	path: '/wanted/{id}/explain',
	summary: 'Why it is or is not being searched: every gate in order, and when that changes',
	tag,
	params: itemParams,
	answers: { 200: explanationSchema },
	errors,
	run: async ({ ctx, params }) => {
		const explanation = await explain(ctx, params.id, { judge: whyNotWanted });
		if (explanation === null) throw notFound('item');
		const judged = explanation.wanted === null ? await whyNotWanted(ctx, params.id) : null;
		return { body: explanationOut(explanation, judged?.why ?? null) };
	},
});

export const searchItem = operation({
	method: 'POST',
	path: '/wanted/{id}/search',
	summary: 'Search it first in line: sent at once, or as soon as the named gate opens',
	tag,
	params: itemParams,
	answers: { 200: searchSent, 202: searchWaits },
	errors: ['not_found', 'observe_mode', 'not_monitored', 'not_available', 'already_in_flight'],
	run: async ({ ctx, params }) => {
		const result = await searchNow(ctx, params.id);
		return { status: result.sent ? 200 : 202, body: result };
	},
});

export const resetItem = operation({
	method: 'POST',
	path: '/wanted/{id}/reset',
	summary: 'Forget its attempts and rest',
	tag,
	params: itemParams,
	answers: { 200: done },
	errors,
	run: async ({ ctx, params }) => {
		await resetTarget(ctx, params.id);
		return { body: { done: true } };
	},
});

export const excludeItem = operation({
	method: 'POST',
	path: '/wanted/{id}/exclude',
	summary: 'Never search it by the schedule',
	tag,
	params: itemParams,
	answers: { 200: done },
	errors,
	run: async ({ ctx, params }) => {
		await excludeTarget(ctx, params.id);
		return { body: { done: true } };
	},
});

export const includeItem = operation({
	method: 'POST',
	path: '/wanted/{id}/include',
	summary: 'Take back an exclusion',
	tag,
	params: itemParams,
	answers: { 200: done },
	errors,
	run: async ({ ctx, params }) => {
		await includeTarget(ctx, params.id);
		return { body: { done: true } };
	},
});

export const giveUpItem = operation({
	method: 'POST',
	path: '/wanted/{id}/give-up',
	summary: 'Give it up until it is reset',
	tag,
	params: itemParams,
	answers: { 200: done },
	errors,
	run: async ({ ctx, params }) => {
		await giveUp(ctx, params.id);
		return { body: { done: true } };
	},
});
