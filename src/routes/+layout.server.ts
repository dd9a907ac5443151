// The server's clock and the user's way of writing times, for every page.
import { DISPLAY_COOKIE, displayOf, hour12Of } from '$lib/utils/display';
import { zoneOfCookie, ZONE_COOKIE } from '$lib/utils/zone';
import { LIVE } from '$lib/utils/live-key';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals, cookies, depends }) => {
	depends(LIVE);
	const display = displayOf(cookies.get(DISPLAY_COOKIE));
	return {
		now: locals.app.clock.date(),
		display,
		writing: { ...zoneOfCookie(cookies.get(ZONE_COOKIE)), hour12: hour12Of(display.clock) },
	};
};
