// The front door: URL base, key, pages, ping, versions of the API. Everything before a handler is looked up.
import type { IncomingMessage } from 'node:http';
import type { App } from '../app.ts';
import type { Json } from '../json.ts';
import { empty, problem, Refusal, unbound, type Answer } from './answer.ts';
import { Query } from './query.ts';
import type { Router } from './router.ts';

const LONGEST_REQUEST_LINE = 8192;

export interface Incoming {
	method: string;
	/** Path and query as sent. */
	target: string;
	headers: IncomingMessage['headers'];
	readBody: () => Promise<string>;
}

export interface Passed {
	answer: Answer;
	/** Whether it carries the headers of the API; null for pages, '' for ping. */
	version: string | null;
}

export interface Routers {
	v3: Router;
	v5: Router | null;
}

export async function passDoor(app: App, routers: Routers, incoming: Incoming): Promise<Passed> {
	if (incoming.target.length + incoming.method.length + 11 > LONGEST_REQUEST_LINE) return bare(empty(414));
	if (Object.values(incoming.headers).some((value) => /[^\0-\x7f]/.test(String(value))))
		return bare(empty(400));
	const [path, rawQuery] = splitOnce(incoming.target, '?');
	const base = app.options.urlBase;
	const inside = base === '' ? path : stripBase(path, base);
	const lower = (inside ?? path).toLowerCase();
	if (incoming.method === 'OPTIONS' && incoming.headers.origin !== undefined) {
		return bare(empty(204, { 'access-control-allow-origin': '*' }));
	}
	if (lower === '/ping' || lower === '/ping/') return ping(app, incoming, inside === null, rawQuery);
	const query = new Query(app.traits, rawQuery);
	if (!isApi(lower)) return outside(app, incoming, path, inside, rawQuery);
	if (!keyIsRight(app, incoming, query)) return bare(empty(401));
	if (inside === null) {
		const location = `${base}${path}${rawQuery === '' ? '' : `?${rawQuery}`}`;
		return { answer: empty(307, { location }), version: null, ...versioned(app) };
	}
	return { answer: await callApi(app, routers, incoming, lower, query), version: app.version };
}

/** A redirect of the API carries the version, but not the caching headers. */
function versioned(app: App): Partial<Passed> {
	return { version: `307 ${app.version}` };
}

function bare(answer: Answer): Passed {
	return { answer, version: null };
}

