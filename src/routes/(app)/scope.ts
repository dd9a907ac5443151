// The instance switcher: which connectors a page is about. Kept in the address, remembered in a cookie.
import type { Cookies } from '@sveltejs/kit';
import { cookiePath } from '$lib/server/address';
import type { ConnectorLine, Scope } from '$lib/domain/views';

const COOKIE = 'comradarr_scope';
const YEAR_SECONDS = 31_536_000;
const ALL = 'all';

/** The scope's name, as in `?scope=`; one that no connector answers to is all. */
export function chosenScope(url: URL, cookies: Cookies, connectors: readonly ConnectorLine[]): string {
	const asked = url.searchParams.get('scope');
	const name = asked ?? cookies.get(COOKIE) ?? ALL;
	const known = scopeOf(name, connectors).connectorIds !== null ? name : ALL;
	if (asked !== null) {
		cookies.set(COOKIE, known, {
			path: cookiePath(),
			maxAge: YEAR_SECONDS,
			sameSite: 'lax',
			secure: url.protocol === 'https:',
		});
	}
	return known;
}

/** The connectors of a scope's name. */
export function scopeOf(name: string, connectors: readonly ConnectorLine[]): Scope {
	const inScope = connectors.filter((connector) =>
		name.startsWith('group-')
			? connector.group === name.slice('group-'.length)
			: name === `connector-${String(connector.id)}`,
	);
	return { connectorIds: inScope.length === 0 ? null : inScope.map((connector) => connector.id) };
}
