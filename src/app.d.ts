// What every request carries, and the attributes UnoCSS adds to elements.
import type { Actor } from '$lib/server/access';
import type { AppContext } from '$lib/server/app-context';
import type { Logger } from '$lib/server/logger';

declare global {
	namespace App {
		interface Locals {
			/** Goes into every log line and error answer of this request. */
			requestId: string;
			/** Who asks; null on public routes without a session or key. */
			actor: Actor | null;
			/** The client's address, forwarded headers of trusted proxies taken into account. */
			clientAddress: string;
			/** The address of the socket itself; rules about the local network use only this one. */
			peerAddress: string;
			/** True when the peer is not a trusted proxy and sent forwarded headers all the same. */
			untrustedForward: boolean;
			/** Set where an error was thrown that only has to wait: the database is away, or full. */
			unavailable?: boolean;
			log: Logger;
			/** What services are handed. */
			app: AppContext;
		}
		interface Error {
			message: string;
			requestId?: string;
		}
	}
}

declare module 'svelte/elements' {
	interface HTMLAttributes<T> {
		[key: `u-${string}`]: string | boolean | null | undefined;
	}
}

export {};
