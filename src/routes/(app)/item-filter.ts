// Filters of the item lists as they stand in the address; what is unknown is ignored, not refused.
import * as v from 'valibot';
import type { ItemFilter, ItemRef, Scope } from '$lib/domain/views';
import { isStorable } from '$lib/server/storable';
import { GATES, ITEM_KINDS, SEARCH_STATES, WANTED_REASONS } from '$lib/domain/words';

const STEP = 50;
const MOST = 500;
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
	limit: v.fallback(
		v.pipe(v.string(), v.transform(Number), v.integer(), v.minValue(STEP), v.maxValue(MOST)),
		STEP,
	),
	cursor: text(2000),
});

/** Reads the filter of a list from its address. */
export function itemFilter(url: URL, scope: Scope): ItemFilter {
	const names = ['reason', 'kind', 'state', 'why', 'q', 'sort', 'limit', 'cursor'];
	const parsed = v.parse(schema, Object.fromEntries(names.map((name) => [name, url.searchParams.get(name)])));
	return { ...parsed, ...scope };
}

/** `episode-12` or `movie-7`; null for anything else. */
export function itemRef(text: string | null): ItemRef | null {
	const match = /^(episode|movie)-([1-9]\d{0,9})$/.exec(text ?? '');
	if (match === null) return null;
	return { kind: match[1] === 'movie' ? 'movie' : 'episode', id: Number(match[2]) };
}
