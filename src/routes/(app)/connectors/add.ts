// Adding a connector: test with exact diagnosis, save in observe, read the library. Shared by setup and connectors.
import { fail } from '@sveltejs/kit';
import { superValidate } from 'sveltekit-superforms';
import { valibot } from 'sveltekit-superforms/adapters';
import { connectorFormSchema, type ConnectorFormValues } from '$lib/components/connectors/form-values';
import { refusedSetting } from '$lib/components/connectors/setting-fields';
import { kindSigns } from '$lib/components/shared/vocabulary';
import type { ConnectorTest } from '$lib/domain/views';
import { CONNECTOR_KINDS } from '$lib/domain/words';
import type { AppContext } from '$lib/server/app-context';
import { AppError } from '$lib/server/app-error';
import { listConnectorRows } from '$lib/server/db/queries/connectors';
import { firstSync } from '$lib/server/jobs/requests';
import { storable } from '$lib/server/storable';
import { createConnector } from '$lib/server/services/connectors/save';
import { testConnector } from '$lib/server/services/connectors/test';
import { withScheme } from '$lib/utils/test-words';

const settingsOf = (values: ConnectorFormValues) => ({
	connection: {
		timeoutSeconds: values.timeoutSeconds,
		allowSelfSigned: values.allowSelfSigned,
		ca: values.ca === '' ? null : values.ca,
	},
});

/** A key that was typed goes back into the form only as long as the form is not done with it. */
async function parse(request: Request) {
	const form = await superValidate(request, valibot(connectorFormSchema));
	const values = {
		...form.data,
		name: storable(form.data.name),
		url: withScheme(storable(form.data.url)),
		apiKey: storable(form.data.apiKey),
		ca: storable(form.data.ca),
	};
	return { values, errors: form.errors, valid: form.valid };
}

async function tested(
	ctx: AppContext,
	values: ConnectorFormValues,
): Promise<{ test: ConnectorTest; values: ConnectorFormValues }> {
	const { kind, url, apiKey } = values;
	const first = await testConnector(ctx, { kind, url, apiKey, settings: settingsOf(values) });
	// the kind is a guess until the application says what it is
	const found = CONNECTOR_KINDS.find((candidate) => candidate === first.application?.toLowerCase());
	if (first.ok || found === undefined || found === kind) return { test: viewOf(first), values };
	const second = await testConnector(ctx, { kind: found, url, apiKey, settings: settingsOf(values) });
	return { test: viewOf(second), values: { ...values, kind: found } };
}

const viewOf = (test: Awaited<ReturnType<typeof testConnector>>): ConnectorTest => ({
	ok: test.ok,
	application: test.application,
	version: test.version,
	problem: test.problem ?? null,
});

/** *Test only*. */
export async function testOnly(ctx: AppContext, request: Request) {
	const { values, errors, valid } = await parse(request);
	if (!valid) return fail(400, { values, errors });
	try {
		return await tested(ctx, values);
	} catch (error) {
		return refused(error, values);
	}
}

/** *Test and add*; with `force` what fails the test is saved too, but disabled. Gives the new connector's id. */
export async function testAndAdd(ctx: AppContext, request: Request, options: { force?: boolean } = {}) {
	const parsed = await parse(request);
	if (!parsed.valid) return fail(400, { values: parsed.values, errors: parsed.errors });
	try {
		const { test, values } = await tested(ctx, parsed.values);
		if (!test.ok && options.force !== true) return fail(422, { values, test });
		const row = await createConnector(
			ctx,
			{ ...values, name: await nameFor(ctx, values), mode: 'observe', settings: settingsOf(values) },
			options,
		);
		if (row.enabled) await firstSync(ctx, row.id);
		return { id: row.id };
	} catch (error) {
		return refused(error, parsed.values);
	}
}

/** The name that was given, or the application's with a number where it is taken. */
async function nameFor(ctx: AppContext, values: ConnectorFormValues): Promise<string> {
	if (values.name !== '') return values.name;
	const taken = new Set((await listConnectorRows(ctx.db)).map((row) => row.name.toLowerCase()));
	const base = kindSigns[values.kind].name;
	for (let number = 1; ; number++) {
		const name = number === 1 ? base : `${base} ${String(number)}`;
		if (!taken.has(name.toLowerCase())) return name;
	}
}

function refused(error: unknown, values: ConnectorFormValues) {
	if (!(error instanceof AppError)) throw error;
	if (error.code === 'already_connected') return fail(409, { values, errors: { url: [error.message] } });
	const [issue] = (error.details?.['issues'] ?? []) as { field: string; message: string }[];
	if (error.code === 'invalid' && issue !== undefined) {
		const { name, error: words } = refusedSetting(issue.field, issue.message);
		return fail(error.status, { values, errors: { [name]: [words] } });
	}
	const errors = error.code === 'name_taken' ? { name: [error.message] } : {};
	return fail(error.status, { values, errors, problem: error.message });
}
