// The user's acts on one item or many, shared by the lists and the item's page.
import { fail, type ActionFailure, type RequestEvent } from '@sveltejs/kit';
import { BULK_ACTS, type BulkPreview } from '$lib/components/items/bulk-acts';
import type { ItemRef } from '$lib/domain/views';
import type { AppContext } from '$lib/server/app-context';
import { AppError } from '$lib/server/app-error';
import {
	excludeTarget,
	giveUp,
	includeTarget,
	requestSearch,
	resetTarget,
} from '$lib/server/services/queue/user-acts';
import { act, type Problem } from '$lib/utils/act.server';
import { plural } from '$lib/utils/format';
import { resolve } from '$app/paths';
import { itemRef } from './item-filter';

const MOST_AT_ONCE = 500;

const refsIn = (form: FormData): ItemRef[] =>
	form
		.getAll('ref')
		.flatMap((value) => itemRef(typeof value === 'string' ? value : null) ?? [])
		.slice(0, MOST_AT_ONCE);

const nameOf = ({ kind, id }: ItemRef): string => `${kind}-${String(id)}`;

const nothingSelected = () => fail(400, { problem: 'Select at least one item.', code: 'nothing_selected' });

/** One act for each item; the words tell how many, and of how many it could not be done. `undo` takes it back. */
function forEach(
	run: (ctx: AppContext, ref: ItemRef) => Promise<unknown>,
	words: (count: string) => string,
	undo: 'include' | 'exclude' | null = null,
) {
	return async (event: RequestEvent) => {
		const refs = refsIn(await event.request.formData());
		if (refs.length === 0) return nothingSelected();
		return act(async () => {
			const refused: AppError[] = [];
			const changed: string[] = [];
			for (const ref of refs) {
				try {
					await run(event.locals.app, ref);
					changed.push(nameOf(ref));
				} catch (error) {
					if (!(error instanceof AppError)) throw error;
					refused.push(error);
				}
			}
			const [first] = refused;
			if (first !== undefined && refused.length === refs.length) throw first;
			const done = words(plural(refs.length - refused.length, 'item'));
			return {
				notice:
					first === undefined ? done : `${done} ${plural(refused.length, 'item')} left: ${first.message}`,
				...(undo === null
					? {}
					: { undo: { action: `${resolve('/wanted')}?/${undo}`, fields: { ref: changed } } }),
			};
		});
	};
}

/** What an act on the selected items would do; nothing is done yet. */
async function preview(event: RequestEvent): Promise<ActionFailure<Problem> | { preview: BulkPreview }> {
	const form = await event.request.formData();
	const name = BULK_ACTS.find((word) => word === form.get('act'));
	const refs = refsIn(form).map(nameOf);
	if (name === undefined || refs.length === 0) return nothingSelected();
	return { preview: { act: name, refs } };
}

export const itemActions = {
	preview,
	search: forEach(requestSearch, (items) => `${items} put first in line.`),
	reset: forEach(resetTarget, (items) => `Attempts and cooldown of ${items} forgotten.`),
	exclude: forEach(
		(ctx, ref) => excludeTarget(ctx, ref),
		(items) => `${items} excluded from searches.`,
		'include',
	),
	include: forEach(
		(ctx, ref) => includeTarget(ctx, ref),
		(items) => `${items} included again.`,
		'exclude',
	),
	giveUp: forEach(giveUp, (items) => `${items} given up until you reset them or ask for a search.`),
};