function splitOnce(text: string, by: string): [string, string] {
	const at = text.indexOf(by);
	return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function stripBase(path: string, base: string): string | null {
	const lower = path.toLowerCase();
	const wanted = base.toLowerCase();
	if (lower === wanted) return '/';
	return lower.startsWith(`${wanted}/`) ? path.slice(base.length) : null;
}

function isApi(path: string): boolean {
	return path === '/api' || path.startsWith('/api/');
}

function ping(app: App, incoming: Incoming, withoutBase: boolean, rawQuery: string): Passed {
	if (withoutBase) {
		const location = `${app.options.urlBase}/ping${rawQuery === '' ? '' : `?${rawQuery}`}`;
		return bare(empty(307, { location }));
	}
	const headWorks = app.traits.family !== 'whisparr2' && app.traits.kind !== 'sonarr3';
	const known = incoming.method === 'GET' || (incoming.method === 'HEAD' && headWorks);
	if (!known) return bare(empty(incoming.method === 'HEAD' ? 405 : 401));
	const good = !app.databaseLocked;
	return {
		answer: { status: good ? 200 : 500, headers: {}, json: { status: good ? 'OK' : 'Error' } },
		version: '',
	};
}

function outside(
	app: App,
	incoming: Incoming,
	path: string,
	inside: string | null,
	rawQuery: string,
): Passed {
	const { auth, urlBase } = app.options;
	const lower = (inside ?? path).toLowerCase();
	if (lower.startsWith('/feed/') || lower.startsWith('/signalr/')) return bare(empty(401));
	if (lower === '/login') return page(app, 'Login');
	if (incoming.method !== 'GET' && incoming.method !== 'HEAD') return bare(empty(401));
	if (lower.startsWith('/content/')) {
		const answer = problem({ ...app.traits, unknownId: 'problem' }, 404, 'Not Found');
		return { answer, version: '' };
	}
	if (auth === 'basic' && app.traits.uiBasic) {
		return bare(empty(401, { 'www-authenticate': `Basic realm="${app.traits.appName}"` }));
	}
	if (auth === 'none' || auth === 'external') {
		if (inside === null) return bare(empty(307, { location: `${urlBase}${incoming.target}` }));
		return page(app, app.traits.appName);
	}
	const target = `${path}${rawQuery === '' ? '' : `?${rawQuery}`}`;
	const prefix = inside === null ? '' : urlBase;
	const location = `${prefix}/login?returnUrl=${encodeURIComponent(target)}`;
	const quiet = app.options.runtime === 'net10' && app.traits.kind !== 'sonarr5';
	return bare(empty(quiet ? 401 : 302, { location }));
}

function page(app: App, title: string): Passed {
	const text = `<!doctype html>\n<html><head><title>${app.traits.appName}</title></head><body>${title}</body></html>\n`;
	return bare({ status: 200, headers: { 'content-type': 'text/html' }, text });
}

function keyIsRight(app: App, incoming: Incoming, query: Query): boolean {
	const header = incoming.headers['x-api-key'];
	const authorization = incoming.headers.authorization;
	const bearer = authorization?.replace(/^Bearer /i, '');
	const fromQuery = query.text('apikey');
	const fromHeader = typeof header === 'string' ? header : undefined;
	const sent = app.traits.nancy
		? (fromHeader ?? fromQuery ?? authorization)
		: (fromQuery ?? fromHeader ?? bearer);
	return sent?.trim() === app.options.apiKey;
}

async function callApi(
	app: App,
	routers: Routers,
	incoming: Incoming,
	path: string,
	query: Query,
): Promise<Answer> {
	const parts = path.split('/').filter((part) => part !== '');
	if (parts.length === 1) {
		const isNew = routers.v5 !== null;
		const json = { current: isNew ? 'v5' : 'v3', deprecated: isNew ? ['v3'] : [] };
		return { status: 200, headers: {}, json };
	}
	const router = parts[1] === 'v3' ? routers.v3 : parts[1] === 'v5' ? routers.v5 : null;
	if (router === null) return empty(404);
	const matched = router.match(incoming.method, parts.slice(2).join('/'));
	if (!acceptsJson(incoming)) return empty(406);
	const body = matched.body ? await readJson(app, incoming) : undefined;
	const prefix = `${app.options.urlBase}/api/v3`;
	return matched.handler({ app, id: matched.id, query, body, headers: incoming.headers, prefix });
}

function acceptsJson(incoming: Incoming): boolean {
	const accept = incoming.headers.accept;
	return accept === undefined || accept === '' || /json|\*\/\*|application\/\*/i.test(accept);
}

async function readJson(app: App, incoming: Incoming): Promise<Json> {
	const type = incoming.headers['content-type'];
	if (type === undefined) throw new Refusal(problem(app.traits, 415, 'Unsupported Media Type'));
	if (!/\bjson\b/i.test(type)) throw new Refusal(empty(415));
	const text = await incoming.readBody();
	if (text.trim() === '') throw unbound(app.traits, { '': ['A non-empty request body is required.'] });
	try {
		return JSON.parse(text.replace(/,(\s*[}\]])/g, '$1')) as Json;
	} catch {
		const field = /"([^"\\]+)"\s*:[^"]*$/.exec(text)?.[1];
		const path = field === undefined ? '$' : `$.${field}`;
		const what =
			'Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed.';
		throw unbound(app.traits, {
			[path]: [`${what} Path: ${path} | LineNumber: 0 | BytePositionInLine: ${text.length}.`],
		});
	}
}
