// The whole story of one item: state, journey, verdict, history.
import { error } from '@sveltejs/kit';
import { readItem } from '$lib/server/views/item';
import { whyNotWanted } from '$lib/server/services/discovery';
import { explain } from '$lib/server/services/queue/explain';
import { LIVE } from '$lib/utils/live-key';
import { itemActions } from '../../item-acts';
import { itemRef } from '../../item-filter';
import type { Actions, PageServerLoad } from './$types';

const GONE = 'This item does not exist, or no longer does.';

export const load: PageServerLoad = async ({ locals, params, depends }) => {
	depends(LIVE);
	const ref = itemRef(params.ref);
	if (ref === null) error(404, GONE);
	const [item, explanation] = await Promise.all([
		readItem(locals.app, ref),
		explain(locals.app, ref, { judge: whyNotWanted }),
	]);
	if (item === null || explanation === null) error(404, GONE);
	return { item, explanation };
};

export const actions: Actions = itemActions;
