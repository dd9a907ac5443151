/** One HTTP client per connector, made anew when its configuration changes. */
import type { AppContext, ClientSource } from '../../app-context';
import { AppError, notFound } from '../../app-error';
import { createArrClient, type TlsSettings } from '../../connectors';
import type { ArrClient } from '../../connectors/common/types';
import { findConnector, type ConnectorRow } from '../../db/queries/connectors';
import { apiKeyBinding } from '../settings/keyring';
import type { ConnectorSettings } from '$lib/domain/settings';

type Needs = Pick<AppContext, 'db' | 'clock' | 'keyring' | 'version'>;

/** Clients by connector id; `for` compares with the row each time and keeps the client until it changes. */
export function clientSource(ctx: Needs): ClientSource {
	const cached = new Map<number, { stamp: string; client: ArrClient }>();
	return {
		for: async (connector) => {
			const row = typeof connector === 'number' ? await findConnector(ctx.db, connector) : connector;
			if (row === undefined) throw notFound('connector');
			const stamp = `${row.updatedAt.toISOString()}|${row.url}|${row.version ?? ''}`;
			const known = cached.get(row.id);
			if (known?.stamp === stamp) return known.client;
			const client = clientOf(ctx, row);
			cached.set(row.id, { stamp, client });
			return client;
		},
		forget: (connectorId) => {
			cached.delete(connectorId);
		},
	};
}

function clientOf(ctx: Needs, row: ConnectorRow): ArrClient {
	return createArrClient({
		kind: row.kind,
		url: row.url,
		apiKey: readApiKey(ctx, row),
		clock: ctx.clock,
		userAgentVersion: ctx.version,
		...httpSettings(row.settings),
	});
}

/** Timeout and TLS of a connector, as the HTTP core takes them. */
export function httpSettings({ connection }: ConnectorSettings): { timeoutMs: number; tls: TlsSettings } {
	const { timeoutSeconds, allowSelfSigned, ca } = connection;
	return { timeoutMs: timeoutSeconds * 1000, tls: { allowSelfSigned, ca } };
}

/** Decrypts the saved key. Throws `key_missing` where there is none, or the master key cannot read it. */
export function readApiKey(ctx: Pick<AppContext, 'keyring'>, row: ConnectorRow): string {
	if (!hasKey(ctx, row))
		throw new AppError('key_missing', 409, `The API key of ${row.name} has to be entered again.`);
	return ctx.keyring.decrypt(row.apiKeyEncrypted, apiKeyBinding(row.id));
}

/** Whether a saved key can be used. */
export const hasKey = (
	{ keyring }: Pick<AppContext, 'keyring'>,
	row: ConnectorRow,
): row is ConnectorRow & { apiKeyEncrypted: string } =>
	row.apiKeyEncrypted !== null && keyring.opens(row.apiKeyEncrypted, apiKeyBinding(row.id));
