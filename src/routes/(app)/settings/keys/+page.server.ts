// API keys: for scripts and dashboards; shown once.
import { fail } from '@sveltejs/kit';
import { AppError } from '$lib/server/app-error';
import { createApiKey, deleteApiKey, listApiKeys } from '$lib/server/services/auth/api-keys';
import { act, field } from '$lib/utils/act.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const keys = await listApiKeys(locals.app);
	const asked = Number(url.searchParams.get('revoke'));
	return { keys, revoking: keys.find((key) => key.id === asked) ?? null };
};

const DAY_MS = 86_400_000;
const MOST_DAYS = 3650;

export const actions: Actions = {
	create: async ({ locals, request }) => {
		const form = await request.formData();
		const scope = field(form, 'scope');
		const days = Number(field(form, 'days'));
		if (scope !== 'read' && scope !== 'full')
			return fail(400, { problem: 'Choose what the key may do.', code: 'bad_scope' });
		return act(async () => {
			if (days > MOST_DAYS) throw new AppError('bad_days', 422, 'A key may last 3650 days, or for ever.');
			const expiresAt = days > 0 ? new Date(locals.app.clock.now() + days * DAY_MS) : null;
			const made = await createApiKey(locals.app, { name: field(form, 'name'), scope, expiresAt });
			return { made: { key: made.key, name: made.view.name } };
		});
	},
	revoke: async ({ locals, request }) => {
		const id = Number(field(await request.formData(), 'id'));
		return act(async () => {
			await deleteApiKey(locals.app, id);
			return { notice: 'The key was revoked. It works no more.' };
		});
	},
};
