/**
 * Search: our memory of each target (registry), the head of the plan (request queue), every sending (dispatches) and
 * what became of the grabs. Nothing here hangs on the mirror by a foreign key: it survives a rebuild, and dispatches
 * and grabs outlive their connector.
 */
import { sql } from 'drizzle-orm';
import {
	boolean,
	check,
	index,
	integer,
	pgTable,
	primaryKey,
	real,
	text,
	uniqueIndex,
} from 'drizzle-orm/pg-core';
import {
	DISPATCH_STATES,
	GRAB_RESULTS,
	OUTCOMES,
	SEARCH_STATES,
	STRENGTHS,
	TARGET_KINDS,
	WANTED_REASONS,
} from '../../../domain/words';
import { instant, jsonb, oneOf, tsvector } from './columns';
import { connectors } from './connectors';

export const searchRegistry = pgTable(
	'search_registry',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: integer('connector_id')
			.notNull()
			.references(() => connectors.id, { onDelete: 'cascade' }),
		targetKind: text('target_kind', { enum: TARGET_KINDS }).notNull(),
		/**
		 * Natural key that survives a rebuild: `series:<tvdbId>/<episode natural key>`, `series:<tvdbId>/season:<n>`,
		 * or the movie's natural key.
		 */
		targetKey: text('target_key').notNull(),
		/** Our mirror row; re-bound by key after a rebuild. Exactly one is set, by the kind. */
		episodeId: integer('episode_id'),
		seasonId: integer('season_id'),
		movieId: integer('movie_id'),
		state: text('state', { enum: SEARCH_STATES }).notNull(),
		stateSince: instant('state_since').notNull(),
		/** Attempts that count towards the maximum. */
		attempts: integer('attempts').notNull().default(0),
		/** Attempts made while fresh (released less than 14 days ago); not counted towards the maximum. */
		freshAttempts: integer('fresh_attempts').notNull().default(0),
		/** Not before; null = now. */
		nextEligibleAt: instant('next_eligible_at'),
		lastAttemptAt: instant('last_attempt_at'),
		lastDispatchId: text('last_dispatch_id'),
		lastOutcome: text('last_outcome', { enum: OUTCOMES }),
		/** Why it rests, in one word of ours: cooldown, after_season, after_import, returned, … */
		restReason: text('rest_reason'),
		consecutiveNotSearched: integer('consecutive_not_searched').notNull().default(0),
		consecutiveErrors: integer('consecutive_errors').notNull().default(0),
		/** What the mirror said of it when it failed (`target-mark.ts`); another text revives it. */
		failedOn: text('failed_on'),
		exhaustedBy: text('exhausted_by', { enum: ['rule', 'user'] }),
		/** What was wanted when the count began; a change resets it (design §4.10). */
		countedFor: text('counted_for'),
		/** Season registry row that covers this episode while under way. */
		coveredBy: integer('covered_by'),
		/** Open grab that this state waits for. */
		grabId: integer('grab_id'),
	},
	(t) => [
		uniqueIndex('search_registry_key').on(t.connectorId, t.targetKind, t.targetKey),
		uniqueIndex('search_registry_episode').on(t.episodeId),
		uniqueIndex('search_registry_season').on(t.seasonId),
		uniqueIndex('search_registry_movie').on(t.movieId),
		index('search_registry_by_state').on(t.connectorId, t.state, t.nextEligibleAt),
		index('search_registry_in_state').on(t.connectorId, t.state, t.episodeId, t.movieId),
		check('search_registry_state_check', oneOf(t.state, SEARCH_STATES)),
		check(
			'search_registry_one_target',
			sql`num_nonnulls(${t.episodeId}, ${t.seasonId}, ${t.movieId}) <= 1
				and (${t.episodeId} is null or ${t.targetKind} = 'episode')
				and (${t.seasonId} is null or ${t.targetKind} = 'season')
				and (${t.movieId} is null or ${t.targetKind} = 'movie')`,
		),
		check('search_registry_attempts_check', sql`${t.attempts} >= 0 and ${t.freshAttempts} >= 0`),
	],
);

export const requestQueue = pgTable(
	'request_queue',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: integer('connector_id')
			.notNull()
			.references(() => connectors.id, { onDelete: 'cascade' }),
		registryId: integer('registry_id')
			.notNull()
			.references(() => searchRegistry.id, { onDelete: 'cascade' }),
		targetKind: text('target_kind', { enum: TARGET_KINDS }).notNull(),
		/** Series of an episode or season: single searches of one series form a group. */
		seriesId: integer('series_id'),
		reason: text('reason', { enum: WANTED_REASONS }).notNull(),
		score: real('score').notNull(),
		/** Searches at each indexer that it will cause (arr §9.3). */
		cost: integer('cost').notNull(),
		/** Asked for by the user: goes first in line. */
		pinned: boolean('pinned').notNull().default(false),
		lastSearchTime: instant('last_search_time'),
		queuedAt: instant('queued_at').notNull(),
		/** Postponed by a live check that failed (1, 2, 5, 15 min). */
		notBefore: instant('not_before'),
		postponed: integer('postponed').notNull().default(0),
	},
	(t) => [
		uniqueIndex('request_queue_target').on(t.registryId),
		index('request_queue_order').on(t.connectorId, t.pinned.desc(), t.score.desc(), t.id),
		check('request_queue_cost_check', sql`${t.cost} > 0`),
	],
);

