/** Who asks: the key of the header, or the session of the cookie. */
import type { RequestEvent } from '@sveltejs/kit';
import type { Actor } from '../../access';
import type { AppContext } from '../../app-context';
import type { ApiKeyGuard } from './api-keys';
import { setSessionCookie } from './session-cookie';
import { findSession, SESSION_COOKIE } from './sessions';

export * from './api-keys';
export * from './login';
export * from './sessions';
export * from './setup';
export * from './users';

/** Header of API keys; the query is never looked at, since addresses end up in logs. */
export const API_KEY_HEADER = 'x-api-key';

/**
 * A presented key decides alone: a wrong one is not rescued by a session. A session that is used lasts on, and so does
 * its cookie.
 * @throws AppError `rate_limited` (429)
 */
export async function authenticate(
	event: Pick<RequestEvent, 'request' | 'cookies' | 'locals' | 'url'>,
	ctx: AppContext,
	keys: ApiKeyGuard,
): Promise<Actor | null> {
	const presented = event.request.headers.get(API_KEY_HEADER);
	if (presented !== null) {
		const key = await keys.verify(ctx, presented, event.locals.clientAddress);
		return key === undefined ? null : { kind: 'key', keyId: key.id, name: key.name, scope: key.scope };
	}
	const token = event.cookies.get(SESSION_COOKIE);
	if (token === undefined || token === '') return null;
	const session = await findSession(ctx, token, ctx.sessionDays);
	if (session === undefined) return null;
	const { userId, sessionId, username, expiresAt } = session;
	if (session.prolonged) setSessionCookie(event.cookies, event.url, { token, expiresAt });
	return { kind: 'session', userId, sessionId, username };
}
