// One connector: how it is, what it may do, and everything that can be set.
import { error, fail, redirect } from '@sveltejs/kit';
import { AppError } from '$lib/server/app-error';
import { ANSWERS } from '$lib/server/services/connectors/questions';
import { answerQuestion } from '$lib/server/services/connectors/questions';
import { deleteConnector, updateConnector } from '$lib/server/services/connectors/save';
import { requestSync } from '$lib/server/jobs/requests';
import { readConnectorDetail } from '$lib/server/views/connectors';
import { withBase } from '$lib/server/address';
import { act, field } from '$lib/utils/act.server';
import { LIVE } from '$lib/utils/live-key';
import { readPlan } from '$lib/server/views/plan';
import { refusedForm, settingsOfForm } from './settings-form';
import type { Actions, PageServerLoad, RouteParams } from './$types';

function idOf(params: RouteParams): number {
	const id = Number(params.id);
	if (!Number.isInteger(id) || id <= 0) error(404, 'This connector does not exist.');
	return id;
}

export const load: PageServerLoad = async ({ locals, params, url, depends }) => {
	depends(LIVE);
	const id = idOf(params);
	const connector = await readConnectorDetail(locals.app, id);
	if (connector === null) error(404, 'This connector does not exist, or no longer does.');
	const confirm = url.searchParams.get('confirm');
	const plan = confirm === 'start' ? await readPlan(locals.app, { connectorIds: [id] }, 3) : null;
	return { connector, confirm, plan };
};

const changed = 'Saved.';

/** Runs an act; what was refused comes back with everything that was typed. */
async function keepTyped<T extends object>(form: FormData, section: string, run: () => Promise<T>) {
	try {
		return await run();
	} catch (thrown) {
		if (thrown instanceof AppError) return fail(thrown.status, refusedForm(thrown, form, section));
		throw thrown;
	}
}

export const actions: Actions = {
	start: async ({ locals, params }) =>
		act(async () => {
			const row = await updateConnector(locals.app, idOf(params), { mode: 'active', enabled: true });
			return { notice: `${row.name} searches now.` };
		}),
	observe: async ({ locals, params }) =>
		act(async () => {
			const row = await updateConnector(locals.app, idOf(params), { mode: 'observe' });
			return { notice: `${row.name} only observes. What was sent is watched to its end.` };
		}),
	enable: async ({ locals, params, request }) => {
		const enabled = field(await request.formData(), 'enabled') === 'true';
		return act(async () => {
			await updateConnector(locals.app, idOf(params), { enabled });
			return { notice: enabled ? 'Enabled.' : 'Disabled. It is neither read nor searched.' };
		});
	},
	connection: async ({ locals, params, request }) => {
		const form = await request.formData();
		const apiKey = field(form, 'apiKey');
		return keepTyped(form, 'address', async () => {
			await updateConnector(locals.app, idOf(params), {
				name: field(form, 'name'),
				url: field(form, 'url'),
				...(apiKey === '' ? {} : { apiKey, enabled: true }),
			});
			return { notice: changed };
		});
	},
	settings: async ({ locals, params, request }) => {
		const form = await request.formData();
		const settings = settingsOfForm(form);
		if (settings === null) return fail(400, { problem: 'This form is not known.', code: 'bad_section' });
		return keepTyped(form, field(form, 'section'), async () => {
			await updateConnector(locals.app, idOf(params), { settings });
			return { notice: changed };
		});
	},
	sync: async ({ locals, params, request }) => {
		const mode = field(await request.formData(), 'mode') === 'full' ? 'full' : 'incremental';
		return act(async () => {
			await requestSync(locals.app, idOf(params), mode);
			return { notice: mode === 'full' ? 'Reading the whole library now.' : 'Reading what changed now.' };
		});
	},
	answer: async ({ locals, request }) => {
		const form = await request.formData();
		const answer = ANSWERS.find((word) => word === field(form, 'answer'));
		if (answer === undefined) return fail(400, { problem: 'Choose one of the answers.', code: 'bad_answer' });
		return act(async () => {
			await answerQuestion(locals.app, Number(field(form, 'question')), answer);
			return { notice: 'Answered.' };
		});
	},
	delete: async ({ locals, params, request }) => {
		const id = idOf(params);
		const connector = await readConnectorDetail(locals.app, id);
		if (field(await request.formData(), 'name') !== connector?.name) {
			return fail(400, {
				problem: 'Type the name of the connector as it stands above.',
				code: 'name_differs',
			});
		}
		const done = await act(async () => {
			await deleteConnector(locals.app, id);
			return {};
		});
		if ('status' in done) return done;
		redirect(303, withBase('/connectors'));
	},
};
