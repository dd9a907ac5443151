/** Adding, changing and deleting a connector. A new one is probed first; what fails is refused, or saved disabled. */
import { eq } from 'drizzle-orm';
import * as v from 'valibot';
import type { AppContext } from '../../app-context';
import { AppError, notFound } from '../../app-error';
import type { ProbeResult } from '../../connectors';
import type { DbOrTx, Tx } from '../../db/client';
import { findConnector, patchConnector, type ConnectorRow } from '../../db/queries/connectors';
import { connectors } from '../../db/schema';
import { recordEvent } from '../../events';
import { connectorSettingsSchema, type ConnectorSettings, type ConnectorSettingsInput } from '$lib/domain/settings';
import type { ConnectorKind, Mode } from '$lib/domain/words';
import { apiKeyBinding } from './clients';
import { instanceFacts } from './health';
import { keyRequiredForNewAddress, testConnector } from './test';

export interface NewConnector {
	kind: ConnectorKind;
	name: string;
	url: string;
	apiKey: string;
	mode?: Mode | undefined;
	enabled?: boolean | undefined;
	settings?: ConnectorSettingsInput | undefined;
}
export interface ConnectorPatch {
	name?: string | undefined;
	url?: string | undefined;
	apiKey?: string | undefined;
	mode?: Mode | undefined;
	enabled?: boolean | undefined;
	paused?: boolean | undefined;
	settings?: ConnectorSettingsInput | undefined;
}

/**
 * Saves a new connector after a good test. With `force`, what fails the test is saved too, but disabled.
 * @throws AppError `connection_failed` (422, with the test's problem), `name_taken` (409), `same_instance` (409).
 */
export async function createConnector(
	ctx: AppContext,
	input: NewConnector,
	options: { force?: boolean } = {},
): Promise<ConnectorRow> {
	assertUnlocked(ctx);
	const settings = v.parse(connectorSettingsSchema, input.settings ?? {});
	const test = await testConnector(ctx, input);
	if (!test.ok && options.force !== true) throw connectionFailed(test);
	const now = ctx.clock.date();
	const created = await ctx.db.transaction(async (tx) => {
		const row = await insertConnector(tx, {
			kind: input.kind,
			name: input.name.trim(),
			url: normalUrl(input.url),
			mode: input.mode ?? 'observe',
			enabled: test.ok && input.enabled !== false,
			settings,
			updatedAt: now,
			...(test.instance === undefined ? {} : instanceFacts({ arrStartTime: null }, test.instance, now)),
			...(test.ok ? { health: 'healthy' as const, healthSince: now, lastOkAt: now } : { lastError: problemOf(test) }),
		});
		const saved = await storeApiKey(ctx, tx, row.id, input.apiKey, now);
		await recordEvent(tx, {
			at: now,
			type: 'connector.added',
			severity: 'success',
			connector: row,
			message: `${row.name} was added${row.mode === 'observe' ? ' in observe mode' : ''}.`,
			data: { kind: row.kind, forced: !test.ok },
		});
		return saved;
	});
	ctx.wake.connectorChanged(created.id);
	return created;
}

async function insertConnector(tx: Tx, values: typeof connectors.$inferInsert): Promise<ConnectorRow> {
	const [row] = await tx.insert(connectors).values(values).onConflictDoNothing().returning();
	if (row === undefined) throw nameTaken(values.name);
	return row;
}

async function storeApiKey(ctx: AppContext, tx: DbOrTx, id: number, apiKey: string, now: Date): Promise<ConnectorRow> {
	const trimmed = apiKey.trim();
	const row = await patchConnector(tx, id, {
		apiKeyEncrypted: ctx.keyring.encrypt(trimmed, apiKeyBinding(id)),
		apiKeyLast4: trimmed.length >= 12 ? trimmed.slice(-4) : null,
		apiKeySetAt: now,
	});
	if (row === undefined) throw notFound('connector');
	return row;
}

