// All that happened, with proof: searches, and the events of everything.
import { listDispatchViews, listEventViews } from '$lib/server/views/activity';
import { OUTCOMES, type Outcome } from '$lib/domain/words';
import { read } from '$lib/utils/act.server';
import { LIVE } from '$lib/utils/live-key';
import { rowsAsked } from '$lib/utils/rows';
import { scopeOf } from '../scope';
import type { PageServerLoad } from './$types';

const outcomeOf = (text: string | null): Outcome | null =>
	OUTCOMES.find((outcome) => outcome === text) ?? null;

export const load: PageServerLoad = async ({ locals, url, parent, depends, isDataRequest }) => {
	depends(LIVE);
	const { shell, scopeName } = await parent();
	const scope = scopeOf(scopeName, shell.connectors);
	const limit = rowsAsked(url.searchParams.get('limit'), !isDataRequest);
	const cursor = url.searchParams.get('cursor');
	const outcome = outcomeOf(url.searchParams.get('outcome'));
	const base = { ...scope, limit, cursor };
	if (url.searchParams.get('tab') === 'events') {
		return {
			tab: 'events' as const,
			outcome,
			searches: null,
			events: await read(() => listEventViews(locals.app, base)),
		};
	}
	const searches = await read(() => listDispatchViews(locals.app, { ...base, outcome }));
	return { tab: 'searches' as const, outcome, searches, events: null };
};
