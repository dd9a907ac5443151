// The why panel of a list: the item its address names, with its explanation.
import type { ExplanationView, ItemDetail } from '$lib/domain/views';
import type { AppContext } from '$lib/server/app-context';
import { readItem } from '$lib/server/views/item';
import { whyNotWanted } from '$lib/server/services/discovery';
import { explain } from '$lib/server/services/queue/explain';
import { itemRef } from './item-filter';

export async function readPanel(
	ctx: AppContext,
	url: URL,
): Promise<{ item: ItemDetail; explanation: ExplanationView } | null> {
	const ref = itemRef(url.searchParams.get('item'));
	if (ref === null) return null;
	const [item, explanation] = await Promise.all([
		readItem(ctx, ref),
		explain(ctx, ref, { judge: whyNotWanted }),
	]);
	return item === null || explanation === null ? null : { item, explanation };
}
