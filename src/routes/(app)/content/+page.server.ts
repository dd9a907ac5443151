// Everything mirrored, wanted or not.
import { listContent } from '$lib/server/views/items';
import { itemActions } from '../item-acts';
import { readItemList } from '../item-list';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = (event) => readItemList(event, listContent);

export const actions: Actions = itemActions;
