/** REST: API keys. The key itself is in the answer to its creation and nowhere else. */
import * as v from 'valibot';
import { operation } from '$lib/server/api/operation';
import { idParams, instant, nullableInstant } from '$lib/server/api/schemas';
import { createApiKey, deleteApiKey, listApiKeys } from '$lib/server/services/auth';

const tag = 'API keys';
const scope = v.picklist(['read', 'full']);
const keyFields = {
	id: v.number(),
	name: v.string(),
	last4: v.string(),
	scope,
	createdAt: instant,
	expiresAt: nullableInstant,
	lastUsedAt: nullableInstant,
	lastUsedPeer: v.nullable(v.string()),
	uses: v.number(),
};

export const getApiKeys = operation({
	method: 'GET',
	path: '/api-keys',
	summary: 'All API keys, oldest first',
	tag,
	answers: { 200: v.object({ items: v.array(v.object(keyFields)), nextCursor: v.null() }) },
	run: async ({ ctx }) => ({ body: { items: await listApiKeys(ctx), nextCursor: null } }),
});

export const addApiKey = operation({
	method: 'POST',
	path: '/api-keys',
	summary: 'Make an API key; this answer is the only one that shows it',
	tag,
	body: v.object({
		name: v.pipe(v.string(), v.trim(), v.minLength(1, 'must not be empty'), v.maxLength(100)),
		scope: v.optional(scope, 'read'),
		expiresAt: v.optional(v.nullable(instant), null),
	}),
	answers: { 201: v.object({ ...keyFields, key: v.string() }) },
	errors: ['already_expired'],
	run: async ({ ctx, body }) => {
		const expiresAt = body.expiresAt === null ? null : new Date(body.expiresAt);
		const { key, view } = await createApiKey(ctx, { name: body.name, scope: body.scope, expiresAt });
		return { body: { ...view, key } };
	},
});

export const removeApiKey = operation({
	method: 'DELETE',
	path: '/api-keys/{id}',
	summary: 'Revoke an API key at once',
	tag,
	params: idParams,
	answers: { 204: null },
	errors: ['not_found'],
	run: async ({ ctx, params }) => {
		await deleteApiKey(ctx, params.id);
		return {};
	},
});
