// One listening port: logs each request, applies faults and holds, and hands the rest to the application behind it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { App } from '../app.ts';
import type { Allowed, ItemRef, ReceivedCommand, RequestLog } from '../control/contract.ts';
import type { Json } from '../json.ts';
import { allowedNow } from '../reckoning/allowed.ts';
import { routersFor } from '../resources/routes.ts';
import { empty, fromHandler, Refusal } from './answer.ts';
import { passDoor, type Passed } from './door.ts';
import { Faults, type ActiveFault } from './faults.ts';
import { Holds } from './holds.ts';
import { wait, write, type Outgoing } from './writer.ts';

export class Listener {
	readonly faults = new Faults();
	readonly holds = new Holds();
	readonly log: RequestLog[] = [];
	/** Every `POST /command` that reached the application. */
	readonly received: ReceivedCommand[] = [];
	private server: Server | null = null;
	private readonly cache = new Map<string, Buffer>();
	private cacheOf = '';
	private port = 0;

	constructor(public app: App) {}

	getPort(): number {
		return this.port;
	}

	async listen(port = this.port): Promise<void> {
		const server = createServer({ keepAliveTimeout: 5000 }, (request, response) => {
			void this.handle(request, response);
		});
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(port, '127.0.0.1', resolve);
		});
		this.server = server;
		this.port = (server.address() as AddressInfo).port;
	}

	/** Connections are refused from now on; open ones are cut. */
	async close(): Promise<void> {
		const server = this.server;
		this.server = null;
		if (server === null) return;
		this.holds.dropAll();
		const closed = new Promise<void>((resolve) => server.close(() => resolve()));
		server.closeAllConnections();
		await Promise.race([closed, wait(500)]);
	}

	private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const entry = this.note(request);
		response.on('error', () => undefined);
		// clients read the application's clock from it
		response.setHeader('date', new Date(this.app.clock.now()).toUTCString());
		try {
			await this.answer(request, response, entry);
		} catch (error) {
			console.error('The fake failed to answer', request.method, request.url, error);
			if (!response.headersSent) response.writeHead(500, { 'x-fake-error': '1' });
			response.end(String(error));
			entry.status = 500;
		}
	}

	private async answer(request: IncomingMessage, response: ServerResponse, entry: RequestLog): Promise<void> {
		const body = bodyReader(request);
		const fault = this.faults.take(entry.method, entry.target);
		entry.fault = fault?.setup.kind ?? null;
		const latency = this.app.options.latencyMs;
		if (latency > 0) await wait(latency);
		if (fault !== null && (await this.faults.before(fault, response))) {
			entry.status = response.headersSent ? response.statusCode : null;
			return;
		}
		if (!(await this.holds.pass('request', entry, response))) return;
		const passed = await this.pass(request, entry, body);
		if (!(await this.holds.pass('answer', entry, response))) return;
		await this.send(request, response, entry, passed, fault);
	}

	private async pass(
		request: IncomingMessage,
		entry: RequestLog,
		readBody: () => Promise<string>,
	): Promise<Passed> {
		const app = this.app;
		try {
			const incoming = { method: entry.method, target: entry.target, headers: request.headers, readBody };
			const allowed = await verdictBefore(app, entry, readBody);
			const passed = await passDoor(app, routersFor(app.traits.kind), incoming);
			await this.noteCommand(entry, passed, readBody, allowed);
			return passed;
		} catch (error) {
			if (error instanceof Refusal) return { answer: error.answer, version: app.version };
			console.error('A handler of the fake failed', entry.method, entry.target, error);
			const message = String(error);
			return {
				answer: fromHandler(500, { message, description: `fake: ${message}` }).answer,
				version: app.version,
			};
		}
	}

	private async noteCommand(
		entry: RequestLog,
		passed: Passed,
		readBody: () => Promise<string>,
		allowed: Allowed | null,
	): Promise<void> {
		const posted = passed.answer.posted;
		if (posted === undefined) return;
		this.received.push({
			at: entry.at,
			realAt: entry.realAt,
			body: JSON.parse(await readBody()) as Json,
			headers: entry.headers,
			name: posted.command.definition.name,
			commandId: posted.command.id,
			merged: posted.merged,
			status: passed.answer.status,
			allowed,
		});
	}

	private async send(
		request: IncomingMessage,
		response: ServerResponse,
		entry: RequestLog,
		passed: Passed,
		fault: ActiveFault | null,
	): Promise<void> {
		const answer = fault === null ? passed.answer : this.faults.change(fault, passed.answer);
		const out: Outgoing = {
			version: passed.version,
			broken: fault === null ? null : this.faults.breaks(fault),
			cache: this.cacheNow(),
			cors: request.headers.origin !== undefined && passed.version !== null,
		};
		if (passed.version?.startsWith('307 ') === true) {
			out.version = null;
			answer.headers['x-application-version'] = this.app.version;
		}
		entry.status = answer.status;
		if (
			fault?.setup.kind === 'resetAfterHeaders' &&
			answer.records === undefined &&
			answer.json === undefined
		) {
			response.socket?.destroy();
			return;
		}
		entry.bytes = await write(request, response, answer.status === 0 ? empty(500) : answer, out);
	}

	/** Rendered lists, as long as neither library nor time of the statistics has changed. */
	private cacheNow(): Map<string, Buffer> | null {
		if (!this.app.options.prerender) return null;
		const state = `${this.app.epoch} ${this.app.store.version}`;
		if (state !== this.cacheOf) this.cache.clear();
		this.cacheOf = state;
		return this.cache;
	}

	private note(request: IncomingMessage): RequestLog {
		const target = request.url ?? '/';
		const [path = '/', raw = ''] = target.split('?', 2);
		const query: Record<string, string[]> = {};
		for (const [name, value] of new URLSearchParams(raw)) (query[name] ??= []).push(value);
		const headers: Record<string, string> = {};
		for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
			headers[request.rawHeaders[i] ?? ''] = request.rawHeaders[i + 1] ?? '';
		}
		const entry: RequestLog = {
			order: this.log.length,
			at: this.app.clock.now(),
			realAt: Date.now(),
			method: request.method ?? 'GET',
			path,
			target,
			query,
			headers,
			status: null,
			bytes: 0,
			fault: null,
		};
		this.log.push(entry);
		return entry;
	}
}

