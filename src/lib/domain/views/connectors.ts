/** Records of the shell and of connectors. */
import type { ArrDifference } from '../arr-difference';
import type { HealthStatus, JobStatus, Mode, Shape, SyncMode, ThrottlePreset } from '../words';
import type { ConnectorSettings } from '../settings';
import type { ConnectorRef, NextSearch } from './shared';

export interface ConnectorLine extends ConnectorRef {
	mode: Mode;
	enabled: boolean;
	/** Its library was read and compared; before that it is not known what it lacks. */
	known: boolean;
	health: HealthStatus;
	/** A dispatch of it is open. */
	searching: boolean;
	group: string | null;
	next: NextSearch;
}

export interface ShellView {
	/** The server's clock: pages reckon distances from it. */
	now: Date;
	/** Worst first is the page's matter; this is the user's order (by id). */
	connectors: ConnectorLine[];
	counts: { wanted: number; queue: number; needsYou: number };
	/** The global pause. */
	paused: { since: Date } | null;
	/** The database cannot store anything: what is wrong and what to do, and when it was first seen. */
	trouble: { message: string; since: Date } | null;
	/** Secrets cannot be read: keys are asked for again. */
	locked: boolean;
	/** A safety floor was lowered (tests, demo). */
	floorLowered: boolean;
}

/** The same figures as `GET /connectors/{id}/stats`. */
export interface ConnectorStats {
	gaps: number;
	qualityUpgrades: number;
	formatUpgrades: number;
	/** The arr's own totals; null until read. */
	arrMissing: number | null;
	arrCutoffUnmet: number | null;
	/** When it counted: with each full sync. */
	arrCountedAt: Date | null;
	/** Why ours are others, as the last full sync saw it. */
	arrDiffers: ArrDifference;
	queued: number;
	searchedToday: number;
	costToday: number;
	budgetLeft: { hour: number; day: number };
	lastSync: {
		mode: SyncMode;
		startedAt: Date;
		endedAt: Date | null;
		requests: number;
		changed: number;
		error: { code: string; message: string } | null;
	} | null;
	mirrorComplete: boolean;
}

export interface BudgetView {
	hour: { used: number; limit: number };
	day: { used: number; limit: number };
}

/** A piece of the last 24 h: 36 bars of 40 minutes, oldest first; null = no reading yet. */
export type HealthBar = HealthStatus | null;

export interface ConnectorView extends ConnectorRef {
	url: string;
	application: string | null;
	version: string | null;
	shape: Shape | null;
	mode: Mode;
	enabled: boolean;
	paused: boolean;
	group: string | null;
	throttle: ThrottlePreset;
	health: HealthStatus;
	healthSince: Date | null;
	/** Newest failure; null when the last request was good. */
	lastError: { code: string; message: string; hint: string | null } | null;
	heldReason: string | null;
	healthBars: HealthBar[];
	stats: ConnectorStats;
	/** Monitored, available items with a file; null before the first full sync. */
	completion: { done: number; total: number } | null;
	budget: BudgetView;
	next: NextSearch;
	nextSyncAt: Date | null;
	/** The first sync, or the one under way. */
	syncing: JobView | null;
	/** Library size: series and episodes, or movies. */
	library: { containers: number; items: number };
	/** Days until every wanted item was asked once at the present pace; null if unknown or nothing wanted. */
	paceDays: number | null;
}

export interface JobView {
	id: string;
	kind: string;
	status: JobStatus;
	progress: { done: number; total: number };
	startedAt: Date | null;
	endedAt: Date | null;
	error: { code: string; message: string } | null;
}

export interface ConnectorDetail extends ConnectorView {
	settings: ConnectorSettings;
	/** `readable`: with the master key of this process. */
	apiKey: { setAt: Date; last4: string; readable: boolean } | null;
	notices: { code: string; message: string }[];
	questions: { id: number; kind: string; detail: Record<string, unknown>; askedAt: Date }[];
	healthHistory: { at: Date; status: HealthStatus; reason: string | null }[];
	syncs: NonNullable<ConnectorStats['lastSync']>[];
	/** Default jobs with their last and next run. */
	jobs: {
		job: string;
		running: boolean;
		lastRunAt: Date | null;
		lastStatus: string | null;
		lastError: string | null;
		nextRunAt: Date | null;
	}[];
	/** Names that filters can choose from, from the last reading. */
	choices: { tags: string[]; qualityProfiles: string[]; rootFolders: string[] };
}

/** Answer of a connection test, with the exact diagnosis. */
export interface ConnectorTest {
	ok: boolean;
	application: string | null;
	version: string | null;
	problem: { code: string; message: string; hint: string | null; suggestedUrl?: string | null } | null;
}
