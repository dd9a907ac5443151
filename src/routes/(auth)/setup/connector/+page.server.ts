// First run, step 2: the first connector, tested and added in observe.
import { redirect } from '@sveltejs/kit';
import { withBase } from '$lib/server/address';
import { testAndAdd, testOnly } from '../../../(app)/connectors/add';
import type { Actions } from './$types';

export const actions: Actions = {
	test: ({ locals, request }) => testOnly(locals.app, request),
	add: async ({ locals, request }) => {
		const added = await testAndAdd(locals.app, request);
		if ('id' in added) redirect(303, withBase(`/setup/plan?connector=${String(added.id)}`));
		return added;
	},
};
