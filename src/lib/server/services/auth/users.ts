/** The one user: made once, at first run; a changed password ends every other session. */
import { eq, ne, and } from 'drizzle-orm';
import type { AppContext } from '../../app-context';
import { AppError } from '../../app-error';
import { hashPassword, verifyPassword } from '../../crypto';
import type { DbOrTx } from '../../db/client';
import { sessions, users } from '../../db/schema';
import { recordEvent } from '../../events';

export type UserRow = typeof users.$inferSelect;

export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 256;
export const USERNAME_MAX = 64;

export async function findAdmin(db: DbOrTx): Promise<UserRow | undefined> {
	const [row] = await db.select().from(users).limit(1);
	return row;
}

export async function hasAdmin(db: DbOrTx): Promise<boolean> {
	return (await findAdmin(db)) !== undefined;
}

/**
 * Makes the admin. Only the first of two at once succeeds: the table takes one row.
 * @throws AppError `setup_done` (409), `weak_password`, `bad_username` (422)
 */
export async function createAdmin(ctx: AppContext, username: string, password: string): Promise<UserRow> {
	const name = usableName(username);
	assertPassword(password);
	const passwordHash = await hashPassword(password);
	const [row] = await ctx.db
		.insert(users)
		.values({ username: name, passwordHash, passwordChangedAt: ctx.clock.date() })
		.onConflictDoNothing()
		.returning();
	if (row === undefined) throw new AppError('setup_done', 409, 'The admin exists already. Log in instead.');
	return row;
}

function usableName(username: string): string {
	const name = username.trim();
	if (name !== '' && name.length <= USERNAME_MAX) return name;
	throw new AppError('bad_username', 422, 'Choose a user name of 1 to 64 characters.');
}

function assertPassword(password: string): void {
	if (password.length >= PASSWORD_MIN && password.length <= PASSWORD_MAX) return;
	throw new AppError(
		'weak_password',
		422,
		`A password needs ${String(PASSWORD_MIN)} to ${String(PASSWORD_MAX)} characters.`,
	);
}

/** Changes the password and ends every session but the one that asks. */
export async function changePassword(
	ctx: AppContext,
	current: string,
	next: string,
	keepSession: string | null,
): Promise<void> {
	const user = await findAdmin(ctx.db);
	if (user === undefined) throw new AppError('no_admin', 409, 'There is no admin yet.');
	if (!(await verifyPassword(user.passwordHash, current))) {
		throw new AppError('wrong_password', 422, 'The current password is not right.');
	}
	await setPassword(ctx, user, {
		username: user.username,
		password: next,
		keepSession,
		told: 'The password was changed; other sessions were ended.',
	});
}

interface NewPassword {
	username: string;
	password: string;
	/** Every other session ends. */
	keepSession: string | null;
	/** Said in the activity feed. */
	told: string;
}

/**
 * Sets name and password, and ends sessions.
 * @throws AppError `weak_password`, `bad_username` (422)
 */
export async function setPassword(
	ctx: AppContext,
	user: UserRow,
	{ username, password, keepSession, told }: NewPassword,
): Promise<void> {
	const name = usableName(username);
	assertPassword(password);
	const passwordHash = await hashPassword(password);
	const now = ctx.clock.date();
	await ctx.db.transaction(async (tx) => {
		await tx
			.update(users)
			.set({ username: name, passwordHash, passwordChangedAt: now })
			.where(eq(users.id, user.id));
		await tx
			.delete(sessions)
			.where(
				keepSession === null
					? eq(sessions.userId, user.id)
					: and(eq(sessions.userId, user.id), ne(sessions.idHash, keepSession)),
			);
		await recordEvent(tx, {
			at: now,
			type: 'access.password_changed',
			severity: 'warning',
			message: told,
		});
	});
}