/** Snapshot of what a dispatch asked for, readable after mirror and connector are gone. */
export interface DispatchTarget {
	title: string;
	subtitle: string | null;
	seriesTitle: string | null;
	seasonNumber: number | null;
	/** Wanted items it covers: our ids, the arr's ids, natural keys. */
	items: { id: number; arrId: number; key: string; label: string; wanted: boolean; fileArrId: number }[];
	seriesId: number | null;
	seriesArrId: number | null;
}

/** One sending of one search command, from claim to conclusion. Append-only but for its own progress. */
export const dispatches = pgTable(
	'dispatches',
	{
		/** UUIDv7; sent to the arr as part of the user agent. */
		id: text('id').primaryKey(),
		connectorId: integer('connector_id').references(() => connectors.id, { onDelete: 'set null' }),
		connectorName: text('connector_name').notNull(),
		connectorKind: text('connector_kind').notNull(),
		registryId: integer('registry_id'),
		targetKind: text('target_kind', { enum: TARGET_KINDS }).notNull(),
		targetKey: text('target_key').notNull(),
		target: jsonb<DispatchTarget>('target').notNull(),
		reason: text('reason', { enum: WANTED_REASONS }).notNull(),
		byUser: boolean('by_user').notNull().default(false),
		seriesId: integer('series_id'),
		state: text('state', { enum: DISPATCH_STATES }).notNull(),
		cost: integer('cost').notNull(),
		costReturned: boolean('cost_returned').notNull().default(false),
		claimedAt: instant('claimed_at').notNull(),
		sendingAt: instant('sending_at'),
		/** Read right before sending, by the arr: where the recovery walk begins. */
		highestCommandId: integer('highest_command_id'),
		arrStartTime: instant('arr_start_time'),
		arrClock: instant('arr_clock'),
		/** lastSearchTime of the probed item, file ids, health complaints before sending. */
		before: jsonb<Record<string, unknown>>('before'),
		commandId: integer('command_id'),
		watchingSince: instant('watching_since'),
		nextLookAt: instant('next_look_at'),
		/** The arr's own times. */
		commandStarted: instant('command_started'),
		commandEnded: instant('command_ended'),
		commandDurationMs: integer('command_duration_ms'),
		commandStatus: text('command_status'),
		commandMessage: text('command_message'),
		/** Progress messages seen, newest last, at most 20. */
		messages: jsonb<string[]>('messages').notNull(),
		endSeenAt: instant('end_seen_at'),
		concludedAt: instant('concluded_at'),
		outcome: text('outcome', { enum: OUTCOMES }),
		strength: text('strength', { enum: STRENGTHS }),
		/** What proves the outcome; no secrets. */
		evidence: jsonb<Record<string, unknown>>('evidence'),
		/** The outcome so far, shown while health is still to be read again. */
		provisional: text('provisional', { enum: OUTCOMES }),
		releasesSeen: integer('releases_seen'),
	},
	(t) => [
		uniqueIndex('dispatches_one_open')
			.on(t.connectorId)
			.where(sql`${t.state} in ('claimed', 'sending', 'watching')`),
		index('dispatches_open')
			.on(t.connectorId, t.state)
			.where(sql`${t.state} <> 'concluded'`),
		index('dispatches_by_claim').on(t.connectorId, t.claimedAt),
		index('dispatches_by_time').on(t.claimedAt, t.id),
		index('dispatches_by_registry').on(t.registryId, t.claimedAt),
		index('dispatches_by_outcome').on(t.outcome, t.claimedAt),
		check('dispatches_state_check', oneOf(t.state, DISPATCH_STATES)),
		check('dispatches_outcome_check', sql`(${t.state} = 'concluded') = (${t.outcome} is not null)`),
	],
);

