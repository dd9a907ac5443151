/** Keyset paging: an opaque cursor that holds the sort values of the last row shown. */
import * as v from 'valibot';
import { AppError } from '../app-error';

/** The cursor of a list; the values are the list's own sort keys. */
export function writeCursor(values: readonly (string | number | null)[]): string {
	return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** Text that a database takes. */
export const cursorText = v.pipe(
	v.string(),
	v.check((text) => !text.includes('\0')),
);
/** A row id. */
export const cursorId = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2_147_483_647));
export const cursorNumber = v.pipe(v.number(), v.finite());
export const cursorInstant = v.pipe(
	cursorText,
	v.isoTimestamp(),
	v.transform((text) => new Date(text)),
	v.check((at) => !Number.isNaN(at.getTime())),
);

/** The values of a cursor, checked against the list's keys. Throws `bad_cursor` for anything else. */
export function readCursor<const S extends v.GenericSchema>(
	cursor: string | null,
	schema: S,
): v.InferOutput<S> | null {
	if (cursor === null) return null;
	const parsed = v.safeParse(schema, parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
	if (!parsed.success) throw new AppError('bad_cursor', 400, 'This cursor does not belong to this list.');
	return parsed.output;
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

/** Cuts a list that was read with one row too many, and makes the cursor of the next page. */
export function pageOf<T>(
	rows: readonly T[],
	limit: number,
	cursorOf: (last: T) => readonly (string | number | null)[],
): { items: T[]; nextCursor: string | null } {
	const items = rows.slice(0, limit);
	const last = items.at(-1);
	return {
		items,
		nextCursor: rows.length > limit && last !== undefined ? writeCursor(cursorOf(last)) : null,
	};
}
