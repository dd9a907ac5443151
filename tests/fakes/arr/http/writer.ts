// Writes an answer to the socket: indented JSON, streamed record by record, compressed where asked, or broken by a fault.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, constants, createBrotliCompress, createGzip, gzipSync } from 'node:zlib';
import type { Transform } from 'node:stream';
import type { Json } from '../json.ts';
import type { Answer } from './answer.ts';

const CHUNK = 256 * 1024;
const JSON_TYPE = 'application/json; charset=utf-8';

export interface BodyBreak {
	/** Whole records before the break. */
	afterRecords: number;
	how: 'cut' | 'reset' | 'endless' | 'slow';
	delayMs: number;
}

export interface Outgoing {
	version: string | null;
	broken: BodyBreak | null;
	cache: Map<string, Buffer> | null;
	cors: boolean;
}

export function render(value: Json): string {
	return value === undefined ? 'null' : JSON.stringify(value, null, 2);
}

function indent(text: string): string {
	return `  ${text.replaceAll('\n', '\n  ')}`;
}

export async function write(
	request: IncomingMessage,
	response: ServerResponse,
	answer: Answer,
	out: Outgoing,
): Promise<number> {
	const headers = headersOf(answer, out);
	const isList = answer.records !== undefined;
	const text = answer.text ?? (answer.json === undefined ? undefined : render(answer.json));
	if (!isList && (text === undefined || text === '')) return writeEmpty(response, answer.status, headers);
	const coding = answer.fromErrorHandler === true ? null : codingOf(request);
	if (coding !== null) headers['content-encoding'] = coding;
	if (isList || out.broken !== null) {
		const body = isList ? listChunks(answer, out.broken) : brokenText(text ?? '', out.broken);
		if (coding !== null && out.cache !== null && answer.cacheKey !== undefined && out.broken === null) {
			return writeCached(response, answer, headers, coding, out.cache, body);
		}
		const small = out.broken === null ? onlyChunk(body) : null;
		if (typeof small !== 'string') {
			return stream(response, answer.status, headers, small ?? body, coding, out.broken);
		}
		response.writeHead(answer.status, headers);
		response.end(request.method === 'HEAD' ? undefined : compress(small, coding));
		return small.length;
	}
	const bytes = compress(text ?? '', coding);
	response.writeHead(answer.status, headers);
	response.end(request.method === 'HEAD' ? undefined : bytes);
	return bytes.length;
}

function headersOf(answer: Answer, out: Outgoing): Record<string, string> {
	const headers: Record<string, string> = { ...answer.headers };
	if (out.cors) headers['access-control-allow-origin'] = '*';
	if (answer.fromErrorHandler === true) {
		return {
			...headers,
			'content-type': 'application/json',
			'cache-control': 'no-cache,no-store',
			...NO_CACHE,
		};
	}
	const hasBody = answer.json !== undefined || answer.records !== undefined || answer.text !== undefined;
	if (hasBody) headers['content-type'] ??= JSON_TYPE;
	if (out.version === null) return headers;
	headers['cache-control'] ??= 'no-cache, no-store';
	Object.assign(headers, NO_CACHE);
	if (out.version !== '') headers['x-application-version'] = out.version;
	if (hasBody) headers['vary'] = 'Accept-Encoding';
	return headers;
}

const NO_CACHE = { expires: '-1', pragma: 'no-cache' };

function writeEmpty(response: ServerResponse, status: number, headers: Record<string, string>): number {
	if (status !== 204) headers['content-length'] = '0';
	response.writeHead(status, headers);
	response.end();
	return 0;
}

type Coding = 'gzip' | 'br' | null;

function codingOf(request: IncomingMessage): Coding {
	const accepted = (request.headers['accept-encoding'] ?? '').toLowerCase();
	if (/\bbr\b/.test(accepted)) return 'br';
	return /\bgzip\b/.test(accepted) ? 'gzip' : null;
}

const FAST_BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 0 } };

function compress(text: string, coding: Coding): Buffer {
	if (coding === 'gzip') return gzipSync(text, { level: 1 });
	if (coding === 'br') return brotliCompressSync(text, FAST_BROTLI);
	return Buffer.from(text);
}

