// Pace: the throttle preset of each connector, with what it means in days.
import { fail } from '@sveltejs/kit';
import { THROTTLE_PRESETS } from '$lib/domain/words';
import { listConnectorViews } from '$lib/server/views/connectors';
import { updateConnector } from '$lib/server/services/connectors/save';
import { act, field } from '$lib/utils/act.server';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => ({
	connectors: await listConnectorViews(locals.app, { connectorIds: null }),
});

export const actions: Actions = {
	default: async ({ locals, request }) => {
		const form = await request.formData();
		const throttle = THROTTLE_PRESETS.find((preset) => preset === field(form, 'throttle'));
		if (throttle === undefined)
			return fail(400, {
				problem: 'Not saved: choose a pace. The old value still applies.',
				code: 'bad_pace',
			});
		return act(async () => {
			await updateConnector(locals.app, Number(field(form, 'connector')), { settings: { throttle } });
			return { notice: 'Saved.' };
		});
	},
};
