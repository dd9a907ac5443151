/** The facts that an outcome is judged by. All times are the arr's own. */
import type { HealthFact } from './complaints';

/** What this version of the application lets us know. */
export interface ProofAbilities {
	lastSearchTime: boolean;
	lastSearchTimeWeak: boolean;
	durationProof: boolean;
	releaseSource: boolean;
}

/** How the command ended. `unreadable`: it ended, but the application fails to tell how. `gone`: it is not known any more. */
export type CommandEnd =
	'completed' | 'failed' | 'aborted' | 'cancelled' | 'orphaned' | 'unreadable' | 'gone';

export interface GrabFact {
	historyId: number;
	itemArrId: number;
	date: Date;
	downloadId: string | null;
	releaseSource: string | null;
	title: string;
}

export interface ParkedFact {
	itemArrId: number;
	title: string;
	/** delay, downloadClientUnavailable or fallback. */
	status: string;
}

export interface OtherSearch {
	commandId: number;
	started: Date | null;
	ended: Date | null;
}

export interface HealthAfter {
	/** Since the end. */
	afterMs: number;
	issues: readonly HealthFact[];
	/** Rows of a download client were in the arr's queue. */
	clientRows: boolean;
}

export interface OutcomeFacts {
	abilities: ProofAbilities;
	/** False once `lastSearchTime` was found to mislead on this connector; the next best proof is used then. */
	trustLastSearchTime: boolean;
	/** False where the rule of 2 s does not hold (one request per search). */
	trustDuration: boolean;
	/** The arr's ids of what it covers; `wanted` ones are what it was made for. */
	items: readonly { arrId: number; wanted: boolean }[];
	command: {
		end: CommandEnd;
		started: Date | null;
		ended: Date | null;
		durationMs: number | null;
		exception: string | null;
	};
	/** The POST was answered with somebody else's command. */
	merged: boolean;
	/** `grabbed` rows of the covered items, any age. */
	grabs: readonly GrabFact[];
	/** Rows of the covered items in the arr's queue that are no download yet and were not there before. */
	parked: readonly ParkedFact[];
	/** Other search commands that cover the item, whenever they ran. */
	others: readonly OtherSearch[];
	/** Of the probed item; null = never searched. */
	lastSearch: { before: Date | null; after: Date | null } | null;
	healthBefore: readonly HealthFact[];
	/** Readings after the end, oldest first. */
	healthAfter: readonly HealthAfter[];
	/** Null = unknown. */
	enabledClients: number | null;
	/** Progress messages seen while it ran. */
	messages: readonly string[];
}
