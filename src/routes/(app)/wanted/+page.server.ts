// Every wanted item, and why it is or is not being searched.
import { countWanted, listWanted } from '$lib/server/views/items';
import { read } from '$lib/utils/act.server';
import { LIVE } from '$lib/utils/live-key';
import { itemActions } from '../item-acts';
import { itemFilter } from '../item-filter';
import { readPanel } from '../panel';
import { scopeOf } from '../scope';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, parent, depends }) => {
	depends(LIVE);
	const { shell, scopeName } = await parent();
	const scope = scopeOf(scopeName, shell.connectors);
	const filter = itemFilter(url, scope);
	const [list, counts, panel] = await Promise.all([
		read(() => listWanted(locals.app, filter)),
		countWanted(locals.app, scope),
		readPanel(locals.app, url),
	]);
	return { filter, list, counts, panel };
};

export const actions: Actions = itemActions;
