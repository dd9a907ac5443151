/**
 * The content mirror: our copy of what exists in the arr. It can be rebuilt at any time; nothing here is memory of
 * our own. Our row id never changes while the natural key stays; the arr's id is an attribute that may move between
 * rows, so its uniqueness is deferred to the commit (added by hand in the migration, drizzle cannot say it).
 */
import { sql } from 'drizzle-orm';
import { bigint, boolean, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { PRESENCES, WANTED_REASONS } from '../../../domain/words';
import { instant, jsonb } from './columns';
import { connectors } from './connectors';

const ofConnector = () =>
	integer('connector_id')
		.notNull()
		.references(() => connectors.id, { onDelete: 'cascade' });

/**
 * Rows that hang on a series, movie or episode, which goes with its connector. None is a foreign key: one would be checked
 * by a query of its own for each of a million rows, which took longer than writing them. Instead the writer sees to it
 * that the owner is there (`noteSeriesRead`, `lockForDiscovery`), and a trigger on the owner's table takes its rows along
 * (migrations "rows_go_with_their_owner" and "wanted_goes_with_its_item").
 */
const ofConnectorThroughOwner = () => integer('connector_id').notNull();
const ofOwner = (name: 'series_id' | 'movie_id' | 'episode_id') => integer(name);

/** Columns that every mirrored row has: whether the last whole list still had it, and since when not. */
const presence = () => ({
	presence: text('presence', { enum: PRESENCES }).notNull().default('present'),
	/** First whole list that lacked it. */
	absentSince: instant('absent_since'),
	deletedAt: instant('deleted_at'),
	/** Why the newest answer could not be read; the other columns keep their last good values. */
	unreadable: text('unreadable'),
});

export const qualityProfiles = pgTable(
	'quality_profiles',
	{
		connectorId: ofConnector(),
		arrId: integer('arr_id').notNull(),
		name: text('name').notNull(),
		upgradeAllowed: boolean('upgrade_allowed').notNull(),
		minFormatScore: integer('min_format_score').notNull(),
		cutoffFormatScore: integer('cutoff_format_score').notNull(),
		minUpgradeFormatScore: integer('min_upgrade_format_score').notNull(),
		effectiveCutoffRank: integer('effective_cutoff_rank').notNull(),
		cutoffRank: integer('cutoff_rank').notNull(),
		cutoffName: text('cutoff_name').notNull(),
		formatsHash: text('formats_hash').notNull(),
	},
	(t) => [primaryKey({ columns: [t.connectorId, t.arrId] })],
);

/** Rank of each quality in each profile: rank and cutoff are ours to compute (design §4.2). */
export const profileQualities = pgTable(
	'profile_qualities',
	{
		connectorId: ofConnector(),
		profileArrId: integer('profile_arr_id').notNull(),
		qualityId: integer('quality_id').notNull(),
		name: text('name').notNull(),
		rank: integer('rank').notNull(),
		allowed: boolean('allowed').notNull(),
	},
	(t) => [primaryKey({ columns: [t.connectorId, t.profileArrId, t.qualityId] })],
);

export const series = pgTable(
	'series',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: ofConnector(),
		arrId: integer('arr_id').notNull(),
		tvdbId: integer('tvdb_id').notNull(),
		title: text('title').notNull(),
		sortTitle: text('sort_title').notNull(),
		titleSlug: text('title_slug').notNull(),
		status: text('status').notNull(),
		monitored: boolean('monitored').notNull(),
		seriesType: text('series_type').notNull(),
		qualityProfileArrId: integer('quality_profile_arr_id').notNull(),
		rootFolder: text('root_folder').notNull(),
		tags: integer('tags').array().notNull(),
		runtime: integer('runtime').notNull(),
		year: integer('year').notNull(),
		network: text('network'),
		added: instant('added'),
		/** Episodes and files were read at least once since the series appeared. */
		episodesReadAt: instant('episodes_read_at'),
		/** Set when the fingerprint differed or a hint came, cleared when its episodes were read. */
		stale: boolean('stale').notNull().default(false),
		/** Of its episode and file rows as last read: equal rows need no comparison. Null = compare. */
		contentHash: text('content_hash'),
		/** What the list said although its episodes were just read: it may disagree in the same words again. */
		listFingerprint: text('list_fingerprint'),
		...presence(),
	},
	(t) => [
		uniqueIndex('series_natural_key').on(t.connectorId, t.tvdbId),
		index('series_by_title').on(t.connectorId, t.sortTitle, t.id),
	],
);

