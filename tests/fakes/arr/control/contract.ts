// What the control server and its client agree on: options of an instance, addresses of items, outcomes, faults, logs.
import type { Json, JsonObject } from '../json.ts';
import type { Kind, Runtime } from '../kinds.ts';
import type { DownloadState, Fate, IndexerAnswer } from '../state/model.ts';
import type { ProfileSetup } from '../state/profiles.ts';

export type { Kind, Runtime } from '../kinds.ts';
export type { Fate, IndexerAnswer } from '../state/model.ts';
export type { ProfileSetup } from '../state/profiles.ts';

export interface LibraryOptions {
	/** `tiny` unless given. `large` takes its numbers from the members below. */
	preset?: 'empty' | 'tiny' | 'edge' | 'large' | 'realistic' | 'recorded';
	series?: number;
	/** Average number of episodes of a series (default 50). */
	episodesPerSeries?: number;
	/** Share of aired episodes, movies and scenes that have a file (default 0.8). */
	filesShare?: number;
	movies?: number;
	scenes?: number;
	/** Rows of history to invent (default: some per file in `realistic`, none elsewhere). */
	history?: number;
}

export interface IndexerSetup {
	name?: string;
	rss?: boolean;
	automatic?: boolean;
	interactive?: boolean;
	protocol?: 'torrent' | 'usenet';
	priority?: number;
	/** Labels. */
	tags?: string[];
	answers?: IndexerAnswer;
	/** Seconds told by a 429. */
	retryAfter?: number | null;
	/** Seconds one request takes (default 1). */
	latency?: number;
	animeStandardFormatSearch?: boolean;
	textOnly?: boolean;
	/** true: blocked for an hour from now; false: the block and its level are cleared. */
	blocked?: boolean;
}

export interface DownloadClientSetup {
	name?: string;
	enabled?: boolean;
	reachable?: boolean;
	implementation?: 'QBittorrent' | 'TorrentBlackhole';
	priority?: number;
	tags?: string[];
	addsPaused?: boolean;
	category?: string;
}

export interface DelayProfileSetup {
	/** Minutes. */
	usenetDelay?: number;
	torrentDelay?: number;
	enableUsenet?: boolean;
	enableTorrent?: boolean;
	preferredProtocol?: 'usenet' | 'torrent';
	bypassIfHighestQuality?: boolean;
	order?: number;
	/** Labels. Without any the first, general profile is changed. */
	tags?: string[];
}

/** What a search finds where nothing is scripted for the item. */
export type SearchDefault =
	| 'nothing'
	| 'grab'
	| { grabChance: number; rejectChance?: number; failChance?: number; downloadMinutes?: number };

export interface InstanceOptions {
	kind: Kind;
	seed?: number;
	library?: LibraryOptions;
	/** Instead of the kind's usual version. */
	version?: string;
	urlBase?: string;
	/** Port to listen on; any free one unless given. */
	port?: number;
	apiKey?: string;
	instanceName?: string;
	appData?: string;
	auth?: 'forms' | 'basic' | 'none' | 'external';
	database?: 'sqLite' | 'postgreSQL';
	runtime?: Runtime;
	/** Language of health messages. */
	language?: 'en' | 'de';
	indexers?: IndexerSetup[];
	downloadClients?: DownloadClientSetup[];
	delayProfiles?: DelayProfileSetup[];
	searchDefault?: SearchDefault;
	workers?: number;
	availabilityDelay?: number;
	autoRedownloadFailed?: boolean;
	unmonitorDeleted?: boolean;
	/** Things happen by themselves: RSS grabs now and then. Off unless given (on in `realistic`). */
	life?: boolean;
	/** RSS grabs per day while `life` is on (default 6). */
	rssGrabsPerDay?: number;
	/** Whisparr 2 without internet: the full health check fails as a whole. */
	offline?: boolean;
	/** Whisparr 3: single movies come from a cache that can be stale. */
	cacheMovieApi?: boolean;
	/** Whisparr 3: ask by title too, so that a scene of an unknown studio yields a query. */
	searchTitle?: boolean;
	seasonPackUpgrade?: 'all' | 'threshold' | 'any';
	seasonPackUpgradeThreshold?: number;
	/** Real milliseconds every answer takes. */
	latencyMs?: number;
	/** Large lists are rendered and compressed once and then sent from memory. */
	prerender?: boolean;
	/** Virtual moment the application was started; now unless given. */
	startedAgoMs?: number;
	removedMovies?: number;
}

export interface InstanceInfo {
	id: string;
	kind: Kind;
	url: string;
	port: number;
	apiKey: string;
}

/** One thing to search for, by the application's own ids. */
export type ItemRef =
	{ episodeId: number } | { seriesId: number; season: number } | { movieId: number } | '*';

export interface ReleaseSetup {
	title?: string;
	/** Name of the indexer that has it; the first one unless given. */
	indexer?: string;
	/** Name, for instance `WEBDL-1080p`; the best allowed one unless given. */
	quality?: string;
	revision?: number;
	repack?: boolean;
	/** Names of custom formats it has. */
	formats?: string[];
	group?: string;
	size?: number;
	protocol?: 'torrent' | 'usenet';
	/** The whole season. */
	pack?: boolean;
	rejections?: string[];
	matchedById?: boolean;
	fate?: Fate;
	downloadSeconds?: number;
}

