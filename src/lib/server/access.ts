// Who may ask what. Deny by default: a route that stands in no list below needs a session or a key.

/** Who asks. A key of scope `read` may only read. `local` is a user whom the access mode lets in without login. */
export type Actor =
	| {
			readonly kind: 'session';
			readonly userId: number;
			readonly sessionId: string;
			readonly username: string;
	  }
	| {
			readonly kind: 'key';
			readonly keyId: number | null;
			readonly name: string;
			readonly scope: 'read' | 'full';
	  }
	| { readonly kind: 'local'; readonly username: string };

/**
 * What a route needs.
 * - `public`: nothing
 * - `setup`: nothing, but only until an admin exists (the route itself checks that, again and in the database)
 * - `token`: a secret in its own address, checked by the route
 * - `page`: a session; without one a redirect to the login
 * - `api`: a session or an API key; 401 as JSON without
 */
export type Access = 'public' | 'setup' | 'token' | 'page' | 'api';

/** The exceptions, by SvelteKit's route id; whatever is not named is a page. */
const byRoute: Readonly<Record<string, Access>> = {
	'/health': 'public',
	'/health/live': 'public',
	'/login': 'public',
	'/(auth)/login': 'public',
	'/setup': 'setup',
	'/(auth)/setup': 'setup',
	'/webhooks/[token]': 'token',
	'/metrics': 'api',
};
const apiPrefix = '/api/';

/** What the route of a request needs. A request that matches no route is treated like a page. */
export function accessOf(routeId: string | null, pathname = ''): Access {
	if (routeId !== null) {
		const named = byRoute[routeId];
		if (named !== undefined) return named;
		return routeId.startsWith(apiPrefix) ? 'api' : 'page';
	}
	return pathname.startsWith(apiPrefix) ? 'api' : 'page';
}

/** The routes that are reachable without session or key, for the test that walks the route table. */
export const openRoutes: readonly string[] = Object.keys(byRoute).filter((id) => byRoute[id] !== 'api');

const readMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** False if a key that may only read asks for a change. */
export function mayUse(actor: Actor, method: string): boolean {
	return actor.kind !== 'key' || actor.scope === 'full' || readMethods.has(method);
}

/**
 * True for a request that a page of another site made a browser send. Browsers say so themselves (Sec-Fetch-Site) where
 * the connection is secure; elsewhere every change carries an Origin. Only its host is compared: a proxy that ends TLS
 * changes the scheme. Clients that are no browsers send neither, and no cookie against their user's will.
 */
export function isForeign(request: Request, ownHost: string): boolean {
	if (readMethods.has(request.method)) return false;
	const site = request.headers.get('sec-fetch-site');
	if (site !== null) return site !== 'same-origin' && site !== 'none';
	const origin = request.headers.get('origin');
	return origin !== null && URL.parse(origin)?.host !== ownHost;
}
