/** The built product as a process of its own on an empty folder, for browser tests and screenshots. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from './free-port.ts';

const root = resolve(import.meta.dirname, '../..');
const READY_MS = 60_000;
const STOP_MS = 15_000;

export interface Product {
	/** Without a slash at its end. */
	url: string;
	/** The link that the log prints while nobody can log in; null with an admin. */
	setupLink(): string | null;
	/** A REST call with the key of the configuration. */
	api<T>(method: string, path: string, body?: unknown): Promise<T>;
	log(): string;
	stop(): Promise<void>;
}

const API_KEY = 'e2e-0123456789abcdef0123456789abcdef';

/** Starts it and waits until it is ready. `env` adds to, or replaces, the usual environment. */
export async function startProduct(env: Readonly<Record<string, string>> = {}): Promise<Product> {
	const port = await freePort();
	const dataDir = mkdtempSync(join(tmpdir(), 'comradarr-pages-'));
	const child = spawn(join(root, 'node_modules/.bin/bun'), [join(root, 'server/main.ts')], {
		cwd: root,
		env: {
			...process.env,
			HOST: '127.0.0.1',
			PORT: String(port),
			DATA_DIR: dataDir,
			API_KEY,
			LOG_LEVEL: 'info',
			...env,
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	child.stdout.on('data', (part: Buffer) => (output += part.toString()));
	child.stderr.on('data', (part: Buffer) => (output += part.toString()));
	const url = `http://127.0.0.1:${String(port)}`;
	await untilReady(url, child, () => output);
	return {
		url,
		setupLink: () => setupLinkIn(output),
		log: () => output,
		api: (method, path, body) => call(url, method, path, body),
		stop: async () => {
			await stopped(child);
			rmSync(dataDir, { recursive: true, force: true });
		},
	};
}

/** The log prints a link; where the token stands beside it, it is put in. */
function setupLinkIn(output: string): string | null {
	const link = /(http\S+\/setup\S*)/.exec(output)?.[1];
	if (link === undefined || link.includes('token=')) return link ?? null;
	const token = /Setup token: (\S+)/.exec(output)?.[1];
	return token === undefined ? link : `${link}?token=${token}`;
}

async function untilReady(url: string, child: ChildProcess, output: () => string): Promise<void> {
	const end = Date.now() + READY_MS;
	while (Date.now() < end) {
		if (child.exitCode !== null) throw new Error(`The product ended while starting:\n${output()}`);
		const ready = await fetch(`${url}/health`).then(
			(answer) => answer.ok,
			() => false,
		);
		if (ready) return;
		await new Promise((done) => setTimeout(done, 100));
	}
	child.kill('SIGKILL');
	throw new Error(`The product was not ready in time:\n${output()}`);
}

async function stopped(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return;
	await new Promise<void>((done) => {
		const hard = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
		child.once('exit', () => {
			clearTimeout(hard);
			done();
		});
		child.kill('SIGTERM');
	});
}

async function call<T>(url: string, method: string, path: string, body: unknown): Promise<T> {
	const answer = await fetch(`${url}/api/v1${path}`, {
		method,
		headers: { 'x-api-key': API_KEY, 'content-type': 'application/json' },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const text = await answer.text();
	if (!answer.ok) throw new Error(`${method} ${path}: ${String(answer.status)} ${text.slice(0, 400)}`);
	return (text === '' ? undefined : JSON.parse(text)) as T;
}
