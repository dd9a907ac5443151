// A webhook receiver for tests: keeps what it gets, and looks at the history while it handles a delivery.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect } from 'vitest';
import type { FakeInstance, InstanceOptions } from '../control.ts';
import type { JsonObject } from '../json.ts';
import { history, type useFakes } from './bench.ts';

export interface Received {
	body: JsonObject & { eventType: string };
	historyRows: number;
	headers: Record<string, string | string[] | undefined>;
}

const SWITCHES = {
	onGrab: true,
	onDownload: true,
	onUpgrade: true,
	onImportComplete: true,
	onEpisodeFileDelete: true,
	onEpisodeFileDeleteForUpgrade: true,
	onMovieFileDelete: true,
	onMovieFileDeleteForUpgrade: true,
	onHealthIssue: true,
	includeHealthWarnings: true,
	onHealthRestored: true,
	onManualInteractionRequired: true,
	onSeriesDelete: true,
	onMovieDelete: true,
};

export class Receiver {
	received: Received[] = [];
	answerWith = 200;
	/** Its history is counted at each delivery. */
	watched: FakeInstance | null = null;
	/** Only deliveries of this instance count: time passes for all of them. */
	listening = '';
	private hooks = 0;
	private server: Server | null = null;
	private address = '';

	constructor(private readonly fake: ReturnType<typeof useFakes>) {}

	async start(): Promise<void> {
		const server = createServer((request, response) => {
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				void this.take(Buffer.concat(chunks).toString('utf8'), request.headers).then(() => {
					response.writeHead(this.answerWith, this.answerWith === 301 ? { location: '/elsewhere' } : {});
					response.end('ok');
				});
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		this.server = server;
		this.address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/token`;
	}

	stop(): void {
		this.server?.close();
	}

	register(arr: FakeInstance, extra: JsonObject = {}, query = ''): Promise<Response> {
		const fields = [
			{ name: 'url', value: this.address },
			{ name: 'method', value: 1 },
			{ name: 'username', value: 'comradarr' },
			{ name: 'password', value: 'secret' },
			{ name: 'headers', value: [{ key: 'X-Token', value: 'abc' }] },
		];
		const kind = { name: 'Comradarr', implementation: 'Webhook', configContract: 'WebhookSettings' };
		const body = JSON.stringify({ ...kind, fields, ...SWITCHES, ...extra });
		return arr.fetch(`/api/v3/notification${query}`, { method: 'POST', body });
	}

	/** A new instance with this receiver registered. */
	async with(options: InstanceOptions): Promise<FakeInstance> {
		this.listening = `hook ${++this.hooks}`;
		const arr = await this.fake.create({ indexers: [{}], instanceName: this.listening, ...options });
		this.answerWith = 200;
		this.watched = null;
		expect((await this.register(arr)).status).toBe(201);
		this.received = [];
		this.watched = arr;
		return arr;
	}

	private async take(text: string, headers: Received['headers']): Promise<void> {
		const body = JSON.parse(text) as Received['body'];
		const historyRows = this.watched === null ? 0 : (await history(this.watched).catch(() => [])).length;
		if (body.instanceName === this.listening) this.received.push({ body, historyRows, headers });
	}
}

export function useReceiver(fake: ReturnType<typeof useFakes>): Receiver {
	const receiver = new Receiver(fake);
	beforeAll(() => receiver.start());
	afterAll(() => {
		receiver.stop();
	});
	return receiver;
}
