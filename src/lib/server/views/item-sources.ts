/**
 * Where the rows of a list are read from. What many have is met on the way through the library in the order that is
 * asked for; what few have is gathered first and sorted. Either way a page costs no more than a few thousand look-ups,
 * however large the library is. `offset 0` keeps the planner from joining whole tables instead.
 */
import { sql, type SQL } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { rowsOf } from '../db/rows';
import type { ItemKind } from '$lib/domain/words';
import { keyOf, looksAtItem, onTheirWay, type Question } from './item-conditions';
import type { Library } from './item-libraries';
import type { Found } from './item-search';

/** `ids` is a query of one column, `id`. */
export type Source = (
	| /** The whole library, in the order of its titles or of age. */
	  { from: 'all' }
	| { from: 'items'; ids: SQL }
	/** Series that may hold such episodes. */
	| { from: 'series'; ids: SQL }
) & {
	/** All that are in the state that is asked for, where they are few enough to be held beside the library. */
	inState?: SQL;
};

/** A large library, where its size is not at hand. */
const ITEMS: Readonly<Record<ItemKind, number>> = { episode: 200_000, movie: 50_000 };
/** Memories that are looked through for those of items that are still wanted. */
const LOOKED_THROUGH = 20_000;

/** The source of each library's rows. */
export async function sourcesOf(
	ctx: AppContext,
	questions: readonly Question[],
	found: readonly (Found | null)[],
): Promise<Source[]> {
	const candidates = questions.map((question, at) =>
		found[at]?.items === undefined ? candidatesOf(question) : [],
	);
	const sizes = await sizesOf(ctx, candidates.flat());
	return questions.map((question, at) => {
		const few = (candidates[at] ?? [])
			.map((candidate) => ({ ...candidate, size: sizes.get(candidate) ?? Infinity }))
			.filter(({ size, most }) => size <= most)
			.sort((a, b) => a.size - b.size)[0];
		if (few !== undefined) return { from: 'items', ids: few.ids };
		const held = candidates[at]?.find((one) => (sizes.get(one) ?? Infinity) <= (one.heldAtMost ?? 0));
		const source = wider(question, found[at] ?? null);
		return held === undefined ? source : { ...source, inState: upTo(held.ids, LOOKED_THROUGH) };
	});
}

function wider({ library, filter }: Question, found: Found | null): Source {
	if (found?.items !== undefined) {
		const ids = sql.param([...found.items]);
		return { from: 'items', ids: sql`select unnest(${ids}::int[]) as id` };
	}
	const byRule = filter.state === 'excluded' || filter.why === 'not_excluded';
	if (byRule && library.kind === 'episode')
		return { from: 'series', ids: seriesUnderRules(library.connectorId) };
	return found?.series === undefined ? { from: 'all' } : { from: 'series', ids: found.series };
}

/** What might be few. */
interface Candidate {
	/** A query of ids that every row of the list is among. */
	ids: SQL;
	most: number;
	/** Those of them that count, if not all; looked for where the ids are not more than `LOOKED_THROUGH`. */
	counted?: SQL;
	/** They are in the state that is asked for; up to so many are held while the library is read in its order. */
	heldAtMost?: number;
}

function candidatesOf(question: Question): Candidate[] {
	const { library, filter, isWanted, state } = question;
	const { connectorId, kind, wanted } = library;
	const most = gatheredAtMost(question);
	const all: Candidate[] = [];
	const asked = state ?? filter.state;
	if (asked !== null && asked !== 'pending' && asked !== 'excluded')
		all.push({
			...remembered(question, sql`r.state = ${asked}`),
			most,
			...(isWanted ? {} : { heldAtMost: LOOKED_THROUGH }),
		});
	if (filter.why === 'not_covered_by_season')
		all.push({ ...remembered(question, sql`r.state = 'searching' and r.covered_by is not null`), most });
	if (filter.why === 'not_in_flight' && filter.queueUnknown?.includes(connectorId) !== true)
		all.push({ ids: onTheirWay(library), most });
	if (filter.state === 'excluded' || filter.why === 'not_excluded')
		all.push({
			ids: kind === 'movie' ? moviesUnderRules(connectorId) : episodesUnderRules(connectorId),
			most,
		});
	const count = filter.reason === null ? wantedInAll(wanted) : wanted[filter.reason];
	if (isWanted && count <= most) all.push({ ids: wantedOf(question), most });
	return all;
}

