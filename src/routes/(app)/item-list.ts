// What both pages of items show: the part of the list that the address asks for, the counts above it, the open item.
import type { ItemFilter, Scope } from '$lib/domain/views';
import type { AppContext } from '$lib/server/app-context';
import { countWanted } from '$lib/server/views/items';
import { read } from '$lib/utils/act.server';
import { itemFilter } from './item-filter';
import { readPanel } from './panel';

/** `list` reads the items of one filter. */
export async function readItemList<L>(
	ctx: AppContext,
	{ url, isDataRequest }: { url: URL; isDataRequest: boolean },
	scope: Scope,
	list: (ctx: AppContext, filter: ItemFilter) => Promise<L>,
) {
	const filter = itemFilter(url, scope, !isDataRequest);
	const [items, counts, panel] = await Promise.all([
		read(() => list(ctx, filter)),
		countWanted(ctx, scope),
		readPanel(ctx, url),
	]);
	return { filter, list: items, counts, panel };
}
