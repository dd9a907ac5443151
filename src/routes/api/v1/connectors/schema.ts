/** Connectors on the wire. The API key goes in and never comes out. */
import * as v from 'valibot';
import type { Schema } from '$lib/server/api/operation';
import { instant, nullableInstant } from '$lib/server/api/schemas';
import type { ConnectorRow } from '$lib/server/db/queries/connectors';
import { connectorSettingsSchema, type ConnectorSettingsInput } from '$lib/domain/settings';
import { CONNECTOR_KINDS, HEALTH_STATUSES, MODES, SHAPES, SYNC_MODES } from '$lib/domain/words';

const name = v.pipe(
	v.string(),
	v.trim(),
	v.minLength(1, 'must not be empty'),
	v.maxLength(100, 'must have at most 100 characters'),
);
const url = v.pipe(v.string(), v.trim(), v.minLength(1, 'must not be empty'), v.maxLength(2000));
const apiKey = v.pipe(v.string(), v.trim(), v.minLength(1, 'must not be empty'), v.maxLength(500));

export const newConnectorSchema = v.object({
	kind: v.picklist(CONNECTOR_KINDS),
	name,
	url,
	apiKey,
	mode: v.optional(v.picklist(MODES)),
	enabled: v.optional(v.boolean()),
	settings: v.optional(connectorSettingsSchema),
});

/** The same shape with nothing filled in: what is left out stays as it is saved. */
function sparse(schema: Schema): Schema {
	if (schema.type === 'optional' && 'wrapped' in schema) return v.optional(sparse(schema.wrapped as Schema));
	if (schema.type !== 'object' || !('entries' in schema)) return schema;
	const entries = Object.entries(schema.entries as Record<string, Schema>);
	return v.object(Object.fromEntries(entries.map(([name, part]) => [name, sparse(part)])));
}

const settingsPatch = sparse(connectorSettingsSchema) as v.GenericSchema<unknown, ConnectorSettingsInput>;

/** Settings are merged; anything left out stays. */
export const connectorPatchSchema = v.object({
	name: v.optional(name),
	url: v.optional(url),
	apiKey: v.optional(apiKey),
	mode: v.optional(v.picklist(MODES)),
	enabled: v.optional(v.boolean()),
	paused: v.optional(v.boolean()),
	settings: v.optional(settingsPatch),
});

/** Whatever a connector is added with can be tested first; name, mode and the like decide nothing here. */
export const testSchema = v.object({
	...newConnectorSchema.entries,
	name: v.optional(name),
	kind: v.optional(v.picklist(CONNECTOR_KINDS)),
	apiKey: v.optional(apiKey),
	connectorId: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
});

const problem = v.object({ code: v.string(), message: v.string(), hint: v.nullable(v.string()) });

export const testResultSchema = v.object({
	ok: v.boolean(),
	application: v.nullable(v.string()),
	version: v.nullable(v.string()),
	kind: v.nullable(v.string()),
	problem: v.optional(problem),
});

export const connectorSchema = v.object({
	id: v.number(),
	kind: v.picklist(CONNECTOR_KINDS),
	name: v.string(),
	url: v.string(),
	mode: v.picklist(MODES),
	enabled: v.boolean(),
	paused: v.boolean(),
	settings: connectorSettingsSchema,
	apiKeySet: v.nullable(v.object({ at: instant, last4: v.nullable(v.string()) })),
	application: v.nullable(v.string()),
	version: v.nullable(v.string()),
	shape: v.nullable(v.picklist(SHAPES)),
	health: v.object({
		status: v.picklist(HEALTH_STATUSES),
		since: nullableInstant,
		reason: v.nullable(v.string()),
		lastError: v.nullable(problem),
	}),
	heldReason: v.nullable(v.string()),
	notices: v.array(v.object({ code: v.string(), message: v.string() })),
	mirrorComplete: v.boolean(),
	createdAt: instant,
	updatedAt: instant,
});

export const statsSchema = v.object({
	gaps: v.nullable(v.number()),
	qualityUpgrades: v.nullable(v.number()),
	formatUpgrades: v.nullable(v.number()),
	arrMissing: v.nullable(v.number()),
	arrCutoffUnmet: v.nullable(v.number()),
	arrCountedAt: v.nullable(instant),
	arrDiffers: v.object({ missing: v.array(v.string()), cutoffUnmet: v.array(v.string()) }),
	queued: v.number(),
	searchedToday: v.number(),
	costToday: v.number(),
	budgetLeft: v.object({ hour: v.number(), day: v.number() }),
	lastSync: v.nullable(
		v.object({
			mode: v.picklist(SYNC_MODES),
			startedAt: instant,
			endedAt: nullableInstant,
			requests: v.number(),
			changed: v.number(),
			error: v.nullable(v.object({ code: v.string(), message: v.string() })),
		}),
	),
	mirrorComplete: v.boolean(),
});

/** A row as it goes out. */
export function connectorOut(row: ConnectorRow) {
	return {
		id: row.id,
		kind: row.kind,
		name: row.name,
		url: row.url,
		mode: row.mode,
		enabled: row.enabled,
		paused: row.paused,
		settings: row.settings,
		apiKeySet: row.apiKeySetAt === null ? null : { at: row.apiKeySetAt, last4: row.apiKeyLast4 },
		application: row.application,
		version: row.version,
		shape: row.shape,
		health: {
			status: row.health,
			since: row.healthSince,
			reason: row.healthReason,
			lastError: row.lastError,
		},
		heldReason: row.heldReason,
		notices: row.notices ?? [],
		mirrorComplete: row.mirrorComplete,
		createdAt: row.createdAt,
		updatedAt: row.updatedAt,
	};
}
