// The dashboard: now, next, needs you; the figures; a day of searches.
import { readDashboard } from '$lib/server/views/dashboard';
import { LIVE } from '$lib/utils/live-key';
import { scopeOf } from './scope';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, parent, depends }) => {
	depends(LIVE);
	const { shell, scopeName } = await parent();
	return { view: await readDashboard(locals.app, scopeOf(scopeName, shell.connectors)) };
};
