// One season: its episodes, whether it is searched as one, and the acts that are about all of it.
import { error } from '@sveltejs/kit';
import { resolve } from '$app/paths';
import { excludeTarget, giveUp, includeTarget, resetTarget } from '$lib/server/services/queue/user-acts';
import { readSeason } from '$lib/server/views/season';
import { act } from '$lib/utils/act.server';
import { plural } from '$lib/utils/format';
import { LIVE } from '$lib/utils/live-key';
import type { Actions, PageServerLoad, RouteParams } from './$types';

const GONE = 'This season does not exist, or no longer does.';

function scopeOf(params: RouteParams): { kind: 'season'; id: number } {
	if (!/^[1-9]\d{0,9}$/.test(params.id)) error(404, GONE);
	return { kind: 'season', id: Number(params.id) };
}

export const load: PageServerLoad = async ({ locals, params, depends }) => {
	depends(LIVE);
	const season = await readSeason(locals.app, scopeOf(params).id);
	if (season === null) error(404, GONE);
	return { season };
};

const undoOf = (params: RouteParams, name: 'include' | 'exclude') => ({
	action: `${resolve('/(app)/seasons/[id]', { id: params.id })}?/${name}`,
	fields: {},
});

export const actions: Actions = {
	exclude: async ({ locals, params }) =>
		act(async () => {
			await excludeTarget(locals.app, scopeOf(params));
			return { notice: 'The season is excluded from searches.', undo: undoOf(params, 'include') };
		}),
	include: async ({ locals, params }) =>
		act(async () => {
			await includeTarget(locals.app, scopeOf(params));
			return { notice: 'The season is included again.', undo: undoOf(params, 'exclude') };
		}),
	reset: async ({ locals, params }) =>
		act(async () => {
			const count = await resetTarget(locals.app, scopeOf(params));
			return { notice: `Search memory of ${plural(count, 'target')} forgotten.` };
		}),
	giveUp: async ({ locals, params }) =>
		act(async () => {
			const count = await giveUp(locals.app, scopeOf(params));
			return { notice: `${plural(count, 'episode')} given up until you reset them or ask for a search.` };
		}),
};
