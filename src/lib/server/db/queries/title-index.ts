/**
 * Writing the index of titles, `title_words`: a row for up to sixteen episodes of a series, or movies, with the words
 * of their titles. Each row says what it was made of, so that only what has changed is written again.
 */
import type { SQL } from 'bun';
import { intList } from '../bulk';

/** So large that the index stays small, so small that few are looked through in vain. */
const BLOCK = 16;

/** With the connector as a word of its own, that no title has: one index serves them all, and none pays for another. */
const wordsOf = (titles: string, connector: string): string =>
	`words_of(${titles}) || array_to_tsvector(array['#' || ${connector}::int])`;

/** What the rows of a series are made of: its title, and its episodes as they were last read. */
const MADE_OF = `concat_ws(' ', md5(s.title), coalesce(s.content_hash, extract(epoch from s.episodes_read_at)::text))`;

/** Series that were read since their titles were indexed. */
export async function staleSeries(sql: SQL, connectorId: number): Promise<number[]> {
	const rows = (await sql.unsafe(
		`select s.id from series s left join title_words t on t.series_id = s.id and t.block = 0
		where s.connector_id = $1 and s.presence <> 'deleted' and t.made_of is distinct from ${MADE_OF} order by s.id`,
		[connectorId],
	)) as { id: number }[];
	return rows.map(({ id }) => id);
}

/** Writes the rows of these series anew. */
export async function indexSeriesTitles(tx: SQL, ids: readonly number[]): Promise<void> {
	const list = intList(ids);
	await tx`delete from title_words where series_id = any(${list}::text::int[])`;
	await tx.unsafe(
		`insert into title_words (connector_id, series_id, block, items, words, made_of)
		select s.connector_id, s.id, coalesce(b.block, 0), coalesce(b.items, '{}'), ${wordsOf("concat_ws(' ', s.title, b.titles)", 's.connector_id')}, ${MADE_OF}
		from series s left join lateral (
			select block, array_agg(id) as items, string_agg(title, ' ') as titles from (
				select e.id, e.title, (row_number() over (order by e.season_number, e.episode_number, e.id) - 1) / ${String(BLOCK)} as block
				from episodes e where e.series_id = s.id and e.presence <> 'deleted') numbered
			group by block) b on true
		where s.id = any($1::text::int[])`,
		[list],
	);
}

/** Writes the rows of a connector's movies that have changed; gives back how many. */
export async function indexMovieTitles(tx: SQL, connectorId: number): Promise<number> {
	const written: unknown[] = await tx.unsafe(
		`with blocks as (
			select m.id / ${String(BLOCK)} as block, array_agg(m.id order by m.id) as items,
				string_agg(m.title || ' ' || m.year, ' ' order by m.id) as titles
			from movies m where m.connector_id = $1 and m.presence <> 'deleted' group by 1),
		gone as (
			delete from title_words t where t.connector_id = $1 and t.series_id is null
				and not exists (select from blocks b where b.block = t.block))
		insert into title_words (connector_id, block, items, words, made_of)
		select $1, b.block, b.items, ${wordsOf('b.titles', '$1')}, md5(b.items::text || b.titles)
		from blocks b left join title_words t on t.connector_id = $1 and t.series_id is null and t.block = b.block
		where t.made_of is distinct from md5(b.items::text || b.titles)
		on conflict (connector_id, block) where series_id is null
			do update set items = excluded.items, words = excluded.words, made_of = excluded.made_of
		returning 1`,
		[connectorId],
	);
	return written.length;
}
