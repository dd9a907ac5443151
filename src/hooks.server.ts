// Every request passes here: its id, who asks, whether that is allowed, the headers of the answer.
import { json, type Handle, type HandleServerError, type RequestEvent, type ServerInit } from '@sveltejs/kit';
import { building } from '$app/environment';
import { accessOf, isForeign, mayUse, type Access } from '$lib/server/access';
import { privateHeaders, withBase } from '$lib/server/address';
import { app, startApp } from '$lib/server/app';
import { methodNotAllowed, problemResponse } from '$lib/server/api/problem';
import { AppError } from '$lib/server/app-error';
import { newId, withContext } from '$lib/server/context';
import { databaseTrouble } from '$lib/server/database-trouble';
import { createLogger } from '$lib/server/logger';
import { secureHeaders } from '$lib/server/security-headers';
import { authenticate } from '$lib/server/services/auth';
import { runtime } from '$lib/server/runtime';
import { unavailable } from '$lib/server/unavailable';

const log = createLogger('http');

/** Starts the product once; a failure here keeps the process from becoming ready. */
export const init: ServerInit = async () => {
	if (!building) await startApp(runtime());
};

export const handle: Handle = ({ event, resolve }) => {
	const requestId = newId();
	return withContext({ correlationId: requestId }, async () => {
		const started = performance.now();
		prepare(event, requestId);
		const response = await answer(event, resolve);
		secureHeaders(response.headers, event);
		log.debug('Request', {
			method: event.request.method,
			route: event.route.id,
			status: response.status,
			ms: Math.round(performance.now() - started),
		});
		return response;
	});
};

export const handleError: HandleServerError = ({ error: thrown, event, status, message }) => {
	const { requestId } = event.locals;
	if (status === 404) return { message: 'This page does not exist.', requestId };
	if (status < 500) return { message, requestId };
	const trouble = databaseTrouble(thrown);
	event.locals.unavailable = trouble !== undefined;
	const told = { route: event.route.id, method: event.request.method, error: thrown };
	if (trouble === undefined) log.error('A request failed unexpectedly.', told);
	else log.warn('The database failed a request.', told);
	const ours = trouble?.message ?? 'Something went wrong on our side.';
	return { message: ours, requestId };
};

function prepare(event: RequestEvent, requestId: string): void {
	const { headers } = event.request;
	const peer = headers.get(privateHeaders.peer) ?? '';
	Object.assign(event.locals, {
		requestId,
		actor: null,
		log,
		app: app().ctx,
		peerAddress: peer,
		clientAddress: headers.get(privateHeaders.client) ?? peer,
		untrustedForward: headers.get(privateHeaders.untrustedForward) === '1',
	} satisfies App.Locals);
}

async function answer(
	event: RequestEvent,
	resolve: (event: RequestEvent) => Promise<Response> | Response,
): Promise<Response> {
	const access = accessOf(event.route.id, event.url.pathname);
	try {
		event.locals.actor = await authenticate(event, app().ctx, app().keys);
	} catch (thrown) {
		// health and login must answer while the database does not
		if (access !== 'public') return notAuthenticated(thrown, event, access);
	}
	const refused = refuse(event, access);
	if (refused !== undefined) return refused;
	if (access !== 'page' && !isReadable(event.url.pathname)) return problemResponse(unreadable(), event);
	if (access !== 'api' && !(await isReadableForm(event.request))) return refusal(event, 400, 'bad_form');
	const response = await resolved(event, resolve);
	// SvelteKit tells of a wrong method in plain text
	const isOurs = access === 'page' || response.status !== 405;
	return isOurs ? response : methodNotAllowed(event, response.headers.get('allow'));
}

function isReadable(path: string): boolean {
	try {
		return decodeURI(path) !== '';
	} catch {
		return false;
	}
}

/**
 * A broken multipart form, or one in plain text (which SvelteKit lets in): every action would make an error of its own
 * of it. Our pages send neither.
 */
