/** The session cookie: set at login and setup, set anew with use, taken back at logout. */
import type { Cookies } from '@sveltejs/kit';
import { cookiePath } from '../../address';
import { SESSION_COOKIE } from './sessions';

/** `secure` follows the connection: on plain http a secure cookie would silently be dropped. */
export function setSessionCookie(
	cookies: Cookies,
	url: URL,
	session: { token: string; expiresAt: Date },
): void {
	cookies.set(SESSION_COOKIE, session.token, {
		path: cookiePath(),
		httpOnly: true,
		sameSite: 'lax',
		secure: url.protocol === 'https:',
		expires: session.expiresAt,
	});
}

export function clearSessionCookie(cookies: Cookies): void {
	cookies.delete(SESSION_COOKIE, { path: cookiePath() });
}
