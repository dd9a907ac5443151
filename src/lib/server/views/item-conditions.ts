/** What a filter of the item lists asks of a row, as conditions that an index can answer. */
import { sql, type SQL } from 'drizzle-orm';
import type { ItemFilter } from '$lib/domain/views';
import type { ItemKind, SearchState } from '$lib/domain/words';

/** A filter by why, with what is known of the connectors. */
export interface NarrowedFilter extends ItemFilter {
	now?: Date;
	/** Connectors whose download queue is not known, so that everything of them waits for it. */
	queueUnknown?: readonly number[];
}

interface Asked {
	kind: ItemKind;
	filter: NarrowedFilter;
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
	return [...all, ...mayWaitFor(kind, id, row, filter), ...foundBy(kind, id, filter)];
}

/** Longer than any grace time can be set to. */
const LONGEST_GRACE = '31 days';

/** What an item that waits for something must have; more may have it. Only what is wanted waits. */
function mayWaitFor(kind: ItemKind, id: SQL, row: SQL, { why, now, queueUnknown }: NarrowedFilter): SQL[] {
	const own = sql.raw(kind === 'episode' ? 'episode_id' : 'movie_id');
	switch (why) {
		case 'wanted':
			return [sql`not exists (select from wanted x where x.${own} = ${id})`];
		case 'not_excluded':
			return [sql`${id} in (${excludedOf(kind)})`];
		case 'grace_and_delay':
			return now === undefined
				? []
				: [sql`w.available_at > ${now}::timestamptz - ${LONGEST_GRACE}::interval`];
		case 'not_in_flight':
			return [
				sql`(${row}.connector_id = any(${sql.param([...(queueUnknown ?? [])])}::int[]) or ${id} in (
					select r.${own} from search_registry r where r.${own} is not null and r.state in ('searching', 'grabbed')
					union all select a.${own} from arr_queue a where a.${own} is not null
					union all select g.${own} from grabs g where g.${own} is not null and g.result = 'following'))`,
			];
		case 'not_covered_by_season':
			return [
				sql`exists (select from search_registry r where r.${own} = ${id} and r.covered_by is not null)`,
			];
		case 'state':
			return [
				sql`exists (select from search_registry r where r.${own} = ${id}
					and (r.next_eligible_at is not null or r.state in ('cooldown', 'failed', 'exhausted', 'done')))`,
			];
		default:
			return [];
	}
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