export const seasons = pgTable(
	'seasons',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: ofConnectorThroughOwner(),
		seriesId: ofOwner('series_id').notNull(),
		number: integer('number').notNull(),
		monitored: boolean('monitored').notNull(),
		...presence(),
	},
	(t) => [
		uniqueIndex('seasons_natural_key').on(t.seriesId, t.number),
		index('seasons_by_connector').on(t.connectorId),
	],
);

export const files = pgTable(
	'files',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: ofConnectorThroughOwner(),
		arrId: integer('arr_id').notNull(),
		/** Our series or movie row. */
		seriesId: ofOwner('series_id'),
		movieId: ofOwner('movie_id'),
		qualityId: integer('quality_id').notNull(),
		qualityName: text('quality_name').notNull(),
		revisionVersion: integer('revision_version').notNull(),
		revisionReal: integer('revision_real').notNull(),
		formatScore: integer('format_score'),
		/** The arr's own verdict. */
		arrCutoffNotMet: boolean('arr_cutoff_not_met'),
		size: bigint('size', { mode: 'number' }).notNull(),
		dateAdded: instant('date_added'),
		releaseGroup: text('release_group'),
		sceneName: text('scene_name'),
		/** Scores may have changed since: re-read at a trickle. */
		scoreStale: boolean('score_stale').notNull().default(false),
	},
	(t) => [
		uniqueIndex('files_arr_key').on(t.connectorId, t.arrId),
		index('files_by_series')
			.on(t.seriesId)
			.where(sql`${t.seriesId} is not null`),
		index('files_by_movie')
			.on(t.movieId)
			.where(sql`${t.movieId} is not null`),
		index('files_by_quality').on(t.connectorId, t.qualityId),
		index('files_score_stale')
			.on(t.connectorId)
			.where(sql`${t.scoreStale}`),
	],
);

export const episodes = pgTable(
	'episodes',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: ofConnectorThroughOwner(),
		seriesId: ofOwner('series_id').notNull(),
		arrId: integer('arr_id').notNull(),
		/** Sonarr `<season>x<number>`, Whisparr 2 `t<tvdbId>`. */
		naturalKey: text('natural_key').notNull(),
		tvdbId: integer('tvdb_id'),
		seasonNumber: integer('season_number').notNull(),
		episodeNumber: integer('episode_number'),
		absoluteNumber: integer('absolute_number'),
		title: text('title').notNull(),
		airDateUtc: instant('air_date_utc'),
		airDate: text('air_date'),
		runtime: integer('runtime').notNull(),
		finaleType: text('finale_type'),
		monitored: boolean('monitored').notNull(),
		/** 0 = none; joined to `files.arr_id`, since one file can serve several episodes. */
		fileArrId: integer('file_arr_id').notNull(),
		lastSearchTime: instant('last_search_time'),
		...presence(),
	},
	(t) => [
		uniqueIndex('episodes_natural_key').on(t.seriesId, t.naturalKey),
		index('episodes_by_file')
			.on(t.connectorId, t.fileArrId)
			.where(sql`${t.fileArrId} <> 0`),
		// few, and asked for in each sync
		index('episodes_not_present')
			.on(t.connectorId)
			.where(sql`${t.presence} <> 'present'`),
		index('episodes_without_file')
			.on(t.connectorId, t.airDateUtc)
			.where(sql`${t.fileArrId} = 0 and ${t.monitored}`),
	],
);

export const movies = pgTable(
	'movies',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: ofConnector(),
		arrId: integer('arr_id').notNull(),
		/** Radarr `tmdb:<id>`, Whisparr 3 `foreign:<id>`. */
		naturalKey: text('natural_key').notNull(),
		tmdbId: integer('tmdb_id'),
		stashId: text('stash_id'),
		itemType: text('item_type', { enum: ['movie', 'scene'] }).notNull(),
		title: text('title').notNull(),
		sortTitle: text('sort_title').notNull(),
		titleSlug: text('title_slug').notNull(),
		year: integer('year').notNull(),
		status: text('status').notNull(),
		monitored: boolean('monitored').notNull(),
		isAvailable: boolean('is_available').notNull(),
		/** Ours: when we first saw it available, for grace and delay where the arr gives no date. */
		availableSince: instant('available_since'),
		releaseDate: instant('release_date'),
		studio: text('studio'),
		qualityProfileArrId: integer('quality_profile_arr_id').notNull(),
		rootFolder: text('root_folder').notNull(),
		tags: integer('tags').array().notNull(),
		runtime: integer('runtime').notNull(),
		added: instant('added'),
		fileArrId: integer('file_arr_id').notNull(),
		lastSearchTime: instant('last_search_time'),
		notSearchable: text('not_searchable'),
		...presence(),
	},
	(t) => [
		uniqueIndex('movies_natural_key').on(t.connectorId, t.naturalKey),
		index('movies_by_title').on(t.connectorId, t.sortTitle, t.id),
		index('movies_by_file')
			.on(t.connectorId, t.fileArrId)
			.where(sql`${t.fileArrId} <> 0`),
	],
);

