// Connectors: is every application reachable, and what may we do there.
import { redirect } from '@sveltejs/kit';
import { withBase } from '$lib/server/address';
import { listConnectorViews } from '$lib/server/views/connectors';
import { requestSync } from '$lib/server/jobs/requests';
import { act, field } from '$lib/utils/act.server';
import { LIVE } from '$lib/utils/live-key';
import { scopeOf } from '../scope';
import { testAndAdd, testOnly } from './add';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, parent, depends }) => {
	depends(LIVE);
	const { shell, scopeName } = await parent();
	return {
		connectors: await listConnectorViews(locals.app, scopeOf(scopeName, shell.connectors)),
		adding: url.searchParams.get('panel') === 'add',
		table: url.searchParams.get('view') === 'table',
	};
};

export const actions: Actions = {
	test: ({ locals, request }) => testOnly(locals.app, request),
	add: async ({ locals, request }) => {
		const added = await testAndAdd(locals.app, request);
		if ('id' in added) redirect(303, withBase(`/connectors/${String(added.id)}`));
		return added;
	},
	force: async ({ locals, request }) => {
		const added = await testAndAdd(locals.app, request, { force: true });
		if ('id' in added) redirect(303, withBase(`/connectors/${String(added.id)}`));
		return added;
	},
	sync: async ({ locals, request }) => {
		const id = Number(field(await request.formData(), 'id'));
		return act(async () => {
			await requestSync(locals.app, id, 'incremental');
			return { notice: 'Reading the library now.' };
		});
	},
};
