// Reads the recorded exchanges with real applications from `data/` and sorts them by kind.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const kinds = ['sonarr4', 'sonarr5', 'radarr6', 'whisparr2', 'whisparr3'] as const;
export type Kind = (typeof kinds)[number];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface RecordedRequest {
	readonly method: string;
	readonly url: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Json;
}

export interface RecordedResponse {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Json;
}

export interface Exchange {
	readonly kind: Kind;
	/** file name without kind and extension, for instance `command-lifecycle` */
	readonly file: string;
	/** place in the file, observations included */
	readonly index: number;
	readonly note: string;
	readonly request: RecordedRequest;
	readonly response: RecordedResponse;
}

interface RawEntry {
	readonly note?: string;
	readonly request?: RecordedRequest;
	readonly response?: RecordedResponse;
}

const folder = join(import.meta.dirname, 'data');

/** The files of a kind in a fixed order. */
export function filesOf(kind: Kind): string[] {
	return readdirSync(folder)
		.filter((name) => name.startsWith(`${kind}-`))
		.map((name) => name.slice(kind.length + 1, -'.json'.length))
		.sort();
}

/** The exchanges of one file; summaries of observations are no exchanges and are left out. */
export function exchangesOf(kind: Kind, file: string): Exchange[] {
	const raw = JSON.parse(readFileSync(join(folder, `${kind}-${file}.json`), 'utf8')) as {
		exchanges: RawEntry[];
	};
	return raw.exchanges.flatMap((entry, index) =>
		entry.request && entry.response
			? [{ kind, file, index, note: entry.note ?? '', request: entry.request, response: entry.response }]
			: [],
	);
}

/** A delivery is a request that the application sent to a webhook receiver. */
export function isDelivery(exchange: Exchange): boolean {
	return exchange.request.url.startsWith('/webhooks/');
}

export function isObject(value: Json | undefined): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A scalar as text; anything else is no text. */
export function textOf(value: Json | undefined): string {
	return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
		? `${value}`
		: '';
}
