// What happened to the library before the bench begins: the arr's history, searches long concluded with what we
// remember of them, grabs and imports, the feed, two years of hourly figures, and what the user decided.
import type { AppContext } from '../src/lib/server/app-context';

/** `id` is the Sonarr, `movies` the Radarr. */
export async function addPast(ctx: AppContext, id: number, movies: number): Promise<void> {
	await addHistory(ctx, id);
	await addMemory(ctx, id);
	await addMovieMemory(ctx, movies);
	await addSearches(ctx, id);
	await addOnTheirWay(ctx, id);
	await addFeed(ctx, id);
	await addRules(ctx, id);
	for (const connector of [id, movies]) await addFigures(ctx, connector);
}

async function addHistory({ bulk, clock }: AppContext, id: number): Promise<void> {
	await bulk`insert into arr_history (connector_id, arr_id, event, date, item_arr_id, series_arr_id, episode_id, source_title,
			quality_id, quality_name, download_id)
		select ${id}, e.arr_id, 'grabbed', ${clock.date()}::timestamptz - make_interval(mins => e.arr_id % 129600), e.arr_id, e.series_id, e.id,
			'Release.' || e.arr_id, 3, 'WEBDL-1080p', 'hash' || e.arr_id from episodes e where e.connector_id = ${id}`;
}

/** Of six wanted items in ten something is remembered; of a few that were imported, too. */
const STATE = (n: string): string => `case
	when ${n} % 10 in (0, 1) then case (${n} / 10) % 10 when 4 then 'cooldown' when 5 then 'cooldown' when 6 then 'cooldown'
		when 7 then 'pending' when 8 then 'exhausted' else case (${n} / 100) % 4 when 0 then 'failed' else 'cooldown' end end
	else 'done' end`;
const REMEMBERED = (n: string): string =>
	`${n} % 10 = 0 and (${n} / 10) % 10 >= 4 or ${n} % 20 = 1 and (${n} / 10) % 10 >= 4 or ${n} % 97 = 5`;
const COLUMNS = `connector_id, target_kind, target_key, state, state_since, attempts, last_attempt_at, next_eligible_at,
	last_outcome, rest_reason, exhausted_by, counted_for`;
const VALUES = (n: string): string => `state, $2::timestamptz - interval '3 days', 1 + ${n} % 9,
	$2::timestamptz - make_interval(days => ${n} % 50 + 2),
	case when state in ('cooldown', 'failed', 'exhausted') then $2::timestamptz + make_interval(mins => ${n} % 90000 + 600) end,
	case state when 'done' then 'grabbed' when 'failed' then 'not_searched' else 'nothing_found' end,
	case when state = 'cooldown' then 'cooldown' end, case when state = 'exhausted' then 'rule' end,
	case when ${n} % 10 = 1 then 'quality' else 'gap' end`;

async function addMemory({ bulk, clock }: AppContext, id: number): Promise<void> {
	// the guard of the moves lets nothing begin in the middle of its life
	await bulk`alter table search_registry disable trigger search_registry_moves`;
	await bulk.unsafe(
		`insert into search_registry (episode_id, ${COLUMNS})
		select e.id, $1, 'episode', 'series:' || s.tvdb_id || '/' || e.natural_key, ${VALUES('e.arr_id')}
		from episodes e join series s on s.id = e.series_id, lateral (select ${STATE('e.arr_id')} as state) x
		where e.connector_id = $1 and (${REMEMBERED('e.arr_id')}) order by hashint4(e.id)`,
		[id, clock.date()],
	);
}

async function addMovieMemory({ bulk, clock }: AppContext, id: number): Promise<void> {
	await bulk.unsafe(
		`insert into search_registry (movie_id, ${COLUMNS})
		select m.id, $1, 'movie', m.natural_key, ${VALUES('m.arr_id')}
		from movies m, lateral (select ${STATE('m.arr_id')} as state) x
		where m.connector_id = $1 and (${REMEMBERED('m.arr_id')}) order by hashint4(m.id)`,
		[id, clock.date()],
	);
	await bulk`alter table search_registry enable trigger search_registry_moves`;
}

