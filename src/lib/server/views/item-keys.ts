/**
 * Which items a page shows, and in which order: keys alone. The order is cut into buckets, each read in the order of an
 * index and no further than the page is long, so that a million items cost no more than a page of them.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { rowsOf } from '../db/rows';
import type { ItemFilter } from '$lib/domain/views';
import { ITEM_KINDS, SEARCH_STATES, type ItemKind } from '$lib/domain/words';
import { conditionsOf, isInState, type NarrowedFilter } from './item-conditions';

export interface ItemKey extends Record<string, unknown> {
	kind: ItemKind;
	id: number;
	sort_text: string;
	sort_number: number;
}

/** Sort values of the last row shown. */
export type ItemCursor = readonly [text: string, number: number, kind: ItemKind, id: number];

export type ListedFrom = 'wanted' | 'content';

/** A part of the order. */
interface Bucket extends Base {
	/** All rows of the bucket have these sort values: it is in the order of its ids. */
	fixed?: { text: string; number: number };
	text?: SQL;
	number?: SQL;
}

/** At most `filter.limit + 1` keys after the cursor. */
export async function readItemKeys(
	ctx: AppContext,
	filter: NarrowedFilter,
	from: ListedFrom,
	after: ItemCursor | null,
): Promise<ItemKey[]> {
	const kinds = ITEM_KINDS.filter((kind) => filter.kind === null || filter.kind === kind);
	const parts = kinds
		.flatMap((kind) => bucketsOf(kind, filter, from))
		.flatMap((bucket) => statementOf(bucket, filter, after) ?? []);
	if (parts.length === 0) return [];
	return rowsOf<ItemKey>(
		ctx.db,
		sql`select * from (${sql.join(parts, sql` union all `)}) x
			order by x.sort_text, x.sort_number, x.kind, x.id limit ${filter.limit + 1}`,
	);
}

/** The row that is listed: the wanted row knows enough of its item, unless titles are asked for. */
interface Base {
	kind: ItemKind;
	isWanted: boolean;
	/** The item's id, in the table that the order is read from. */
	id: SQL;
	joins: SQL;
	where: SQL[];
}

const keyOf = (kind: ItemKind): SQL => (kind === 'episode' ? sql.raw('episode_id') : sql.raw('movie_id'));

function bucketsOf(kind: ItemKind, filter: NarrowedFilter, from: ListedFrom): Bucket[] {
	const waits = filter.why !== null && filter.why !== 'wanted';
	const isWanted = from === 'wanted' || filter.reason !== null || waits;
	const sort = filter.sort ?? (from === 'wanted' ? 'priority' : 'title');
	const base = baseOf(kind, filter, isWanted, sort === 'title');
	switch (sort) {
		case 'title':
			return [{ ...base, ...titleOrder(kind) }];
		case 'priority':
			return [
				queued(base),
				{ ...base, where: [...base.where, notQueued(base)], fixed: { text: '', number: 1e9 } },
			];
		case 'age':
			return isWanted ? [byAge(base)] : [byAge(baseOf(kind, filter, true, false)), unwanted(base)];
		case 'state':
			return byState(kind, filter, isWanted);
	}
}

function baseOf(kind: ItemKind, filter: NarrowedFilter, isWanted: boolean, byTitle: boolean): Base {
	const id = isWanted ? sql`w.${keyOf(kind)}` : kind === 'episode' ? sql`e.id` : sql`m.id`;
	const joins = isWanted ? wantedTables(kind, byTitle) : itemTables(kind, byTitle);
	return { kind, isWanted, id, joins, where: conditionsOf({ kind, filter, isWanted, id }) };
}

const itemTables = (kind: ItemKind, byTitle: boolean): SQL => {
	if (kind === 'movie') return sql`movies m`;
	return byTitle ? sql`series s join episodes e on e.series_id = s.id` : sql`episodes e`;
};

function wantedTables(kind: ItemKind, byTitle: boolean): SQL {
	if (!byTitle) return sql`wanted w`;
	if (kind === 'movie') return sql`movies m join wanted w on w.movie_id = m.id`;
	return sql`series s join wanted w on w.series_id = s.id join episodes e on e.id = w.episode_id`;
}

