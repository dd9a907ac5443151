/** Sessions: a random token in the cookie, its hash in the database, rotated at login, prolonged by use. */
import { and, desc, eq, gt, ne } from 'drizzle-orm';
import type { AppContext } from '../../app-context';
import { hashToken, newToken } from '../../crypto';
import { sessions, users } from '../../db/schema';

const DAY_MS = 86_400_000;
/** `last_seen_at` and the expiry are written at most this often. */
const TOUCH_EVERY_MS = 5 * 60_000;

export const SESSION_COOKIE = 'comradarr_session';

export interface SessionUser {
	/** Hash that identifies the session; not usable as a token. */
	sessionId: string;
	userId: number;
	username: string;
	expiresAt: Date;
	/** This use prolonged it: the cookie has to last as long. */
	prolonged: boolean;
}
export interface SessionView {
	id: string;
	createdAt: Date;
	lastSeenAt: Date;
	expiresAt: Date;
	peer: string | null;
	userAgent: string | null;
}

/** Opens a session and returns the token for the cookie; it is stored nowhere. */
export async function openSession(
	ctx: AppContext,
	userId: number,
	days: number,
	from: { peer: string | null; userAgent: string | null },
): Promise<{ token: string; expiresAt: Date }> {
	const token = newToken();
	const now = ctx.clock.date();
	const expiresAt = new Date(now.getTime() + days * DAY_MS);
	await ctx.db.insert(sessions).values({
		idHash: hashToken(token),
		userId,
		createdAt: now,
		lastSeenAt: now,
		expiresAt,
		peer: from.peer,
		userAgent: from.userAgent?.slice(0, 300) ?? null,
	});
	return { token, expiresAt };
}

/** Who a token stands for; undefined if it is unknown or over. Use prolongs it. */
export async function findSession(
	ctx: AppContext,
	token: string,
	days: number,
): Promise<SessionUser | undefined> {
	const idHash = hashToken(token);
	const now = ctx.clock.date();
	const [row] = await ctx.db
		.select({ session: sessions, username: users.username })
		.from(sessions)
		.innerJoin(users, eq(users.id, sessions.userId))
		.where(and(eq(sessions.idHash, idHash), gt(sessions.expiresAt, now)));
	if (row === undefined) return undefined;
	const { session, username } = row;
	let { expiresAt } = session;
	const prolonged = now.getTime() - session.lastSeenAt.getTime() > TOUCH_EVERY_MS;
	if (prolonged) {
		expiresAt = new Date(now.getTime() + days * DAY_MS);
		await ctx.db.update(sessions).set({ lastSeenAt: now, expiresAt }).where(eq(sessions.idHash, idHash));
	}
	return { sessionId: idHash, userId: session.userId, username, expiresAt, prolonged };
}

export async function closeSession(ctx: AppContext, sessionId: string): Promise<void> {
	await ctx.db.delete(sessions).where(eq(sessions.idHash, sessionId));
}

export async function closeOtherSessions(ctx: AppContext, userId: number, keep: string): Promise<void> {
	await ctx.db.delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.idHash, keep)));
}

export async function listSessions(ctx: AppContext, userId: number): Promise<SessionView[]> {
	const rows = await ctx.db
		.select()
		.from(sessions)
		.where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, ctx.clock.date())))
		.orderBy(desc(sessions.lastSeenAt));
	return rows.map(({ idHash, createdAt, lastSeenAt, expiresAt, peer, userAgent }) => ({
		id: idHash,
		createdAt,
		lastSeenAt,
		expiresAt,
		peer,
		userAgent,
	}));
}
