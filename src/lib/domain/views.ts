/**
 * What pages are fed with: plain records that a named read fills and a component shows. Browser-safe; instants are
 * `Date`; words stay words (the pages make sentences of them, in the user's locale and zone).
 *
 * The reads live in `src/lib/server/views/*.ts`; each takes `ctx: AppContext` first:
 *
 * | file | function |
 * | --- | --- |
 * | `shell.ts` | `readShell(ctx): Promise<ShellView>` (on every page: keep it below 5 ms) |
 * | `dashboard.ts` | `readDashboard(ctx, scope: Scope): Promise<DashboardView>` |
 * | `items.ts` | `listWanted(ctx, filter: ItemFilter): Promise<Page<ItemRow>>`, `listContent(ctx, filter: ItemFilter): Promise<Page<ItemRow>>`, `countWanted(ctx, scope: Scope): Promise<WantedCounts>`, `readItem(ctx, ref: ItemRef): Promise<ItemDetail \| null>` |
 * | `queue.ts` | `readQueue(ctx, scope: Scope, limit: number): Promise<QueueView>` |
 * | `activity.ts` | `listDispatchViews(ctx, filter: DispatchFilter): Promise<Page<DispatchView>>`, `listEventViews(ctx, filter: EventFilter): Promise<Page<EventView>>` |
 * | `connectors.ts` | `listConnectorViews(ctx, scope: Scope): Promise<ConnectorView[]>`, `readConnectorDetail(ctx, id: number): Promise<ConnectorDetail \| null>` |
 *
 * `plan.ts` has `readPlan(ctx, scope: Scope, limit: number)`: what the planner would send next.
 */
import type {
	ConnectorKind,
	DispatchState,
	Gate,
	GrabResult,
	HealthStatus,
	ItemKind,
	JobStatus,
	Mode,
	NotWantedReason,
	Outcome,
	SearchState,
	Severity,
	Shape,
	Strength,
	SyncMode,
	TargetKind,
	ThrottlePreset,
	WantedReason,
} from './words';
import type { ConnectorSettings } from './settings';

/** The connectors a page is about; null = all. Made from `?scope=connector-3` or `?scope=group-Anime`. */
export interface Scope {
	connectorIds: number[] | null;
}

/** A library item by our own row id; written `episode-12`, `movie-7` in addresses. */
export interface ItemRef {
	kind: ItemKind;
	id: number;
}

/** One page of a list; `nextCursor` is opaque, null at the end. */
export interface Page<T> {
	items: T[];
	nextCursor: string | null;
}

export interface ConnectorRef {
	id: number;
	name: string;
	kind: ConnectorKind;
}

/** What a search asks for, or an item is called. `title` is complete: `Harbor Nine · S02E05`, `Winter Ledger (2021)`. */
export interface TargetView {
	kind: TargetKind;
	/** Address of the item's page: `episode-12`, `movie-7`; null for a season, and when the mirror lost it. */
	ref: string | null;
	title: string;
	/** Episode title, or `7 of 10 episodes`. */
	subtitle: string | null;
}

/** When the next search of a connector is due; `word` stands instead of a time. */
export interface NextSearch {
	at: Date | null;
	word: 'now' | 'observe' | 'stopped' | 'paused' | 'off' | 'nothing' | null;
}

// Shell ---------------------------------------------------------------------------------------------------------

export interface ConnectorLine extends ConnectorRef {
	mode: Mode;
	enabled: boolean;
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
	/** Secrets cannot be read: keys are asked for again. */
	locked: boolean;
	/** A safety floor was lowered (tests, demo). */
	floorLowered: boolean;
}

// Connectors ----------------------------------------------------------------------------------------------------

