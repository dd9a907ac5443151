// Every wanted item, and why it is or is not being searched.
import { listWanted } from '$lib/server/views/items';
import { itemActions } from '../item-acts';
import { readItemList } from '../item-list';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => readItemList(event, listWanted);

export const actions: Actions = itemActions;
