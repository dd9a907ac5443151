/**
 * What the mirror says of a target, as one short text: a target that cannot be searched is worth another try once this
 * has changed. Only what a search is made of counts; times and sizes that move by themselves do not.
 */
import { sql, type SQL } from 'drizzle-orm';

const OF_SERIES = sql`s.title, s.title_slug, s.series_type, s.monitored, s.quality_profile_arr_id, s.tags::text`;

/** For a query that names the episode `e` and its series `s`. */
export const EPISODE_MARK = sql`md5(concat_ws('|', ${OF_SERIES}, e.title, extract(epoch from e.air_date_utc), e.episode_number,
	e.absolute_number, e.monitored, e.file_arr_id))`;

/** For a query that names the movie `m`. */
export const MOVIE_MARK = sql`md5(concat_ws('|', m.title, m.title_slug, m.year, m.studio, m.monitored, m.is_available,
	extract(epoch from m.release_date), m.not_searchable, m.quality_profile_arr_id, m.tags::text, m.file_arr_id))`;

/** Of the mirror row that a row of `search_registry` stands for; null if the mirror does not have it. */
export const REGISTRY_MARK: SQL = sql`case search_registry.target_kind
	when 'episode' then (select ${EPISODE_MARK} from episodes e join series s on s.id = e.series_id
		where e.id = search_registry.episode_id)
	when 'movie' then (select ${MOVIE_MARK} from movies m where m.id = search_registry.movie_id)
	else (select md5(concat_ws('|', ${OF_SERIES}, n.number, n.monitored)) from seasons n join series s on s.id = n.series_id
		where n.id = search_registry.season_id) end`;
