// The HTTP server in front of the app: bound before anything else, so that a second start fails early and
// health checks see "starting"; strips BASE_URL, tells the app who asks, drains on shutdown.
import type { Server } from 'bun';
import { privateHeaders } from '../src/lib/server/address';
import type { Config } from '../src/lib/server/config';
import type { Logger } from '../src/lib/server/logger';
import { runtime } from '../src/lib/server/runtime';
import { requestOrigin, type RequestOrigin } from './forwarded';
import { errorCode, StartError } from './start-error';

/** The built app's request handler. */
export type AppHandler = (
	request: Request,
	server: Pick<Server<undefined>, 'requestIP'>,
) => Response | Promise<Response>;

/** A bound server. */
export interface Front {
	readonly port: number;
	/** From now on requests go to the app. */
	serve(app: AppHandler): void;
	/** Waits until no request is under way, at most `ms`; false if some still are. */
	drain(ms: number): Promise<boolean>;
	/** Closes the port and cuts what is left. */
	close(): Promise<void>;
}

/** Seconds without a byte in either direction; event streams have no such limit. */
const idleSeconds = 120;
const healthPaths = new Set(['/health', '/health/live']);

/** Binds the port. */
export function openFront(config: Config, log: Logger): Front {
	let app: AppHandler | undefined;
	const answer = async (request: Request, server: Server<undefined>): Promise<Response> => {
		const { phase } = runtime();
		const path = URL.parse(request.url)?.pathname;
		if (path === undefined) return new Response('Bad request: no usable Host header', { status: 400 });
		if (app === undefined || phase !== 'ready') return notReady(phase === 'ready' ? 'starting' : phase, path);
		const inner = innerPath(path, config.baseUrl);
		if (inner === undefined) return new Response('Not found', { status: 404 });
		if (inner.redirect !== undefined) return moved(inner.redirect, request);
		const origin = requestOrigin(
			request.headers,
			server.requestIP(request)?.address ?? '',
			config.trustedProxies,
			config.origin,
		);
		if (origin === undefined) return new Response('Bad request: no usable Host header', { status: 400 });
		const response = await app(forApp(request, inner.path, origin), {
			requestIP: () => server.requestIP(request),
		});
		if (response.headers.get('content-type')?.startsWith('text/event-stream') === true)
			server.timeout(request, 0);
		return response;
	};
	const server = bind(config, answer, log);
	return {
		port: server.port ?? config.port,
		serve: (handler) => {
			app = handler;
		},
		drain: async (ms) => {
			const deadline = performance.now() + ms;
			while (server.pendingRequests > 0 && performance.now() < deadline) await Bun.sleep(20);
			return server.pendingRequests === 0;
		},
		close: () => server.stop(true),
	};
}

type Answer = (request: Request, server: Server<undefined>) => Promise<Response>;

function bind(config: Config, fetch: Answer, log: Logger): Server<undefined> {
	try {
		return Bun.serve({
			hostname: config.host,
			port: config.port,
			development: false,
			// without development mode Bun would share the port with a second instance
			reusePort: false,
			idleTimeout: idleSeconds,
			maxRequestBodySize: config.bodyLimitBytes,
			fetch,
			error: (error) => {
				log.error('A request failed outside the app.', { error });
				return Response.json(
					{ error: { code: 'internal', message: 'Something went wrong on our side.' } },
					{ status: 500 },
				);
			},
		});
	} catch (error) {
		throw explainBind(error, config);
	}
}

function explainBind(error: unknown, { host, port }: Config): unknown {
	switch (errorCode(error)) {
		case 'EADDRINUSE':
			return new StartError(
				`Port ${port} is already in use on ${host}; stop the other program, or set PORT.`,
			);
		case 'EACCES':
			return new StartError(`This user may not listen on port ${port}; set PORT to a number above 1023.`);
		case 'EADDRNOTAVAIL':
		case 'ENOTFOUND':
			return new StartError(`HOST ${host} is no address of this machine; 0.0.0.0 listens on all.`);
		default:
			return error;
	}
}

function notReady(status: 'starting' | 'stopping', path: string): Response {
	if (path.endsWith('/health/live')) return Response.json({ status: 'alive' });
	return Response.json({ status }, { status: 503, headers: { 'retry-after': '2', connection: 'close' } });
}

type Inner = { path: string; redirect?: undefined } | { redirect: string; path?: undefined };

/** The path without BASE_URL. Health checks may leave the prefix out; anything else outside it does not exist. */
function innerPath(path: string, base: string): Inner | undefined {
	const inside = base === '' || path.startsWith(`${base}/`);
	if (path === base && base !== '') return { redirect: `${base}/` };
	if (!inside) return healthPaths.has(path) ? { path } : path === '/' ? { redirect: `${base}/` } : undefined;
	// SvelteKit would leave the prefix out when it redirects to the form without the last slash
	const inner = path.slice(base.length).replace(/^\/{2,}/, '/');
	if (inner.length > 1 && inner.endsWith('/')) return { redirect: `${base}${inner.replace(/\/+$/, '')}` };
	return { path: inner };
}

function moved(location: string, request: Request): Response {
	return new Response(null, {
		status: 308,
		headers: { location: `${location}${new URL(request.url).search}` },
	});
}

function forApp(request: Request, path: string, origin: RequestOrigin): Request {
	const { search } = new URL(request.url);
	const inner = new Request(`http://${origin.host}${path}${search}`, request);
	inner.headers.set(privateHeaders.protocol, origin.protocol);
	inner.headers.set(privateHeaders.host, origin.host);
	inner.headers.set(privateHeaders.peer, origin.peer);
	inner.headers.set(privateHeaders.client, origin.client);
	inner.headers.set(privateHeaders.untrustedForward, origin.untrustedForward ? '1' : '0');
	return inner;
}