export type Outcome =
	| { kind: 'nothing' }
	| { kind: 'grab'; release?: ReleaseSetup; fate?: Fate }
	| { kind: 'grabPack'; release?: ReleaseSetup }
	| { kind: 'grabThenFail'; release?: ReleaseSetup }
	| { kind: 'grabThenImport'; release?: ReleaseSetup }
	| { kind: 'grabThenManual'; release?: ReleaseSetup }
	| { kind: 'grabThenBlockedById'; release?: ReleaseSetup }
	| { kind: 'rejected'; reasons: string[]; release?: ReleaseSetup }
	| { kind: 'releases'; releases: ReleaseSetup[] }
	| { kind: 'indexerErrors' }
	| { kind: 'rateLimited'; retryAfter?: number }
	| { kind: 'noIndexer' }
	| { kind: 'noQuery' }
	| { kind: 'undated' }
	| { kind: 'delayed'; minutes: number; release?: ReleaseSetup }
	| { kind: 'clientDownParked'; release?: ReleaseSetup }
	| { kind: 'clientDownDropped'; release?: ReleaseSetup }
	| { kind: 'slow'; seconds: number; then?: Outcome }
	| { kind: 'fails'; exception?: string };

export interface ScriptOptions {
	/** How many searches it holds for; all unless given. */
	times?: number;
}

export type FaultKind =
	| 'html'
	| 'emptyList'
	| 'halfList'
	| 'cutBody'
	| 'wrongApp'
	| 'otherInstance'
	| '401'
	| '404'
	| '414'
	| '429'
	| '500'
	| '502'
	| '504'
	| '503starting'
	| 'databaseLocked'
	| 'endless'
	| 'badRecord'
	| 'badId'
	| 'redirect'
	| 'loginPage'
	| 'reset'
	| 'resetAfterHeaders'
	| 'delay'
	| 'slowBody'
	| 'proxy404'
	| 'proxy404json'
	| 'noRecord'
	| 'answer';

export interface FaultSetup {
	kind: FaultKind;
	match?: { method?: string; /** Regular expression over path and query. */ path?: string };
	/** How many requests it hits; all until cleared unless given. */
	times?: number;
	/** Requests that match and are let through first. */
	skip?: number;
	/** Whole records sent before the body breaks (`cutBody`, `endless`, `resetAfterHeaders`). */
	afterRecords?: number;
	/** Records left out (`noRecord`), broken (`badRecord`, `badId`): by `id`, else the first. */
	ids?: number[];
	/** Field that gets a wrong type in `badRecord`; `title` or the first text unless given. */
	field?: string;
	/** Real milliseconds (`delay`, `slowBody` between chunks). */
	delayMs?: number;
	retryAfter?: number;
	/** Target of `redirect`. */
	location?: string;
	/** `answer`: this, as it is. */
	status?: number;
	headers?: Record<string, string>;
	body?: string;
}

export interface RequestLog {
	order: number;
	at: number;
	realAt: number;
	method: string;
	path: string;
	/** As sent, with the query. */
	target: string;
	query: Record<string, string[]>;
	headers: Record<string, string>;
	status: number | null;
	bytes: number;
	fault: FaultKind | null;
}

export interface ReceivedCommand {
	at: number;
	realAt: number;
	body: Json;
	headers: Record<string, string>;
	name: string;
	/** null where it was refused. */
	commandId: number | null;
	merged: boolean;
	status: number;
	/** Whether this search was allowed, as it was right before it was taken up; null for other commands. */
	allowed: Allowed | null;
}

export interface IndexerRequest {
	at: number;
	kind: 'search' | 'rss' | 'fetch' | 'test';
	query: string;
	ok: boolean;
	searchId: number | null;
}

export interface IndexerSearch {
	id: number;
	at: number;
	commandId: number | null;
	/** What was asked for, as in the progress message. */
	label: string;
	episodeIds: number[];
	movieId: number | null;
	interactive: boolean;
	requests: number;
}

export interface IndexerReport {
	id: number;
	name: string;
	/** In units: one per indexer search that reached it. */
	units: number;
	searches: IndexerSearch[];
	requests: IndexerRequest[];
}

export interface HoldSetup {
	path: string;
	method?: string;
	/** `request`: before the application sees it; `answer`: done, but not answered (default). */
	at?: 'request' | 'answer';
	times?: number;
}

export interface RestartOptions {
	/** Virtual time for which connections are refused (0: up again before the call returns). */
	downMs?: number;
	/** Virtual time in which dead commands still read `started` (default 100). */
	settleMs?: number;
	/** The command table is lost, as after a restored backup. */
	loseCommands?: boolean;
	/** The application comes back as another version. */
	version?: string;
}

