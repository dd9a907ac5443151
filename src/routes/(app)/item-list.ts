// What both pages of items show: the part of the list that the address asks for, the counts above it, the open item.
import type { ItemFilter, ItemRow, Page, ShellView } from '$lib/domain/views';
import type { AppContext } from '$lib/server/app-context';
import { countWanted } from '$lib/server/views/items';
import { read } from '$lib/utils/act.server';
import { LIVE } from '$lib/utils/live-key';
import { itemFilter } from './item-filter';
import { readPanel } from './panel';
import { scopeOf } from './scope';

interface Event {
	locals: App.Locals;
	url: URL;
	isDataRequest: boolean;
	depends: (...keys: `${string}:${string}`[]) => void;
	parent: () => Promise<{ shell: ShellView; scopeName: string }>;
}

/** `list` reads the items of one filter. */
export async function readItemList(
	{ locals: { app }, url, isDataRequest, depends, parent }: Event,
	list: (ctx: AppContext, filter: ItemFilter) => Promise<Page<ItemRow>>,
) {
	depends(LIVE);
	const { shell, scopeName } = await parent();
	const scope = scopeOf(scopeName, shell.connectors);
	const filter = itemFilter(url, scope, !isDataRequest);
	const [items, counts, panel] = await Promise.all([
		read(() => list(app, filter)),
		countWanted(app, scope),
		readPanel(app, url),
	]);
	return { filter, list: items, counts, panel };
}
