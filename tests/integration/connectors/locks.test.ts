// The locks that tell who works for a connector: one session holds each, and gives it up whole.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectorLocks, type LockSession } from '../../../src/lib/server/services/connectors/locks';
import { createTestDatabase, type TestDatabase } from '../../setup/database';

const CONNECTOR = 7;
let database: TestDatabase;
let one: LockSession;
let other: LockSession;
beforeAll(async () => {
	database = await createTestDatabase();
	const clock = { now: () => 0 };
	[one, other] = [connectorLocks(database.sql, clock), connectorLocks(database.sql, clock)];
});
afterAll(async () => {
	await one.close();
	await other.close();
	await database.drop();
});

test('a lock that was asked for several times at once is given up by one release', async () => {
	const asked = Array.from({ length: 5 }, () => one.hold(CONNECTOR));
	expect(await Promise.all(asked)).toEqual([true, true, true, true, true]);
	expect(await other.hold(CONNECTOR)).toBe(false);
	await one.release(CONNECTOR);
	expect(await other.hold(CONNECTOR)).toBe(true);
	expect(await one.hold(CONNECTOR)).toBe(false);
});
