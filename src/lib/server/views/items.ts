/** Lists of library items: what is wanted, and everything that is mirrored. */
import { sql, type SQL } from 'drizzle-orm';
import * as v from 'valibot';
import type { AppContext } from '../app-context';
import { rowsOf } from '../db/rows';
import type { ItemFilter, ItemRow, Page, Scope, WantedCounts } from '$lib/domain/views';
import { episodeColumns, episodeJoins, movieColumns, movieJoins, toRow, type RawItem } from './item-rows';
import { cursorId, cursorNumber, cursorText, pageOf, readCursor } from './keyset';
import { whyOf } from './why';

const cursorSchema = v.strictTuple([cursorText, cursorNumber, v.picklist(['episode', 'movie']), cursorId]);

/** Sort expressions: a text and a number, both ascending; whatever is sorted downwards is negated. */
const SORTS: Readonly<Record<NonNullable<ItemFilter['sort']>, { text: SQL; number: SQL }>> = {
	priority: {
		text: sql`''`,
		number: sql`coalesce(case when q.pinned then -1e9 else -q.score end, 1e9)::float8`,
	},
	// Filled in by each part: the column is another one for episodes and movies.
	title: { text: sql`''`, number: sql`0::float8` },
	age: { text: sql`''`, number: sql`-extract(epoch from coalesce(w.available_at, 'epoch'))::float8` },
	state: { text: sql`coalesce(r.state, 'pending')`, number: sql`0::float8` },
};

export async function listWanted(ctx: AppContext, filter: ItemFilter): Promise<Page<ItemRow>> {
	return list(ctx, filter, 'wanted');
}

export async function listContent(ctx: AppContext, filter: ItemFilter): Promise<Page<ItemRow>> {
	return list(ctx, filter, 'content');
}

async function list(ctx: AppContext, filter: ItemFilter, from: 'wanted' | 'content'): Promise<Page<ItemRow>> {
	const after = readCursor(filter.cursor, cursorSchema);
	const sort = SORTS[filter.sort ?? (from === 'wanted' ? 'priority' : 'title')];
	const parts = [
		...(filter.kind === 'movie' ? [] : [episodePart(filter, from, sort)]),
		...(filter.kind === 'episode' ? [] : [moviePart(filter, from, sort)]),
	];
	const seek =
		after === null
			? sql`true`
			: sql`(x.sort_text, x.sort_number, x.kind, x.id) > (${after[0]}, ${after[1]}::float8, ${after[2]}, ${after[3]}::int)`;
	const rows = await rowsOf<RawItem>(
		ctx.db,
		sql`
		select * from (${sql.join(parts, sql` union all `)}) x
		where ${seek}
		order by x.sort_text, x.sort_number, x.kind, x.id
		limit ${filter.limit + 1}`,
	);
	const page = pageOf([...rows], filter.limit, (last) => [
		last.sort_text,
		Number(last.sort_number),
		last.kind,
		last.id,
	]);
	const why = await whyOf(ctx, page.items);
	return {
		items: page.items.map((row, at) => toRow(row, why[at])),
		nextCursor: page.nextCursor,
	};
}

interface Sort {
	text: SQL;
	number: SQL;
}

function episodePart(filter: ItemFilter, from: 'wanted' | 'content', sort: Sort): SQL {
	const source =
		from === 'wanted'
			? sql`wanted w join episodes e on e.id = w.episode_id`
			: sql`episodes e left join wanted w on w.episode_id = e.id`;
	return sql`select * from (
		select ${episodeColumns}, ${named(sort, sql`s.sort_title`, sql`e.season_number * 100000 + coalesce(e.episode_number, e.id % 100000)`)}
		from ${source} ${episodeJoins}
		where ${conditions(filter, sql`e.presence`, sql`s.title`, sql`e.title`)}) y where ${stateCondition(filter)}`;
}

function moviePart(filter: ItemFilter, from: 'wanted' | 'content', sort: Sort): SQL {
	const source =
		from === 'wanted'
			? sql`wanted w join movies m on m.id = w.movie_id`
			: sql`movies m left join wanted w on w.movie_id = m.id`;
	return sql`select * from (
		select ${movieColumns}, ${named(sort, sql`m.sort_title`, sql`m.year`)}
		from ${source} ${movieJoins}
		where ${conditions(filter, sql`m.presence`, sql`m.title`, null)}) y where ${stateCondition(filter)}`;
}

/** The sort by title means another column in each part. */
function named(sort: Sort, sortTitle: SQL, sortOrder: SQL): SQL {
	if (sort === SORTS.title) return sql`${sortTitle} as sort_text, (${sortOrder})::float8 as sort_number`;
	return sql`${sort.text} as sort_text, ${sort.number} as sort_number`;
}

function conditions(filter: ItemFilter, presence: SQL, title: SQL, subtitle: SQL | null): SQL {
	const all: SQL[] = [sql`${presence} <> 'deleted'`];
	if (filter.connectorIds !== null) all.push(sql`c.id = any(${sql.param(filter.connectorIds)}::int[])`);
	if (filter.reason !== null) all.push(sql`w.reason = ${filter.reason}`);
	if (filter.q !== null && filter.q.trim() !== '') {
		const pattern = `%${likeText(filter.q.trim())}%`;
		all.push(
			subtitle === null
				? sql`${title} ilike ${pattern}`
				: sql`(${title} ilike ${pattern} or ${subtitle} ilike ${pattern})`,
		);
	}
	return sql.join(all, sql` and `);
}

function stateCondition(filter: ItemFilter): SQL {
	if (filter.state === null) return sql`true`;
	if (filter.state === 'excluded') return sql`y.excluded`;
	return sql`coalesce(y.state, 'pending') = ${filter.state}`;
}

/** `%` and `_` of a user's words are letters, not wildcards. */
export const likeText = (text: string): string => text.replace(/[\\%_]/g, (letter) => `\\${letter}`);

/** Counts for the tabs of the wanted page. */
export async function countWanted(ctx: AppContext, scope: Scope): Promise<WantedCounts> {
	const only =
		scope.connectorIds === null
			? sql`true`
			: sql`connector_id = any(${sql.param(scope.connectorIds)}::int[])`;
	const rows = await rowsOf<{ reason: string; count: number }>(
		ctx.db,
		sql`select reason, count(*)::int as count from wanted where ${only} group by reason`,
	);
	const [complete] = await rowsOf<{ count: number; format_on: boolean }>(
		ctx.db,
		sql`
		select
			(select count(*)::int from episodes where ${only} and file_arr_id <> 0 and presence <> 'deleted') +
			(select count(*)::int from movies where ${only} and file_arr_id <> 0 and presence <> 'deleted') as count,
			exists (select 1 from connectors where (settings #>> '{kinds,format,enabled}')::boolean) as format_on`,
	);
	const of = (reason: string): number => rows.find((row) => row.reason === reason)?.count ?? 0;
	return {
		all: of('gap') + of('quality') + of('format'),
		gap: of('gap'),
		quality: of('quality'),
		format: complete?.format_on === true ? of('format') : null,
		complete: complete?.count ?? 0,
	};
}
