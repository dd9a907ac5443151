// A saved connector for an instance of the fake, without going through the test of its address.
import { eq } from 'drizzle-orm';
import type { AppContext } from '../../src/lib/server/app-context';
import { findConnector, type ConnectorRow } from '../../src/lib/server/db/queries/connectors';
import { connectors } from '../../src/lib/server/db/schema';
import { apiKeyBinding } from '../../src/lib/server/services/settings/keyring';
import { defaultConnectorSettings, type ConnectorSettings } from '../../src/lib/domain/settings';
import type { ConnectorKind, Mode } from '../../src/lib/domain/words';

export interface ConnectOptions {
	kind: ConnectorKind;
	url: string;
	apiKey: string;
	name?: string;
	mode?: Mode;
	settings?: ConnectorSettings;
}

let made = 0;

/** Inserts the row with its sealed key. */
export async function addConnector(ctx: AppContext, options: ConnectOptions): Promise<ConnectorRow> {
	const now = ctx.clock.date();
	made += 1;
	const [row] = await ctx.db
		.insert(connectors)
		.values({
			kind: options.kind,
			name: options.name ?? `${options.kind} ${String(made)}`,
			url: options.url,
			mode: options.mode ?? 'active',
			settings: options.settings ?? defaultConnectorSettings(),
			updatedAt: now,
		})
		.returning();
	if (row === undefined) throw new Error('The connector was not stored.');
	await ctx.db
		.update(connectors)
		.set({ apiKeyEncrypted: ctx.keyring.encrypt(options.apiKey, apiKeyBinding(row.id)), apiKeySetAt: now })
		.where(eq(connectors.id, row.id));
	const saved = await findConnector(ctx.db, row.id);
	if (saved === undefined) throw new Error('The connector was not stored.');
	return saved;
}
