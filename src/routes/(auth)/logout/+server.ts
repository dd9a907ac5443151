// Ends the session of this browser.
import { redirect } from '@sveltejs/kit';
import { withBase } from '$lib/server/address';
import { closeSession } from '$lib/server/services/auth/sessions';
import { clearSessionCookie } from '$lib/server/services/auth/session-cookie';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals, cookies }) => {
	if (locals.actor?.kind === 'session') await closeSession(locals.app, locals.actor.sessionId);
	clearSessionCookie(cookies);
	redirect(303, withBase('/login'));
};
