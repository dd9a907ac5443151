// The real context of services on a database of its own, under a virtual clock.
import type { AppContext } from '../../src/lib/server/app-context';
import { buildContext } from '../../src/lib/server/app-services';
import { virtualClock, type VirtualClock } from '../../src/lib/server/clock';
import { openDatabase } from '../../src/lib/server/db/client';
import type { LockSession } from '../../src/lib/server/services/connectors/locks';
import { createTestDatabase } from './database';

/** A moment that tests can reckon from. */
export const TEST_START = Date.UTC(2026, 10, 20, 12, 0, 0);

export interface TestContext {
	ctx: AppContext;
	clock: VirtualClock;
	locks: LockSession;
	/** Connection string of the database, for a second process. */
	url: string;
	/** Closes pools and drops the database; call it in afterAll. */
	close(): Promise<void>;
}

export interface TestContextOptions {
	start?: number;
	/** Awaited before the clock moves on: the place to move the fakes' clock. */
	beforeFire?: (t: number) => Promise<void>;
	masterKey?: string;
	limits?: AppContext['limits'];
}

/** Builds a context; every test file has one of its own. */
export async function createTestContext(options: TestContextOptions = {}): Promise<TestContext> {
	const database = await createTestDatabase();
	const clock = virtualClock(
		options.start ?? TEST_START,
		options.beforeFire === undefined ? {} : { beforeFire: options.beforeFire },
	);
	const pools = openDatabase({ url: database.url, poolSize: 6, clock });
	const parts = await buildContext({
		database: pools,
		clock,
		masterKey: options.masterKey ?? 'a master key for tests only',
		version: '0.0.0-test',
		...(options.limits === undefined ? {} : { limits: options.limits }),
	});
	return {
		ctx: parts.ctx,
		clock,
		locks: parts.locks,
		url: database.url,
		close: async () => {
			await parts.locks.close();
			await pools.close(2);
			await database.drop();
		},
	};
}
