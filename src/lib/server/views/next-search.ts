/** When a connector will ask for something next, as far as its switches, its budget and its line tell. */
import type { AppContext } from '../app-context';
import type { ConnectorRow } from '../db/queries/connectors';
import { mayAsk, type Usage } from '$lib/domain/throttle';
import type { NextSearch } from '$lib/domain/views';
import { profileOf } from './stats';

export interface Line {
	queued: number;
	pausedGlobally: boolean;
}

export function nextSearch(ctx: AppContext, row: ConnectorRow, usage: Usage, line: Line): NextSearch {
	const word = wordOf(row, line);
	if (word !== null) return { at: null, word };
	const answer = mayAsk({
		profile: profileOf(ctx, row),
		usage,
		now: ctx.clock.date(),
		cost: 1,
		kind: 'gap',
		shares: { gap: 100, quality: 100, format: 100 },
	});
	return answer.open ? { at: null, word: 'now' } : { at: answer.until, word: null };
}

function wordOf(row: ConnectorRow, line: Line): NextSearch['word'] {
	if (!row.enabled) return 'off';
	if (row.mode === 'observe') return 'observe';
	if (row.paused || line.pausedGlobally) return 'paused';
	if (row.health === 'offline' || row.health === 'unhealthy' || row.heldReason !== null) return 'stopped';
	return line.queued === 0 ? 'nothing' : null;
}
