// The built product in a process of its own, as a user runs it, and what the bench asks of it.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';

const root = join(import.meta.dirname, '..');
const API_KEY = 'bench-key-that-is-long-enough';
/** A key may ask 600 times a minute. */
const POLL_MS = 250;
export const PASSWORD = 'bench-password';

export interface ProductOptions {
	dataDir: string;
	databaseUrl?: string;
	/** Its clock begins here and runs as fast as real time. */
	start?: number;
}

const lastSyncSchema = v.object({
	mode: v.string(),
	startedAt: v.string(),
	endedAt: v.nullable(v.string()),
	requests: v.number(),
	changed: v.number(),
	error: v.nullable(v.object({ code: v.string(), message: v.string() })),
});
const statsSchema = v.object({
	mirrorComplete: v.boolean(),
	gaps: v.nullable(v.number()),
	lastSync: v.nullable(lastSyncSchema),
});
const jobSchema = v.object({ jobId: v.string() });
const jobStatusSchema = v.looseObject({ status: v.string(), error: v.unknown() });
const idSchema = v.object({ id: v.number() });
const readySchema = v.looseObject({ address: v.string(), ms: v.number() });

/** A finished sync. */
export interface SyncFigures {
	ms: number;
	requests: number;
	changed: number;
}

export class BenchProduct {
	readonly pid: number;

	private constructor(
		private readonly child: ChildProcess,
		readonly url: string,
		/** By its own account, from the first line of its code. */
		readonly ownReadyMs: number,
		/** From the call of the program to its readiness. */
		readonly readyMs: number,
	) {
		this.pid = child.pid ?? 0;
	}

	static async start(options: ProductOptions): Promise<BenchProduct> {
		const since = performance.now();
		const child = spawn(process.execPath, ['--smol', 'server/main.ts'], {
			cwd: root,
			stdio: ['ignore', 'pipe', 'inherit'],
			env: environment(options),
		});
		// whatever ends the bench ends the product and its database
		process.once('exit', () => child.kill('SIGTERM'));
		const { address, ms } = await ready(child);
		return new BenchProduct(child, address.replace(/\/$/, ''), ms, performance.now() - since);
	}

	async stop(): Promise<void> {
		if (this.child.exitCode !== null || this.child.signalCode !== null) return;
		const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
		this.child.kill('SIGTERM');
		await ended;
	}

	/** Adds a connector in `observe`; its first sync begins by itself. */
	async addConnector(kind: string, fake: { url: string; apiKey: string }): Promise<number> {
		const body = { kind, name: kind, url: fake.url, apiKey: fake.apiKey };
		return v.parse(idSchema, await this.ask('POST', '/connectors', body)).id;
	}

	/** The figures of the first full sync, once it and the discovery after it are over. */
	async firstSync(id: number): Promise<SyncFigures> {
		while (!(await this.stats(id)).mirrorComplete) await sleep(POLL_MS);
		return this.lastSync(id);
	}

	/** Runs a sync as a user would and waits for its job. A job still open from before is waited for first. */
	async sync(id: number, mode: 'full' | 'incremental'): Promise<SyncFigures> {
		const before = (await this.stats(id)).lastSync?.startedAt;
		for (;;) {
			await this.syncJob(id, mode);
			if ((await this.stats(id)).lastSync?.startedAt !== before) return this.lastSync(id);
		}
	}

	private async syncJob(id: number, mode: 'full' | 'incremental'): Promise<void> {
		const { jobId } = v.parse(jobSchema, await this.ask('POST', `/connectors/${String(id)}/sync`, { mode }));
		for (;;) {
			const job = v.parse(jobStatusSchema, await this.ask('GET', `/jobs/${jobId}`));
			if (job.status === 'failed') throw new Error(`The sync failed: ${JSON.stringify(job.error)}`);
			if (job.status === 'done') return;
			await sleep(POLL_MS);
		}
	}

	async stats(id: number): Promise<v.InferOutput<typeof statsSchema>> {
		return v.parse(statsSchema, await this.ask('GET', `/connectors/${String(id)}/stats`));
	}

	async ask(method: string, path: string, body?: object): Promise<unknown> {
		const headers = { 'x-api-key': API_KEY, 'content-type': 'application/json' };
		const sent = body === undefined ? {} : { body: JSON.stringify(body) };
		const response = await fetch(`${this.url}/api/v1${path}`, { method, headers, ...sent });
		const text = await response.text();
		if (!response.ok)
			throw new Error(`${method} ${path} was answered ${String(response.status)}: ${text.slice(0, 300)}`);
		return JSON.parse(text);
	}

	/** A cookie header of a session, for pages. */
	async login(): Promise<string> {
		const response = await fetch(`${this.url}/login`, {
			method: 'POST',
			redirect: 'manual',
			headers: { origin: this.url, 'content-type': 'application/x-www-form-urlencoded' },
			body: new URLSearchParams({ username: 'admin', password: PASSWORD }),
		});
		const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';', 1)[0] ?? '');
		if (cookies.length === 0) throw new Error(`The login was answered ${String(response.status)}.`);
		return cookies.join('; ');
	}

	private async lastSync(id: number): Promise<SyncFigures> {
		const { lastSync } = await this.stats(id);
		if (lastSync === null || lastSync.endedAt === null) throw new Error('The sync has not ended.');
		if (lastSync.error !== null) throw new Error(`The sync stopped: ${lastSync.error.message}`);
		const ms = Date.parse(lastSync.endedAt) - Date.parse(lastSync.startedAt);
		return { ms, requests: lastSync.requests, changed: lastSync.changed };
	}
}

function ready(child: ChildProcess): Promise<{ address: string; ms: number }> {
	return new Promise((resolve, reject) => {
		child.once('exit', (code) => reject(new Error(`The product ended with ${String(code)}.`)));
		if (child.stdout === null) return;
		createInterface({ input: child.stdout }).on('line', (line) => {
			const entry = v.safeParse(readySchema, parsed(line));
			if (entry.success)
				resolve({ address: entry.output.address.replace('0.0.0.0', '127.0.0.1'), ms: entry.output.ms });
			else if (/"level":"(warn|error)"/.test(line)) process.stderr.write(`${line.slice(0, 400)}\n`);
		});
	});
}

function parsed(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return null;
	}
}

function environment({ dataDir, databaseUrl, start }: ProductOptions): Record<string, string> {
	return {
		PATH: process.env.PATH ?? '',
		HOME: process.env.HOME ?? '',
		NODE_ENV: 'production',
		// as `npm start` and the container have it
		BUN_JSC_forceRAMSize: String(256 * 1024 * 1024),
		HOST: '127.0.0.1',
		PORT: '0',
		TZ: 'UTC',
		LOG_FORMAT: 'json',
		DATA_DIR: dataDir,
		SECRET_KEY: 'bench-secret-key-of-no-value',
		ADMIN_PASS: PASSWORD,
		API_KEY,
		...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
		...(start === undefined ? {} : { COMRADARR_CLOCK_RATE: '1', COMRADARR_CLOCK_START: String(start) }),
	};
}
