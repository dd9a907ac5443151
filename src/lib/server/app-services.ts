/** Builds the context that services are handed, from an open database, a clock and a master key. */
import type { AppContext, Limits } from './app-context';
import type { Clock } from './clock';
import { newId } from './context';
import { createKeyring } from './crypto';
import type { Database } from './db/client';
import { diskRoom } from './disk-room';
import { createLogger } from './logger';
import { clientSource } from './services/connectors/clients';
import { connectorLocks, type LockSession } from './services/connectors/locks';
import { openKeyring } from './services/settings/keyring';

export const DEFAULT_LIMITS: Limits = { spacingFloorMs: 60_000, itemSpacingFloorMs: 90_000 };

export interface AppParts {
	ctx: AppContext;
	locks: LockSession;
}

export interface BuildOptions {
	database: Database;
	clock: Clock;
	masterKey: string;
	version: string;
	limits?: Limits;
	sessionDays?: number;
}

/** Stores or compares the keyring's check value; everything else is only put together. */
export async function buildContext(options: BuildOptions): Promise<AppParts> {
	const { clock } = options;
	const { db, sql, bulk, claims } = options.database;
	const room = diskRoom({ db, clock });
	options.database.onFailure((error) => room.note(error));
	const keyring = await openKeyring(db, createKeyring(options.masterKey), clock.date());
	const locks = connectorLocks(bulk, clock);
	const base = { db, clock, keyring, version: options.version };
	const ctx: AppContext = {
		...base,
		sql,
		bulk,
		claims,
		room,
		locks,
		clients: clientSource(base),
		log: createLogger('app'),
		limits: options.limits ?? DEFAULT_LIMITS,
		processId: newId(),
		sessionDays: options.sessionDays ?? 7,
		wake: { connectorChanged: () => undefined, queueChanged: () => undefined },
		scheduled: () => [],
	};
	return { ctx, locks };
}
