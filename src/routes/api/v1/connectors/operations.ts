/** REST: connectors, their test, their work and their figures. */
import * as v from 'valibot';
import { notFound } from '$lib/server/app-error';
import { operation } from '$lib/server/api/operation';
import { idParams, queryFlag } from '$lib/server/api/schemas';
import { findConnector, listConnectorRows } from '$lib/server/db/queries/connectors';
import { readConnectorStats } from '$lib/server/views/stats';
import { requestSweep, requestSync } from '$lib/server/jobs/requests';
import { createConnector, deleteConnector, updateConnector } from '$lib/server/services/connectors/save';
import { testConnector } from '$lib/server/services/connectors/test';
import { SYNC_MODES } from '$lib/domain/words';
import {
	connectorOut,
	connectorPatchSchema,
	connectorSchema,
	newConnectorSchema,
	statsSchema,
	testResultSchema,
	testSchema,
} from './schema';

const tag = 'Connectors';
const force = v.object({ force: queryFlag });
const jobStarted = v.object({ jobId: v.string() });

export const listConnectors = operation({
	method: 'GET',
	path: '/connectors',
	summary: 'All connectors, by name',
	tag,
	answers: { 200: v.object({ items: v.array(connectorSchema), nextCursor: v.null() }) },
	run: async ({ ctx }) => ({
		body: { items: (await listConnectorRows(ctx.db)).map(connectorOut), nextCursor: null },
	}),
});

export const addConnector = operation({
	method: 'POST',
	path: '/connectors',
	summary:
		'Add a connector. It is tested first and refused if that fails; `force=true` saves it disabled. An address that is connected already is refused either way.',
	tag,
	query: force,
	body: newConnectorSchema,
	answers: { 201: connectorSchema },
	errors: ['connection_failed', 'name_taken', 'already_connected', 'locked'],
	run: async ({ ctx, query, body }) => ({
		body: connectorOut(await createConnector(ctx, body, { force: query.force ?? false })),
	}),
});

export const getConnector = operation({
	method: 'GET',
	path: '/connectors/{id}',
	summary: 'One connector',
	tag,
	params: idParams,
	answers: { 200: connectorSchema },
	errors: ['not_found'],
	run: async ({ ctx, params }) => {
		const row = await findConnector(ctx.db, params.id);
		if (row === undefined) throw notFound('connector');
		return { body: connectorOut(row) };
	},
});

export const changeConnector = operation({
	method: 'PATCH',
	path: '/connectors/{id}',
	summary:
		'Change a connector. A new address needs the API key again; address and key are tested before they are saved.',
	tag,
	params: idParams,
	query: force,
	body: connectorPatchSchema,
	answers: { 200: connectorSchema },
	errors: ['not_found', 'api_key_required', 'connection_failed', 'name_taken', 'already_connected'],
	run: async ({ ctx, params, query, body }) => ({
		body: connectorOut(await updateConnector(ctx, params.id, body, { force: query.force ?? false })),
	}),
});

export const removeConnector = operation({
	method: 'DELETE',
	path: '/connectors/{id}',
	summary: 'Delete a connector with its mirror and search memory; its history of searches stays.',
	tag,
	params: idParams,
	answers: { 204: null },
	errors: ['not_found'],
	run: async ({ ctx, params }) => {
		await deleteConnector(ctx, params.id);
		return {};
	},
});

export const tryConnector = operation({
	method: 'POST',
	path: '/connectors/test',
	summary: 'Test an address and key, and tell exactly what is wrong. Saves nothing.',
	tag,
	body: testSchema,
	answers: { 200: testResultSchema },
	run: async ({ ctx, body }) => {
		const { ok, application, version, kind, problem } = await testConnector(ctx, body);
		return {
			body: {
				ok,
				application,
				version,
				kind,
				...(problem === undefined ? {} : { problem }),
			},
		};
	},
});

export const syncConnectorNow = operation({
	method: 'POST',
	path: '/connectors/{id}/sync',
	summary: 'Sync now, then discover and plan',
	tag,
	params: idParams,
	body: v.object({ mode: v.optional(v.picklist(SYNC_MODES), 'incremental') }),
	answers: { 202: jobStarted },
	errors: ['not_found', 'connector_disabled'],
	run: async ({ ctx, params, body }) => ({ body: { jobId: await requestSync(ctx, params.id, body.mode) } }),
});

export const sweepConnectorNow = operation({
	method: 'POST',
	path: '/connectors/{id}/sweep',
	summary: 'Sync if needed, discover and plan',
	tag,
	params: idParams,
	answers: { 202: jobStarted },
	errors: ['not_found', 'connector_disabled'],
	run: async ({ ctx, params }) => ({ body: { jobId: await requestSweep(ctx, params.id) } }),
});

export const connectorStats = operation({
	method: 'GET',
	path: '/connectors/{id}/stats',
	summary: 'What it lacks, what was searched today, what the budget leaves. Null = not counted yet.',
	tag,
	params: idParams,
	answers: { 200: statsSchema },
	errors: ['not_found'],
	run: async ({ ctx, params }) => {
		const row = await findConnector(ctx.db, params.id);
		if (row === undefined) throw notFound('connector');
		return { body: await readConnectorStats(ctx, row) };
	},
});