async function isReadableForm(request: Request): Promise<boolean> {
	const type = request.headers.get('content-type') ?? '';
	if (request.method !== 'POST' || !/^(multipart|text)\//i.test(type)) return true;
	try {
		await request.clone().formData();
		return true;
	} catch {
		return false;
	}
}

const unreadable = (): AppError =>
	new AppError('bad_address', 400, 'The address cannot be read: a % stands in it without its two digits.');

/** SvelteKit gives 500 to whatever was thrown; what only has to wait is said to be that. */
async function resolved(
	event: RequestEvent,
	resolve: (event: RequestEvent) => Promise<Response> | Response,
): Promise<Response> {
	const response = await resolve(event);
	if (response.status !== 500 || event.locals.unavailable !== true) return response;
	const headers = new Headers(response.headers);
	headers.set('retry-after', '10');
	return new Response(response.body, { status: 503, headers });
}

/** The answer to a request that may not go on. */
function refuse(event: RequestEvent, access: Access): Response | undefined {
	const { request } = event;
	const { actor } = event.locals;
	const foreign = isForeign(request, event.url.host);
	if (access === 'token') return undefined;
	if (access === 'public' || access === 'setup')
		return foreign ? refusal(event, 403, 'foreign_origin') : undefined;
	if (actor === null) return access === 'api' ? refusal(event, 401, 'not_authenticated') : toLogin(event);
	if (access === 'page' && actor.kind === 'key') return refusal(event, 403, 'key_not_for_pages');
	if (actor.kind !== 'key' && foreign) return refusal(event, 403, 'foreign_origin');
	return mayUse(actor, request.method) ? undefined : refusal(event, 403, 'read_only_key');
}

/** Whoever asks for a page is sent to the login, in the form that the asking code of SvelteKit understands. */
function toLogin(event: RequestEvent): Response {
	const { request, url } = event;
	const wanted = `${url.pathname}${request.method === 'GET' ? url.search : withoutAct(url)}`;
	const location = withBase(wanted === '/' ? '/login' : `/login?next=${encodeURIComponent(wanted)}`);
	if (event.isDataRequest) return json({ type: 'redirect', location });
	if (request.headers.has('x-sveltekit-action'))
		return json({ type: 'redirect', status: 303, location }, { status: 401 });
	if (event.route.id === null && request.method !== 'GET') return refusal(event, 401, 'not_authenticated');
	return new Response(null, { status: 303, headers: { location } });
}

/** The query of a form's address without the name of its action: what the page itself is about. */
function withoutAct(url: URL): string {
	const query = new URLSearchParams(url.searchParams);
	for (const name of url.searchParams.keys()) if (name.startsWith('/')) query.delete(name);
	return query.size === 0 ? '' : `?${query}`;
}

const reasons = {
	not_authenticated: 'A session or an API key is needed.',
	read_only_key: 'This API key may only read.',
	key_not_for_pages: 'API keys are for the REST interface; pages need a login.',
	foreign_origin: 'This request came from another site.',
	bad_form: 'The form cannot be read: its parts are not as its content-type says.',
} as const;

function refusal(event: RequestEvent, status: 400 | 401 | 403, code: keyof typeof reasons): Response {
	return json({ error: { code, message: reasons[code] }, requestId: event.locals.requestId }, { status });
}

/** Authentication itself failed, e.g. by a key that asks too often. */
function notAuthenticated(thrown: unknown, event: RequestEvent, access: Access): Response {
	if (thrown instanceof AppError) return problemResponse(thrown, event);
	const { requestId } = event.locals;
	const trouble = databaseTrouble(thrown);
	if (trouble !== undefined && (access === 'page' || access === 'setup')) {
		log.warn('The database failed a request.', { route: event.route.id, error: thrown });
		return unavailable(event, trouble.message);
	}
	if (trouble !== undefined) return problemResponse(thrown, event);
	log.error('A request could not be authenticated.', { error: thrown });
	const message = 'Something went wrong on our side.';
	return json({ error: { code: 'internal', message }, requestId }, { status: 500 });
}
