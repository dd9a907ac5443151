/**
 * Which items a page shows, and in which order: keys alone. The order is cut into parts that are read one after the
 * other, no further than the page is long, so that a million items cost no more than a page of them.
 */
import { sql, type SQL } from 'drizzle-orm';
import * as v from 'valibot';
import type { AppContext } from '../app-context';
import { rowsOf } from '../db/rows';
import { ITEM_KINDS, type ItemKind, type SearchState } from '$lib/domain/words';
import { conditionsOf, idOf, type NarrowedFilter, type Question } from './item-conditions';
import { readLibraries } from './item-libraries';
import { findIn, readWords, type Found } from './item-search';
import { byAge, byScore, byTitle, sourcesOf, type Source, type Tables } from './item-sources';
import { cursorId, cursorNumber, cursorText } from './keyset';

export interface ItemKey {
	kind: ItemKind;
	id: number;
	/** Its place: the part of the order, and the sort values in it. */
	at: ItemCursor;
}

/** The place of the last row shown. */
export type ItemCursor = readonly [part: number, text: string, number: number, kind: ItemKind, id: number];

export const itemCursorSchema = v.strictTuple([
	cursorId,
	cursorText,
	cursorNumber,
	v.picklist(ITEM_KINDS),
	cursorId,
]);

export type ListedFrom = 'wanted' | 'content';

/** A part of the order. */
interface Part {
	order: 'title' | 'age' | 'score';
	isWanted: boolean;
	state: SearchState | null;
	without: Question['without'];
}

/** What is under way first, then what comes next. */
const STATES_IN_ORDER: readonly SearchState[] = [
	'searching',
	'grabbed',
	'queued',
	'pending',
	'cooldown',
	'failed',
	'exhausted',
	'done',
];

/** At most `filter.limit + 1` keys after the cursor. */
export async function readItemKeys(
	ctx: AppContext,
	filter: NarrowedFilter,
	from: ListedFrom,
	after: ItemCursor | null,
): Promise<ItemKey[]> {
	const libraries = await readLibraries(ctx, filter);
	const parts = partsOf(filter, from);
	const isWanted = parts.every((part) => part.isWanted);
	const text = filter.q?.trim() ?? '';
	const words = text === '' ? null : await readWords(ctx, text);
	if (text !== '' && words === null) return [];
	const found = await Promise.all(
		libraries.map(async (library) => (words === null ? null : await findIn(ctx, words, library, isWanted))),
	);
	const keys: ItemKey[] = [];
	for (const [nth, part] of parts.entries()) {
		if (keys.length > filter.limit || (after !== null && nth < after[0])) continue;
		const questions = libraries.map((library) => ({ library, filter, words, ...part }));
		const left = filter.limit + 1 - keys.length;
		const start = after !== null && nth === after[0] ? after : null;
		keys.push(...(await readPart(ctx, { part, nth, questions, found, start, limit: left })));
	}
	return keys;
}

function partsOf(filter: NarrowedFilter, from: ListedFrom): Part[] {
	const waits = filter.why !== null && filter.why !== 'wanted';
	const isWanted = from === 'wanted' || filter.reason !== null || waits;
	const whole: Part = { order: 'title', isWanted, state: null, without: null };
	switch (filter.sort ?? (from === 'wanted' ? 'priority' : 'title')) {
		case 'title':
			return [whole];
		case 'priority':
			return [
				{ ...whole, order: 'score' },
				{ ...whole, without: 'queued' },
			];
		case 'age': {
			const wanted: Part = { ...whole, order: 'age', isWanted: true };
			return isWanted ? [wanted] : [wanted, { ...whole, without: 'wanted' }];
		}
		case 'state': {
			const asked = filter.state === null || filter.state === 'excluded' ? null : filter.state;
			const states = STATES_IN_ORDER.filter((state) => asked === null || state === asked);
			return states.map((state) => ({ ...whole, state }));
		}
	}
}

interface Asked {
	part: Part;
	/** Which part it is. */
	nth: number;
	/** One for each library. */
	questions: readonly Question[];
	found: readonly (Found | null)[];
	start: ItemCursor | null;
	limit: number;
}

