/** Addresses that differ from the present one in a few parameters. */

/** The query of `url` with changes: null removes, cursors never survive a change. */
export function withQuery(url: URL, changes: Record<string, string | null>): string {
	const query = new URLSearchParams(url.searchParams);
	for (const name of [...query.keys()]) if (name.startsWith('/')) query.delete(name);
	query.delete('cursor');
	for (const [name, value] of Object.entries(changes)) {
		if (value === null) query.delete(name);
		else query.set(name, value);
	}
	const text = query.toString();
	return text === '' ? '?' : `?${text}`;
}

/** The present address from a cursor on. */
export const cursorHref = (url: URL, cursor: string | null): string =>
	withQuery(url, {}) + (cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`);

/** The present address with more rows, from the place where it begins. */
export function grownHref(url: URL, rows: number): string {
	const from = url.searchParams.get('cursor');
	const grown = withQuery(url, { limit: String(rows) });
	return from === null ? grown : `${grown}&cursor=${encodeURIComponent(from)}`;
}

/** Where a form posts to for one act of the present page: its filters, tab and panel stay in the address. */
export function actOf(url: URL, name: string, changes: Record<string, string | null> = {}): string {
	const query = withQuery(url, changes);
	return query === '?' ? `?/${name}` : `${query}&/${name}`;
}
