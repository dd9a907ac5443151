/** Test connection: with the key just typed, or with the saved one while the address stays. */
import type { AppContext } from '../../app-context';
import { AppError, notFound } from '../../app-error';
import { testConnection, type ProbeResult } from '../../connectors';
import { findConnector } from '../../db/queries/connectors';
import type { ConnectorSettingsInput } from '$lib/domain/settings';
import { CONNECTOR_KINDS, type ConnectorKind } from '$lib/domain/words';
import { httpSettings, readApiKey } from './clients';
import { completeSettings } from './settings';

export interface TestInput {
	/** Found out by asking, if left open. */
	kind?: ConnectorKind | undefined;
	url: string;
	apiKey?: string | undefined;
	/** Test with the saved key: allowed only while the origin is unchanged. */
	connectorId?: number | undefined;
	settings?: ConnectorSettingsInput | undefined;
}

/** Tries an address and key, saved or not, and tells exactly what is wrong. Saves nothing. */
export async function testConnector(ctx: AppContext, input: TestInput): Promise<ProbeResult> {
	const settings = completeSettings(input.settings);
	const apiKey = await keyForTest(ctx, input);
	const ask = (kind: ConnectorKind): Promise<ProbeResult> =>
		testConnection({
			kind,
			url: input.url,
			apiKey,
			clock: ctx.clock,
			userAgentVersion: ctx.version,
			...httpSettings(settings),
		});
	if (input.kind !== undefined) return ask(input.kind);
	const first = await ask('sonarr');
	const found = CONNECTOR_KINDS.find((kind) => kind === first.application?.toLowerCase());
	return first.ok || found === undefined || found === 'sonarr' ? first : ask(found);
}

async function keyForTest(ctx: AppContext, input: TestInput): Promise<string> {
	if (input.apiKey !== undefined && input.apiKey !== '') return input.apiKey;
	if (input.connectorId === undefined) throw new AppError('api_key_required', 422, 'Enter the API key.');
	const row = await findConnector(ctx.db, input.connectorId);
	if (row === undefined) throw notFound('connector');
	if (!sameOrigin(row.url, input.url)) throw keyRequiredForNewAddress();
	return readApiKey(ctx, row);
}

/** A saved key never goes to another address. */
export const keyRequiredForNewAddress = () =>
	new AppError(
		'api_key_required',
		422,
		'The address has changed: enter the API key again. A saved key is never sent to another address.',
	);

const sameOrigin = (a: string, b: string): boolean => originOf(a) !== null && originOf(a) === originOf(b);

function originOf(url: string): string | null {
	try {
		return new URL(url).origin;
	} catch {
		return null;
	}
}