async function readPart(ctx: AppContext, asked: Asked): Promise<ItemKey[]> {
	const { part, nth, questions, found, limit } = asked;
	const sources =
		part.order === 'score'
			? questions.map((): Source => ({ from: 'all' }))
			: await sourcesOf(ctx, questions, found);
	const statements = questions.flatMap((question, at) => {
		const source = sources[at];
		return source === undefined ? [] : [statementOf(asked, question, source)];
	});
	if (statements.length === 0) return [];
	const rows = await rowsOf<{ kind: ItemKind; id: number; text: string; number: number }>(
		ctx.db,
		sql`select * from (${sql.join(statements, sql` union all `)}) x order by text, number, kind, id limit ${rawLimit(limit)}`,
	);
	return rows.map(({ kind, id, text, number }) => ({ kind, id, at: [nth, text, number, kind, id] }));
}

/** Written out, so that the planner knows how far it has to read. */
const rawLimit = (limit: number): SQL => sql.raw(String(Math.trunc(limit)));

/** A library's keys in the order of the part. */
function statementOf({ part, start, limit }: Asked, question: Question, source: Source): SQL {
	const { kind } = question.library;
	const id = idOf(question);
	const { text, number, order, tables, implied } = ORDERS[part.order](question, source, start);
	const seek =
		start === null
			? []
			: [
					...implied,
					sql`(${text}, ${number}, ${kind}::text, ${id}) > (${start[1]}::text, ${start[2]}::float8, ${start[3]}::text, ${start[4]}::int)`,
				];
	const where = sql.join(
		[sql`true`, ...tables.where, ...conditionsOf(question, source.inState), ...seek],
		sql` and `,
	);
	return sql`(select ${kind}::text as kind, ${id} as id, ${text} as text, ${number} as number
		from ${tables.from} where ${where} order by ${order}, ${id} limit ${rawLimit(limit)})`;
}

interface Order {
	tables: Tables;
	/** Sort values, alike in all libraries. */
	text: SQL;
	number: SQL;
	/** The same order, in words that an index knows. */
	order: SQL;
	/** Follows from the place where the part goes on, and can be looked up. */
	implied: SQL[];
}

/** Sorts what has no date behind everything that has one. */
const NEVER = 1e12;

const ORDERS: Readonly<
	Record<Part['order'], (question: Question, source: Source, start: ItemCursor | null) => Order>
> = {
	title: (question, source, start) => {
		const { text, number } = placeOf(question);
		const implied = start === null ? [] : [sql`${text} >= ${start[1]}`];
		return { tables: byTitle(question, source), text, number, order: sql`${text}, ${number}`, implied };
	},
	age: (question, source, start) => ({
		tables: byAge(question, source),
		text: sql`''::text`,
		number: sql`coalesce(-date_part('epoch', w.available_at), ${NEVER}::float8)`,
		order: sql`coalesce(w.available_at, '-infinity'::timestamptz) desc`,
		implied: start === null ? [] : [notAfter(start[2])],
	}),
	score: (question) => {
		const number = sql`(case when c.pinned then -1e9 else -c.score end)::float8`;
		return { tables: byScore(question), text: sql`''::text`, number, order: number, implied: [] };
	},
};

/** The order of the library: seasons and numbers within a series. */
function placeOf({ library, isWanted }: Question): Pick<Order, 'text' | 'number'> {
	if (library.kind === 'movie') return { text: sql`m.sort_title`, number: sql`m.year::float8` };
	const number = isWanted
		? sql`coalesce(w.number, 0)::float8`
		: sql`(e.season_number::bigint * 100000 + coalesce(e.episode_number, e.id % 100000))::float8`;
	return { text: sql`s.sort_title`, number };
}

/** A second more, since seconds with a fraction are not exact. */
const notAfter = (number: number): SQL =>
	number >= NEVER
		? sql`coalesce(w.available_at, '-infinity'::timestamptz) = '-infinity'::timestamptz`
		: sql`coalesce(w.available_at, '-infinity'::timestamptz) <= to_timestamp(${-number + 1}::float8)`;
