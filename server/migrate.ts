// Brings the database to the schema of this version, one process at a time.
import { drizzle } from 'drizzle-orm/bun-sql';
import { migrate } from 'drizzle-orm/bun-sql/migrator';
import { SQL } from 'bun';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './start-error';

/** An arbitrary number, the same in all versions: who holds this lock may migrate. */
const lockKey = 7_262_017_441;
const oldestServer = 150_000;

interface Journal {
	entries: { when: number; tag: string }[];
}

/** Applies what is missing under an advisory lock; refuses a database made by a newer version. */
export async function applyMigrations(url: string, folder: string): Promise<void> {
	const sql = new SQL(url, { max: 1, connectionTimeout: 15 });
	try {
		await checkServer(sql);
		await sql`select pg_advisory_lock(${lockKey}::bigint)`;
		await checkNotNewer(sql, folder);
		await migrate(drizzle(sql), { migrationsFolder: folder });
	} catch (error) {
		throw error instanceof StartError ? error : explain(error);
	} finally {
		await sql.close({ timeout: 1 });
	}
}

async function checkServer(sql: SQL): Promise<void> {
	const [row] = (await sql`select current_setting('server_version_num')::int as num`) as { num: number }[];
	if (row !== undefined && row.num < oldestServer) {
		throw new StartError(
			`PostgreSQL ${Math.floor(row.num / 10_000)} is too old; version ${oldestServer / 10_000} or newer is needed.`,
		);
	}
}

async function checkNotNewer(sql: SQL, folder: string): Promise<void> {
	const [table] = (await sql`select to_regclass('drizzle.__drizzle_migrations') is not null as found`) as {
		found: boolean;
	}[];
	if (table?.found !== true) return;
	const [last] = (await sql`select max(created_at)::text as at from drizzle.__drizzle_migrations`) as {
		at: string | null;
	}[];
	const known = readJournal(folder).at(-1)?.when ?? 0;
	if (last?.at !== undefined && last.at !== null && Number(last.at) > known) {
		throw new StartError(
			'The database was used by a newer version of Comradarr; start that version, or restore a backup made by this one.',
		);
	}
}

/** The migrations this version brings, oldest first. */
export function readJournal(folder: string): Journal['entries'] {
	const file = join(folder, 'meta', '_journal.json');
	if (!existsSync(file))
		throw new StartError(`The database migrations are missing in ${folder}; install this version again.`);
	return (JSON.parse(readFileSync(file, 'utf8')) as Journal).entries;
}

function explain(error: unknown): StartError {
	const text = error instanceof Error ? deepest(error).message : 'unknown error';
	return new StartError(`The database could not be prepared: ${text.split('\n')[0] ?? text}`);
}

/** Drizzle's own message holds the statement with its values; the cause is what PostgreSQL said. */
function deepest(error: Error): Error {
	return error.cause instanceof Error ? deepest(error.cause) : error;
}
