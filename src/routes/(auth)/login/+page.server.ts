// Login: name and password, limited per peer with a growing delay.
import { fail, redirect } from '@sveltejs/kit';
import { safeReturnPath, withBase } from '$lib/server/address';
import { AppError } from '$lib/server/app-error';
import { login } from '$lib/server/services/auth/login';
import { hasAdmin } from '$lib/server/services/auth/users';
import { field } from '$lib/utils/act.server';
import { setSessionCookie } from '$lib/server/services/auth/session-cookie';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	if (locals.actor !== null) redirect(303, withBase(safeReturnPath(url.searchParams.get('next'))));
	if (!(await hasAdmin(locals.app.db))) redirect(303, withBase('/setup'));
	return {};
};

export const actions: Actions = {
	default: async ({ locals, request, url, cookies }) => {
		const form = await request.formData();
		const username = field(form, 'username');
		const password = form.get('password');
		try {
			const session = await login(locals.app, {
				username,
				password: typeof password === 'string' ? password : '',
				peer: locals.clientAddress,
				userAgent: request.headers.get('user-agent'),
				sessionDays: locals.app.sessionDays,
				replaces: locals.actor?.kind === 'session' ? locals.actor.sessionId : null,
			});
			setSessionCookie(cookies, url, session);
		} catch (error) {
			if (!(error instanceof AppError)) throw error;
			const seconds = error.details?.['retryAfterSeconds'];
			const problem =
				typeof seconds === 'number'
					? `Name or password is wrong. Next try in ${String(seconds)} s.`
					: 'Name or password is wrong.';
			return fail(error.status, { username, problem });
		}
		redirect(303, withBase(safeReturnPath(url.searchParams.get('next'))));
	},
};