const wantedInAll = ({ gap, quality, format }: Library['wanted']): number => gap + quality + format;

/** Of `n` among `size` rows a page is met after `size / n` times its length: as many as that are not worth gathering. */
function gatheredAtMost({ library, filter, isWanted }: Question): number {
	const size = isWanted ? wantedInAll(library.wanted) : ITEMS[library.kind];
	return Math.ceil(Math.sqrt((filter.limit + 1) * size));
}

/** Items of which that is remembered; of what is wanted, only those that still are matter. */
function remembered({ library, isWanted }: Question, which: SQL): Pick<Candidate, 'ids' | 'counted'> {
	const own = keyOf(library.kind);
	const ids = sql`select r.${own} as id from search_registry r
		where r.connector_id = ${library.connectorId} and r.${own} is not null and ${which}`;
	const stillWanted = sql`select from (${ids}) c cross join lateral (select from wanted x where x.${own} = c.id offset 0) w`;
	return isWanted ? { ids, counted: stillWanted } : { ids };
}

function wantedOf({ library: { connectorId, kind }, filter }: Question): SQL {
	const own = keyOf(kind);
	const reason = filter.reason === null ? sql`` : sql` and x.reason = ${filter.reason}`;
	return sql`select x.${own} as id from wanted x where x.connector_id = ${connectorId} and x.${own} is not null${reason}`;
}

/** The limit is also what tells the planner that they are few: it would look through them for each row otherwise. */
const upTo = (query: SQL, most: number): SQL =>
	sql`select * from (${query}) ids limit ${sql.raw(String(most))}`;

/** How many each gives, as far as that matters. */
async function sizesOf(ctx: AppContext, candidates: readonly Candidate[]): Promise<Map<Candidate, number>> {
	if (candidates.length === 0) return new Map();
	const count = (query: SQL, most: number): SQL =>
		sql`(select count(*) from (${upTo(query, most + 1)}) few)::int`;
	const sizes = candidates.map(({ ids, most, counted, heldAtMost = most }) =>
		counted === undefined
			? count(ids, heldAtMost)
			: sql`case when ${count(ids, LOOKED_THROUGH)} <= ${LOOKED_THROUGH} then ${count(counted, most)} else ${LOOKED_THROUGH} end`,
	);
	const [row] = await rowsOf<{ sizes: number[] }>(
		ctx.db,
		sql`select json_build_array(${sql.join(sizes, sql`, `)}) as sizes`,
	);
	return new Map(candidates.map((candidate, at) => [candidate, row?.sizes[at] ?? Infinity]));
}

const seriesUnderRules = (connectorId: number): SQL =>
	sql`select distinct x.id from target_rules t join series x on x.connector_id = t.connector_id
			and x.tvdb_id = nullif(substring(t.target_key from '^series:(\\d+)'), '')::int
		where t.connector_id = ${connectorId} and t.excluded`;

/** An item's own rule names it; those of seasons and series are compared with all of its episodes. */
const episodesUnderRules = (connectorId: number): SQL =>
	sql`select x.id from target_rules t
		cross join lateral (select * from series x where x.connector_id = t.connector_id
			and x.tvdb_id = nullif(substring(t.target_key from '^series:(\\d+)'), '')::int offset 0) o
		cross join lateral (
			select x.id from episodes x where t.scope = 'item' and x.series_id = o.id and x.natural_key = split_part(t.target_key, '/', 2)
			union all select x.id from episodes x where t.scope = 'series' and x.series_id = o.id
			union all select x.id from episodes x where t.scope = 'season' and x.series_id = o.id
				and x.season_number::text = split_part(t.target_key, '/season:', 2)) x
		where t.connector_id = ${connectorId} and t.excluded`;

