// Starts the product's process for tests and always ends what it started.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** A started process. */
export interface Started {
	readonly url: string;
	readonly child: ChildProcess;
	/** Everything it printed so far. */
	readonly output: { stdout: string; stderr: string };
	readonly exited: Promise<number | null>;
	/** Resolves when `/health` answers 200. */
	ready(): Promise<void>;
	signal(signal: NodeJS.Signals): void;
}

/** A free place and what runs in it. */
export interface Bench {
	readonly dataDir: string;
	start(env?: Record<string, string>): Promise<Started>;
	/** Kills all that still runs and removes the data directory. */
	clear(): Promise<void>;
}

const top = resolve(import.meta.dirname, '../..');
const handler = join(import.meta.dirname, 'fixtures/handler.ts');

/** A data directory of its own; `start` may be called several times on it. */
export function newBench(): Bench {
	const dataDir = mkdtempSync(join(tmpdir(), 'comradarr-process-'));
	const all: Started[] = [];
	return {
		dataDir,
		start: async (env = {}) => {
			const port = env['PORT'] ?? String(await freePort());
			const started = launch({
				DATA_DIR: dataDir,
				COMRADARR_HANDLER: handler,
				HOST: '127.0.0.1',
				...env,
				PORT: port,
			});
			all.push(started);
			return started;
		},
		clear: async () => {
			for (const { child, exited } of all) {
				if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
				await exited;
			}
			rmSync(dataDir, { recursive: true, force: true });
		},
	};
}

function launch(env: Record<string, string>): Started {
	const inherited = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', TMPDIR: tmpdir() };
	const child = spawn(process.execPath, ['server/main.ts'], {
		cwd: top,
		env: { ...inherited, LOG_FORMAT: 'text', ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const output = { stdout: '', stderr: '' };
	child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
	const exited = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
	const url = `http://127.0.0.1:${env['PORT'] ?? ''}`;
	const ready = async (): Promise<void> => {
		for (let tries = 0; tries < 400; tries++) {
			if (child.exitCode !== null || child.signalCode !== null) break;
			const response = await fetch(`${url}/health`).catch(() => undefined);
			if (response?.status === 200) return;
			await Bun.sleep(25);
		}
		throw new Error(`The process did not become ready: ${output.stdout}${output.stderr}`);
	};
	return { url, child, output, exited, ready, signal: (signal) => void child.kill(signal) };
}

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const address = server.address();
	await new Promise((done) => server.close(done));
	return typeof address === 'object' && address !== null ? address.port : 0;
}

/** True if a process of this id exists. */
export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}
