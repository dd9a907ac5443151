// A bare HTTP/1.1 client: sends paths and headers exactly as recorded, follows nothing, hides nothing.
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Answer } from './compare';

export interface WireRequest {
	readonly method: string;
	readonly target: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string;
}

export function send(port: number, request: WireRequest): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const chunks: Buffer[] = [];
		const socket = connect(port, '127.0.0.1', () => socket.write(bytesOf(port, request)));
		socket.setTimeout(15_000, () =>
			socket.destroy(new Error(`No answer to ${request.method} ${request.target}`)),
		);
		socket.on('data', (chunk: Buffer) => chunks.push(chunk));
		socket.on('error', reject);
		socket.on('end', () => {
			try {
				resolve(parse(Buffer.concat(chunks)));
			} catch (error) {
				reject(error instanceof Error ? error : new Error(String(error)));
			}
			socket.destroy();
		});
	});
}

function bytesOf(port: number, request: WireRequest): Buffer {
	const body = request.body === undefined ? undefined : Buffer.from(request.body, 'utf8');
	const lines = [
		`${request.method} ${request.target} HTTP/1.1`,
		`Host: 127.0.0.1:${port}`,
		'Connection: close',
	];
	for (const [name, value] of Object.entries(request.headers)) lines.push(`${name}: ${value}`);
	if (body) lines.push(`Content-Length: ${body.length}`);
	const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
	return body ? Buffer.concat([head, body]) : head;
}

function parse(bytes: Buffer): Answer {
	const end = bytes.indexOf('\r\n\r\n');
	if (end < 0) throw new Error(`Not an answer: ${bytes.subarray(0, 100).toString('latin1')}`);
	const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
	const headers: Record<string, string> = {};
	for (const line of lines) {
		const colon = line.indexOf(':');
		headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
	}
	let body = bytes.subarray(end + 4);
	if (headers['transfer-encoding'] === 'chunked') body = joinChunks(body);
	if (headers['content-encoding'] === 'gzip' && body.length > 0) body = gunzipSync(body);
	return { status: Number(first.split(' ')[1]), headers, text: body.toString('utf8') };
}

function joinChunks(body: Buffer): Buffer<ArrayBuffer> {
	const parts: Buffer[] = [];
	let at = 0;
	for (;;) {
		const end = body.indexOf('\r\n', at);
		const size = Number.parseInt(body.subarray(at, end).toString('latin1'), 16);
		if (end < 0 || !(size > 0)) return Buffer.concat(parts);
		parts.push(body.subarray(end + 2, end + 2 + size));
		at = end + 2 + size + 2;
	}
}
