/** Connectors: what the user configured, what was probed, how the instance is, and the last good reading of each fact. */
import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { CONNECTOR_KINDS, HEALTH_STATUSES, MODES, SHAPES } from '../../../domain/words';
import type { ConnectorSettings } from '../../../domain/settings';
import { instant, jsonb, oneOf } from './columns';

export const connectors = pgTable(
	'connectors',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		kind: text('kind', { enum: CONNECTOR_KINDS }).notNull(),
		name: text('name').notNull(),
		url: text('url').notNull(),
		/** Encrypted with row binding `connector:<id>`; null while the keyring is locked out of it. */
		apiKeyEncrypted: text('api_key_encrypted'),
		apiKeyLast4: text('api_key_last4'),
		apiKeySetAt: instant('api_key_set_at'),
		mode: text('mode', { enum: MODES }).notNull().default('observe'),
		enabled: boolean('enabled').notNull().default(true),
		paused: boolean('paused').notNull().default(false),
		settings: jsonb<ConnectorSettings>('settings').notNull(),
		createdAt: instant('created_at').notNull().defaultNow(),
		updatedAt: instant('updated_at').notNull(),

		// What was probed; null until the first good answer.
		shape: text('shape', { enum: SHAPES }),
		application: text('application'),
		version: text('version'),
		instanceName: text('instance_name'),
		databaseType: text('database_type'),
		urlBase: text('url_base'),
		capabilities: jsonb<Record<string, unknown>>('capabilities'),
		fingerprint: jsonb<Record<string, string>>('fingerprint'),
		notices: jsonb<{ code: string; message: string }[]>('notices'),
		/** When the application started, by its own clock. */
		arrStartTime: instant('arr_start_time'),
		/** When we first saw that start, by our clock: its queue is unknown for 2 minutes from here. */
		arrStartSeenAt: instant('arr_start_seen_at'),

		health: text('health', { enum: HEALTH_STATUSES }).notNull().default('unknown'),
		healthSince: instant('health_since'),
		healthReason: text('health_reason'),
		failures: integer('failures').notNull().default(0),
		lastOkAt: instant('last_ok_at'),
		nextProbeAt: instant('next_probe_at'),
		/** code, message and hint of the newest failure; null when the last request was good. */
		lastError: jsonb<{ code: string; message: string; hint: string | null }>('last_error'),

		/** The arr's own totals, shown as the arr's until our first full sync is complete. */
		arrMissing: integer('arr_missing'),
		arrCutoffUnmet: integer('arr_cutoff_unmet'),
		arrCountsAt: instant('arr_counts_at'),

		// Sync cursors, all of them the arr's own dates.
		mirrorComplete: boolean('mirror_complete').notNull().default(false),
		historyCursor: instant('history_cursor'),
		syncRotation: integer('sync_rotation').notNull().default(0),
		lastIncrementalAt: instant('last_incremental_at'),
		lastIncrementalMs: integer('last_incremental_ms'),
		lastFullAt: instant('last_full_at'),
		/** Set when a sync found another instance at this address, or guarded a shrink: nothing is sent meanwhile. */
		heldReason: text('held_reason'),
	},
	(t) => [
		uniqueIndex('connectors_name_key').on(sql`lower(${t.name})`),
		check('connectors_kind_check', oneOf(t.kind, CONNECTOR_KINDS)),
		check('connectors_mode_check', oneOf(t.mode, MODES)),
		check('connectors_health_check', oneOf(t.health, HEALTH_STATUSES)),
	],
);

/** Health over time, one row per change (design §4.1). */
export const connectorHealthHistory = pgTable(
	'connector_health_history',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: integer('connector_id')
			.notNull()
			.references(() => connectors.id, { onDelete: 'cascade' }),
		at: instant('at').notNull(),
		status: text('status', { enum: HEALTH_STATUSES }).notNull(),
		reason: text('reason'),
	},
	(t) => [index('connector_health_history_by_connector').on(t.connectorId, t.at)],
);

/** The last good reading of a list that gates need: health, indexers, downloadClients, tags, delayProfiles, … */
export const connectorReadings = pgTable(
	'connector_readings',
	{
		connectorId: integer('connector_id')
			.notNull()
			.references(() => connectors.id, { onDelete: 'cascade' }),
		name: text('name').notNull(),
		value: jsonb<object>('value').notNull(),
		readAt: instant('read_at').notNull(),
	},
	(t) => [primaryKey({ columns: [t.connectorId, t.name] })],
);

/** Something only the user can decide: a shrunk library, another instance at the address, unreliable proof. */
export const questions = pgTable(
	'questions',
	{
		id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
		connectorId: integer('connector_id')
			.notNull()
			.references(() => connectors.id, { onDelete: 'cascade' }),
		kind: text('kind').notNull(),
		detail: jsonb<Record<string, unknown>>('detail').notNull(),
		askedAt: instant('asked_at').notNull(),
		answer: text('answer'),
		answeredAt: instant('answered_at'),
	},
	(t) => [
		uniqueIndex('questions_one_open')
			.on(t.connectorId, t.kind)
			.where(sql`${t.answeredAt} is null`),
	],
);
