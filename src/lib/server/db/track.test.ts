// A virtual clock stands still while queries and transactions run, through Drizzle as well.
import { sql as statement } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../../tests/setup/database';
import { virtualClock } from '../clock';
import { openDatabase, type Database } from './client';

const start = Date.UTC(2026, 0, 1);
const clock = virtualClock(start);
let own: TestDatabase;
let database: Database;

beforeAll(async () => {
	own = await createTestDatabase();
	database = openDatabase({ url: own.url, clock, poolSize: 3 });
});
afterAll(async () => {
	await database.close(1);
	await own.drop();
});

/** Runs `work` at a virtual moment and tells the moment at which it ended. */
async function endOf(work: () => Promise<unknown>): Promise<number> {
	const from = clock.now();
	let ended = -1;
	clock.setTimeout(async () => {
		await work();
		ended = clock.now() - from;
	}, 10);
	clock.setTimeout(() => undefined, 50);
	await clock.advance(100);
	return ended;
}

const slow = 'select pg_sleep(0.05)';

test('template queries, unsafe ones, Drizzle and both pools', async () => {
	const { sql, bulk, db } = database;
	expect(await endOf(() => sql`select pg_sleep(0.05)`)).toBe(10);
	expect(await endOf(() => bulk.unsafe(slow).values())).toBe(10);
	expect(await endOf(() => db.execute(statement.raw(slow)))).toBe(10);
});

test('a transaction holds the clock from begin to commit', async () => {
	const { db, sql } = database;
	const both = db.transaction(async (tx) => {
		await tx.execute(statement.raw(slow));
		await new Promise((done) => setTimeout(done, 20));
		await tx.execute(statement.raw(slow));
	});
	expect(await endOf(() => both)).toBe(10);
	expect(
		await endOf(() =>
			sql.begin('read only', async (tx) => {
				await tx.unsafe(slow);
			}),
		),
	).toBe(10);
});

test('a reserved connection, and a query that fails', async () => {
	const reserved = await database.sql.reserve();
	expect(await endOf(() => reserved.unsafe(slow))).toBe(10);
	await reserved.release();
	expect(await endOf(() => database.sql`select 1 / 0`.catch(() => undefined))).toBe(10);
	await expect(database.sql`select nonsense`).rejects.toThrow();
});

test('a COPY holds the clock until its writer is closed, and so does waiting for a connection', async () => {
	const pool = openDatabase({ url: own.url, clock, poolSize: 1 });
	const first = await pool.sql.reserve();
	await first.unsafe('create temp table copied (line text)');
	const ended = endOf(async () => {
		const writer = first.unsafe('copy copied (line) from stdin').writable().getWriter();
		await writer.write('one\n');
		await new Promise((done) => setTimeout(done, 20));
		await writer.close();
	});
	expect(await ended).toBe(10);
	const second = endOf(async () => {
		await (await pool.sql.reserve()).release();
	});
	setTimeout(() => void first.release(), 20);
	expect(await second).toBe(10);
	await pool.close(1);
});

test('each query and transaction that fails is told of, by whatever pool, also to whoever catches it', async () => {
	const { sql, db, bulk, claims } = database;
	const told: unknown[] = [];
	database.onFailure((error) => {
		const { errno, cause } = error as { errno?: unknown; cause?: { errno?: unknown } };
		told.push(errno ?? cause?.errno);
	});
	const bad = 'select 1 / 0';
	const failing: [string, () => PromiseLike<unknown>][] = [
		['template', () => sql`select 1 / 0`],
		['unsafe', () => bulk.unsafe(bad)],
		['Drizzle', () => db.execute(statement.raw(bad))],
		['claims', () => claims.execute(statement.raw(bad))],
		['transaction', () => db.transaction((tx) => tx.execute(statement.raw(bad)))],
	];
	for (const [name, work] of failing) {
		told.length = 0;
		await expect(work(), name).rejects.toThrow();
		expect([name, told]).toEqual([name, ['22012']]);
	}
	await sql`select 1`;
	expect(told).toHaveLength(1);
});
