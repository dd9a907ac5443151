// Addresses of this product: behind BASE_URL, and the client's as the process entry worked it out.
import { runtime } from './runtime';

/** Headers that only the process entry sets; whatever a client sends under these names is overwritten. */
export const privateHeaders = {
	protocol: 'x-comradarr-proto',
	host: 'x-comradarr-host',
	/** The client, with forwarded headers of trusted proxies taken into account. */
	client: 'x-comradarr-client',
	/** The socket's other end. */
	peer: 'x-comradarr-peer',
	/** `1` if the peer sent forwarded headers without being trusted. */
	untrustedForward: 'x-comradarr-untrusted-forward',
} as const;

/** A path of ours as the browser must see it: for server redirects. */
export function withBase(path: string): string {
	return `${runtime().config?.baseUrl ?? ''}${path}`;
}

/** The path for cookies. */
export function cookiePath(): string {
	const base = runtime().config?.baseUrl ?? '';
	return base === '' ? '/' : base;
}

/** A local path to go to after login; anything else, such as another host, becomes `/`. */
export function safeReturnPath(wanted: string | null): string {
	if (wanted === null || !/^\/(?![/\\])[^\\\s]*$/.test(wanted)) return '/';
	return wanted;
}
