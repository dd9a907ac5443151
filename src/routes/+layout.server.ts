// The server's clock and the user's way of writing times, for every page.
import { zoneOfCookie, ZONE_COOKIE } from '$lib/utils/zone';
import { LIVE } from '$lib/utils/live-key';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals, cookies, depends }) => {
	depends(LIVE);
	return {
		now: locals.app.clock.date(),
		writing: { ...zoneOfCookie(cookies.get(ZONE_COOKIE)), hour12: null },
	};
};
