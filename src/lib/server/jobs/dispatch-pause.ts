/**
 * Until when nobody of a connector can be sent, because budget or spacing said so: that needs not be reckoned again at
 * each step. What may end it earlier (a setting, a request of the user's, a search that gave its cost back) asks anew.
 */
import type { AppContext } from '../app-context';

interface Pause {
	/** When it was found, and until when it lasts. */
	since: number;
	until: number;
}
const pauses = new WeakMap<AppContext, Map<number, Pause>>();

function pausesOf(ctx: AppContext): Map<number, Pause> {
	const known = pauses.get(ctx) ?? new Map<number, Pause>();
	pauses.set(ctx, known);
	return known;
}

export function notePause(ctx: AppContext, connectorId: number, until: Date): void {
	pausesOf(ctx).set(connectorId, { since: ctx.clock.now(), until: until.getTime() });
}

/** Asked anew from here on. */
export function endPause(ctx: AppContext, connectorId: number): void {
	pausesOf(ctx).delete(connectorId);
}

/** Null where nothing is known to hold. A clock that was put back makes what was found doubtful. */
export function pausedUntil(ctx: AppContext, connectorId: number): Date | null {
	const pause = pausesOf(ctx).get(connectorId);
	const now = ctx.clock.now();
	return pause === undefined || now < pause.since || now >= pause.until ? null : new Date(pause.until);
}
