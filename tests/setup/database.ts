// A migrated PostgreSQL database of its own for a test file (about 25 ms each).
import { SQL } from 'bun';
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';

/** A database that exists for one test file; `drop()` in afterAll. */
export interface TestDatabase {
	/** Connection string, for code that connects by itself. */
	readonly url: string;
	/** A small pool on this database. */
	readonly sql: SQL;
	drop(): Promise<void>;
}

/** Copies the migrated template. */
export async function createTestDatabase(options: { max?: number } = {}): Promise<TestDatabase> {
	const server = inject('pgUrl');
	const name = `test_${randomBytes(6).toString('hex')}`;
	await onServer(server, `create database ${name} template ${inject('pgTemplate')}`);
	const url = server.replace('/postgres?', `/${name}?`);
	const sql = new SQL(url, { max: options.max ?? 4 });
	return {
		url,
		sql,
		drop: async () => {
			await sql.close({ timeout: 1 });
			await onServer(server, `drop database if exists ${name} with (force)`);
		},
	};
}

async function onServer(url: string, statement: string): Promise<void> {
	const sql = new SQL(url, { max: 1 });
	try {
		await sql.unsafe(statement);
	} finally {
		await sql.close();
	}
}
