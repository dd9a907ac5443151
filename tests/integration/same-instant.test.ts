// Two processes that are started at the same instant: on one empty database both come up, in one data directory one does.
import { randomBytes } from 'node:crypto';
import { SQL } from 'bun';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { prepareFirstRun } from '../../src/lib/server/services/auth/setup';
import { startApp, type TestApp } from '../setup/app';
import { createTestContext } from '../setup/context';
import { newBench, type Bench } from './process';

let bench: Bench;
beforeAll(() => {
	bench = newBench();
});
afterAll(() => bench.clear());

/** Nothing in it, not even a schema. */
async function emptyDatabase() {
	const server = inject('pgUrl');
	const name = `test_${randomBytes(6).toString('hex')}`;
	const onServer = async (statement: string): Promise<void> => {
		const sql = new SQL(server, { max: 1 });
		await sql.unsafe(statement);
		await sql.close();
	};
	await onServer(`create database ${name}`);
	const url = server.replace('/postgres?', `/${name}?`);
	const sql = new SQL(url, { max: 2 });
	const drop = async (): Promise<void> => {
		await sql.close({ timeout: 1 });
		await onServer(`drop database if exists ${name} with (force)`);
	};
	return { url, sql, drop };
}

test('on one empty database both come up, with one user, one check of the key and each migration once', async () => {
	const database = await emptyDatabase();
	const secret = 'one-secret-for-both-of-them';
	const env = { SECRET_KEY: secret, API_KEY: `api-${secret}`, ADMIN_PASS: 'one-password-for-both' };
	const settled = await Promise.allSettled([1, 2, 3].map(() => startApp({ database, env })));
	const apps = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
	try {
		expect(settled.filter(({ status }) => status === 'rejected')).toEqual([]);
		for (const { url } of apps) {
			const answer = await fetch(`${url}/api/v1/connectors`, { headers: { 'x-api-key': env.API_KEY } });
			expect(answer.status).toBe(200);
		}
		const [counts] = (await database.sql`select (select count(*)::int from users) as users,
			(select count(*) - count(distinct hash) from drizzle.__drizzle_migrations)::int as twice`) as unknown[];
		expect(counts).toEqual({ users: 1, twice: 0 });
		const told = apps.map((app: TestApp) => app.log()).join('\n');
		expect(told.split('\n').filter((line) => line.includes('"level":"error"'))).toEqual([]);
	} finally {
		for (const app of apps) await app.halt();
		await database.drop();
	}
});

test('the admin that another made meanwhile is taken as it is', async () => {
	const t = await createTestContext();
	try {
		const made = await Promise.all(
			['one', 'two', 'three'].map((username) =>
				prepareFirstRun(t.ctx, { username, password: 'a password for tests' }),
			),
		);
		expect(made).toEqual([null, null, null]);
		const rows = (await t.ctx.sql`select username from users`) as unknown[];
		expect(rows).toHaveLength(1);
	} finally {
		await t.close();
	}
});

test('in one data directory one comes up, and the others say who holds it', async () => {
	const all = await Promise.all([1, 2, 3].map(() => bench.start()));
	const ends = await Promise.all(
		all.map((one) =>
			Promise.race([
				one.ready().then(
					() => 'ready' as const,
					() => 'ended' as const,
				),
				one.exited,
			]),
		),
	);
	expect(ends.filter((end) => end === 'ready')).toHaveLength(1);
	const outputs = all.map(({ output }) => output.stderr);
	expect(outputs.filter((text) => text.includes('already running with the data directory'))).toHaveLength(2);
});
