// First run, step 3: what the library lacks, what would be asked for first, and how fast.
import { fail, redirect } from '@sveltejs/kit';
import { THROTTLE_PRESETS } from '$lib/domain/words';
import { withBase } from '$lib/server/address';
import { listConnectorViews } from '$lib/server/views/connectors';
import { updateConnector } from '$lib/server/services/connectors/save';
import { act, field } from '$lib/utils/act.server';
import { LIVE } from '$lib/utils/live-key';
import { readPlan } from '$lib/server/views/plan';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, depends }) => {
	depends(LIVE);
	const asked = Number(url.searchParams.get('connector'));
	const all = await listConnectorViews(locals.app, {
		connectorIds: Number.isInteger(asked) && asked > 0 ? [asked] : null,
	});
	const connector = all.at(-1);
	if (connector === undefined) redirect(303, withBase('/setup/connector'));
	return { connector, plan: await readPlan(locals.app, { connectorIds: [connector.id] }, 3) };
};

export const actions: Actions = {
	default: async ({ locals, request }) => {
		const form = await request.formData();
		const id = Number(field(form, 'connector'));
		const throttle = THROTTLE_PRESETS.find((preset) => preset === field(form, 'throttle'));
		if (throttle === undefined) return fail(400, { problem: 'Choose how fast.', code: 'bad_pace' });
		const start = field(form, 'then') === 'start';
		const done = await act(async () => {
			await updateConnector(locals.app, id, {
				settings: { throttle },
				...(start ? { mode: 'active' as const } : {}),
			});
			return {};
		});
		if ('status' in done) return done;
		redirect(303, withBase(start ? '/queue' : '/'));
	},
};
