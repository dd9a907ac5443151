/**
 * Login, limited per peer by a delay that grows with each failure and ends by itself: whoever guesses is slowed
 * down, and the owner is never locked out for good, from no address.
 */
import { eq, sql } from 'drizzle-orm';
import type { AppContext } from '../../app-context';
import { AppError } from '../../app-error';
import { hashPassword, verifyPassword } from '../../crypto';
import { loginAttempts } from '../../db/schema';
import { recordEvent } from '../../events';
import { openSession } from './sessions';
import { findAdmin } from './users';

/** Failures that cost no delay. */
const FREE_FAILURES = 3;
const FIRST_DELAY_MS = 2_000;
const LONGEST_DELAY_MS = 5 * 60_000;
/** After this long without a failure a peer starts anew. */
const FORGET_MS = 24 * 3_600_000;

export interface LoginInput {
	username: string;
	password: string;
	peer: string;
	userAgent: string | null;
	sessionDays: number;
}

/**
 * Opens a session for the right name and password.
 * @throws AppError `too_many_attempts` (429, `details.retryAfterSeconds`), `wrong_credentials` (401)
 */
export async function login(ctx: AppContext, input: LoginInput): Promise<{ token: string; expiresAt: Date }> {
	await assertAllowed(ctx, input.peer);
	const user = await findAdmin(ctx.db);
	const right = await verifyPassword(user?.passwordHash ?? (await decoyHash()), input.password);
	if (user === undefined || !right || user.username.toLowerCase() !== input.username.trim().toLowerCase()) {
		await noteFailedLogin(ctx, input.peer);
		throw new AppError('wrong_credentials', 401, 'User name or password is not right.');
	}
	await ctx.db.delete(loginAttempts).where(eq(loginAttempts.peer, input.peer));
	const session = await openSession(ctx, user.id, input.sessionDays, { peer: input.peer, userAgent: input.userAgent });
	await recordEvent(ctx.db, { at: ctx.clock.date(), type: 'access.login', message: `Logged in from ${input.peer}.` });
	return session;
}

/** Verified when there is no user, so that an answer's time tells nothing. */
let decoy: Promise<string> | undefined;
const decoyHash = (): Promise<string> => (decoy ??= hashPassword(crypto.randomUUID()));

async function assertAllowed(ctx: AppContext, peer: string): Promise<void> {
	const [row] = await ctx.db.select().from(loginAttempts).where(eq(loginAttempts.peer, peer));
	if (row === undefined) return;
	const waitMs = row.nextAllowedAt.getTime() - ctx.clock.now();
	if (waitMs <= 0) return;
	const seconds = Math.ceil(waitMs / 1000);
	throw new AppError('too_many_attempts', 429, `Too many failed logins. Try again in ${String(seconds)} seconds.`, {
		retryAfterSeconds: seconds,
	});
}

async function noteFailedLogin(ctx: AppContext, peer: string): Promise<void> {
	const now = ctx.clock.date();
	const forgotten = new Date(now.getTime() - FORGET_MS);
	await ctx.db.transaction(async (tx) => {
		const [row] = await tx
			.insert(loginAttempts)
			.values({ peer, failures: 1, lastAt: now, nextAllowedAt: now })
			.onConflictDoUpdate({
				target: loginAttempts.peer,
				set: {
					failures: sql`case when ${loginAttempts.lastAt} < ${forgotten} then 1 else ${loginAttempts.failures} + 1 end`,
					lastAt: now,
				},
			})
			.returning();
		const failures = row?.failures ?? 1;
		await tx
			.update(loginAttempts)
			.set({ nextAllowedAt: new Date(now.getTime() + loginDelay(failures)) })
			.where(eq(loginAttempts.peer, peer));
		await recordEvent(tx, {
			at: now,
			type: 'access.login_failed',
			severity: 'warning',
			message: `A login from ${peer} failed.`,
			data: { failures },
		});
	});
}

/** Milliseconds a peer waits after so many failures: none for three, then 2 s doubling up to 5 minutes. */
export function loginDelay(failures: number): number {
	if (failures <= FREE_FAILURES) return 0;
	return Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - FREE_FAILURES - 1));
}
