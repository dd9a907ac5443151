// Display: how this browser is shown things. Kept in a cookie of its own.
import { cookiePath } from '$lib/server/address';
import { field } from '$lib/utils/act.server';
import { CLOCKS, DENSITIES, DISPLAY_COOKIE, displayCookie, displayOf } from '$lib/utils/display';
import type { Actions } from './$types';

const YEAR_SECONDS = 31_536_000;

export const actions: Actions = {
	/** What a section does not send stays as it is. */
	default: async ({ request, cookies, url }) => {
		const form = await request.formData();
		const before = displayOf(cookies.get(DISPLAY_COOKIE));
		const after = {
			density: DENSITIES.find((word) => word === field(form, 'density')) ?? before.density,
			clock: CLOCKS.find((word) => word === field(form, 'clock')) ?? before.clock,
			keys: field(form, 'section') === 'keys' ? form.get('keys') === 'on' : before.keys,
		};
		cookies.set(DISPLAY_COOKIE, displayCookie(after), {
			path: cookiePath(),
			maxAge: YEAR_SECONDS,
			sameSite: 'lax',
			secure: url.protocol === 'https:',
		});
		return { notice: 'Saved.' };
	},
};
