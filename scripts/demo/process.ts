// The real product in a process of its own, on a data directory of its own, with a clock that the demo sets.
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { root } from '../common.mjs';

export interface ProductOptions {
	host: string;
	port: number;
	/** Holds the database and the log. */
	folder: string;
	rate: number;
	start: number;
	password: string;
	apiKey: string;
	/** Told of every line the product logs as an error. */
	onError: (message: string) => void;
	/** Told when the product ends by itself. */
	onExit: (code: number | null) => void;
}

/** A moment of the product's clock. */
export interface Moment {
	now: number;
	rate: number;
}

const READY_WITHIN_MS = 60_000;
const ENDED_WITHIN_MS = 30_000;
const ANSWER_WITHIN_MS = 5_000;
const momentSchema = v.object({ clock: v.object({ now: v.number(), rate: v.number() }) });
const lineSchema = v.looseObject({ level: v.string(), message: v.string() });

/** The started process. */
export class DemoProduct {
	readonly url: string;
	readonly #child: ChildProcess;
	readonly #log: WriteStream;
	#stopping = false;

	constructor(private readonly options: ProductOptions) {
		this.url = `http://127.0.0.1:${String(options.port)}`;
		const data = join(options.folder, 'data');
		mkdirSync(data, { recursive: true });
		this.#log = createWriteStream(join(options.folder, 'product.log'));
		// a process group of its own: Ctrl-C reaches the demo alone, which ends everything in order
		this.#child = spawn(process.execPath, ['server/main.ts'], {
			cwd: root,
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
			env: environment(options, data),
		});
		this.#read(this.#child.stdout);
		this.#read(this.#child.stderr);
		this.#child.once('exit', (code) => {
			if (!this.#stopping) options.onExit(code);
		});
	}

	/** Resolves when the pages can be opened. */
	async ready(): Promise<void> {
		const deadline = performance.now() + READY_WITHIN_MS;
		while (performance.now() < deadline) {
			if (this.#child.exitCode !== null) throw new Error('The product did not start; its log tells why.');
			const answer = await fetch(`${this.url}/health`).catch(() => undefined);
			if (answer?.status === 200) return;
			await sleep(50);
		}
		throw new Error('The product was not ready in time; its log tells why.');
	}

	/** What its clock says; with a rate, that is set first. */
	clock(rate?: number): Promise<Moment> {
		return new Promise((resolve, reject) => {
			const late = setTimeout(() => {
				done();
				reject(new Error('The product does not tell its time.'));
			}, ANSWER_WITHIN_MS);
			const hear = (message: unknown): void => {
				const told = v.safeParse(momentSchema, message);
				if (!told.success) return;
				done();
				resolve(told.output.clock);
			};
			const done = (): void => {
				clearTimeout(late);
				this.#child.off('message', hear);
			};
			this.#child.on('message', hear);
			this.#child.send({ clock: rate === undefined ? {} : { rate } });
		});
	}

	/** Ends it as an administrator would. */
	async stop(): Promise<void> {
		this.#stopping = true;
		const child = this.#child;
		if (child.exitCode === null && child.signalCode === null) {
			const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
			child.kill('SIGTERM');
			const cut = setTimeout(() => child.kill('SIGKILL'), ENDED_WITHIN_MS);
			await ended;
			clearTimeout(cut);
		}
		this.#log.end();
	}

	#read(stream: NodeJS.ReadableStream | null): void {
		if (stream === null) return;
		createInterface({ input: stream }).on('line', (line) => {
			if (this.#log.writable) this.#log.write(`${line}\n`);
			const entry = parsed(line);
			if (entry?.level === 'error') this.options.onError(entry.message);
		});
	}
}

function parsed(line: string): { level: string; message: string } | undefined {
	try {
		const entry = v.safeParse(lineSchema, JSON.parse(line));
		return entry.success ? entry.output : undefined;
	} catch {
		return undefined;
	}
}

/** Nothing of the configuration of whoever runs the demo. */
function environment(options: ProductOptions, data: string): Record<string, string> {
	const system = ['PATH', 'HOME', 'TMPDIR', 'LANG'].flatMap((name) => {
		const value = process.env[name];
		return value === undefined ? [] : [[name, value]];
	});
	return {
		...(Object.fromEntries(system) as Record<string, string>),
		NODE_ENV: 'production',
		HOST: options.host,
		PORT: String(options.port),
		DATA_DIR: data,
		LOG_FORMAT: 'json',
		TZ: process.env.TZ ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
		ADMIN_USER: 'admin',
		ADMIN_PASS: options.password,
		API_KEY: options.apiKey,
		// sessions end by the product's clock, which is ahead
		SESSION_DAYS: '365',
		SHUTDOWN_SECONDS: '3',
		COMRADARR_CLOCK_RATE: String(options.rate),
		COMRADARR_CLOCK_START: String(options.start),
	};
}
