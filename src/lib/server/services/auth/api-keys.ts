/** API keys: hashed, scoped, shown once, accepted in the header only; use is counted and limited. */
import { asc, eq, sql } from 'drizzle-orm';
import type { AppContext } from '../../app-context';
import { AppError, notFound } from '../../app-error';
import { hashToken, newToken, sameText } from '../../crypto';
import { apiKeys } from '../../db/schema';
import { recordEvent } from '../../events';

export type ApiKeyRow = typeof apiKeys.$inferSelect;
export type ApiKeyScope = ApiKeyRow['scope'];
export type ApiKeyView = Omit<ApiKeyRow, 'keyHash'>;

/** Requests per key and minute. */
export const RATE_LIMIT = 600;
const RATE_WINDOW_MS = 60_000;
/** Use is written at most this often per key. */
const TOUCH_EVERY_MS = 60_000;
const PREFIX = 'cmr_';

export interface KeyActor {
	id: number | null;
	name: string;
	scope: ApiKeyScope;
}

interface Use {
	windowStart: number;
	inWindow: number;
	unsaved: number;
	savedAt: number;
}

/** Checks keys and keeps the counts of this process. */
export interface ApiKeyGuard {
	/**
	 * Who a key stands for, or undefined.
	 * @throws AppError `rate_limited` (429)
	 */
	verify(ctx: AppContext, presented: string, peer: string): Promise<KeyActor | undefined>;
}

/** `fixedKey`: the full-access key of the configuration, if one is set. */
export function apiKeyGuard(fixedKey: string | undefined): ApiKeyGuard {
	const uses = new Map<string, Use>();
	return {
		verify: async (ctx, presented, peer) => {
			if (fixedKey !== undefined && sameText(presented, fixedKey)) {
				count(uses, 'configuration', ctx.clock.now());
				return { id: null, name: 'API_KEY', scope: 'full' };
			}
			const keyHash = hashToken(presented);
			const [row] = await ctx.db.select().from(apiKeys).where(eq(apiKeys.keyHash, keyHash));
			if (row === undefined) return undefined;
			const now = ctx.clock.date();
			if (row.expiresAt !== null && row.expiresAt <= now) return undefined;
			const use = count(uses, keyHash, now.getTime());
			if (now.getTime() - use.savedAt >= TOUCH_EVERY_MS) await saveUse(ctx, row.id, use, peer, now);
			return { id: row.id, name: row.name, scope: row.scope };
		},
	};
}

function count(uses: Map<string, Use>, key: string, now: number): Use {
	const use = uses.get(key) ?? { windowStart: now, inWindow: 0, unsaved: 0, savedAt: 0 };
	if (now - use.windowStart >= RATE_WINDOW_MS) {
		use.windowStart = now;
		use.inWindow = 0;
	}
	use.inWindow += 1;
	use.unsaved += 1;
	uses.set(key, use);
	if (use.inWindow <= RATE_LIMIT) return use;
	const seconds = Math.max(1, Math.ceil((use.windowStart + RATE_WINDOW_MS - now) / 1000));
	throw new AppError('rate_limited', 429, `This key may ask ${String(RATE_LIMIT)} times a minute.`, {
		retryAfterSeconds: seconds,
	});
}

async function saveUse(ctx: AppContext, id: number, use: Use, peer: string, now: Date): Promise<void> {
	const added = use.unsaved;
	use.unsaved = 0;
	use.savedAt = now.getTime();
	await ctx.db
		.update(apiKeys)
		.set({ lastUsedAt: now, lastUsedPeer: peer, uses: sql`${apiKeys.uses} + ${added}` })
		.where(eq(apiKeys.id, id));
}

/**
 * Makes a key; the answer is the only time it can be read.
 * @throws AppError `bad_name`, `already_expired` (422)
 */
export async function createApiKey(
	ctx: AppContext,
	input: { name: string; scope: ApiKeyScope; expiresAt: Date | null },
): Promise<{ key: string; view: ApiKeyView }> {
	const name = input.name.trim();
	if (name === '' || name.length > 100)
		throw new AppError('bad_name', 422, 'Give the key a name of 1 to 100 characters.');
	const key = PREFIX + newToken();
	const now = ctx.clock.date();
	if (input.expiresAt !== null && input.expiresAt <= now)
		throw new AppError('already_expired', 422, 'The key would be over already: choose a later time.');
	const row = await ctx.db.transaction(async (tx) => {
		const [made] = await tx
			.insert(apiKeys)
			.values({
				name,
				keyHash: hashToken(key),
				last4: key.slice(-4),
				scope: input.scope,
				createdAt: now,
				expiresAt: input.expiresAt,
			})
			.returning();
		if (made === undefined) throw new Error('The key was not stored.');
		await recordEvent(tx, {
			at: now,
			type: 'access.key_created',
			message: `The API key "${name}" was created.`,
		});
		return made;
	});
	return { key, view: viewOf(row) };
}

export async function listApiKeys(ctx: AppContext): Promise<ApiKeyView[]> {
	const rows = await ctx.db.select().from(apiKeys).orderBy(asc(apiKeys.createdAt), asc(apiKeys.id));
	return rows.map(viewOf);
}

export async function deleteApiKey(ctx: AppContext, id: number): Promise<void> {
	await ctx.db.transaction(async (tx) => {
		const [row] = await tx.delete(apiKeys).where(eq(apiKeys.id, id)).returning();
		if (row === undefined) throw notFound('API key');
		await recordEvent(tx, {
			at: ctx.clock.date(),
			type: 'access.key_revoked',
			message: `The API key "${row.name}" was revoked.`,
		});
	});
}

function viewOf({ keyHash: _, ...view }: ApiKeyRow): ApiKeyView {
	return view;
}
