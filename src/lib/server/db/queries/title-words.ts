/**
 * Titles by their words, so that a show or an episode is found among a million without reading their titles. A row of
 * `title_words` stands for up to sixteen items: the words of their titles, and of their series'. It is written after a
 * sync, out of its way; what it points at is compared with the titles themselves.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { ItemKind } from '$lib/domain/words';
import type { DbOrTx } from '../client';
import { rowsOf } from '../rows';

/** What a user typed, in words as `words_of` makes them: each stands for all that begins with it. */
export interface Words {
	/** At least one. */
	list: readonly string[];
	query: string;
}

/** Null where nothing is a word: such a text is in no title. */
export async function wordsOf(db: DbOrTx, text: string): Promise<Words | null> {
	const rows = await rowsOf<{ list: string[] }>(
		db,
		sql`select to_jsonb(tsvector_to_array(words_of(${text}))) as list`,
	);
	const list = rows[0]?.list ?? [];
	if (list.length === 0) return null;
	// neither quotes nor backslashes are left in a word
	return { list, query: list.map((word) => `'${word}':*`).join(' & ') };
}

/** True of a title that holds each of the words. The first look is a cheap one, for titles of plain letters. */
export function heldBy({ list, query }: Words, title: SQL): SQL {
	const longest = [...list].sort((a, b) => b.length - a.length)[0] ?? '';
	return sql`(strpos(replace(lower(${title}), '''', ''), ${longest}) > 0 or octet_length(${title}) > length(${title})) and words_of(${title}) @@ ${query}::tsquery`;
}

/** What a block of titles must have: the words, and the word that stands for its connector (`title-index.ts`). */
const inLibrary = ({ query }: Words, connectorId: number): SQL =>
	sql`${`'#${String(connectorId)}' & ${query}`}::tsquery`;

/** Series that may hold the words, themselves or an episode of theirs: a query of `id`. */
export const seriesThatMayHold = (words: Words, connectorId: number): SQL =>
	sql`select distinct t.series_id as id from title_words t where t.words @@ ${inLibrary(words, connectorId)}`;

/** How many rows of the index may hold them, at most `limit`. */
export async function countBlocks(
	db: DbOrTx,
	words: Words,
	connectorId: number,
	limit: number,
): Promise<number> {
	const rows = await rowsOf<{ count: number }>(
		db,
		sql`select count(*)::int as count from (select from title_words t where t.words @@ ${inLibrary(words, connectorId)}
			limit ${limit}) blocks`,
	);
	return rows[0]?.count ?? 0;
}

/** Ids of the items that hold the words, in no order, at most `limit`; of those that are wanted, or of all. */
export async function itemsThatHold(
	db: DbOrTx,
	words: Words,
	of: { connectorId: number; kind: ItemKind; isWanted: boolean },
	limit: number,
): Promise<number[]> {
	const rows = await rowsOf<{ id: number }>(
		db,
		sql`select i.id from title_words t ${inBlock(of)}
			where t.words @@ ${inLibrary(words, of.connectorId)} and ${heldBy(words, sql`i.title`)}
			limit ${limit}`,
	);
	return rows.map(({ id }) => id);
}

/** The items of a block as `i`, each with the title that the words are looked for in. */
function inBlock({ kind, isWanted }: { kind: ItemKind; isWanted: boolean }): SQL {
	const own = sql.raw(kind === 'episode' ? 'episode_id' : 'movie_id');
	const table = sql.raw(kind === 'episode' ? 'episodes' : 'movies');
	const items = isWanted
		? sql`(select w.${own} from wanted w where w.${own} = any(t.items) offset 0) w
			cross join lateral (select * from ${table} x where x.id = w.${own} offset 0) x`
		: sql`${table} x where x.id = any(t.items)`;
	return kind === 'movie'
		? sql`cross join lateral (select x.id, x.title || ' ' || x.year as title from ${items} offset 0) i`
		: sql`cross join lateral (select x.title from series x where x.id = t.series_id offset 0) o
			cross join lateral (select x.id, o.title || ' ' || x.title as title from ${items} offset 0) i`;
}
