/** Everything that belongs to the product itself: access, settings, jobs, events, aggregates. */
import { sql } from 'drizzle-orm';
import {
	boolean,
	doublePrecision,
	index,
	integer,
	pgTable,
	primaryKey,
	text,
	uniqueIndex,
} from 'drizzle-orm/pg-core';
import { JOB_STATUSES, SEVERITIES, SYNC_MODES } from '../../../domain/words';
import { instant, jsonb } from './columns';
import { connectors } from './connectors';

export const users = pgTable(
	'users',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		username: text('username').notNull(),
		passwordHash: text('password_hash').notNull(),
		createdAt: instant('created_at').notNull().defaultNow(),
		passwordChangedAt: instant('password_changed_at').notNull(),
	},
	// Single user: the setup cannot be repeated, not even by two requests at once.
	(t) => [
		uniqueIndex('users_only_one').on(sql`(true)`),
		uniqueIndex('users_name_key').on(sql`lower(${t.username})`),
	],
);

export const sessions = pgTable(
	'sessions',
	{
		/** SHA-256 of the token; the token itself is only in the cookie. */
		idHash: text('id_hash').primaryKey(),
		userId: integer('user_id')
			.notNull()
			.references(() => users.id, { onDelete: 'cascade' }),
		createdAt: instant('created_at').notNull(),
		lastSeenAt: instant('last_seen_at').notNull(),
		expiresAt: instant('expires_at').notNull(),
		peer: text('peer'),
		userAgent: text('user_agent'),
	},
	(t) => [index('sessions_by_expiry').on(t.expiresAt)],
);

export const apiKeys = pgTable(
	'api_keys',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		name: text('name').notNull(),
		keyHash: text('key_hash').notNull(),
		last4: text('last4').notNull(),
		scope: text('scope', { enum: ['read', 'full'] }).notNull(),
		createdAt: instant('created_at').notNull(),
		expiresAt: instant('expires_at'),
		lastUsedAt: instant('last_used_at'),
		lastUsedPeer: text('last_used_peer'),
		uses: integer('uses').notNull().default(0),
	},
	(t) => [uniqueIndex('api_keys_hash_key').on(t.keyHash)],
);

/** Failed logins per peer, for the growing delay. */
export const loginAttempts = pgTable('login_attempts', {
	peer: text('peer').primaryKey(),
	failures: integer('failures').notNull(),
	lastAt: instant('last_at').notNull(),
	nextAllowedAt: instant('next_allowed_at').notNull(),
});

/** One row per key: global settings, the keyring's check value, the pause switch, undo data. */
export const appSettings = pgTable('app_settings', {
	key: text('key').primaryKey(),
	value: jsonb<object>('value').notNull(),
	updatedAt: instant('updated_at').notNull(),
});

/** Work that a user or the schedule asked for and can follow; kept 7 days. */
export const jobs = pgTable(
	'jobs',
	{
		id: text('id').primaryKey(),
		/** sync, sweep, … */
		kind: text('kind').notNull(),
		/** Null once the connector was deleted: what came of the work is told for as long as of any other. */
		connectorId: integer('connector_id').references(() => connectors.id, { onDelete: 'set null' }),
		/** What was asked for, so that any process can carry it out. */
		args: jsonb<Record<string, unknown>>('args').notNull().default({}),
		status: text('status', { enum: JOB_STATUSES }).notNull(),
		/** The process that carries it out; null while it is queued. */
		runner: text('runner'),
		progressDone: integer('progress_done').notNull().default(0),
		progressTotal: integer('progress_total').notNull().default(0),
		result: jsonb<Record<string, unknown>>('result'),
		error: jsonb<{ code: string; message: string }>('error'),
		createdAt: instant('created_at').notNull(),
		startedAt: instant('started_at'),
		endedAt: instant('ended_at'),
	},
	(t) => [
		index('jobs_by_time').on(t.createdAt),
		index('jobs_by_connector').on(t.connectorId, t.createdAt),
		index('jobs_open')
			.on(t.connectorId)
			.where(sql`${t.status} in ('queued', 'running')`),
	],
);

