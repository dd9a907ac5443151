/** Pieces that many REST resources share: ids, paging, instants on the wire. */
import * as v from 'valibot';

const MAX_ID = 2_147_483_647;

/** A row id in an address. */
export const idParam = v.pipe(
	v.string(),
	v.regex(/^[1-9]\d{0,9}$/, 'must be a number'),
	v.transform(Number),
	v.maxValue(MAX_ID),
);
export const idParams = v.object({ id: idParam });

/** Item address: `episode-12` or `movie-7`. */
export const itemRefParam = v.pipe(
	v.string(),
	v.regex(/^(?:episode|movie)-[1-9]\d{0,9}$/, 'must be episode-<n> or movie-<n>'),
	v.transform((text) => {
		const [kind, id] = text.split('-');
		return { kind: kind === 'movie' ? ('movie' as const) : ('episode' as const), id: Number(id) };
	}),
	v.check((ref) => ref.id <= MAX_ID),
);
export const itemParams = v.object({ id: itemRefParam });

/** An optional number in a query. */
export const queryId = v.optional(idParam);
export const queryFlag = v.optional(
	v.pipe(
		v.picklist(['true', 'false', '1', '0'], 'must be true or false'),
		v.transform((text) => text === 'true' || text === '1'),
	),
);
export const DEFAULT_LIMIT = 50;
export const MOST_LIMIT = 500;
export const limitQuery = v.optional(
	v.pipe(
		v.string(),
		v.regex(/^\d{1,4}$/, 'must be a number'),
		v.transform(Number),
		v.minValue(1, 'must be at least 1'),
		v.maxValue(MOST_LIMIT, `must be at most ${String(MOST_LIMIT)}`),
	),
	String(DEFAULT_LIMIT),
);
/** Opaque; made and read by the list it belongs to. */
export const cursorQuery = v.optional(v.pipe(v.string(), v.maxLength(500)));

/** 30 February is one to `Date`, which goes on to March. */
function isOnCalendar(text: string): boolean {
	const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
	const at = new Date(Date.UTC(year, month - 1, day));
	return at.getUTCMonth() === month - 1 && at.getUTCDate() === day && !Number.isNaN(Date.parse(text));
}

/** An instant on the wire: ISO 8601 in UTC. Handlers give `Date`, JSON makes the text. */
export const instant = v.pipe(
	v.string(),
	v.isoTimestamp('must be an instant such as 2026-01-31T12:00:00Z'),
	v.check(isOnCalendar, 'is no day of the calendar'),
);
export const nullableInstant = v.nullable(instant);

/** A keyset page of a list. */
export const pageOf = <const S extends v.GenericSchema>(item: S) =>
	v.object({ items: v.array(item), nextCursor: v.nullable(v.string()) });
