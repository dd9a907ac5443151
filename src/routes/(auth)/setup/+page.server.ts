// First run, step 1: the admin. Needs the token that the log prints; the link there carries it.
import { fail, redirect } from '@sveltejs/kit';
import { withBase } from '$lib/server/address';
import { AppError } from '$lib/server/app-error';
import { openSession } from '$lib/server/services/auth/sessions';
import { completeSetup } from '$lib/server/services/auth/setup';
import { hasAdmin } from '$lib/server/services/auth/users';
import { field } from '$lib/utils/act.server';
import { setSessionCookie } from '$lib/server/services/auth/session-cookie';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	if (await hasAdmin(locals.app.db))
		redirect(303, withBase(locals.actor === null ? '/login' : '/setup/connector'));
	return { token: url.searchParams.get('token') ?? '' };
};

export const actions: Actions = {
	default: async ({ locals, request, url, cookies }) => {
		const form = await request.formData();
		const token = field(form, 'token');
		const username = field(form, 'username');
		const password = form.get('password');
		try {
			const user = await completeSetup(locals.app, {
				token,
				username,
				password: typeof password === 'string' ? password : '',
			});
			const session = await openSession(locals.app, user.id, locals.app.sessionDays, {
				peer: locals.clientAddress,
				userAgent: request.headers.get('user-agent'),
			});
			setSessionCookie(cookies, url, session);
		} catch (error) {
			if (!(error instanceof AppError)) throw error;
			// the second of two at once may have the session that the first one opened
			if (error.code === 'setup_done')
				redirect(303, withBase(locals.actor === null ? '/login' : '/setup/connector'));
			const wrongToken = error.code === 'wrong_token';
			const problem = wrongToken
				? 'This link is not the one in the log. Copy the newest one from there.'
				: error.message;
			return fail(error.status, { token: wrongToken ? '' : token, username, problem, code: error.code });
		}
		redirect(303, withBase('/setup/connector'));
	},
};