/** What the schedule ran: a job that overruns or throws is visible here, never silent. */
export const scheduleRuns = pgTable(
	'schedule_runs',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		job: text('job').notNull(),
		connectorId: integer('connector_id').references(() => connectors.id, { onDelete: 'cascade' }),
		startedAt: instant('started_at').notNull(),
		endedAt: instant('ended_at'),
		status: text('status', { enum: ['running', 'done', 'failed', 'overrun', 'interrupted'] }).notNull(),
		error: text('error'),
	},
	(t) => [index('schedule_runs_by_job').on(t.job, t.connectorId, t.startedAt)],
);

export const syncRuns = pgTable(
	'sync_runs',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: integer('connector_id')
			.notNull()
			.references(() => connectors.id, { onDelete: 'cascade' }),
		mode: text('mode', { enum: SYNC_MODES }).notNull(),
		/** The process that makes it. */
		runner: text('runner'),
		startedAt: instant('started_at').notNull(),
		endedAt: instant('ended_at'),
		requests: integer('requests').notNull().default(0),
		changed: integer('changed').notNull().default(0),
		error: jsonb<{ code: string; message: string }>('error'),
		/** Counts, differences with the arr's totals and their reasons, unreadable records. */
		detail: jsonb<Record<string, unknown>>('detail').notNull(),
	},
	(t) => [
		index('sync_runs_by_connector').on(t.connectorId, t.startedAt),
		index('sync_runs_open')
			.on(t.connectorId)
			.where(sql`${t.endedAt} is null`),
	],
);

/** The outbox: written in the transaction of the change it tells. Rows go after 30 days. */
export const events = pgTable(
	'events',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		at: instant('at').notNull(),
		type: text('type').notNull(),
		severity: text('severity', { enum: SEVERITIES }).notNull(),
		connectorId: integer('connector_id'),
		connectorName: text('connector_name'),
		episodeId: integer('episode_id'),
		movieId: integer('movie_id'),
		dispatchId: text('dispatch_id'),
		/** Plain text for people; from outside parts are already bounded in length. */
		message: text('message').notNull(),
		data: jsonb<Record<string, unknown>>('data').notNull(),
		correlationId: text('correlation_id'),
	},
	(t) => [
		index('events_by_time').on(t.at, t.id),
		index('events_by_connector').on(t.connectorId, t.id),
		index('events_by_episode').on(t.episodeId, t.id),
		index('events_by_movie').on(t.movieId, t.id),
	],
);

/** Readers of the outbox and how far they got. */
export const eventCursors = pgTable('event_cursors', {
	reader: text('reader').primaryKey(),
	lastId: integer('last_id').notNull(),
	updatedAt: instant('updated_at').notNull(),
});

/** Hourly aggregates per connector, written from the first day. Gauges keep the last value, counters the sum. */
export const hourlyAggregates = pgTable(
	'hourly_aggregates',
	{
		/** 0 = all connectors. */
		connectorId: integer('connector_id').notNull(),
		hour: instant('hour').notNull(),
		metric: text('metric').notNull(),
		value: doublePrecision('value').notNull(),
		count: integer('count').notNull(),
		max: doublePrecision('max').notNull(),
	},
	(t) => [
		primaryKey({ columns: [t.connectorId, t.metric, t.hour] }),
		index('hourly_aggregates_by_hour').on(t.hour),
	],
);

/** Undo of the last destructive act on the queue, kept a short time. */
export const undoActs = pgTable('undo_acts', {
	id: text('id').primaryKey(),
	kind: text('kind').notNull(),
	data: jsonb<Record<string, unknown>>('data').notNull(),
	createdAt: instant('created_at').notNull(),
	used: boolean('used').notNull().default(false),
});