async function addSearches({ bulk, clock }: AppContext, id: number): Promise<void> {
	const now = clock.date();
	await bulk`insert into dispatches (id, connector_id, connector_name, connector_kind, registry_id, target_kind, target_key, target, reason,
			series_id, state, cost, claimed_at, sending_at, concluded_at, outcome, strength, messages)
		select gen_random_uuid()::text, ${id}, 'Bench', 'sonarr', r.id, 'episode', 'series:' || s.tvdb_id || '/' || e.natural_key,
			jsonb_build_object('title', e.title, 'subtitle', null, 'seriesTitle', s.title, 'seasonNumber', e.season_number, 'seriesId', s.id,
				'seriesArrId', s.arr_id, 'movieRef', null, 'items', jsonb_build_array(jsonb_build_object('id', e.id, 'arrId', e.arr_id,
					'key', e.natural_key, 'label', e.title, 'wanted', true, 'fileArrId', 0))),
			'gap', s.id, 'concluded', 1, t.at, t.at, t.at, case when e.arr_id % 3 = 0 then 'grabbed' else 'nothing_found' end, 'strong', '[]'
		from episodes e join series s on s.id = e.series_id left join search_registry r on r.episode_id = e.id,
			lateral (select ${now}::timestamptz - interval '2 days' - make_interval(mins => e.arr_id % 900000) as at) t
		where e.connector_id = ${id} and e.arr_id % 20 = 0`;
	await bulk`insert into grabs (connector_id, dispatch_id, claim, registry_id, episode_id, item_arr_id, history_arr_id, download_id, title,
			quality_name, grabbed_at, result, result_at, last_seen_at)
		select ${id}, d.id, 'ours', d.registry_id, e.id, e.arr_id, e.arr_id, 'hash' || e.arr_id, 'Release.' || e.arr_id, 'WEBDL-1080p',
			d.claimed_at, 'imported', d.claimed_at, d.claimed_at
		from dispatches d join episodes e on e.id = (d.target #>> '{items,0,id}')::int
		where d.connector_id = ${id} and d.outcome = 'grabbed'`;
}

/** Two hundred downloads that the application tells of. */
async function addOnTheirWay({ bulk, clock }: AppContext, id: number): Promise<void> {
	await bulk`insert into arr_queue (connector_id, arr_id, episode_id, item_arr_id, series_arr_id, title, status, status_messages,
			download_id, protocol, size, size_left, first_seen_at, last_seen_at)
		select ${id}, row_number() over (), e.id, e.arr_id, e.series_id, 'Release.' || e.arr_id, 'downloading', '[]', 'away' || e.arr_id,
			'torrent', 1500000000, 500000000, ${clock.date()}, ${clock.date()}
		from episodes e where e.connector_id = ${id} and e.arr_id % 5000 = 10 limit 200`;
}

async function addFeed({ bulk, clock }: AppContext, id: number): Promise<void> {
	await bulk`insert into events (at, type, severity, connector_id, connector_name, episode_id, message, data)
		select ${clock.date()}::timestamptz - make_interval(mins => e.arr_id % 43200), 'search.concluded', 'info', ${id}, 'Bench', e.id,
			e.title || ': searched, nothing suitable found.', '{}'::jsonb
		from episodes e where e.connector_id = ${id} and e.arr_id % 10 = 0 order by e.arr_id % 43200 desc`;
}

/** A few series and some hundred episodes that the user does not want searched. */
async function addRules({ bulk }: AppContext, id: number): Promise<void> {
	await bulk`insert into target_rules (connector_id, scope, target_key, excluded)
		select ${id}, 'series', 'series:' || tvdb_id, true from series where connector_id = ${id} and tvdb_id % 1000 = 3`;
	await bulk`insert into target_rules (connector_id, scope, target_key, excluded)
		select ${id}, 'item', 'series:' || s.tvdb_id || '/' || e.natural_key, true
		from episodes e join series s on s.id = e.series_id where e.connector_id = ${id} and e.arr_id % 3000 = 20`;
}

async function addFigures({ bulk, clock }: AppContext, id: number): Promise<void> {
	const hour = new Date(Math.floor(clock.now() / 3_600_000) * 3_600_000);
	await bulk`insert into hourly_aggregates (connector_id, hour, metric, value, count, max)
		select ${id}, ${hour}::timestamptz - make_interval(hours => h), metric, 100 + h % 50, 1, 200
		from generate_series(0, 729 * 24) h, unnest(array['gap', 'quality', 'format', 'queue', 'searches', 'cost', 'grabs', 'imports', 'requests']) metric`;
	await bulk`insert into sync_runs (connector_id, mode, started_at, ended_at, requests, changed, detail)
		select ${id}, 'incremental', ${clock.date()}::timestamptz - make_interval(mins => n * 15), ${clock.date()}::timestamptz - make_interval(mins => n * 15 - 1), 5, 0, '{}'
		from generate_series(1, 2800) n`;
	await bulk`insert into schedule_runs (job, connector_id, started_at, ended_at, status)
		select job, ${id}, ${clock.date()}::timestamptz - make_interval(mins => n * 15), ${clock.date()}::timestamptz - make_interval(mins => n * 15 - 1), 'done'
		from generate_series(1, 1300) n, unnest(array['sync', 'sweep', 'full_sync', 'health']) job`;
	await bulk`insert into connector_health_history (connector_id, at, status)
		select ${id}, ${clock.date()}::timestamptz - make_interval(hours => n), case n % 2 when 0 then 'healthy' else 'degraded' end from generate_series(1, 2000) n`;
}
