/** For tests only: a client in front of canned answers. */
import type { ConnectorKind } from '$lib/domain/words';
import { httpAnswer, optionsFor, rawServer } from './common/testing';
import type { RawServer } from './common/testing';
import type { ArrClient, ListReading } from './common/types';
import { createArrClient } from './registry';
import type { ArrClientOptions } from './registry';

/** The application's own 404, and a proxy's. */
export const gone = httpAnswer(404, '', { 'content-type': '' });
export const foreign = httpAnswer(404, '<html>', {
	'content-type': 'text/html',
	'x-application-version': '',
});

let server: RawServer | undefined;

/** Call after each test. */
export async function stopServer(): Promise<void> {
	await server?.close();
	server = undefined;
}

/** `answers` by path behind `/api/v3/`, with or without query: a whole HTTP answer, or JSON for a 200. */
export async function cannedClient(
	kind: ConnectorKind,
	answers: Record<string, unknown>,
	more: Partial<ArrClientOptions> = {},
): Promise<ArrClient> {
	await stopServer();
	server = await rawServer((socket, request) => {
		const path = (request.split(' ')[1] ?? '').replace('/api/v3/', '');
		const answer = answers[path] ?? answers[path.split('?')[0] ?? ''];
		if (answer === undefined) socket.write(gone);
		else socket.write(typeof answer === 'string' ? answer : httpAnswer(200, answer));
	});
	return createArrClient({ ...optionsFor(server.url), kind, ...more });
}

/** What the client sent so far. */
export function requests(): string[] {
	return server?.requests ?? [];
}

/** Method and path of each. */
export function paths(): string[] {
	return requests().map((request) => request.split(' HTTP')[0] ?? '');
}

/** The readable records of a list. */
export async function recordsOf<T>(list: ListReading<T>): Promise<T[]> {
	const records: T[] = [];
	for await (const page of list) for (const item of page) if (item.ok) records.push(item.record);
	return records;
}

export const status = (appName: string, version: string): object => ({ appName, version });

/** A movie as Radarr or a scene as Whisparr 3 writes it, shortened to what we read. */
export const movie = (id: number, more: object = {}): object => ({
	id,
	tmdbId: id + 1000,
	foreignId: `f${id}`,
	itemType: 'scene',
	monitored: true,
	qualityProfileId: 1,
	year: 2025,
	releaseDate: '2025-01-01T00:00:00Z',
	studioTitle: 'Known & Loved',
	...more,
});