/** The same figures as `GET /connectors/{id}/stats`. */
export interface ConnectorStats {
	gaps: number;
	qualityUpgrades: number;
	formatUpgrades: number;
	/** The arr's own totals; null until read. */
	arrMissing: number | null;
	arrCutoffUnmet: number | null;
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
	apiKey: { setAt: Date; last4: string } | null;
	notices: { code: string; message: string }[];
	questions: { id: number; kind: string; detail: Record<string, unknown>; askedAt: Date }[];
	healthHistory: { at: Date; status: HealthStatus; reason: string | null }[];
	syncs: NonNullable<ConnectorStats['lastSync']>[];
	/** Default jobs with their last and next run. */
	jobs: {
		job: string;
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

// Items ---------------------------------------------------------------------------------------------------------

export interface ItemFilter extends Scope {
	reason: WantedReason | null;
	kind: ItemKind | null;
	/** `excluded` is a rule beside the states. */
	state: SearchState | 'excluded' | null;
	/** The first closed gate. */
	why: Gate | null;
	q: string | null;
	sort: 'priority' | 'title' | 'age' | 'state' | null;
	limit: number;
	cursor: string | null;
}

export interface WantedCounts {
	all: number;
	gap: number;
	quality: number;
	/** null while format upgrades are switched off everywhere. */
	format: number | null;
	/** Items that lack nothing, for the empty list. */
	complete: number;
}

/** What a list row knows of "why, and until when"; the page makes the sentence. */
export interface WhyFacts {
	/** The first closed gate; `turn` when only its turn is left; null when nothing is wanted of it. */
	gate: Gate | null;
	until: Date | null;
	/** Place in line and estimated time, when queued. */
	position: number | null;
	estimateAt: Date | null;
	/** Why it is not wanted, for the gate `wanted` and for content rows. */
	notWanted: NotWantedReason | null;
	/** Words of the arr or of the connector's problem, for `reachable`, `usable_indexer`, `download_client`. */
	detail: string | null;
	/** Download progress 0 to 1, when grabbed and seen in the queue. */
	progress: number | null;
	/** Start of the search under way. */
	searchingSince: Date | null;
}

export interface ItemRow {
	/** `episode-12`, `movie-7`. */
	ref: string;
	kind: ItemKind;
	connector: ConnectorRef;
	title: string;
	subtitle: string | null;
	/** null: nothing is wanted of it. */
	reason: WantedReason | null;
	/** Quality of the file it has. */
	has: string | null;
	state: SearchState;
	excluded: boolean;
	pinned: boolean;
	unconfirmed: boolean;
	unreadable: boolean;
	airedAt: Date | null;
	why: WhyFacts;
}

export interface FileView {
	quality: string;
	formatScore: number | null;
	size: number;
	addedAt: Date | null;
	sceneName: string | null;
}

export interface GrabView {
	title: string;
	claim: 'ours' | 'shared' | 'by_catch' | 'find';
	releaseSource: string | null;
	indexer: string | null;
	protocol: string | null;
	size: number | null;
	quality: string;
	formatScore: number | null;
	qualityBefore: string | null;
	grabbedAt: Date;
	historyArrId: number;
	result: GrabResult;
	resultAt: Date | null;
	resultDetail: string | null;
	/** 0 to 1 while it is in the arr's queue. */
	progress: number | null;
	etaAt: Date | null;
}

export interface ItemDetail extends ItemRow {
	series: { title: string; seasonNumber: number } | null;
	/** Other episodes of the season, in order, for the season list; empty for movies. */
	season: {
		ref: string;
		label: string;
		title: string;
		state: SearchState;
		reason: WantedReason | null;
		hasFile: boolean;
	}[];
	/** Address of the item in the arr. */
	arrUrl: string | null;
	monitored: boolean;
	presence: 'present' | 'unconfirmed' | 'deleted';
	deletedAt: Date | null;
	firstSeenAt: Date | null;
	profile: { name: string; cutoff: string } | null;
	file: FileView | null;
	memory: {
		attempts: number;
		maxAttempts: number;
		freshAttempts: number;
		searches: number;
		cost: number;
		lastSearchAt: Date | null;
		/** The arr's own `lastSearchTime`. */
		arrLastSearchAt: Date | null;
		score: number | null;
		boost: number;
	};
	/** Newest first, at most 50; a season search that covered it included. */
	dispatches: DispatchView[];
	/** Newest first, at most 50. */
	events: EventView[];
	/** Grabs that are not ours, newest first. */
	otherGrabs: GrabView[];
}

// Explanation -----------------------------------------------------------------------------------------------------

export interface ExplanationFact {
	gate: Gate;
	/** null: not reached or unknown. */
	open: boolean | null;
	/** A plain sentence: "8 of 9 indexers are usable". */
	detail: string;
	until?: Date | null;
	/** When the reading behind it was made; shown as "as of" when stale. */
	asOf?: Date | null;
}

export interface ExplanationView {
	/** In the order of `GATES`. */
	gates: ExplanationFact[];
	nextAttemptAt?: Date | null;
	estimatedCost: number;
}

// Queue and plan ----------------------------------------------------------------------------------------------------

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
	/** Searches of a connector that wait for it to work again. */
	waiting: { connector: ConnectorRef; count: number; reason: string }[];
	/** An undo of the last clearing that can still be used. */
	undo: { id: string; count: number } | null;
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

// Dispatches and events ---------------------------------------------------------------------------------------------

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

// Dashboard ---------------------------------------------------------------------------------------------------------

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
