/**
 * Search states and the only moves between them (design: search states). The database refuses every other move by a
 * trigger written from the same table; a test compares the two.
 */
import type { SearchState } from './words';

export const MOVES: Readonly<Record<SearchState, readonly SearchState[]>> = {
	pending: ['queued', 'exhausted'],
	queued: ['searching', 'pending', 'exhausted'],
	searching: ['grabbed', 'cooldown', 'pending', 'failed', 'exhausted'],
	grabbed: ['done', 'pending', 'cooldown', 'exhausted'],
	cooldown: ['pending', 'exhausted'],
	failed: ['pending', 'exhausted'],
	exhausted: ['pending'],
	done: ['pending', 'exhausted'],
};

/** States a row may be born in: no row means `pending`, and a row is written at the first act. */
export const FIRST_STATES: readonly SearchState[] = ['pending', 'queued', 'exhausted'];

export const mayMove = (from: SearchState, to: SearchState): boolean =>
	from === to || MOVES[from].includes(to);
