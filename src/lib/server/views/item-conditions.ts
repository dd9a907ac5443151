/**
 * What a filter of the item lists asks of one row, as conditions that are tried row by row: each is a look-up, never a
 * pass over a table. Rows are `e` with its series `s`, or `m`; in a list of what is wanted `w`, with the others beside it
 * where they are asked about.
 */
import { sql, type SQL } from 'drizzle-orm';
import { heldBy, type Words } from '../db/queries/title-words';
import type { ItemFilter } from '$lib/domain/views';
import type { ItemKind, SearchState } from '$lib/domain/words';
import type { Library } from './item-libraries';

/** A filter, with what is known of the connectors where it narrows by why. */
export interface NarrowedFilter extends ItemFilter {
	now?: Date;
	/** Connectors whose download queue is not known, so that everything of them waits for it. */
	queueUnknown?: readonly number[];
}

/** What is asked of the rows of one library. */
export interface Question {
	library: Library;
	filter: NarrowedFilter;
	/** The list is of what is wanted. */
	isWanted: boolean;
	/** The state of the part of the list that is read; in place of the filter's. */
	state: SearchState | null;
	/** Left to another part of the list. */
	without: 'queued' | 'wanted' | null;
	words: Words | null;
}

/** The column that refers to such an item. */
export const keyOf = (kind: ItemKind): SQL => sql.raw(kind === 'episode' ? 'episode_id' : 'movie_id');

/** The item's id. A wanted row knows it, and what its item is sorted by: the item itself is read only where asked. */
export function idOf({ library: { kind }, isWanted }: Question): SQL {
	if (isWanted) return sql`w.${keyOf(kind)}`;
	return kind === 'episode' ? sql`e.id` : sql`m.id`;
}

/** The conditions name the episode, and not only its wanted row. */
export const looksAtItem = ({ words, filter }: Question): boolean =>
	words !== null || filter.state === 'excluded' || filter.why === 'not_excluded';

/** Longer than any grace time can be set to. */
const LONGEST_GRACE = '31 days';

/** `inState`: all that are in the state that is asked for, if they are few. */
export function conditionsOf(question: Question, inState?: SQL): SQL[] {
	const { library, filter, isWanted, state, without, words } = question;
	const { kind, connectorId } = library;
	const all: SQL[] = [];
	if (!isWanted) all.push(kind === 'episode' ? sql`e.presence <> 'deleted'` : sql`m.presence <> 'deleted'`);
	if (filter.reason !== null) all.push(sql`w.reason = ${filter.reason}`);
	if (filter.state === 'excluded') all.push(isExcluded(kind, connectorId));
	const asked = state ?? (filter.state === 'excluded' ? null : filter.state);
	if (asked !== null)
		all.push(
			inState === undefined ? sql`${stateOf(question)} = ${asked}` : sql`${idOf(question)} in (${inState})`,
		);
	if (without === 'queued') all.push(sql`${stateOf(question)} <> 'queued'`);
	if (without === 'wanted') all.push(sql`not ${isWantedNow(question)}`);
	if (words !== null)
		all.push(
			heldBy(words, kind === 'episode' ? sql`s.title || ' ' || e.title` : sql`m.title || ' ' || m.year`),
		);
	return [...all, ...mayWaitFor(question)].map(metByMany);
}

/**
 * Rows are read in their order until a page is full, and `coalesce` keeps it so: the planner cannot see into it, and
 * takes half of the rows for such. By its own reckoning of these conditions hardly any is, and it would sort them all.
 */
const metByMany = (condition: SQL): SQL => sql`coalesce(${condition}, false)`;

/** What has no memory is pending. A look-up for each row: joined, all memories would be read. */
const stateOf = (of: Question): SQL =>
	sql`coalesce((select r.state from search_registry r where r.${keyOf(of.library.kind)} = ${idOf(of)}), 'pending')`;

const isWantedNow = (of: Question): SQL =>
	sql`coalesce((select true from wanted x where x.${keyOf(of.library.kind)} = ${idOf(of)}), false)`;

/** By a rule of the user on the item, its season or its series. */
function isExcluded(kind: ItemKind, connectorId: number): SQL {
	const rule = (scope: string, key: SQL): SQL =>
		sql`exists (select from target_rules t where t.connector_id = ${connectorId} and t.excluded and t.scope = ${scope}
			and t.target_key = ${key})`;
	if (kind === 'movie') return rule('item', sql`m.natural_key`);
	const rules = [
		rule('series', sql`'series:' || s.tvdb_id`),
		rule('season', sql`'series:' || s.tvdb_id || '/season:' || e.season_number`),
		rule('item', sql`'series:' || s.tvdb_id || '/' || e.natural_key`),
	];
	return sql`(${sql.join(rules, sql` or `)})`;
}

/** What an item that waits for something must have; more may have it. Only what is wanted waits. */
function mayWaitFor(question: Question): SQL[] {
	const { library, filter } = question;
	const { kind, connectorId } = library;
	const own = keyOf(kind);
	const id = idOf(question);
	const { why, now, queueUnknown } = filter;
	switch (why) {
		case 'wanted':
			return [sql`not ${isWantedNow(question)}`];
		case 'not_excluded':
			return [isExcluded(kind, connectorId)];
		case 'grace_and_delay':
			return now === undefined
				? []
				: [sql`w.available_at > ${now}::timestamptz - ${LONGEST_GRACE}::interval`];
		case 'not_in_flight':
			return queueUnknown?.includes(connectorId) === true ? [] : [sql`${id} in (${onTheirWay(library)})`];
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

/** Ids of what is searched, grabbed or in a download queue. */
export function onTheirWay({ kind, connectorId }: Library): SQL {
	const own = keyOf(kind);
	return sql`select r.${own} as id from search_registry r
			where r.connector_id = ${connectorId} and r.state in ('searching', 'grabbed') and r.${own} is not null
		union select a.${own} from arr_queue a where a.connector_id = ${connectorId} and a.${own} is not null
		union select g.${own} from grabs g where g.connector_id = ${connectorId} and g.result = 'following' and g.${own} is not null`;
}
