/**
 * How many rows a page of a list has. It grows in the browser by what is added; a page that is written as a whole costs
 * for each of its rows, so it is shorter, and its link leads to the next one.
 */
export const STEP = 50;
/** To so many rows a page grows in the browser. */
export const MOST = 500;
/** So many rows are written as a whole. */
export const MOST_WRITTEN = 100;

/** The rows that are asked for by `limit` in an address; `written`: the answer is a page, not the data for one. */
export function rowsAsked(limit: string | null, written: boolean): number {
	const asked = limit === null || limit.trim() === '' ? Number.NaN : Number(limit);
	if (!Number.isInteger(asked)) return STEP;
	return Math.min(written ? MOST_WRITTEN : MOST, Math.max(STEP, asked));
}
