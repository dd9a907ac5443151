// One connector with a library of the size asked for: series of five seasons of ten episodes, one episode in ten
// missing, one file in twenty below its cutoff; as many rows of history, and a past of searches and events.
import { defaultConnectorSettings } from '../src/lib/domain/settings';
import { eq } from 'drizzle-orm';
import type { AppContext } from '../src/lib/server/app-context';
import { connectorReadings, connectors } from '../src/lib/server/db/schema';
import { apiKeyBinding } from '../src/lib/server/services/settings/keyring';
import { sizes } from './options';

const PER_SERIES = 50;

/** Gives the connector's id. */
export async function seed(ctx: AppContext): Promise<number> {
	const id = await addConnector(ctx);
	await addLibrary(ctx, id);
	await addFiles(ctx, id);
	await addPast(ctx, id);
	await ctx.bulk.unsafe('vacuum (analyze)');
	return id;
}

async function addConnector(ctx: AppContext): Promise<number> {
	const [row] = await ctx.db
		.insert(connectors)
		.values({
			kind: 'sonarr',
			name: 'Bench',
			url: 'http://127.0.0.1:9',
			mode: 'active',
			settings: defaultConnectorSettings(),
			shape: 'series',
			health: 'healthy',
			mirrorComplete: true,
			updatedAt: ctx.clock.date(),
		})
		.returning();
	if (row === undefined) throw new Error('The connector was not stored.');
	const readings = {
		health: [],
		indexers: [
			{
				arrId: 1,
				name: 'One',
				automaticSearch: true,
				rss: true,
				tags: [],
				protocol: 'torrent',
				priority: 25,
			},
		],
		downloadClients: [{ arrId: 1, name: 'Client', enabled: true }],
		queue: { count: 0 },
	};
	const readAt = ctx.clock.date();
	await ctx.db
		.update(connectors)
		.set({ apiKeyEncrypted: ctx.keyring.encrypt('no-key', apiKeyBinding(row.id)), apiKeySetAt: readAt })
		.where(eq(connectors.id, row.id));
	const rows = Object.entries(readings).map(([name, value]) => ({
		connectorId: row.id,
		name,
		value,
		readAt,
	}));
	await ctx.db.insert(connectorReadings).values(rows);
	return row.id;
}

/** Readings as if they had just been made, since no application is there. */
export async function refreshReadings(ctx: AppContext, id: number): Promise<void> {
	await ctx.sql`update connector_readings set read_at = ${ctx.clock.date()} where connector_id = ${id}`;
}

async function addLibrary({ bulk, clock }: AppContext, id: number): Promise<void> {
	const count = Math.max(1, Math.round(sizes.episodes / PER_SERIES));
	await bulk`insert into quality_profiles (connector_id, arr_id, name, upgrade_allowed, min_format_score, cutoff_format_score,
			min_upgrade_format_score, effective_cutoff_rank, cutoff_rank, cutoff_name, formats_hash)
		values (${id}, 1, 'HD', true, 0, 0, 1, 5, 5, 'WEBDL-1080p', '')`;
	await bulk`insert into profile_qualities (connector_id, profile_arr_id, quality_id, name, rank, allowed)
		values (${id}, 1, 1, 'SDTV', 1, true), (${id}, 1, 3, 'WEBDL-1080p', 5, true)`;
	await bulk`insert into series (connector_id, arr_id, tvdb_id, title, sort_title, title_slug, status, monitored, series_type,
			quality_profile_arr_id, root_folder, tags, runtime, year)
		select ${id}, n, n, 'Series ' || md5(n::text), 'series ' || md5(n::text), 'series-' || n, 'ended', true, 'standard', 1,
			'/tv', '{}', 45, 2000 from generate_series(1, ${count}::int) n`;
	await bulk`insert into seasons (connector_id, series_id, number, monitored)
		select ${id}, s.id, n, true from series s, generate_series(1, 5) n where s.connector_id = ${id}`;
	await bulk`insert into episodes (connector_id, series_id, arr_id, natural_key, season_number, episode_number, title, runtime,
			monitored, file_arr_id, air_date_utc)
		select ${id}, s.series_id, k, s.number || 'x' || n, s.number, n, 'Episode ' || md5(k::text), 45, true,
			case when k % 10 = 0 then 0 else k end, ${clock.date()}::timestamptz - make_interval(days => (s.series_id % 5000 + 60)::int)
		from (select *, row_number() over () as at from seasons where connector_id = ${id}) s, generate_series(1, 10) n,
			lateral (select ((s.at - 1) * 10 + n)::int as k) numbered`;
}

async function addFiles({ bulk, clock }: AppContext, id: number): Promise<void> {
	await bulk`insert into files (connector_id, arr_id, series_id, quality_id, quality_name, revision_version, revision_real,
			format_score, size, date_added)
		select ${id}, file_arr_id, series_id, case when file_arr_id % 20 = 1 then 1 else 3 end,
			case when file_arr_id % 20 = 1 then 'SDTV' else 'WEBDL-1080p' end, 1, 0, 0, 1500000000, ${clock.date()}
		from episodes where connector_id = ${id} and file_arr_id <> 0`;
}

/** History as the arr told it, searches long concluded, and the feed. */
async function addPast({ bulk, clock }: AppContext, id: number): Promise<void> {
	const now = clock.date();
	await bulk`insert into arr_history (connector_id, arr_id, event, date, item_arr_id, series_arr_id, episode_id, source_title,
			quality_id, quality_name)
		select ${id}, e.arr_id, 'grabbed', ${now}::timestamptz - make_interval(mins => e.arr_id % 129600), e.arr_id, e.series_id, e.id,
			'Release.' || e.arr_id, 3, 'WEBDL-1080p' from episodes e where e.connector_id = ${id}`;
	await bulk`insert into dispatches (id, connector_id, connector_name, connector_kind, target_kind, target_key, target, reason,
			series_id, state, cost, claimed_at, sending_at, concluded_at, outcome, strength, messages)
		select gen_random_uuid()::text, ${id}, 'Bench', 'sonarr', 'episode', 'series:' || s.tvdb_id || '/' || e.natural_key,
			jsonb_build_object('title', e.title, 'subtitle', null, 'seriesTitle', s.title, 'seasonNumber', e.season_number, 'seriesId', s.id,
				'seriesArrId', s.arr_id, 'movieRef', null, 'items', jsonb_build_array(jsonb_build_object('id', e.id, 'arrId', e.arr_id,
					'key', e.natural_key, 'label', e.title, 'wanted', true, 'fileArrId', 0))),
			'gap', s.id, 'concluded', 1, t.at, t.at, t.at, case when e.arr_id % 3 = 0 then 'grabbed' else 'nothing_found' end, 'strong', '[]'
		from episodes e join series s on s.id = e.series_id,
			lateral (select ${now}::timestamptz - interval '2 days' - make_interval(mins => e.arr_id % 900000) as at) t
		where e.connector_id = ${id} and e.arr_id % 20 = 0`;
	await bulk`insert into events (at, type, severity, connector_id, connector_name, episode_id, message, data)
		select ${now}::timestamptz - make_interval(mins => e.arr_id % 43200), 'search.concluded', 'info', ${id}, 'Bench', e.id,
			e.title || ': searched, nothing suitable found.', '{}'::jsonb
		from episodes e where e.connector_id = ${id} and e.arr_id % 10 = 0`;
}
