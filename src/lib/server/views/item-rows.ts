/** One SQL shape for every list of library items, wanted or not: what a row shows, joined once. */
import { sql, type SQL } from 'drizzle-orm';
import type { ItemRow, WhyFacts } from '$lib/domain/views';
import type { ConnectorKind, ItemKind, SearchState, WantedReason } from '$lib/domain/words';

/** A row as the database gives it; names are those of the select list below. */
export interface RawItem extends Record<string, unknown> {
	kind: ItemKind;
	id: number;
	connector_id: number;
	connector_name: string;
	connector_kind: ConnectorKind;
	title: string;
	subtitle: string | null;
	reason: WantedReason | null;
	has: string | null;
	state: SearchState | null;
	excluded: boolean;
	pinned: boolean | null;
	presence: string;
	unreadable: string | null;
	available_at: Date | null;
	next_eligible_at: Date | null;
	rest_reason: string | null;
	wanted_id: number | null;
}

/** Title of an episode row: `Harbor Nine · S02E05`, or the date where there is no number (Whisparr 2). */
const episodeTitle = sql`s.title || ' · ' || case
	when e.episode_number is not null then 'S' || lpad(e.season_number::text, greatest(2, length(e.season_number::text)), '0') || 'E' || lpad(e.episode_number::text, greatest(2, length(e.episode_number::text)), '0')
	else coalesce(e.air_date, 'undated') end`;

const isExcluded = (keys: SQL): SQL =>
	sql`exists (select 1 from target_rules t where t.connector_id = c.id and t.excluded and t.target_key in (${keys}))`;

export const episodeColumns = sql`
	'episode' as kind, e.id, c.id as connector_id, c.name as connector_name, c.kind as connector_kind,
	${episodeTitle} as title, e.title as subtitle, w.reason, f.quality_name as has, r.state,
	${isExcluded(sql`'series:' || s.tvdb_id, 'series:' || s.tvdb_id || '/season:' || e.season_number, 'series:' || s.tvdb_id || '/' || e.natural_key`)} as excluded,
	q.pinned, greatest(e.presence, s.presence) as presence, coalesce(e.unreadable, s.unreadable) as unreadable,
	coalesce(w.available_at, e.air_date_utc) as available_at, r.next_eligible_at, r.rest_reason, w.id as wanted_id`;

export const episodeJoins = sql`
	join series s on s.id = e.series_id
	join connectors c on c.id = e.connector_id
	left join files f on f.connector_id = e.connector_id and f.arr_id = e.file_arr_id and e.file_arr_id <> 0
	left join search_registry r on r.episode_id = e.id
	left join request_queue q on q.registry_id = r.id`;

export const movieColumns = sql`
	'movie' as kind, m.id, c.id as connector_id, c.name as connector_name, c.kind as connector_kind,
	case when m.year > 0 then m.title || ' (' || m.year || ')' else m.title end as title, m.studio as subtitle,
	w.reason, f.quality_name as has, r.state, ${isExcluded(sql`m.natural_key`)} as excluded,
	q.pinned, m.presence, m.unreadable, coalesce(w.available_at, m.release_date) as available_at,
	r.next_eligible_at, r.rest_reason, w.id as wanted_id`;

export const movieJoins = sql`
	join connectors c on c.id = m.connector_id
	left join files f on f.connector_id = m.connector_id and f.arr_id = m.file_arr_id and m.file_arr_id <> 0
	left join search_registry r on r.movie_id = m.id
	left join request_queue q on q.registry_id = r.id`;

/** A row as pages and REST show it. */
export function toRow(row: RawItem, why: ItemRow['why'] | undefined): ItemRow {
	return {
		ref: `${row.kind}-${String(row.id)}`,
		kind: row.kind,
		connector: { id: row.connector_id, name: row.connector_name, kind: row.connector_kind },
		title: row.title,
		subtitle: row.subtitle === '' ? null : row.subtitle,
		reason: row.reason,
		has: row.has,
		state: row.state ?? 'pending',
		excluded: row.excluded,
		pinned: row.pinned === true,
		unconfirmed: row.presence === 'unconfirmed',
		unreadable: row.unreadable !== null,
		airedAt: row.available_at,
		why: why ?? NO_WHY,
	};
}

/** Nothing is known of why. */
export const NO_WHY: WhyFacts = {
	gate: null,
	until: null,
	position: null,
	estimateAt: null,
	notWanted: null,
	detail: null,
	progress: null,
	searchingSince: null,
};
