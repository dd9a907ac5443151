/** Lists of library items: what is wanted, and everything that is mirrored. */
import { sql } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { readWantedCounts, wantedInAll } from '../db/queries/wanted-counts';
import { rowsOf } from '../db/rows';
import type { ItemFilter, ItemRow, Page, Scope, WantedCounts } from '$lib/domain/views';
import type { Gate, ItemKind, WantedReason } from '$lib/domain/words';
import { itemCursorSchema, readItemKeys, type ItemCursor, type ItemKey, type ListedFrom } from './item-keys';
import { episodeColumns, episodeJoins, movieColumns, movieJoins, toRow, type RawItem } from './item-rows';
import { itemsThatWait } from './items-why';
import { pageOf, readCursor, writeCursor } from './keyset';
import { libraryOf } from './library';
import { whyOf } from './why';

export const listWanted = (ctx: AppContext, filter: ItemFilter): Promise<Page<ItemRow>> =>
	list(ctx, filter, 'wanted');

export const listContent = (ctx: AppContext, filter: ItemFilter): Promise<Page<ItemRow>> =>
	list(ctx, filter, 'content');

/** First the keys of the page, then what its rows show: nothing is joined for rows that are not shown. */
async function list(ctx: AppContext, filter: ItemFilter, from: ListedFrom): Promise<Page<ItemRow>> {
	const after = readCursor(filter.cursor, itemCursorSchema);
	const { why: gate } = filter;
	if (gate !== null) return listWaiting(ctx, { ...filter, why: gate }, from, after);
	const keys = await readItemKeys(ctx, filter, from, after);
	const page = pageOf(keys, filter.limit, ({ at }) => at);
	const rows = await readRows(ctx, page.items);
	const why = await whyOf(ctx, rows);
	return { items: rows.map((row, at) => toRow(row, why[at])), nextCursor: page.nextCursor };
}

/** Those that wait for one thing. A page may hold fewer than asked for and still not be the last. */
async function listWaiting(
	ctx: AppContext,
	filter: ItemFilter & { why: Gate },
	from: ListedFrom,
	after: ItemCursor | null,
): Promise<Page<ItemRow>> {
	const { items, lookedTo } = await itemsThatWait(ctx, filter, from, after, (keys) => readRows(ctx, keys));
	const page = pageOf(items, filter.limit, ({ key }) => key.at);
	const further = lookedTo === null ? null : writeCursor(lookedTo.at);
	return { items: page.items.map(({ row, why }) => toRow(row, why)), nextCursor: page.nextCursor ?? further };
}

/** In the order of the keys; one that was removed meanwhile is left out. */
async function readRows(ctx: AppContext, keys: readonly ItemKey[]): Promise<RawItem[]> {
	const idsOf = (kind: ItemKind): number[] => keys.flatMap((key) => (key.kind === kind ? [key.id] : []));
	const [episodes, movies] = [idsOf('episode'), idsOf('movie')];
	const found = await Promise.all([
		episodes.length === 0
			? []
			: rowsOf<RawItem>(
					ctx.db,
					sql`select ${episodeColumns} from episodes e left join wanted w on w.episode_id = e.id ${episodeJoins}
						where e.id = any(${sql.param(episodes)}::int[])`,
				),
		movies.length === 0
			? []
			: rowsOf<RawItem>(
					ctx.db,
					sql`select ${movieColumns} from movies m left join wanted w on w.movie_id = m.id ${movieJoins}
						where m.id = any(${sql.param(movies)}::int[])`,
				),
	]);
	const byKey = new Map(found.flat().map((row) => [`${row.kind} ${String(row.id)}`, row]));
	return keys.flatMap((key) => byKey.get(`${key.kind} ${String(key.id)}`) ?? []);
}

/** Counts for the tabs of the wanted page. */
export async function countWanted(ctx: AppContext, scope: Scope): Promise<WantedCounts> {
	const [counts, connectors, formats] = await Promise.all([
		readWantedCounts(ctx.db, scope.connectorIds),
		rowsOf<{ id: number }>(ctx.db, sql`select id from connectors`),
		rowsOf<{ on: boolean }>(
			ctx.db,
			sql`select exists (select 1 from connectors where (settings #>> '{kinds,format,enabled}')::boolean) as on`,
		),
	]);
	const inScope = connectors.filter(({ id }) => scope.connectorIds?.includes(id) ?? true);
	const libraries = await Promise.all(inScope.map(({ id }) => libraryOf(ctx, id)));
	const of = (reason: WantedReason): number => counts.reduce((sum, count) => sum + count[reason], 0);
	return {
		all: wantedInAll(counts),
		gap: of('gap'),
		quality: of('quality'),
		format: formats[0]?.on === true ? of('format') : null,
		complete: libraries.reduce((sum, { withFile }) => sum + withFile, 0),
		mirrored: libraries.reduce((sum, { items }) => sum + items, 0),
	};
}