/** A grab seen in an arr's history, ours or not, followed to its import. Counted once per download. */
export const grabs = pgTable(
	'grabs',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: integer('connector_id').references(() => connectors.id, { onDelete: 'set null' }),
		/** Ours, if evidence says so. */
		dispatchId: text('dispatch_id'),
		/** `ours`, `shared` (another search ran too), `by_catch`, `find` (not ours). */
		claim: text('claim', { enum: ['ours', 'shared', 'by_catch', 'find'] }).notNull(),
		registryId: integer('registry_id'),
		episodeId: integer('episode_id'),
		movieId: integer('movie_id'),
		itemArrId: integer('item_arr_id').notNull(),
		historyArrId: integer('history_arr_id').notNull(),
		downloadId: text('download_id'),
		title: text('title').notNull(),
		releaseSource: text('release_source'),
		indexer: text('indexer'),
		qualityName: text('quality_name').notNull(),
		formatScore: integer('format_score'),
		grabbedAt: instant('grabbed_at').notNull(),
		fileArrIdBefore: integer('file_arr_id_before'),
		qualityBefore: text('quality_before'),
		scoreBefore: integer('score_before'),
		fileArrIdAfter: integer('file_arr_id_after'),
		qualityAfter: text('quality_after'),
		scoreAfter: integer('score_after'),
		result: text('result', { enum: GRAB_RESULTS }).notNull(),
		resultAt: instant('result_at'),
		resultDetail: text('result_detail'),
		/** Last time it was seen in a queue; starts the 24 h after which it has vanished. */
		lastSeenAt: instant('last_seen_at').notNull(),
	},
	(t) => [
		uniqueIndex('grabs_history_key').on(t.connectorId, t.historyArrId),
		index('grabs_following')
			.on(t.connectorId)
			.where(sql`${t.result} in ('following', 'manual')`),
		index('grabs_by_dispatch').on(t.dispatchId),
		index('grabs_by_episode').on(t.episodeId),
		index('grabs_by_movie').on(t.movieId),
		index('grabs_by_download').on(t.connectorId, t.downloadId),
	],
);

/** Search commands in the arr that are not ours: they count against the budget, and share evidence. */
export const foreignCommands = pgTable(
	'foreign_commands',
	{
		connectorId: integer('connector_id')
			.notNull()
			.references(() => connectors.id, { onDelete: 'cascade' }),
		commandId: integer('command_id').notNull(),
		name: text('name').notNull(),
		clientUserAgent: text('client_user_agent'),
		trigger: text('trigger'),
		episodeArrIds: integer('episode_arr_ids').array().notNull(),
		movieArrIds: integer('movie_arr_ids').array().notNull(),
		seriesArrId: integer('series_arr_id'),
		seasonNumber: integer('season_number'),
		cost: integer('cost').notNull(),
		status: text('status').notNull(),
		queuedAt: instant('queued_at'),
		startedAt: instant('started_at'),
		endedAt: instant('ended_at'),
		/** By our clock: the windows are counted from it. */
		firstSeenAt: instant('first_seen_at').notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.connectorId, t.commandId] }),
		index('foreign_commands_by_time').on(t.connectorId, t.firstSeenAt),
	],
);

/** Half-open gates of a connector (design §4.7): indexer, download_client, error_pause, lanes. */
export const connectorGates = pgTable(
	'connector_gates',
	{
		connectorId: integer('connector_id')
			.notNull()
			.references(() => connectors.id, { onDelete: 'cascade' }),
		gate: text('gate').notNull(),
		cause: text('cause').notNull(),
		closedAt: instant('closed_at').notNull(),
		/** error_pause: until then; the others: when the next single search is let through. */
		until: instant('until').notNull(),
		/** Doublings so far, for the pause after errors. */
		level: integer('level').notNull().default(0),
	},
	(t) => [primaryKey({ columns: [t.connectorId, t.gate] })],
);

/** The user's standing word about an item, season or series: excluded from searches, or boosted. */
export const targetRules = pgTable(
	'target_rules',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: integer('connector_id')
			.notNull()
			.references(() => connectors.id, { onDelete: 'cascade' }),
		scope: text('scope', { enum: ['item', 'season', 'series'] }).notNull(),
		/** Same natural keys as the registry; a series is `series:<tvdbId>`. */
		targetKey: text('target_key').notNull(),
		excluded: boolean('excluded').notNull().default(false),
		/** -100 to 100, added to the score. */
		boost: integer('boost').notNull().default(0),
		createdAt: instant('created_at').notNull().defaultNow(),
	},
	(t) => [uniqueIndex('target_rules_key').on(t.connectorId, t.scope, t.targetKey)],
);

/**
 * The words of titles, for finding items by what a user types. A row stands for up to sixteen episodes of a series, or
 * movies. Written after a sync (`queries/title-index.ts`); what is gone from the mirror goes with the next maintenance.
 */
export const titleWords = pgTable(
	'title_words',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: integer('connector_id').notNull(),
		/** Null of movies. */
		seriesId: integer('series_id'),
		/** Counted within the series; of movies: their ids, divided. */
		block: integer('block').notNull(),
		/** Our episode or movie rows. */
		items: integer('items').array().notNull(),
		words: tsvector('words').notNull(),
		madeOf: text('made_of').notNull(),
	},
	(t) => [
		uniqueIndex('title_words_series').on(t.seriesId, t.block),
		uniqueIndex('title_words_movies')
			.on(t.connectorId, t.block)
			.where(sql`${t.seriesId} is null`),
		index('title_words_words').using('gin', t.words),
	],
);
