// The real product in a process of its own, on a database of its own: for tests that speak HTTP to it.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from './build';
import { createTestDatabase, type TestDatabase } from './database';
import { top } from './sources';

/** What the started product was given. All of it is made up for one test file. */
export interface TestSecrets {
	apiKey: string;
	adminUser: string;
	adminPass: string;
	secretKey: string;
}

export interface TestApp extends TestSecrets {
	/** `http://127.0.0.1:<port>`, without a slash at its end. */
	url: string;
	database: TestDatabase;
	/** Everything the process wrote so far, both streams. */
	log(): string;
	/** Ends the process as an administrator would; the database stays. */
	halt(): Promise<void>;
	/** Kills the process, as a crash would; the database stays. */
	kill(): Promise<void>;
	/** Ends the process and drops the database. */
	stop(): Promise<void>;
}

export interface TestAppOptions {
	/** More variables; `undefined` takes one away, e.g. `ADMIN_PASS` for a first run. */
	env?: Readonly<Record<string, string | undefined>>;
	/** Another process's database, for a second start. */
	database?: TestDatabase;
}

const readyWithinMs = 30_000;
const endedWithinMs = 15_000;

/** Builds if needed, starts, and waits until `/health` says ready. */
export async function startApp(options: TestAppOptions = {}): Promise<TestApp> {
	await ensureBuild();
	const database = options.database ?? (await createTestDatabase());
	const secrets = makeSecrets();
	const dataDir = mkdtempSync(join(tmpdir(), 'comradarr-app-'));
	const child = spawn(process.execPath, ['server/main.ts'], {
		cwd: top,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: environment({ ...defaults(secrets, database.url, dataDir), ...options.env }),
	});
	const written = collect(child);
	const killed = (): void => void child.kill('SIGKILL');
	process.once('exit', killed);
	const halt = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
		process.off('exit', killed);
		await end(child, signal);
		rmSync(dataDir, { recursive: true, force: true });
	};
	try {
		const url = await ready(child, written);
		return {
			...secrets,
			url,
			database,
			log: written,
			halt: () => halt(),
			kill: () => halt('SIGKILL'),
			stop: async () => {
				await halt();
				await database.drop();
			},
		};
	} catch (error) {
		await halt();
		if (options.database === undefined) await database.drop();
		throw error;
	}
}

function makeSecrets(): TestSecrets {
	const random = (): string => crypto.randomUUID().replaceAll('-', '');
	return {
		apiKey: `api${random()}`,
		adminUser: 'admin',
		adminPass: `pass${random()}`,
		secretKey: `secret${random()}`,
	};
}

function defaults(secrets: TestSecrets, databaseUrl: string, dataDir: string): Record<string, string> {
	return {
		HOST: '127.0.0.1',
		PORT: '0',
		LOG_FORMAT: 'json',
		LOG_LEVEL: 'debug',
		TZ: 'UTC',
		DATA_DIR: dataDir,
		DATABASE_URL: databaseUrl,
		DATABASE_POOL_SIZE: '6',
		SECRET_KEY: secrets.secretKey,
		ADMIN_USER: secrets.adminUser,
		ADMIN_PASS: secrets.adminPass,
		API_KEY: secrets.apiKey,
		SHUTDOWN_SECONDS: '2',
	};
}

/** Only what is given, and what any program needs: nothing of the developer's own configuration. */
function environment(given: Readonly<Record<string, string | undefined>>): Record<string, string> {
	const system = Object.fromEntries(['PATH', 'HOME', 'TMPDIR'].map((name) => [name, process.env[name]]));
	const entries = Object.entries({ ...system, ...given });
	return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function collect(child: ChildProcess): () => string {
	const parts: string[] = [];
	child.stdout?.setEncoding('utf8').on('data', (part: string) => parts.push(part));
	child.stderr?.setEncoding('utf8').on('data', (part: string) => parts.push(part));
	return () => parts.join('');
}

async function ready(child: ChildProcess, written: () => string): Promise<string> {
	const deadline = performance.now() + readyWithinMs;
	while (performance.now() < deadline) {
		if (child.exitCode !== null || child.signalCode !== null)
			throw new Error(`The product did not start:\n${written()}`);
		const port = /"address":"http:\/\/[^"]*?:(\d+)[^"]*"/.exec(written())?.[1];
		if (port !== undefined) {
			const url = `http://127.0.0.1:${port}`;
			const answer = await fetch(`${url}/health`).catch(() => undefined);
			if (answer?.status === 200) return url;
		}
		await Bun.sleep(25);
	}
	throw new Error(`The product was not ready in time:\n${written()}`);
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	child.kill(signal);
	const cut = setTimeout(() => child.kill('SIGKILL'), endedWithinMs);
	await ended;
	clearTimeout(cut);
}
