// Headers of every answer. The content security policy of pages comes from svelte.config.js.
import type { RequestEvent } from '@sveltejs/kit';

const strictPolicy = "default-src 'none'; frame-ancestors 'none'";

/** Adds what is missing; answers other than pages get a policy that allows nothing. */
export function secureHeaders(
	headers: Headers,
	event: Pick<RequestEvent, 'locals' | 'url' | 'isDataRequest'>,
): void {
	headers.set('x-request-id', event.locals.requestId);
	headers.set('x-content-type-options', 'nosniff');
	headers.set('x-frame-options', 'SAMEORIGIN');
	headers.set('referrer-policy', 'strict-origin-when-cross-origin');
	headers.set('cross-origin-opener-policy', 'same-origin');
	headers.set('cross-origin-resource-policy', 'same-origin');
	headers.set('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
	if (event.url.protocol === 'https:') headers.set('strict-transport-security', 'max-age=31536000');
	if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
	const isPage = headers.get('content-type')?.startsWith('text/html') ?? false;
	if (!isPage && !headers.has('content-security-policy'))
		headers.set('content-security-policy', strictPolicy);
}
