// Account: the password, and who is logged in.
import { fail } from '@sveltejs/kit';
import { closeOtherSessions, closeSession, listSessions } from '$lib/server/services/auth/sessions';
import { changePassword } from '$lib/server/services/auth/users';
import { act, field } from '$lib/utils/act.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { actor } = locals;
	if (actor?.kind !== 'session') return { sessions: [] };
	const sessions = await listSessions(locals.app, actor.userId);
	// a session's id is the hash of its token; pages need only to name it
	return { sessions: sessions.map((session) => ({ ...session, mine: session.id === actor.sessionId })) };
};

const noSession = () => fail(409, { problem: 'There is no session to change.', code: 'no_session' });

export const actions: Actions = {
	password: async ({ locals, request }) => {
		const { actor } = locals;
		if (actor?.kind !== 'session') return noSession();
		const form = await request.formData();
		const [current, next] = [form.get('current'), form.get('next')];
		return act(async () => {
			await changePassword(
				locals.app,
				typeof current === 'string' ? current : '',
				typeof next === 'string' ? next : '',
				actor.sessionId,
			);
			return { notice: 'The password was changed. Other sessions were ended.' };
		});
	},
	end: async ({ locals, request }) => {
		const { actor } = locals;
		if (actor?.kind !== 'session') return noSession();
		const id = field(await request.formData(), 'id');
		await (id === 'others'
			? closeOtherSessions(locals.app, actor.userId, actor.sessionId)
			: closeSession(locals.app, id));
		return { notice: id === 'others' ? 'All other sessions were ended.' : 'The session was ended.' };
	},
};
