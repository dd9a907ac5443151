// The queue and the plan: what is sent now, what comes next and why in this order.
import { AppError } from '$lib/server/app-error';
import { readQueue } from '$lib/server/views/queue';
import { readPlan } from '$lib/server/views/plan';
import { undoClear } from '$lib/server/services/queue/undo';
import { requestSearch } from '$lib/server/services/queue/user-acts';
import {
	clearQueue,
	pauseQueue,
	removeFromQueue,
	resumeQueue,
} from '$lib/server/services/queue/user-acts-queue';
import type { ConnectorLine, Scope } from '$lib/domain/views';
import { act, field } from '$lib/utils/act.server';
import { plural } from '$lib/utils/format';
import { LIVE } from '$lib/utils/live-key';
import { rowsAsked } from '$lib/utils/rows';
import { itemRef } from '../item-filter';
import { scopeOf } from '../scope';
import { resolve } from '$app/paths';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url, parent, depends }) => {
	depends(LIVE);
	const { shell, scopeName } = await parent();
	const scope = scopeOf(scopeName, shell.connectors);
	const tab = url.searchParams.get('tab') === 'plan' ? 'plan' : 'queue';
	// it has no next page: the line is short, and of the plan only the head is shown
	const limit = rowsAsked(url.searchParams.get('limit'), false);
	const [queue, plan] = await Promise.all([
		readQueue(locals.app, scope, limit),
		tab === 'plan' ? readPlan(locals.app, scope, limit) : { rows: [], total: null },
	]);
	// an empty queue of something that could be searched is about to be filled
	const idle = tab === 'queue' && queue.total === 0 && shell.paused === null;
	const filling =
		idle && isSending(shell.connectors, scope) && (await readPlan(locals.app, scope, 1)).rows.length > 0;
	return { tab, queue, plan, limit, filling, confirmClear: url.searchParams.get('confirm') === 'clear' };
};

const isSending = (connectors: readonly ConnectorLine[], { connectorIds }: Scope): boolean =>
	connectors.some(
		({ id, mode, next }) =>
			mode === 'active' && next.word !== 'stopped' && (connectorIds?.includes(id) ?? true),
	);

const undoOf = (id: string) => ({ undo: { action: `${resolve('/queue')}?/undo`, fields: { id } } });

export const actions: Actions = {
	pause: async ({ locals }) =>
		act(async () => {
			await pauseQueue(locals.app, null);
			return { notice: 'Paused. What was sent is watched to its end.' };
		}),
	resume: async ({ locals }) =>
		act(async () => {
			await resumeQueue(locals.app, null);
			return { notice: 'Searching goes on.' };
		}),
	remove: async ({ locals, request }) =>
		act(async () => {
			const id = Number(field(await request.formData(), 'id'));
			const undoId = await removeFromQueue(locals.app, id);
			if (undoId === null) throw new AppError('gone', 409, 'This search was sent or taken out meanwhile.');
			return { notice: 'Taken out of the queue, not before tomorrow.', ...undoOf(undoId) };
		}),
	pin: async ({ locals, request }) =>
		act(async () => {
			const ref = itemRef(field(await request.formData(), 'ref'));
			if (ref === null) throw new AppError('bad_ref', 400, 'This search cannot be put first.');
			await requestSearch(locals.app, ref);
			return { notice: 'Put first in line.' };
		}),
	clear: async ({ locals, request }) =>
		act(async () => {
			const connector = Number(field(await request.formData(), 'connector'));
			const done = await clearQueue(locals.app, connector > 0 ? connector : null);
			return {
				notice: `${plural(done.count, 'search', 'searches')} went back to pending.`,
				...(done.undoId === null ? {} : undoOf(done.undoId)),
			};
		}),
	undo: async ({ locals, request }) =>
		act(async () => {
			const count = await undoClear(locals.app, field(await request.formData(), 'id'));
			return { notice: `${plural(count, 'search', 'searches')} came back into the queue.` };
		}),
};
