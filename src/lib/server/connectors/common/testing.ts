/** For tests only: servers that answer exactly as told, on a free port of the loopback, and a client's options for them. */
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { systemClock } from '$lib/server/clock';
import type { Clock } from '$lib/server/clock';
import type { HttpOptions } from './http';

export interface RawServer {
	url: string;
	port: number;
	/** Every request head and body as it came in, in order. */
	requests: string[];
	connections: () => number;
	close: () => Promise<void>;
}

/** `answer` is called for each request; it writes what it wants, or destroys the socket. */
export async function rawServer(
	answer: (socket: Socket, request: string, nth: number) => void,
): Promise<RawServer> {
	const sockets = new Set<Socket>();
	const requests: string[] = [];
	let connections = 0;
	const server = createServer((socket) => {
		connections += 1;
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.on('close', () => sockets.delete(socket));
		socket.on('data', (data) => {
			requests.push(data.toString('utf8'));
			answer(socket, data.toString('utf8'), requests.length);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const close = async (): Promise<void> => {
		for (const socket of sockets) socket.destroy();
		await new Promise<void>((resolve) => server.close(() => resolve()));
	};
	return { url: `http://127.0.0.1:${port}`, port, requests, connections: () => connections, close };
}

/** A whole HTTP/1.1 answer. A string body is sent as it is. */
export function httpAnswer(status: number, body: unknown, headers: Record<string, string> = {}): string {
	const text = typeof body === 'string' ? body : JSON.stringify(body, null, 2);
	const all: Record<string, string> = {
		'content-type': 'application/json; charset=utf-8',
		'x-application-version': '4.0.19.2979',
		'content-length': String(Buffer.byteLength(text)),
		...headers,
	};
	const lines = Object.entries(all).filter(([, value]) => value !== '');
	return [`HTTP/1.1 ${status} X`, ...lines.map(([name, value]) => `${name}: ${value}`), '', text].join(
		'\r\n',
	);
}

/** A clock whose sleeps end at once and are noted. */
export function hurriedClock(slept: number[] = []): Clock {
	return {
		...systemClock(),
		sleep: async (ms: number) => {
			slept.push(ms);
		},
	};
}

export function optionsFor(url: string, more: Partial<HttpOptions> = {}): HttpOptions {
	return {
		url,
		apiKey: 'secret-key',
		clock: hurriedClock(),
		userAgentVersion: '0.1.0',
		random: () => 0,
		...more,
	};
}