/** Starts to read at once, so that a held or delayed request does not stall its sender. */
function bodyReader(request: IncomingMessage): () => Promise<string> {
	const chunks: Buffer[] = [];
	const whole = new Promise<string>((resolve, reject) => {
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
		request.on('error', reject);
	});
	whole.catch(() => undefined);
	return () => whole;
}

/** Whether a search for it may be sent, as it was right before the command was taken up. */
async function verdictBefore(
	app: App,
	entry: RequestLog,
	readBody: () => Promise<string>,
): Promise<Allowed | null> {
	if (entry.method !== 'POST' || !/\/command\/?$/i.test(entry.target.split('?')[0] ?? '')) return null;
	const item = searchedItem(await readBody());
	return item === null ? null : allowedNow(app, item);
}

function searchedItem(body: string): ItemRef | null {
	let command: unknown;
	try {
		command = JSON.parse(body);
	} catch {
		return null;
	}
	if (typeof command !== 'object' || command === null) return null;
	const { episodeIds, movieIds, seriesId, seasonNumber } = command as Record<string, unknown>;
	const first = (ids: unknown): unknown => (Array.isArray(ids) ? (ids as unknown[])[0] : undefined);
	const [episodeId, movieId] = [first(episodeIds), first(movieIds)];
	if (typeof episodeId === 'number') return { episodeId };
	if (typeof movieId === 'number') return { movieId };
	if (typeof seriesId === 'number' && typeof seasonNumber === 'number')
		return { seriesId, season: seasonNumber };
	return null;
}