const moviesUnderRules = (connectorId: number): SQL =>
	sql`select x.id from target_rules t join movies x on x.connector_id = t.connector_id and x.natural_key = t.target_key
		where t.connector_id = ${connectorId} and t.excluded and t.scope = 'item'`;

/** Tables for `from`, and what connects them to the library. */
export interface Tables {
	from: SQL;
	where: SQL[];
}

const wantedBy = (which: SQL): SQL =>
	sql` cross join lateral (select * from wanted x where ${which} offset 0) w`;
const episodeBy = (id: SQL): SQL =>
	sql` cross join lateral (select * from episodes x where x.id = ${id} offset 0) e`;
const seriesBy = (id: SQL): SQL =>
	sql` cross join lateral (select * from series x where x.id = ${id} offset 0) s`;
const movieBy = (id: SQL): SQL =>
	sql` cross join lateral (select * from movies x where x.id = ${id} offset 0) m`;

/** The wanted row of an item, or the item; and what else is sorted by or asked about. */
function rowBy(question: Question, id: SQL): SQL {
	const { library, isWanted } = question;
	const w = isWanted ? wantedBy(sql`x.${keyOf(library.kind)} = ${id}`) : sql``;
	return sql`${w}${besides(question, isWanted ? null : id)}`;
}

/** What stands beside a wanted row; without one, the item by its id. */
function besides(question: Question, id: SQL | null): SQL {
	if (question.library.kind === 'movie') return movieBy(id ?? sql`w.movie_id`);
	if (id !== null) return sql`${episodeBy(id)}${seriesBy(sql`e.series_id`)}`;
	return sql`${seriesBy(sql`w.series_id`)}${looksAtItem(question) ? episodeBy(sql`w.episode_id`) : sql``}`;
}

/** In the order of titles, if they are read in the order of an index or sorted before; else to be sorted. */
export function byTitle(question: Question, source: Source): Tables {
	const { library, isWanted } = question;
	const { kind, connectorId } = library;
	if (source.from === 'items')
		return { from: sql`(${source.ids}) c${rowBy(question, sql`c.id`)}`, where: [] };
	if (kind === 'movie') {
		const w = isWanted ? wantedBy(sql`x.movie_id = m.id`) : sql``;
		return { from: sql`movies m${w}`, where: [sql`m.connector_id = ${connectorId}`] };
	}
	const series =
		source.from === 'all'
			? sql`series s`
			: sql`(select x.* from (${source.ids}) c join series x on x.id = c.id order by x.sort_title) s`;
	const episodes = isWanted
		? sql`${wantedBy(sql`x.series_id = s.id`)}${looksAtItem(question) ? episodeBy(sql`w.episode_id`) : sql``}`
		: sql` cross join lateral (select * from episodes x where x.series_id = s.id offset 0) e`;
	return { from: sql`${series}${episodes}`, where: [sql`s.connector_id = ${connectorId}`] };
}

/** What is wanted, in the order of age or to be sorted. */
export function byAge(question: Question, source: Source): Tables {
	if (source.from !== 'all') return byTitle(question, source);
	const beside = looksAtItem(question) ? besides(question, null) : sql``;
	return {
		from: sql`wanted w${beside}`,
		where: [sql`w.connector_id = ${question.library.connectorId}`],
	};
}

/** The line of the connector as `c`, with its ranks. */
export const byScore = (question: Question): Tables => {
	const { kind, connectorId } = question.library;
	return {
		from: sql`(select r.${keyOf(kind)} as id, q.pinned, q.score from request_queue q join search_registry r on r.id = q.registry_id
			where q.connector_id = ${connectorId} and r.${keyOf(kind)} is not null) c${rowBy(question, sql`c.id`)}`,
		where: [],
	};
};
