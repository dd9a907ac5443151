/** Adding, changing and deleting a connector. A new one is probed first; what fails is refused, or saved disabled. */
import { and, eq, ne, sql } from 'drizzle-orm';
import type { AppContext } from '../../app-context';
import { AppError, notFound } from '../../app-error';
import type { ProbeResult } from '../../connectors';
import type { DbOrTx, Tx } from '../../db/client';
import { findConnector, patchConnector, type ConnectorRow } from '../../db/queries/connectors';
import { concludeOpenOf } from '../../db/queries/dispatches';
import { endJobsOfDeleted } from '../../db/queries/jobs';
import { connectors } from '../../db/schema';
import { recordEvent } from '../../events';
import { isStorable } from '../../storable';
import type { ConnectorSettingsInput } from '$lib/domain/settings';
import type { ConnectorKind, Mode } from '$lib/domain/words';
import { apiKeyBinding } from '../settings/keyring';
import { instanceFacts, noteSuccess } from './health';
import { completeSettings, mergeSettings } from './settings';
import { keyRequiredForNewAddress, testConnector } from './test';
import { refuseTwin, tellOfLookalike } from './twin';

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
 * Saves a new connector after a good test. With `force`, what fails the test is saved too, but disabled; an
 * address that is connected already is refused either way.
 * @throws AppError `connection_failed` (422, with the test's problem), `bad_name` (422), `name_taken`,
 *   `already_connected`, `locked` (409).
 */
export async function createConnector(
	ctx: AppContext,
	input: NewConnector,
	options: { force?: boolean } = {},
): Promise<ConnectorRow> {
	assertUnlocked(ctx);
	assertName(input.name);
	const settings = completeSettings(input.settings);
	const test = await testConnector(ctx, input);
	if (!test.ok && !mayForce(test, options)) throw connectionFailed(test);
	await assertNameFree(ctx.db, input.name.trim());
	const now = ctx.clock.date();
	const created = await ctx.db.transaction(async (tx) => {
		await refuseTwin(tx, input.url);
		const row = await insertConnector(tx, {
			kind: input.kind,
			name: input.name.trim(),
			url: normalUrl(input.url),
			mode: input.mode ?? 'observe',
			enabled: test.ok && input.enabled !== false,
			settings,
			updatedAt: now,
			...(test.instance === undefined ? {} : instanceFacts({ arrStartTime: null }, test.instance, now)),
			...(test.ok
				? { health: 'healthy' as const, healthSince: now, lastOkAt: now }
				: { lastError: problemOf(test) }),
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
		await tellOfLookalike(ctx, tx, row, input.apiKey, test.instance);
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

async function storeApiKey(
	ctx: AppContext,
	tx: DbOrTx,
	id: number,
	apiKey: string,
	now: Date,
): Promise<ConnectorRow> {
	const trimmed = apiKey.trim();
	const row = await patchConnector(tx, id, {
		apiKeyEncrypted: ctx.keyring.encrypt(trimmed, apiKeyBinding(id)),
		apiKeyLast4: trimmed.length >= 12 ? trimmed.slice(-4) : null,
		apiKeySetAt: now,
	});
	if (row === undefined) throw notFound('connector');
	return row;
}

/**
 * Changes a connector. A new address needs the key again; address and key are tested before they are saved.
 * @throws AppError `api_key_required`, `connection_failed`, `bad_name`, `invalid` (422), `name_taken`,
 *   `already_connected`, `locked` (409)
 */
export async function updateConnector(
	ctx: AppContext,
	id: number,
	patch: ConnectorPatch,
	options: { force?: boolean } = {},
): Promise<ConnectorRow> {
	if (patch.name !== undefined) assertName(patch.name);
	const before = await findConnector(ctx.db, id);
	if (before === undefined) throw notFound('connector');
	const test = await testChange(ctx, before, patch, options);
	const movesTo = newAddress(before, patch);
	const row = await ctx.db.transaction(async (tx) => {
		if (movesTo !== null) await refuseTwin(tx, movesTo, id);
		const changed = await storeChange(ctx, tx, id, patch, test);
		if (movesTo !== null) await tellOfLookalike(ctx, tx, changed, patch.apiKey ?? '', test?.instance);
		return changed;
	});
	await unlockIfWhole(ctx);
	if (test?.ok === true)
		await noteSuccess(ctx, id, test.instance === undefined ? {} : { instance: test.instance });
	ctx.clients.forget(id);
	ctx.wake.connectorChanged(id);
	return (await findConnector(ctx.db, id)) ?? row;
}

/** Only who moves may meet another: whose address stays was let in by it. */
function newAddress({ url: before }: ConnectorRow, patch: ConnectorPatch): string | null {
	const url = normalUrl(patch.url ?? before);
	return url === before ? null : url;
}

/** The test of a changed address or key; null where neither changes. */
async function testChange(
	ctx: AppContext,
	before: ConnectorRow,
	patch: ConnectorPatch,
	options: { force?: boolean },
): Promise<ProbeResult | null> {
	const settings = mergeSettings(before.settings, patch.settings ?? {});
	const url = patch.url === undefined ? before.url : normalUrl(patch.url);
	const apiKey = patch.apiKey ?? '';
	if (url === before.url && apiKey === '') return null;
	if (apiKey === '') throw keyRequiredForNewAddress();
	const test = await testConnector(ctx, { kind: before.kind, url, apiKey, settings });
	if (!test.ok && !mayForce(test, options)) throw connectionFailed(test);
	return test;
}

/** What somebody else changed meanwhile stays: only what was sent is written. */
async function storeChange(
	ctx: AppContext,
	tx: Tx,
	id: number,
	patch: ConnectorPatch,
	test: ProbeResult | null,
): Promise<ConnectorRow> {
	const [before] = await tx.select().from(connectors).where(eq(connectors.id, id)).for('update');
	if (before === undefined) throw notFound('connector');
	const now = ctx.clock.date();
	const failed = test?.ok === false;
	await patchOrRefuse(tx, id, {
		name: patch.name?.trim() ?? before.name,
		url: patch.url === undefined ? before.url : normalUrl(patch.url),
		mode: patch.mode ?? before.mode,
		enabled: failed ? false : (patch.enabled ?? before.enabled),
		paused: patch.paused ?? before.paused,
		settings: mergeSettings(before.settings, patch.settings ?? {}),
		updatedAt: now,
		...(failed ? { lastError: problemOf(test) } : {}),
	});
	if ((patch.apiKey ?? '') !== '') {
		if (before.apiKeyEncrypted !== null)
			await ctx.keyring.keepSealed(tx, { id, url: before.url, sealed: before.apiKeyEncrypted }, now);
		await storeApiKey(ctx, tx, id, patch.apiKey ?? '', now);
	}
	const after = await findConnector(tx, id);
	if (after === undefined) throw notFound('connector');
	await tellChange(tx, before, after, now);
	return after;
}

/** An address that may never be asked is not even saved disabled: it might hold a password, or point inwards. */
const mayForce = (test: ProbeResult, { force }: { force?: boolean }): boolean =>
	force === true && test.problem?.code !== 'address_invalid' && test.problem?.code !== 'address_forbidden';

async function patchOrRefuse(
	tx: Tx,
	id: number,
	values: Partial<typeof connectors.$inferInsert> & { name: string },
): Promise<void> {
	await assertNameFree(tx, values.name, id);
	await patchConnector(tx, id, values);
}

async function assertNameFree(db: DbOrTx, name: string, except = 0): Promise<void> {
	const [same] = await db
		.select({ id: connectors.id })
		.from(connectors)
		.where(and(sql`lower(${connectors.name}) = lower(${name})`, ne(connectors.id, except)));
	if (same !== undefined) throw nameTaken(name);
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
		await concludeOpenOf(tx, id, ctx.clock.date());
		await endJobsOfDeleted(tx, id, ctx.clock.date());
		await tx.delete(connectors).where(eq(connectors.id, id));
	});
	await unlockIfWhole(ctx);
	ctx.clients.forget(id);
	ctx.wake.connectorChanged(id);
	await ctx.locks.release(id);
}

/** While locked: the last key that could not be read was entered again, or went with its connector. */
async function unlockIfWhole(ctx: AppContext): Promise<void> {
	const at = ctx.clock.date();
	if (!(await ctx.keyring.adopt(ctx.db, at))) return;
	const message = 'Every API key can be read again.';
	await recordEvent(ctx.db, { at, type: 'system.unlocked', severity: 'success', message });
}

const LONGEST_NAME = 100;

function assertName(name: string): void {
	const { length } = name.trim();
	if (length > 0 && length <= LONGEST_NAME && isStorable(name)) return;
	throw new AppError('bad_name', 422, 'Give the connector a name of 1 to 100 characters.');
}

const normalUrl = (url: string): string => url.trim().replace(/\/+$/, '');

const nameTaken = (name: string) =>
	new AppError('name_taken', 409, `There is already a connector named "${name}".`);

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
	throw new AppError(
		'locked',
		409,
		'The saved API keys cannot be read with this secret key. Start with the right SECRET_KEY, or enter the keys of the other connectors again first.',
	);
}