/** The order of the library: seasons and numbers within a series. */
const titleOrder = (kind: ItemKind): Pick<Bucket, 'text' | 'number'> =>
	kind === 'episode'
		? {
				text: sql`s.sort_title`,
				number: sql`(e.season_number * 100000 + coalesce(e.episode_number, e.id % 100000))::float8`,
			}
		: { text: sql`m.sort_title`, number: sql`m.year::float8` };

function queued(base: Base): Bucket {
	return {
		...base,
		joins: sql`request_queue q join search_registry qr on qr.id = q.registry_id
			join ${base.joins} on ${base.id} = qr.${keyOf(base.kind)}`,
		text: sql`''::text`,
		number: sql`(case when q.pinned then -1e9 else -q.score end)::float8`,
	};
}

const notQueued = ({ kind, id }: Base): SQL =>
	sql`not (${id} = any(array(select qr.${keyOf(kind)} from request_queue q
		join search_registry qr on qr.id = q.registry_id where qr.${keyOf(kind)} is not null)))`;

const byAge = (base: Base): Bucket => ({
	...base,
	text: sql`''::text`,
	number: sql`-date_part('epoch', coalesce(w.available_at, 'epoch'::timestamptz))`,
});

const unwanted = (base: Base): Bucket => ({
	...base,
	where: [...base.where, sql`not exists (select from wanted w where w.${keyOf(base.kind)} = ${base.id})`],
	fixed: { text: '', number: 0 },
});

/** A bucket for each state: what has no memory is pending. */
function byState(kind: ItemKind, filter: NarrowedFilter, isWanted: boolean): Bucket[] {
	const base = baseOf(
		kind,
		{ ...filter, state: filter.state === 'excluded' ? 'excluded' : null },
		isWanted,
		false,
	);
	const states = SEARCH_STATES.filter(
		(state) => filter.state === null || filter.state === 'excluded' || filter.state === state,
	);
	return states.map((state) => ({
		...base,
		where: [...base.where, isInState(kind, base.id, state)],
		fixed: { text: state, number: 0 },
	}));
}

/** The bucket's keys in order; undefined where the cursor is past it. */
function statementOf(bucket: Bucket, filter: ItemFilter, after: ItemCursor | null): SQL | undefined {
	const { kind, fixed, id } = bucket;
	const text = fixed === undefined ? (bucket.text ?? sql`''::text`) : sql`${fixed.text}::text`;
	const number = fixed === undefined ? (bucket.number ?? sql`0::float8`) : sql`${fixed.number}::float8`;
	const seek =
		fixed === undefined ? seekBy(kind, text, number, id, after) : seekFixed(kind, fixed, id, after);
	if (seek === undefined) return undefined;
	const where = sql.join([...bucket.where, seek], sql` and `);
	const order = fixed === undefined ? sql`3, 4, 2` : sql`2`;
	return sql`(select ${kind}::text as kind, ${id} as id, ${text} as sort_text, ${number} as sort_number
		from ${bucket.joins} where ${where} order by ${order} limit ${filter.limit + 1})`;
}

function seekBy(kind: ItemKind, text: SQL, number: SQL, id: SQL, after: ItemCursor | null): SQL {
	if (after === null) return sql`true`;
	const [lastText, lastNumber, lastKind, lastId] = after;
	// the first condition is implied, and can be looked up
	return sql`${text} >= ${lastText} and (${text}, ${number}, ${kind}::text, ${id}) > (${lastText}::text, ${lastNumber}::float8, ${lastKind}::text, ${lastId}::int)`;
}

function seekFixed(
	kind: ItemKind,
	{ text, number }: { text: string; number: number },
	id: SQL,
	after: ItemCursor | null,
): SQL | undefined {
	if (after === null) return sql`true`;
	const [lastText, lastNumber, lastKind, lastId] = after;
	const order = compare(text, lastText) || compare(number, lastNumber) || compare(kind, lastKind);
	if (order < 0) return undefined;
	return order > 0 ? sql`true` : sql`${id} > ${lastId}::int`;
}

/** Of words in small letters and of numbers alone. */
const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);
