/** The answer to "why is this not being searched, and when will it be?" */
import type { Gate, TargetKind, WantedReason } from './words';

/** One fact that must hold before a search is sent. */
export interface GateFact {
	gate: Gate;
	open: boolean;
	/** Plain words: how it is, not what it is called. */
	detail: string;
	/** When a closed gate opens by itself, if that is known. */
	until?: Date;
	/** When the reading behind it was made, where it rests on one. */
	asOf?: Date;
}

export interface Explanation {
	/** In the order of `GATES`; the first closed one is the reason. */
	gates: GateFact[];
	/** The latest of the closed facts' times, or the estimate of its turn; absent if no time can be told. */
	nextAttemptAt?: Date;
	/** Searches at each indexer that the search will cause. */
	estimatedCost: number;
	/** What is wanted of it; null = nothing. */
	wanted: WantedReason | null;
	/** How it would be searched: by itself, or as part of its season. */
	target: { kind: TargetKind; id: number };
	/** Place in line, from 1; null if it has none or the line is too long to count. */
	position: number | null;
	/** The user asked for it: turn, rest, delay, window and switch are passed over. */
	pinned: boolean;
}

/** The reason shown to the user. */
export const firstClosed = (gates: readonly GateFact[]): GateFact | null =>
	gates.find((fact) => !fact.open) ?? null;

/**
 * When every closed fact will have opened, as far as they tell: the latest of their times. Null if one of them tells
 * none, for then no time can be promised.
 */
export function allOpenAt(gates: readonly GateFact[]): Date | null {
	const closed = gates.filter((fact) => !fact.open);
	if (closed.some((fact) => fact.until === undefined)) return null;
	const times = closed.flatMap((fact) => (fact.until === undefined ? [] : [fact.until.getTime()]));
	return times.length === 0 ? null : new Date(Math.max(...times));
}
