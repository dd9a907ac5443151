// The user's acts on one item or many, shared by the lists and the item's page.
import { fail, type RequestEvent } from '@sveltejs/kit';
import type { ItemRef } from '$lib/domain/views';
import type { AppContext } from '$lib/server/app-context';
import {
	excludeTarget,
	giveUp,
	includeTarget,
	requestSearch,
	resetTarget,
} from '$lib/server/services/queue/user-acts';
import { act } from '$lib/utils/act.server';
import { plural } from '$lib/utils/format';
import { itemRef } from './item-filter';

const MOST_AT_ONCE = 500;

async function refsOf(event: RequestEvent): Promise<ItemRef[]> {
	const form = await event.request.formData();
	const refs = form.getAll('ref').flatMap((value) => itemRef(typeof value === 'string' ? value : null) ?? []);
	return refs.slice(0, MOST_AT_ONCE);
}

/** One act for each item; the words tell how many. */
function forEach(run: (ctx: AppContext, ref: ItemRef) => Promise<unknown>, words: (count: string) => string) {
	return async (event: RequestEvent) => {
		const refs = await refsOf(event);
		if (refs.length === 0)
			return fail(400, { problem: 'Select at least one item.', code: 'nothing_selected' });
		return act(async () => {
			for (const ref of refs) await run(event.locals.app, ref);
			return { notice: words(plural(refs.length, 'item')) };
		});
	};
}

export const itemActions = {
	search: forEach(requestSearch, (items) => `${items} put first in line.`),
	reset: forEach(resetTarget, (items) => `Attempts and cooldown of ${items} forgotten.`),
	exclude: forEach(
		(ctx, ref) => excludeTarget(ctx, ref),
		(items) => `${items} excluded from searches.`,
	),
	include: forEach(
		(ctx, ref) => includeTarget(ctx, ref),
		(items) => `${items} included again.`,
	),
	giveUp: forEach(giveUp, (items) => `${items} given up until you reset them or the rest time ends.`),
};
