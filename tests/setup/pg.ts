// Once per test run: one embedded PostgreSQL with a migrated template database.
import { SQL } from 'bun';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../server/embedded-pg';
import { applyMigrations } from '../../server/migrate';

declare module 'vitest' {
	interface ProvidedContext {
		/** Connection string of the test server's maintenance database. */
		pgUrl: string;
		/** The migrated database that each test's database is copied from. */
		pgTemplate: string;
	}
}

const template = 'comradarr_template';
const fastAndLoose = {
	fsync: 'off',
	synchronous_commit: 'off',
	full_page_writes: 'off',
	max_connections: '200',
};

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
	const dataDir = mkdtempSync(join(tmpdir(), 'comradarr-test-'));
	const server = await startEmbedded({ dataDir, settings: fastAndLoose });
	const sql = new SQL(server.url, { max: 1 });
	await sql.unsafe(`create database ${template}`);
	const migrations = resolve(import.meta.dirname, '../../src/lib/server/db/migrations');
	if (existsSync(migrations)) await applyMigrations(server.urlOf(template), migrations);
	await sql.close();
	project.provide('pgUrl', server.url);
	project.provide('pgTemplate', template);
	return async () => {
		await server.stop();
		rmSync(dataDir, { recursive: true, force: true });
	};
}