/** Changes a connector. A new address needs the key again; address and key are tested before they are saved. */
export async function updateConnector(
	ctx: AppContext,
	id: number,
	patch: ConnectorPatch,
	options: { force?: boolean } = {},
): Promise<ConnectorRow> {
	const before = await findConnector(ctx.db, id);
	if (before === undefined) throw notFound('connector');
	const settings = patch.settings === undefined ? before.settings : mergeSettings(before.settings, patch.settings);
	const url = patch.url === undefined ? before.url : normalUrl(patch.url);
	if (url !== before.url && (patch.apiKey ?? '') === '') throw keyRequiredForNewAddress();
	const reached = url !== before.url || (patch.apiKey ?? '') !== '' ? await testChange(ctx, before, patch, url, settings, options) : null;
	const now = ctx.clock.date();
	const row = await ctx.db.transaction(async (tx) => {
		await patchOrRefuse(tx, id, {
			name: patch.name?.trim() ?? before.name,
			url,
			mode: patch.mode ?? before.mode,
			enabled: reached === false ? false : (patch.enabled ?? before.enabled),
			paused: patch.paused ?? before.paused,
			settings,
			updatedAt: now,
		});
		if ((patch.apiKey ?? '') !== '') await storeApiKey(ctx, tx, id, patch.apiKey ?? '', now);
		const after = await findConnector(tx, id);
		if (after === undefined) throw notFound('connector');
		await tellChange(tx, before, after, now);
		return after;
	});
	ctx.clients.forget(id);
	ctx.wake.connectorChanged(id);
	return row;
}

/** True if the changed address and key answer, false if they do not and `force` was given. */
async function testChange(
	ctx: AppContext,
	before: ConnectorRow,
	patch: ConnectorPatch,
	url: string,
	settings: ConnectorSettings,
	options: { force?: boolean },
): Promise<boolean> {
	assertUnlocked(ctx);
	const test = await testConnector(ctx, { kind: before.kind, url, apiKey: patch.apiKey, connectorId: before.id, settings });
	if (!test.ok && options.force !== true) throw connectionFailed(test);
	return test.ok;
}

async function patchOrRefuse(tx: Tx, id: number, values: Partial<typeof connectors.$inferInsert> & { name: string }): Promise<void> {
	const [same] = await tx
		.select({ id: connectors.id, name: connectors.name })
		.from(connectors)
		.where(eq(connectors.name, values.name));
	if (same !== undefined && same.id !== id) throw nameTaken(values.name);
	await patchConnector(tx, id, values);
}

async function tellChange(tx: Tx, before: ConnectorRow, after: ConnectorRow, now: Date): Promise<void> {
	if (before.mode !== after.mode) {
		await recordEvent(tx, {
			at: now,
			type: 'connector.mode_changed',
			connector: after,
			message: after.mode === 'active' ? `${after.name} now searches.` : `${after.name} now only observes.`,
			data: { from: before.mode, to: after.mode },
		});
		return;
	}
	await recordEvent(tx, {
		at: now,
		type: 'connector.changed',
		connector: after,
		message: `${after.name} was changed.`,
		data: { enabled: after.enabled, paused: after.paused },
	});
}

/** Deletes the connector with its mirror and search memory; dispatches and grabs stay as history. */
export async function deleteConnector(ctx: AppContext, id: number): Promise<void> {
	await ctx.db.transaction(async (tx) => {
		const row = await findConnector(tx, id);
		if (row === undefined) throw notFound('connector');
		await recordEvent(tx, {
			at: ctx.clock.date(),
			type: 'connector.deleted',
			connector: row,
			message: `${row.name} was deleted. Its search history stays.`,
		});
		await tx.delete(connectors).where(eq(connectors.id, id));
	});
	ctx.clients.forget(id);
	ctx.wake.connectorChanged(id);
	await ctx.locks.release(id);
}

/** Deep enough for settings: objects are merged, lists and values replaced; the result is validated as a whole. */
export function mergeSettings(before: ConnectorSettings, patch: ConnectorSettingsInput): ConnectorSettings {
	return v.parse(connectorSettingsSchema, merge(before, patch));
}

function merge(base: unknown, patch: unknown): unknown {
	if (!isRecord(base) || !isRecord(patch)) return patch;
	const keys = new Set([...Object.keys(base), ...Object.keys(patch)]);
	return Object.fromEntries(
		[...keys].map((name) => [name, patch[name] === undefined ? base[name] : merge(base[name], patch[name])]),
	);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const normalUrl = (url: string): string => url.trim().replace(/\/+$/, '');

const nameTaken = (name: string) => new AppError('name_taken', 409, `There is already a connector named "${name}".`);

const problemOf = (test: ProbeResult) => {
	const problem = test.problem ?? { code: 'unknown', message: 'The test failed.', hint: '' };
	return { code: problem.code, message: problem.message, hint: problem.hint };
};

const connectionFailed = (test: ProbeResult) => {
	const problem = problemOf(test);
	return new AppError('connection_failed', 422, problem.message, { problem });
};

function assertUnlocked(ctx: AppContext): void {
	if (!ctx.keyring.locked) return;
	throw new AppError('locked', 409, 'The secret key does not fit the database: give the right SECRET_KEY first.');
}
