// Filters of the item lists as they stand in the address; what is unknown is ignored, not refused.
import * as v from 'valibot';
import type { ItemFilter, ItemRef, Scope } from '$lib/domain/views';
import { isStorable } from '$lib/server/storable';
import { GATES, ITEM_KINDS, SEARCH_STATES, WANTED_REASONS } from '$lib/domain/words';
import { rowsAsked } from '$lib/utils/rows';

const SORTS = ['priority', 'title', 'age', 'state'] as const;

const orNull = <const T extends readonly string[]>(words: T) =>
	v.fallback(v.nullable(v.picklist(words)), null);
const text = (most: number) =>
	v.fallback(
		v.nullable(v.pipe(v.string(), v.check(isStorable), v.trim(), v.minLength(1), v.maxLength(most))),
		null,
	);

const schema = v.object({
	reason: orNull(WANTED_REASONS),
	kind: orNull(ITEM_KINDS),
	state: orNull([...SEARCH_STATES, 'excluded']),
	why: orNull(GATES),
	q: text(200),
	sort: orNull(SORTS),
	cursor: text(2000),
});

/** Reads the filter of a list from its address. `written`: the answer is a page, not the data for one. */
export function itemFilter(url: URL, scope: Scope, written: boolean): ItemFilter {
	const names = ['reason', 'kind', 'state', 'why', 'q', 'sort', 'cursor'];
	const parsed = v.parse(schema, Object.fromEntries(names.map((name) => [name, url.searchParams.get(name)])));
	return { ...parsed, ...scope, limit: rowsAsked(url.searchParams.get('limit'), written) };
}

/** `episode-12` or `movie-7`; null for anything else. */
export function itemRef(text: string | null): ItemRef | null {
	const match = /^(episode|movie)-([1-9]\d{0,9})$/.exec(text ?? '');
	if (match === null) return null;
	return { kind: match[1] === 'movie' ? 'movie' : 'episode', id: Number(match[2]) };
}
