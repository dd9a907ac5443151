// The paged lists: parameters, sort keys with their silent fallback, and the envelope.
import type { Json, JsonObject } from '../json.ts';
import type { App } from '../app.ts';
import { failure, ok, type Answer } from './answer.ts';
import type { Query } from './query.ts';

export type SortValue = number | string | null;

export interface PageRules<T> {
	/** Lower-case key to value. */
	keys: Record<string, (item: T) => SortValue>;
	defaultKey: string;
	defaultAscending: boolean;
	/** Table named in the database's error for an unknown key. */
	table: string;
	/** A page past the end answers with an existing one. */
	fallsBack?: boolean;
	/** Whether `default` is echoed as such. */
	keepsDefault?: boolean;
	/** Keys are checked against a list; else an unknown one is an error of the database. */
	whitelist: boolean;
}

interface Sorting {
	key: string;
	by: string;
	direction: string;
	ascending: boolean;
}

export function page<T>(
	app: App,
	query: Query,
	items: T[],
	rules: PageRules<T>,
	render: (item: T) => Json,
): Answer {
	const size = query.int('pageSize', 'PageSize') ?? 10;
	const wanted = query.int('page', 'Page') ?? 1;
	const sorting = sortingOf(query, rules);
	if (size < 0 && app.options.database === 'postgreSQL') throw negativeLimit();
	const sorted = sortItems(app, items, sorting, rules);
	const number = rules.fallsBack === true ? existingPage(wanted, size, sorted.length) : wanted;
	const from = Math.max(0, (Math.max(1, number) - 1) * Math.max(0, size));
	const body: JsonObject = {
		page: number,
		pageSize: size,
		sortKey: sorting.key,
		sortDirection: sorting.direction,
		totalRecords: sorted.length,
		records: (size < 0 ? sorted : sorted.slice(from, from + size)).map(render),
	};
	return ok(body);
}

function existingPage(wanted: number, size: number, total: number): number {
	if (total === 0 || size <= 0) return 1;
	// whole pages only: the division is one of integers
	return (wanted - 1) * size >= total ? Math.max(1, Math.floor(total / size)) : wanted;
}

function sortingOf<T>(query: Query, rules: PageRules<T>): Sorting {
	const sent = query.text('sortKey');
	const direction = query.text('sortDirection') ?? 'descending';
	const lower = direction.toLowerCase();
	const names = ['default', 'ascending', 'descending'];
	const name = names[Number(direction)] ?? lower;
	if (!names.includes(name)) throw query.wrong('sortDirection', direction, 'SortDirection');
	const known = sent !== null && rules.keys[sent.toLowerCase()] !== undefined;
	if (sent !== null && !known && !rules.whitelist) throw noColumn(rules.table, sent);
	const key = known ? sent : rules.defaultKey;
	const ascending = name === 'default' ? rules.defaultAscending : name === 'ascending';
	const echoed =
		name !== 'default' || rules.keepsDefault === true ? name : ascending ? 'ascending' : 'descending';
	return { key, by: key.toLowerCase(), direction: echoed, ascending };
}

function noColumn(table: string, column: string) {
	const message = `42703: column ${table}.${column} does not exist\n\nPOSITION: 366`;
	return failure(500, message, 'Npgsql.PostgresException (0x80004005)');
}

function negativeLimit() {
	return failure(500, '2201W: LIMIT must not be negative', 'Npgsql.PostgresException (0x80004005)');
}

/** NULL sorts first on SQLite and last on PostgreSQL, ascending; ties have no order worth relying on. */
function sortItems<T>(app: App, items: T[], sorting: Sorting, rules: PageRules<T>): T[] {
	const value = rules.keys[sorting.by];
	if (value === undefined) return items;
	const nullsLow = app.options.database !== 'postgreSQL';
	const sign = sorting.ascending ? 1 : -1;
	const decorated = items.map((item) => ({ item, key: value(item) }));
	decorated.sort((a, b) => sign * compare(a.key, b.key, nullsLow));
	return decorated.map((entry) => entry.item);
}

function compare(a: SortValue, b: SortValue, nullsLow: boolean): number {
	if (a === b) return 0;
	if (a === null) return nullsLow ? -1 : 1;
	if (b === null) return nullsLow ? 1 : -1;
	return a < b ? -1 : 1;
}