function* listChunks(answer: Answer, broken: BodyBreak | null): Generator<string> {
	const records = answer.records;
	const count = records?.count ?? 0;
	if (records === undefined || (count === 0 && broken?.how !== 'endless')) {
		yield '[]';
		return;
	}
	const endless = broken?.how === 'endless';
	const stopAt = broken === null ? Infinity : broken.afterRecords;
	let buffer = '[\n';
	for (let i = 0; endless || i < count; i++) {
		if (i >= stopAt && !endless) {
			yield `${buffer}  {\n    "title": "cut he`;
			return;
		}
		buffer += `${i > 0 ? ',\n' : ''}${indent(render(count === 0 ? { id: i + 1 } : records.at(i % count)))}`;
		if (buffer.length < CHUNK && broken?.how !== 'slow') continue;
		yield buffer;
		buffer = '';
	}
	yield `${buffer}\n]`;
}

function* brokenText(text: string, broken: BodyBreak | null): Generator<string> {
	if (broken?.how === 'slow') {
		yield* text.match(/[\s\S]{1,200}/g) ?? [];
		return;
	}
	yield text.slice(0, Math.max(1, Math.floor(text.length / 2)));
	while (broken?.how === 'endless') yield ' '.repeat(CHUNK);
}

/** A list that is one chunk needs no stream; of a longer one all chunks are given back. */
function onlyChunk(chunks: Generator<string>): string | Generator<string> {
	const first = chunks.next();
	const second = chunks.next();
	if (second.done === true) return first.done === true ? '' : first.value;
	return again(String(first.value), second.value, chunks);
}

function* again(first: string, second: string, rest: Generator<string>): Generator<string> {
	yield first;
	yield second;
	yield* rest;
}

async function stream(
	response: ServerResponse,
	status: number,
	headers: Record<string, string>,
	chunks: Generator<string>,
	coding: Coding,
	broken: BodyBreak | null,
): Promise<number> {
	response.writeHead(status, headers);
	const sink = coding === null ? response : compressor(coding);
	if (sink !== response) (sink as Transform).pipe(response, { end: broken === null });
	const closed = once(response, 'close');
	let bytes = 0;
	for (const chunk of chunks) {
		if (response.destroyed || response.closed) break;
		bytes += chunk.length;
		if (!sink.write(chunk)) await Promise.race([once(sink, 'drain'), closed]);
		if (broken?.how === 'slow') await wait(broken.delayMs);
		else await new Promise((resolve) => setImmediate(resolve));
	}
	if (broken !== null && broken.how !== 'slow') return cut(response, sink, bytes);
	sink.end();
	await Promise.race([once(response, 'finish'), closed]);
	return bytes;
}

/** The connection goes away without the end of the body. */
async function cut(
	response: ServerResponse,
	sink: ServerResponse | Transform,
	bytes: number,
): Promise<number> {
	if (sink !== response) (sink as Transform).end();
	await wait(30);
	response.socket?.destroy();
	response.destroy();
	return bytes;
}

function compressor(coding: 'gzip' | 'br'): Transform {
	return coding === 'gzip' ? createGzip({ level: 1 }) : createBrotliCompress(FAST_BROTLI);
}

function writeCached(
	response: ServerResponse,
	answer: Answer,
	headers: Record<string, string>,
	coding: 'gzip' | 'br',
	cache: Map<string, Buffer>,
	chunks: Generator<string>,
): number {
	const key = `${coding} ${answer.cacheKey ?? ''}`;
	let body = cache.get(key);
	if (body === undefined) {
		body = compress([...chunks].join(''), coding);
		forgetOlder(cache, key);
		cache.set(key, body);
	}
	headers['content-length'] = String(body.length);
	response.writeHead(answer.status, headers);
	response.end(body);
	return body.length;
}

/** Of a list that changes with time only the last rendering is kept. */
function forgetOlder(cache: Map<string, Buffer>, key: string): void {
	const [name = '', time] = key.split('@');
	if (time === undefined) return;
	for (const known of cache.keys()) if (known.startsWith(`${name}@`)) cache.delete(known);
}

export function wait(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

function once(emitter: NodeJS.EventEmitter, event: string): Promise<void> {
	return new Promise((resolve) => emitter.once(event, () => resolve()));
}