export interface TruthOptions {
	/** Default 12 h. */
	graceMs?: number;
	specials?: boolean;
	qualityUpgrades?: boolean;
	formatUpgrades?: boolean;
}

export type Why =
	| 'wanted'
	| 'unmonitored'
	| 'series-unmonitored'
	| 'special'
	| 'no-air-date'
	| 'unaired'
	| 'not-available'
	| 'within-grace'
	| 'has-file'
	| 'no-file'
	| 'cutoff-met'
	| 'below-cutoff'
	| 'upgrades-off'
	| 'score-reached'
	| 'score-below'
	| 'quality-first'
	| 'scene-undated'
	| 'no-query'
	| 'year-unknown';

export interface TruthItem {
	/** Natural key: `tvdb:900001|1|2`, `tvdb:9001|scene:7000001`, `tmdb:900001`, `foreign:<id>`. */
	key: string;
	arrId: number;
	kind: 'episode' | 'movie';
	seriesId: number;
	season: number;
	number: number;
	fileId: number;
	monitored: boolean;
	gap: boolean;
	qualityUpgrade: boolean;
	formatUpgrade: boolean;
	why: { gap: Why; quality: Why; format: Why };
}

export interface Truth {
	at: number;
	items: TruthItem[];
	gaps: number;
	qualityUpgrades: number;
	formatUpgrades: number;
	/** What the application's own lists would say; null where it has none. */
	wantedMissing: number | null;
	wantedCutoff: number | null;
}

export interface Allowed {
	allowed: boolean;
	/** Text codes of everything that speaks against it. */
	against: string[];
	searched: number | null;
	searchingNow: boolean;
	inQueue: boolean;
}

export interface DownloadChange {
	state?: DownloadState;
	fate?: Fate;
	/** Virtual moment it is done. */
	doneAt?: number;
}

export interface NewSeries {
	title?: string;
	tvdbId?: number;
	kind?: 'standard' | 'daily' | 'anime';
	monitored?: boolean;
	seasons?: { number: number; episodes: number; monitored?: boolean }[];
	/** First air date; one episode a week from there. */
	firstAired?: number;
	profile?: string;
	tags?: string[];
	runtime?: number;
}

export interface NewEpisode {
	seriesId: number;
	season: number;
	number?: number;
	airs?: number | null;
	monitored?: boolean;
	title?: string;
	withFile?: string;
}

export interface NewMovie {
	title?: string;
	tmdbId?: number;
	year?: number;
	monitored?: boolean;
	status?: 'tba' | 'announced' | 'inCinemas' | 'released';
	minimumAvailability?: 'tba' | 'announced' | 'inCinemas' | 'released';
	inCinemas?: number | null;
	digital?: number | null;
	physical?: number | null;
	profile?: string;
	tags?: string[];
	/** Whisparr 3: a scene of this studio (null: none). */
	scene?: { studio?: string | null; releaseDate?: number | null; known?: boolean };
	/** Quality name of a file it has. */
	withFile?: string;
}

export interface RpcRequest {
	method: string;
	instance?: string;
	params: JsonObject;
}

export interface SnapshotFile {
	id: number;
	quality: number;
	revision: number;
	score: number;
	size: number;
	group: string;
}

export interface Snapshot {
	at: number;
	version: string;
	startTime: number;
	series: {
		id: number;
		tvdbId: number;
		title: string;
		kind: string;
		status: string;
		monitored: boolean;
		profileId: number;
		tags: string[];
		rootFolder: string;
		runtime: number;
		seasons: { number: number; monitored: boolean }[];
		episodes: {
			id: number;
			key: string;
			season: number;
			number: number;
			tvdbId: number;
			airs: number | null;
			monitored: boolean;
			searched: number | null;
			file: SnapshotFile | null;
		}[];
	}[];
	movies: {
		id: number;
		key: string;
		title: string;
		year: number;
		status: string;
		monitored: boolean;
		available: boolean;
		profileId: number;
		tags: string[];
		searched: number | null;
		isScene: boolean;
		file: SnapshotFile | null;
	}[];
	profiles: {
		id: number;
		name: string;
		upgradeAllowed: boolean;
		cutoff: number;
		cutoffFormatScore: number;
	}[];
	indexers: {
		id: number;
		name: string;
		automatic: boolean;
		level: number;
		blockedUntil: number | null;
		tags: string[];
	}[];
	downloads: {
		id: string;
		clientId: number;
		title: string;
		state: string;
		importState: string;
		episodeIds: number[];
		movieId: number;
		doneAt: number | null;
	}[];
	pending: { title: string; reason: string; until: number; episodeIds: number[]; movieId: number }[];
	history: number;
	lastCommandId: number;
}

export interface WebhookDelivery {
	at: number;
	notificationId: number;
	event: string;
	status: number | null;
	dropped: boolean;
}

export interface ProfileChange {
	/** Name of the profile. */
	profile: string;
	upgradeAllowed?: boolean;
	/** Name of a quality or a group. */
	cutoff?: string;
	cutoffFormatScore?: number;
	minFormatScore?: number;
	/** Custom format name to score. */
	scores?: Record<string, number>;
}
