/** Records of the first page. */
import type { Outcome } from '../words';
import type { ConnectorRef } from './shared';
import type { ConnectorView } from './connectors';
import type { DispatchView, EventView, QueueRow } from './searches';

/** Something the user must do, worst first. */
export interface NeedsYou {
	code:
		'key_refused' | 'offline' | 'unhealthy' | 'question' | 'held' | 'locked' | 'key_missing' | 'sync_failed';
	connector: ConnectorRef | null;
	since: Date | null;
	/** "Sonarr Anime refused its API key" */
	message: string;
	/** "Nothing is searched there since 09:12." is made by the page from `since`; further words here. */
	detail: string | null;
}

/** One mark on a search track. */
export interface TrackMark {
	at: Date;
	outcome: Outcome | 'open';
	/** Of a grab: whether it was imported. */
	imported: boolean;
	title: string;
	dispatchId: string;
}

export interface TrackView {
	connector: ConnectorView;
	/** Last 18 hours, oldest first, at most 500. */
	marks: TrackMark[];
	/** Next 6 hours. */
	planned: { at: Date; title: string }[];
	/** Spans in which it could not be reached. */
	unreachable: { from: Date; to: Date }[];
}

/** A figure with its past, oldest first; null where nothing was measured. */
export interface Trend {
	value: number | null;
	/** The same figure 7 days ago, or null. */
	before: number | null;
	points: (number | null)[];
}

export interface DashboardView {
	running: DispatchView[];
	/** The next two of the queue. */
	upcoming: QueueRow[];
	needsYou: NeedsYou[];
	tiles: {
		gaps: Trend;
		qualityUpgrades: Trend;
		/** The applications' own totals, shown until ours are there; null while nothing was read. */
		counted: { missing: number; cutoffUnmet: number } | null;
		formatUpgradesOn: boolean;
		queue: { value: number; plan: number | null; nextAt: Date | null };
		/** 24 points, one per hour. */
		searched: Trend & { allowed: number; connectors: number };
		/** 7 points, one per day. */
		imported: Trend & { searches: number };
	};
	tracks: TrackView[];
	/** Newest 8. */
	activity: EventView[];
	/** When the next sweep and the next full sync are due. */
	nextSweep: { connector: string; at: Date } | null;
	nextFullSync: { connector: string; at: Date } | null;
}
