/** Records of the queue, the plan, searches and events. */
import type {
	ConnectorKind,
	DispatchState,
	Mode,
	Outcome,
	Severity,
	Strength,
	ThrottlePreset,
	WantedReason,
} from '../words';
import type { ConnectorRef, ItemRef, NextSearch, Scope, TargetView, GrabView } from './shared';
import type { BudgetView } from './connectors';

export interface QueueRow {
	/** request_queue.id */
	id: number;
	connector: ConnectorRef;
	target: TargetView;
	reason: WantedReason;
	has: string | null;
	score: number;
	cost: number;
	pinned: boolean;
	/** Facts of the sentence "why here". */
	waitingSince: Date | null;
	searches: number;
	estimateAt: Date | null;
	/** Set while the connector cannot send: refused key, offline, observe, paused … */
	blocked: string | null;
	/** The row above belongs to the same series and is sent first. */
	inGroup: boolean;
}

export interface QueueView {
	total: number;
	rows: QueueRow[];
	running: DispatchView[];
	/** At most 8, newest first. */
	concluded: DispatchView[];
	budgets: {
		connector: ConnectorRef;
		mode: Mode;
		throttle: ThrottlePreset;
		budget: BudgetView;
		next: NextSearch;
	}[];
	/** Searches of a connector that wait for it to work again, or to be switched on. */
	waiting: {
		connector: ConnectorRef;
		count: number;
		cause: 'switch' | 'key' | 'trouble';
		/** Goes on after "12 searches of Sonarr wait": "until its API key works again." */
		reason: string;
	}[];
	/** The newest taking out of line, while it can still be undone. */
	undo: { id: string; at: Date; count: number } | null;
}

/** One search that could be sent, as the planner ranks it. */
export interface PlanRow {
	position: number;
	connector: ConnectorRef;
	target: TargetView;
	reason: WantedReason;
	score: number;
	cost: number;
	/** Plain sentence of the largest score factors. */
	why: string;
	estimateAt: Date | null;
}

export interface DispatchFilter extends Scope {
	outcome: Outcome | null;
	limit: number;
	cursor: string | null;
}

export interface DispatchView {
	id: string;
	connector: { id: number | null; name: string; kind: ConnectorKind };
	target: TargetView;
	reason: WantedReason;
	byUser: boolean;
	state: DispatchState;
	outcome: Outcome | null;
	/** The outcome so far, while health is still to be read again. */
	provisional: Outcome | null;
	strength: Strength | null;
	cost: number;
	costReturned: boolean;
	claimedAt: Date;
	sentAt: Date | null;
	watchingSince: Date | null;
	endedAt: Date | null;
	concludedAt: Date | null;
	commandId: number | null;
	releasesSeen: number | null;
	/** Plain sentences that prove the outcome, or name its cause; no secrets. */
	proof: string[];
	/** Next eligible time of the target, when it went to cooldown. */
	nextEligibleAt: Date | null;
	grabs: GrabView[];
}

export interface EventFilter extends Scope {
	limit: number;
	cursor: string | null;
	/** One item's events. */
	item?: ItemRef;
	/** Without what happens all the time. */
	notable?: boolean;
}

export interface EventView {
	id: number;
	at: Date;
	type: string;
	severity: Severity;
	connector: { id: number | null; name: string } | null;
	ref: string | null;
	dispatchId: string | null;
	message: string;
}
