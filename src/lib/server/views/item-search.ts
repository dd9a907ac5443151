/**
 * What a user typed, found in the titles. Each word begins a word of the title, of an episode's or its series': typing
 * a show finds its episodes, typing an episode finds it in every show, and both together find the one that is meant.
 */
import type { SQL } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import {
	countBlocks,
	itemsThatHold,
	seriesThatMayHold,
	wordsOf,
	type Words,
} from '../db/queries/title-words';
import type { Library } from './item-libraries';

/** Where in a library the words are. */
export interface Found {
	/** All items that hold them, if they are not too many. */
	items?: number[];
	/** Otherwise the series to look in, if they are not too many either; a query of `id`. */
	series?: SQL;
}

/** Blocks of titles that are looked through; where there are more, an item is met soon on the way through the library. */
const BLOCKS_AT_MOST = 1_500;
const BLOCKS_OF_WANTED_AT_MOST = 3_000;
const ITEMS_AT_MOST = 4_000;
/** Beyond so many the words are in nearly every series. */
const EVERYWHERE = 5_000;

/** The words, or null if the text has none. */
export const readWords = (ctx: AppContext, text: string): Promise<Words | null> => wordsOf(ctx.db, text);

export async function findIn(
	ctx: AppContext,
	words: Words,
	library: Library,
	isWanted: boolean,
): Promise<Found> {
	const { connectorId, kind } = library;
	const blocks = await countBlocks(ctx.db, words, connectorId, EVERYWHERE + 1);
	if (blocks === 0) return { items: [] };
	const most = isWanted && kind === 'episode' ? BLOCKS_OF_WANTED_AT_MOST : BLOCKS_AT_MOST;
	if (blocks <= most) {
		const items = await itemsThatHold(ctx.db, words, { connectorId, kind, isWanted }, ITEMS_AT_MOST + 1);
		if (items.length <= ITEMS_AT_MOST) return { items };
	}
	if (kind === 'movie' || blocks > EVERYWHERE) return {};
	return { series: seriesThatMayHold(words, connectorId) };
}
