// A webhook receiver: keeps what it gets, and answers as the recorded receivers did, by the path.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject, type Json, type JsonObject } from './load';

export interface Delivery {
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly text: string;
	readonly body: JsonObject;
	taken: boolean;
}

const statusOf: Readonly<Record<string, number>> = {
	five: 500,
	s500: 500,
	four: 404,
	s404: 404,
	three: 302,
	s301: 301,
	two: 204,
};

function statusBy(path: string): number {
	return path.split('/').reduce((status, part) => statusOf[part] ?? status, 200);
}

export class Receiver {
	readonly deliveries: Delivery[] = [];
	/** Requests whose path contains this are answered with 500. */
	failing: string | null = null;
	private readonly server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => {
			const text = Buffer.concat(chunks).toString('utf8');
			const path = request.url ?? '';
			const status = this.failing !== null && path.includes(this.failing) ? 500 : statusBy(path);
			const headers = Object.fromEntries(
				Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
			);
			this.keep(request.method ?? '', headers, text);
			if (status >= 300 && status < 400) response.setHeader('location', 'http://127.0.0.1:9/elsewhere');
			response.writeHead(status).end(status === 204 ? undefined : 'ok');
		});
	});

	async start(): Promise<void> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
	}

	get port(): number {
		return (this.server.address() as AddressInfo).port;
	}

	stop(): void {
		this.server.close();
		this.server.closeAllConnections();
	}

	/** The oldest delivery not yet taken that is of the same event and looks most like `wanted`. */
	take(wanted: JsonObject): Delivery | undefined {
		const open = this.deliveries.filter((one) => !one.taken && one.body['eventType'] === wanted['eventType']);
		const telling = ['isUpgrade', 'type', 'level', 'deleteReason'];
		const alike = open.filter((one) => telling.every((key) => one.body[key] === wanted[key]));
		const found = alike.find((one) => sameKeys(one.body, wanted)) ?? alike[0] ?? open[0];
		if (found) found.taken = true;
		return found;
	}

	private keep(method: string, headers: Record<string, string>, text: string): void {
		let body: Json = null;
		try {
			body = JSON.parse(text) as Json;
		} catch {
			// kept as text
		}
		this.deliveries.push({ method, headers, text, body: isObject(body) ? body : {}, taken: false });
	}
}

function sameKeys(a: JsonObject, b: JsonObject): boolean {
	return Object.keys(a).sort().join() === Object.keys(b).sort().join();
}