/**
 * What discovery found: one row per wanted item. Written by set-based statements only; small beside the mirror, so
 * that planning and pages never scan a million episodes.
 */
export const wanted = pgTable(
	'wanted',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: ofConnectorThroughOwner(),
		episodeId: ofOwner('episode_id'),
		movieId: ofOwner('movie_id'),
		/** For grouping and season decisions; null for movies. */
		seriesId: integer('series_id'),
		seasonNumber: integer('season_number'),
		/** Place in its series, by season and number: lists are sorted without a look at the episodes. */
		number: integer('number'),
		reason: text('reason', { enum: WANTED_REASONS }).notNull(),
		/** Air time with runtime, or availability: what "age" and "fresh" are counted from. */
		availableAt: instant('available_at'),
		/** When it became wanted for us. */
		since: instant('since').notNull(),
	},
	(t) => [
		uniqueIndex('wanted_episode_key')
			.on(t.episodeId)
			.where(sql`${t.episodeId} is not null`),
		uniqueIndex('wanted_movie_key')
			.on(t.movieId)
			.where(sql`${t.movieId} is not null`),
		index('wanted_by_reason').on(t.connectorId, t.reason, t.id),
		index('wanted_by_season').on(t.seriesId, t.seasonNumber),
		index('wanted_by_age').on(
			t.connectorId,
			sql`(coalesce(${t.availableAt}, '-infinity'::timestamptz)) desc`,
		),
	],
);

/** The newest rows of the arr's history; the proof of grabs and imports. Secrets in history data are never kept. */
export const arrHistory = pgTable(
	'arr_history',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: ofConnector(),
		arrId: integer('arr_id').notNull(),
		event: text('event').notNull(),
		date: instant('date').notNull(),
		itemArrId: integer('item_arr_id').notNull(),
		seriesArrId: integer('series_arr_id'),
		episodeId: integer('episode_id'),
		movieId: integer('movie_id'),
		sourceTitle: text('source_title').notNull(),
		downloadId: text('download_id'),
		releaseSource: text('release_source'),
		qualityId: integer('quality_id').notNull(),
		qualityName: text('quality_name').notNull(),
		formatScore: integer('format_score'),
		indexer: text('indexer'),
		downloadClient: text('download_client'),
		reason: text('reason'),
		fileArrId: integer('file_arr_id'),
		releaseGroup: text('release_group'),
		size: bigint('size', { mode: 'number' }),
	},
	(t) => [
		uniqueIndex('arr_history_key').on(t.connectorId, t.arrId),
		index('arr_history_by_date').on(t.connectorId, t.date),
		index('arr_history_by_episode').on(t.episodeId, t.date),
		index('arr_history_by_movie').on(t.movieId, t.date),
		index('arr_history_by_download').on(t.connectorId, t.downloadId),
	],
);

/**
 * The arr's download queue as last seen. A row that leaves is only believed gone while no download client of the
 * arr is in trouble (design §4.7); `goneAt` says since when it is believed.
 */
export const arrQueue = pgTable(
	'arr_queue',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: ofConnector(),
		arrId: integer('arr_id').notNull(),
		episodeId: integer('episode_id'),
		movieId: integer('movie_id'),
		itemArrId: integer('item_arr_id'),
		seriesArrId: integer('series_arr_id'),
		title: text('title').notNull(),
		status: text('status').notNull(),
		trackedState: text('tracked_state'),
		trackedStatus: text('tracked_status'),
		errorMessage: text('error_message'),
		statusMessages: jsonb<string[]>('status_messages').notNull(),
		downloadId: text('download_id'),
		downloadClient: text('download_client'),
		indexer: text('indexer'),
		protocol: text('protocol'),
		size: bigint('size', { mode: 'number' }).notNull(),
		sizeLeft: bigint('size_left', { mode: 'number' }).notNull(),
		estimatedCompletion: instant('estimated_completion'),
		firstSeenAt: instant('first_seen_at').notNull(),
		lastSeenAt: instant('last_seen_at').notNull(),
	},
	(t) => [
		uniqueIndex('arr_queue_key').on(t.connectorId, t.arrId),
		index('arr_queue_by_episode').on(t.episodeId),
		index('arr_queue_by_movie').on(t.movieId),
		index('arr_queue_by_download').on(t.connectorId, t.downloadId),
	],
);
