/**
 * Login, limited per peer by a delay that grows with each failure and ends by itself: whoever guesses is slowed
 * down, and the owner is never locked out for good, from no address.
 */
import { eq, sql } from 'drizzle-orm';
import type { AppContext } from '../../app-context';
import { AppError } from '../../app-error';
import { verifyPassword } from '../../crypto';
import { rowsOf } from '../../db/rows';
import { loginAttempts } from '../../db/schema';
import { recordEvent } from '../../events';
import { closeSession, openSession } from './sessions';
import { findAdmin, PASSWORD_MAX, type UserRow } from './users';

/** Failures that cost no delay; then 2 s, doubling up to 5 minutes. */
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
	/** The session that this browser had until now: it ends. */
	replaces?: string | null;
}

/**
 * Opens a session for the right name and password.
 * @throws AppError `too_many_attempts` (429, `details.retryAfterSeconds`), `wrong_credentials` (401)
 */
export async function login(ctx: AppContext, input: LoginInput): Promise<{ token: string; expiresAt: Date }> {
	const failures = await takeAttempt(ctx, input.peer);
	const user = await findAdmin(ctx.db);
	if (user === undefined || !(await isRight(user, input))) {
		await tellFailure(ctx, input.peer, failures);
		throw new AppError('wrong_credentials', 401, 'User name or password is not right.');
	}
	await ctx.db.delete(loginAttempts).where(eq(loginAttempts.peer, input.peer));
	if (input.replaces !== undefined && input.replaces !== null) await closeSession(ctx, input.replaces);
	const session = await openSession(ctx, user.id, input.sessionDays, {
		peer: input.peer,
		userAgent: input.userAgent,
	});
	await recordEvent(ctx.db, {
		at: ctx.clock.date(),
		type: 'access.login',
		message: `Logged in from ${input.peer}.`,
	});
	return session;
}

async function isRight(user: UserRow, input: LoginInput): Promise<boolean> {
	const sameName = user.username.toLowerCase() === input.username.trim().toLowerCase();
	if (input.password.length > PASSWORD_MAX) return false;
	return (await verifyPassword(user.passwordHash, input.password)) && sameName;
}

/**
 * Counts the attempt as failed before the password is looked at, in one statement: many at once get no further than
 * one after the other. Gives the number of failures in a row.
 */
async function takeAttempt(ctx: AppContext, peer: string): Promise<number> {
	const now = ctx.clock.date();
	const forgotten = new Date(now.getTime() - FORGET_MS);
	const [taken] = await rowsOf<{ failures: number }>(
		ctx.db,
		sql`insert into login_attempts as a (peer, failures, last_at, next_allowed_at) values (${peer}, 1, ${now}, ${now})
			on conflict (peer) do update set
				failures = case when a.last_at < ${forgotten} then 1 else a.failures + 1 end,
				last_at = ${now},
				next_allowed_at = case when a.last_at < ${forgotten} or a.failures < ${FREE_FAILURES} then ${now}::timestamptz
					else ${now}::timestamptz + least(${LONGEST_DELAY_MS}, ${FIRST_DELAY_MS} * power(2, least(a.failures - ${FREE_FAILURES}, 20)))
						* interval '1 millisecond' end
			where a.next_allowed_at <= ${now} or a.last_at < ${forgotten}
			returning failures`,
	);
	if (taken !== undefined) return taken.failures;
	const [row] = await ctx.db.select().from(loginAttempts).where(eq(loginAttempts.peer, peer));
	const seconds = Math.max(1, Math.ceil(((row?.nextAllowedAt.getTime() ?? 0) - now.getTime()) / 1000));
	throw new AppError(
		'too_many_attempts',
		429,
		`Too many failed logins. Try again in ${String(seconds)} seconds.`,
		{
			retryAfterSeconds: seconds,
		},
	);
}

async function tellFailure(ctx: AppContext, peer: string, failures: number): Promise<void> {
	await recordEvent(ctx.db, {
		at: ctx.clock.date(),
		type: 'access.login_failed',
		severity: 'warning',
		message: `A login from ${peer} failed.`,
		data: { failures },
	});
}
