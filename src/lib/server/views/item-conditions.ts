/** What a filter of the item lists asks of a row, as conditions that an index can answer. */
import { sql, type SQL } from 'drizzle-orm';
import type { ItemFilter } from '$lib/domain/views';
import type { ItemKind, SearchState } from '$lib/domain/words';

interface Asked {
	kind: ItemKind;
	filter: ItemFilter;
	/** Rows come from `wanted w`, which holds only what is present. */
	isWanted: boolean;
	/** The item's id. */
	id: SQL;
}

export function conditionsOf({ kind, filter, isWanted, id }: Asked): SQL[] {
	const row = isWanted ? sql.raw('w') : kind === 'episode' ? sql.raw('e') : sql.raw('m');
	const all: SQL[] = [isWanted ? sql`${id} is not null` : sql`${row}.presence <> 'deleted'`];
	if (filter.connectorIds !== null)
		all.push(sql`${row}.connector_id = any(${sql.param(filter.connectorIds)}::int[])`);
	if (filter.reason !== null) all.push(sql`w.reason = ${filter.reason}`);
	if (filter.state === 'excluded') all.push(sql`${id} in (${excludedOf(kind)})`);
	else if (filter.state !== null) all.push(isInState(kind, id, filter.state));
	return [...all, ...foundBy(kind, id, filter)];
}

/** Both sides are in the order of their ids, so that they can be read side by side. What has no memory is pending. */
export function isInState(kind: ItemKind, id: SQL, state: SearchState): SQL {
	const own = kind === 'episode' ? sql`r.episode_id = ${id}` : sql`r.movie_id = ${id}`;
	return state === 'pending'
		? sql`not exists (select from search_registry r where ${own} and r.state <> 'pending')`
		: sql`exists (select from search_registry r where ${own} and r.state = ${state})`;
}

/** Items whose title, or whose series' title, holds the words. */
function foundBy(kind: ItemKind, id: SQL, { q, connectorIds }: ItemFilter): SQL[] {
	const words = q?.trim() ?? '';
	if (words === '') return [];
	const pattern = `%${likeText(words)}%`;
	const inScope = (of: SQL): SQL =>
		connectorIds === null ? sql`` : sql` and ${of}.connector_id = any(${sql.param(connectorIds)}::int[])`;
	if (kind === 'movie')
		return [sql`${id} in (select fm.id from movies fm where fm.title ilike ${pattern}${inScope(sql`fm`)})`];
	return [
		sql`${id} in (
			select fe.id from series fs join episodes fe on fe.series_id = fs.id where fs.title ilike ${pattern}${inScope(sql`fs`)}
			union select fe.id from episodes fe where fe.title ilike ${pattern}${inScope(sql`fe`)})`,
	];
}

/** Ids of what the user excluded, by item, season or series. */
const excludedOf = (kind: ItemKind): SQL =>
	kind === 'movie'
		? sql`select xm.id from target_rules t join movies xm on xm.connector_id = t.connector_id and xm.natural_key = t.target_key
			where t.excluded and t.scope = 'item'`
		: sql`select xe.id from target_rules t
			join series xs on xs.connector_id = t.connector_id
				and xs.tvdb_id = nullif(substring(t.target_key from '^series:(\\d+)'), '')::int
			join episodes xe on xe.series_id = xs.id and (
				t.scope = 'series'
				or t.scope = 'season' and t.target_key = 'series:' || xs.tvdb_id || '/season:' || xe.season_number
				or t.scope = 'item' and t.target_key = 'series:' || xs.tvdb_id || '/' || xe.natural_key)
			where t.excluded`;

/** `%` and `_` of a user's words are letters, not wildcards. */
const likeText = (text: string): string => text.replace(/[\\%_]/g, (letter) => `\\${letter}`);
