// The shell of every page: connectors with their next search, counts, pause; and the scope that was chosen.
import { readShell } from '$lib/server/views/shell';
import { LIVE } from '$lib/utils/live-key';
import { chosenScope } from './scope';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, url, cookies, depends }) => {
	depends(LIVE);
	const shell = await readShell(locals.app);
	const scopeName = chosenScope(url, cookies, shell.connectors);
	return {
		shell,
		scopeName,
		username: locals.actor?.kind === 'key' ? 'API key' : (locals.actor?.username ?? ''),
	};
};
