// Every wanted item, and why it is or is not being searched.
import { listWanted } from '$lib/server/views/items';
import { LIVE } from '$lib/utils/live-key';
import { itemActions } from '../item-acts';
import { readItemList } from '../item-list';
import { scopeOf } from '../scope';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, parent, depends, isDataRequest }) => {
	depends(LIVE);
	const { shell, scopeName } = await parent();
	return await readItemList(
		locals.app,
		{ url, isDataRequest },
		scopeOf(scopeName, shell.connectors),
		listWanted,
	);
};

export const actions: Actions = itemActions;
