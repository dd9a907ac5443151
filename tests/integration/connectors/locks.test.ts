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

test('a session whose statement failed keeps no lock where it goes', async () => {
	expect(await one.hold(CONNECTOR + 1)).toBe(true);
	const noNumber = 2 ** 40;
	await expect(one.hold(noNumber)).rejects.toThrow();
	expect(await other.hold(CONNECTOR + 1)).toBe(true);
	expect(await one.hold(CONNECTOR + 1)).toBe(false);
	await other.release(CONNECTOR + 1);
	// taken twice by one session, it would have to be given up twice
	expect(await one.hold(CONNECTOR + 1)).toBe(true);
	await one.release(CONNECTOR + 1);
	expect(await other.hold(CONNECTOR + 1)).toBe(true);
});

test('what was asked while a session failed is not taken for held', async () => {
	const connector = CONNECTOR + 2;
	const [failed] = await Promise.allSettled([one.hold(2 ** 40), one.hold(connector)]);
	expect(failed.status).toBe('rejected');
	expect(await other.hold(connector)).toBe(true);
	expect(await one.hold(connector)).toBe(false);
});

test('a session that is ended by the server is replaced, without an error', async () => {
	const connector = CONNECTOR + 3;
	expect(await one.hold(connector)).toBe(true);
	await database.sql`select pg_terminate_backend(${await one.backendPid()}::int)`;
	expect(await one.backendPid()).toBeGreaterThan(0);
	expect(await one.hold(connector)).toBe(true);
	expect(await other.hold(connector)).toBe(false);
});
