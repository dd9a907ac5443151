// A Sonarr with a library of the size asked for: series of five seasons of ten episodes, one episode in ten missing,
// one file in twenty below its cutoff; beside it a Radarr a twentieth as large; as many rows of history, and a past.
import { eq } from 'drizzle-orm';
import { defaultConnectorSettings } from '../src/lib/domain/settings';
import type { AppContext } from '../src/lib/server/app-context';
import { connectorReadings, connectors } from '../src/lib/server/db/schema';
import { apiKeyBinding } from '../src/lib/server/services/settings/keyring';
import { sizes } from './options';
import { addPast } from './seed-past';
import { episodeTitle, title } from './seed-titles';

const PER_SERIES = 50;

/** Gives the ids of the Sonarr and the Radarr. */
export async function seed(ctx: AppContext): Promise<readonly [number, number]> {
	const id = await addConnector(ctx, 'sonarr', 'Bench');
	const movies = await addConnector(ctx, 'radarr', 'Bench films');
	await addLibrary(ctx, id);
	await addFiles(ctx, id);
	await addMovies(ctx, movies);
	await addPast(ctx, id, movies);
	await ctx.bulk.unsafe('vacuum (analyze)');
	return [id, movies];
}

async function addConnector(ctx: AppContext, kind: 'sonarr' | 'radarr', name: string): Promise<number> {
	const [row] = await ctx.db
		.insert(connectors)
		.values({
			kind,
			name,
			url: 'http://127.0.0.1:9',
			mode: 'active',
			settings: defaultConnectorSettings(),
			shape: kind === 'sonarr' ? 'series' : 'movies',
			health: 'healthy',
			mirrorComplete: true,
			updatedAt: ctx.clock.date(),
		})
		.returning();
	if (row === undefined) throw new Error('The connector was not stored.');
	await ctx.db
		.update(connectors)
		.set({
			apiKeyEncrypted: ctx.keyring.encrypt('no-key', apiKeyBinding(row.id)),
			apiKeySetAt: ctx.clock.date(),
		})
		.where(eq(connectors.id, row.id));
	await addReadings(ctx, row.id);
	await ctx.bulk`insert into quality_profiles (connector_id, arr_id, name, upgrade_allowed, min_format_score, cutoff_format_score,
			min_upgrade_format_score, effective_cutoff_rank, cutoff_rank, cutoff_name, formats_hash)
		values (${row.id}, 1, 'HD', true, 0, 0, 1, 5, 5, 'WEBDL-1080p', '')`;
	await ctx.bulk`insert into profile_qualities (connector_id, profile_arr_id, quality_id, name, rank, allowed)
		values (${row.id}, 1, 1, 'SDTV', 1, true), (${row.id}, 1, 3, 'WEBDL-1080p', 5, true)`;
	return row.id;
}

async function addReadings(ctx: AppContext, id: number): Promise<void> {
	const indexer = {
		arrId: 1,
		name: 'One',
		automaticSearch: true,
		rss: true,
		tags: [],
		protocol: 'torrent',
		priority: 25,
	};
	const readings = {
		health: [],
		indexers: [indexer],
		downloadClients: [{ arrId: 1, name: 'Client', enabled: true }],
		queue: { count: 0 },
		tags: [],
		rootFolders: [],
		discovered: {},
	};
	const readAt = ctx.clock.date();
	const rows = Object.entries(readings).map(([name, value]) => ({ connectorId: id, name, value, readAt }));
	await ctx.db.insert(connectorReadings).values(rows);
}

/** Readings as if they had just been made, since no application is there. */
export async function refreshReadings(ctx: AppContext, id: number): Promise<void> {
	await ctx.sql`update connector_readings set read_at = ${ctx.clock.date()} where connector_id = ${id}`;
}

async function addLibrary({ bulk, clock }: AppContext, id: number): Promise<void> {
	const count = Math.max(1, Math.round(sizes.episodes / PER_SERIES));
	await bulk.unsafe(
		`insert into series (connector_id, arr_id, tvdb_id, title, sort_title, title_slug, status, monitored, series_type,
			quality_profile_arr_id, root_folder, tags, runtime, year, episodes_read_at)
		select $1, n, n, title, lower(title), 'series-' || n, 'ended', true, 'standard', 1, '/tv', '{}', 45, 2000, $3
		from generate_series(1, $2::int) n, lateral (select ${title('n::bigint')} as title) named order by hashint4(n)`,
		[id, count, clock.date()],
	);
	await bulk`insert into seasons (connector_id, series_id, number, monitored)
		select ${id}, s.id, n, true from series s, generate_series(1, 5) n where s.connector_id = ${id}`;
	await bulk.unsafe(
		`insert into episodes (connector_id, series_id, arr_id, natural_key, season_number, episode_number, title, runtime,
			monitored, file_arr_id, air_date_utc)
		select $1, s.series_id, k, s.number || 'x' || n, s.number, n, ${episodeTitle('k::bigint', 'n')}, 45, true,
			case when k % 10 = 0 then 0 else k end, $2::timestamptz - make_interval(days => (s.series_id % 5000 + 60)::int)
		from (select *, row_number() over () as at from seasons where connector_id = $1) s, generate_series(1, 10) n,
			lateral (select ((s.at - 1) * 10 + n)::int as k) numbered`,
		[id, clock.date()],
	);
}

async function addFiles({ bulk, clock }: AppContext, id: number): Promise<void> {
	await bulk`insert into files (connector_id, arr_id, series_id, quality_id, quality_name, revision_version, revision_real,
			format_score, size, date_added)
		select ${id}, file_arr_id, series_id, case when file_arr_id % 20 = 1 then 1 else 3 end,
			case when file_arr_id % 20 = 1 then 'SDTV' else 'WEBDL-1080p' end, 1, 0, 0, 1500000000, ${clock.date()}
		from episodes where connector_id = ${id} and file_arr_id <> 0`;
}

async function addMovies({ bulk, clock }: AppContext, id: number): Promise<void> {
	const count = Math.max(1, Math.round(sizes.episodes / 20));
	await bulk.unsafe(
		`insert into movies (connector_id, arr_id, natural_key, tmdb_id, item_type, title, sort_title, title_slug, year, status,
			monitored, is_available, available_since, quality_profile_arr_id, root_folder, tags, runtime, added, file_arr_id)
		select $1, n, 'tmdb:' || n, n, 'movie', title, lower(title), 'movie-' || n, 1970 + n % 50, 'released', true, true,
			$3::timestamptz - make_interval(days => n % 3000 + 30), 1, '/films', '{}', 100, $3, case when n % 10 = 0 then 0 else n end
		from generate_series(1, $2::int) n, lateral (select ${title('n::bigint * 7 + 11')} as title) named`,
		[id, count, clock.date()],
	);
	await bulk`insert into files (connector_id, arr_id, movie_id, quality_id, quality_name, revision_version, revision_real,
			format_score, size, date_added)
		select ${id}, file_arr_id, id, case when file_arr_id % 20 = 1 then 1 else 3 end,
			case when file_arr_id % 20 = 1 then 'SDTV' else 'WEBDL-1080p' end, 1, 0, 0, 1500000000, ${clock.date()}
		from movies where connector_id = ${id} and file_arr_id <> 0`;
}
