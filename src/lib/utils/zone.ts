/** The user's locale and zone: the browser knows them, a cookie tells the server, so that both write the same. */

export const ZONE_COOKIE = 'comradarr_zone';

export interface Zone {
	locale: string;
	timeZone: string;
}

const FALLBACK: Zone = { locale: 'en-US', timeZone: 'UTC' };

/** Words are US English; a locale decides only how figures and dates are written. */
export function zoneOfBrowser(): Zone {
	const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
	return usable({ locale: navigator.language.startsWith('en') ? navigator.language : 'en-US', timeZone });
}

export function rememberZone(zone: Zone): void {
	const value = encodeURIComponent(`${zone.locale}|${zone.timeZone}`);
	document.cookie = `${ZONE_COOKIE}=${value}; path=/; max-age=31536000; samesite=lax`;
}

/** What a request's cookie says; anything that Intl does not know falls back. */
export function zoneOfCookie(cookie: string | undefined): Zone {
	const [locale, timeZone] = (cookie ?? '').split('|');
	if (locale === undefined || timeZone === undefined) return FALLBACK;
	return usable({ locale, timeZone });
}

function usable(zone: Zone): Zone {
	try {
		new Intl.DateTimeFormat(zone.locale, { timeZone: zone.timeZone });
		return zone;
	} catch {
		return FALLBACK;
	}
}
