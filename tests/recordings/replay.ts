// Plays the recorded exchanges of one file against the fake, in order, and tells what differs.
import { type Answer, compare } from './compare';
import { hintsOf } from './hints';
import {
	type Exchange,
	exchangesOf,
	isDelivery,
	isObject,
	type Json,
	type JsonObject,
	type Kind,
	textOf,
} from './load';
import { compareDelivery } from './delivery';
import { Rig } from './rig';
import { scenesOf } from './scenes/all';
import { send } from './wire';

export interface Result {
	readonly exchange: Exchange;
	/** empty when answered as recorded */
	readonly differences: readonly string[];
}

export async function replayFile(kind: Kind, file: string): Promise<Result[]> {
	const scene = scenesOf[kind][file] ?? {};
	const rig = await Rig.open(kind, scene.options ?? {});
	const results: Result[] = [];
	try {
		for (const exchange of exchangesOf(kind, file)) {
			results.push({ exchange, differences: await replayOne(rig, exchange, scene.before?.[exchange.index]) });
		}
	} finally {
		await rig.close();
	}
	return results;
}

async function replayOne(
	rig: Rig,
	exchange: Exchange,
	before: ((rig: Rig) => Promise<unknown>) | undefined,
): Promise<string[]> {
	try {
		await before?.(rig);
		if (isDelivery(exchange)) {
			const body = exchange.request.body;
			return compareDelivery(
				exchange,
				isObject(body ?? null) ? await rig.delivered(body as JsonObject) : undefined,
			);
		}
		await prepareCommand(rig, exchange);
		const answer = withoutKey(rig, await ask(rig, exchange));
		learn(rig, exchange, answer);
		return compare(exchange.response, answer, hintsOf(exchange));
	} catch (error) {
		return [`could not be replayed: ${error instanceof Error ? error.message : String(error)}`];
	}
}

function withoutKey(rig: Rig, answer: Answer): Answer {
	const { location } = answer.headers;
	return location === undefined
		? answer
		: { ...answer, headers: { ...answer.headers, location: rig.withoutKey(location) } };
}

const commandPath = /^\/api\/v\d\/command\/(\d+)$/;
const ended = new Set(['completed', 'failed']);

/** A command that was sent before the recording began is sent now; one that had ended is given time to end. */
async function prepareCommand(rig: Rig, exchange: Exchange): Promise<void> {
	const id = Number(commandPath.exec(exchange.request.url)?.[1] ?? Number.NaN);
	const body = exchange.response.body ?? null;
	if (exchange.request.method !== 'GET' || Number.isNaN(id) || !isObject(body)) return;
	if (exchange.response.status === 200 && !rig.knows('command', id) && isObject(body['body'] ?? null)) {
		const agent = body['clientUserAgent'];
		await rig.recorded(
			id,
			argumentsOf(body['body'] as JsonObject),
			typeof agent === 'string' ? agent : undefined,
			1,
		);
	}
	if (ended.has(textOf(body['status']))) await rig.untilEnded(rig.idOf('command', id));
}

const ownFields = new Set([
	'sendUpdatesToClient',
	'updateScheduledTask',
	'requiresDiskAccess',
	'isExclusive',
	'isLongRunning',
	'isTypeExclusive',
	'trigger',
	'suppressMessages',
	'clientUserAgent',
	'completionMessage',
]);

function argumentsOf(body: JsonObject): JsonObject {
	return Object.fromEntries(Object.entries(body).filter(([key]) => !ownFields.has(key)));
}

async function ask(rig: Rig, exchange: Exchange): Promise<Answer> {
	const { request } = exchange;
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(request.headers ?? {})) {
		headers[name] = rig.withKey(value).replace(/^L….*$/, `L${'x'.repeat(3999)}`);
	}
	// an extract of a list was recorded without its headers
	if (!request.headers && hintsOf(exchange).extract) headers['X-Api-Key'] = rig.withKey('<key>');
	const target = rig.target(request.url);
	if (request.body === undefined) return send(rig.port, { method: request.method, target, headers });
	const raw = typeof request.body === 'string';
	if (!raw && headers['Content-Type'] === undefined) headers['Content-Type'] = 'application/json';
	const body = raw ? request.body : JSON.stringify(await rig.body(request.url, request.body));
	return send(rig.port, { method: request.method, target, headers, body });
}

const created = /^\/api\/v\d\/(\w+)(\?|$)/;

/** Remembers which id of the fake stands for a recorded one. */
function learn(rig: Rig, exchange: Exchange, answer: Answer): void {
	const path = exchange.request.url.split('?')[0] ?? '';
	const resource = created.exec(exchange.request.url)?.[1];
	const was = exchange.response.body ?? null;
	if (answer.status >= 300 || answer.text === '') return;
	let is: Json;
	try {
		is = JSON.parse(answer.text) as Json;
	} catch {
		return;
	}
	if (path.endsWith('/release') && Array.isArray(is)) rig.offered = is.filter(isObject);
	if (exchange.request.method !== 'POST' || resource === undefined || !isObject(was) || !isObject(is)) return;
	if (typeof was['id'] === 'number' && typeof is['id'] === 'number') {
		rig.learn(resource, was['id'], is['id']);
		rig.made(resource, textOf(is['name']), is['id']);
	}
}
