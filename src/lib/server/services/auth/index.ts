/** Who asks: the session of the cookie or the key of the header. */
import type { RequestEvent } from '@sveltejs/kit';
import type { Actor } from '../../access';

/** Nobody is known until sessions and keys are wired in. */
export async function authenticate(_event: RequestEvent): Promise<Actor | null> {
	return null;
}
