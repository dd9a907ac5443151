// All that happened, with proof: searches, and the events of everything.
import { listDispatchViews, listEventViews } from '$lib/server/views/activity';
import { OUTCOMES, type Outcome } from '$lib/domain/words';
import { read } from '$lib/utils/act.server';
import { LIVE } from '$lib/utils/live-key';
import { scopeOf } from '../scope';
import type { PageServerLoad } from './$types';

const STEP = 50;
const MOST = 500;

const outcomeOf = (text: string | null): Outcome | null =>
	OUTCOMES.find((outcome) => outcome === text) ?? null;

export const load: PageServerLoad = async ({ locals, url, parent, depends }) => {
	depends(LIVE);
	const { shell, scopeName } = await parent();
	const scope = scopeOf(scopeName, shell.connectors);
	const asked = Number(url.searchParams.get('limit'));
	const limit = Number.isInteger(asked) ? Math.min(MOST, Math.max(STEP, asked)) : STEP;
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
