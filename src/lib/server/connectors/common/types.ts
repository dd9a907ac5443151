/**
 * What every arr connector gives to the rest of the product: our own records, never the application's JSON.
 * Services know these types and nothing of HTTP. Instants are `Date`; an absent value is `null`.
 */
import type { ConnectorKind, Shape } from '$lib/domain/words';

/** What can be relied on in this version (arr §16). */
export interface Capabilities {
	/** `lastSearchTime` is shown on episodes or movies. */
	lastSearchTime: boolean;
	/** `releaseSource` is in `grabbed` history rows; without it evidence is weak. */
	releaseSource: boolean;
	/** Which of the two headers comes back as `clientUserAgent`. */
	commandIdentity: 'UserAgent' | 'User-Agent';
	/** `/wanted/*` exists. */
	wantedTotals: boolean;
	/** Ended commands can be read by id after they left the list (not Whisparr 2 and some Sonarr 4.0.x). */
	endedCommandsReadable: boolean;
	/** A scene search that took less than 1.9 s asked nobody (Whisparr 2, arr §4.5). */
	durationProof: boolean;
	/** `lastSearchTime` moves even when no query was sent (Whisparr 3). */
	lastSearchTimeWeak: boolean;
	/** Several `movieId` in one `/moviefile` request. */
	movieFilesByManyIds: boolean;
	/** Above the quality cutoff only the same quality with a higher score is taken. */
	sameQualityAboveCutoff: boolean;
	/** A find is dropped, not parked, while its download client refuses. */
	dropsWhileClientAway: boolean;
}

/** Whose answers these are, from `/system/status` (arr §4.1). */
export interface Instance {
	application: string;
	kind: ConnectorKind;
	shape: Shape;
	version: string;
	major: number;
	instanceName: string;
	databaseType: string | null;
	authentication: string | null;
	urlBase: string;
	/** When the application started, by its own clock. */
	startTime: Date | null;
	/** The application's clock at this answer (HTTP `Date`), whole seconds. */
	now: Date;
	/** Distinguishes instances at one address: appData, startupPath and the like. */
	fingerprint: Record<string, string>;
	capabilities: Capabilities;
	/** Things to tell the user: unsupported or vulnerable version, no authentication. */
	notices: InstanceNotice[];
}
export interface InstanceNotice {
	code: 'unsupported_version' | 'vulnerable_version' | 'no_authentication' | 'weak_evidence';
	message: string;
}

/** A record of a list: readable, or only known to be present. */
export type ListItem<T> = { ok: true; record: T } | { ok: false; arrId: number; problem: string };
export interface ListSummary {
	/** 200, JSON, read to its end, every record had a readable id (design §4.2 "Offline is not empty"). */
	whole: boolean;
	count: number;
	unreadable: number;
	bytes: number;
	/** Tells one answer from another, byte by byte; only of a list small enough to be read at once. */
	digest?: string | undefined;
	/** The answer has the digest that was named: no record was looked at. */
	unchanged?: boolean;
}
/**
 * Comes in pages of what is at hand, a few hundred records at most: waiting for each one of a million took longer than
 * reading them. `summary()` may be asked once the iteration is over. Errors throw from it.
 */
export interface ListReading<T> extends AsyncIterable<readonly ListItem<T>[]> {
	/** Asks for it already, as soon as the application may be asked; whoever does so also iterates it or gives it up. */
	prepare?(): void;
	/** Not wanted any more. Does nothing once the iteration is over. */
	giveUp?(): void;
	summary(): ListSummary;
}

export interface SeasonAggregate {
	number: number;
	monitored: boolean;
	/** Absent statistics read as zeros (arr §4.2). */
	episodeFileCount: number;
	episodeCount: number;
	totalEpisodeCount: number;
	sizeOnDisk: number;
	nextAiring: Date | null;
	previousAiring: Date | null;
}
export interface SeriesRecord {
	arrId: number;
	tvdbId: number;
	title: string;
	sortTitle: string;
	titleSlug: string;
	status: string;
	monitored: boolean;
	/** standard, daily or anime; Whisparr 2 sites are `site`. */
	seriesType: string;
	qualityProfileArrId: number;
	rootFolder: string;
	tags: number[];
	/** Minutes. */
	runtime: number;
	year: number;
	network: string | null;
	added: Date | null;
	seasons: SeasonAggregate[];
}
export interface EpisodeRecord {
	arrId: number;
	seriesArrId: number;
	/** Sonarr: `<season>x<number>`; Whisparr 2: `t<tvdbId>` (design §4.2 "Identity"). */
	naturalKey: string;
	tvdbId: number | null;
	seasonNumber: number;
	/** Null in Whisparr 2. */
	episodeNumber: number | null;
	absoluteNumber: number | null;
	title: string;
	/** The instant; for Whisparr 2 the midnight UTC of `releaseDate`. */
	airDateUtc: Date | null;
	/** Local calendar date as the arr gives it, `YYYY-MM-DD`. */
	airDate: string | null;
	monitored: boolean;
	/** 0 = none. */
	fileArrId: number;
	lastSearchTime: Date | null;
	finaleType: string | null;
	/** Minutes; 0 = use the series' runtime. */
	runtime: number;
}
export interface FileRecord {
	arrId: number;
	/** Series or movie id in the arr. */
	ownerArrId: number;
	qualityId: number;
	qualityName: string;
	revisionVersion: number;
	revisionReal: number;
	/** Null where the answer does not show it (Radarr's `/movie`). */
	formatScore: number | null;
	/** The arr's own verdict, compared with ours and reported if it differs. */
	cutoffNotMet: boolean | null;
	size: number;
	dateAdded: Date | null;
	releaseGroup: string | null;
	sceneName: string | null;
}
export interface MovieRecord {
	arrId: number;
	/** Radarr: `tmdb:<id>`; Whisparr 3: `foreign:<foreignId>`. */
	naturalKey: string;
	tmdbId: number | null;
	stashId: string | null;
	itemType: 'movie' | 'scene';
	title: string;
	sortTitle: string;
	titleSlug: string;
	year: number;
	status: string;
	monitored: boolean;
	isAvailable: boolean;
	/** Earliest date from which it counts as released, as far as the arr tells. */
	releaseDate: Date | null;
	studio: string | null;
	qualityProfileArrId: number;
	rootFolder: string;
	tags: number[];
	runtime: number;
	fileArrId: number;
	file: FileRecord | null;
	lastSearchTime: Date | null;
	added: Date | null;
	/** Why no search of it can send a query, if so (design §4.3); `no_query`: the search settings make none. */
	notSearchable: 'undated' | 'unknown_studio' | 'no_year' | 'no_query' | null;
}
export type HistoryEvent =
	| 'grabbed'
	| 'imported'
	| 'folder_imported'
	| 'download_failed'
	| 'file_deleted'
	| 'renamed'
	| 'ignored'
	| 'other';
export interface HistoryRecord {
	arrId: number;
	/** Episode or movie id in the arr. */
	itemArrId: number;
	seriesArrId: number | null;
	event: HistoryEvent;
	date: Date;
	sourceTitle: string;
	downloadId: string | null;
	releaseSource: string | null;
	qualityId: number;
	qualityName: string;
	formatScore: number | null;
	indexer: string | null;
	downloadClient: string | null;
	/** `file_deleted`: Upgrade, Manual, MissingFromDisk; `download_failed`: the message. Secrets never. */
	reason: string | null;
	fileArrId: number | null;
	releaseGroup: string | null;
	size: number | null;
}
export interface QueueRecord {
	arrId: number;
	itemArrId: number | null;
	seriesArrId: number | null;
	seasonNumber: number | null;
	title: string;
	/** queued, downloading, completed, warning, delay, downloadClientUnavailable, fallback, … */
	status: string;
	trackedState: string | null;
	trackedStatus: string | null;
	errorMessage: string | null;
	statusMessages: string[];
	downloadId: string | null;
	downloadClient: string | null;
	indexer: string | null;
	protocol: string | null;
	size: number;
	sizeLeft: number;
	estimatedCompletion: Date | null;
	added: Date | null;
}
export interface CommandRecord {
	id: number;
	name: string;
	status: 'queued' | 'started' | 'completed' | 'failed' | 'aborted' | 'cancelled' | 'orphaned' | 'unknown';
	message: string | null;
	exception: string | null;
	clientUserAgent: string | null;
	trigger: string | null;
	queued: Date | null;
	started: Date | null;
	ended: Date | null;
	durationMs: number | null;
	body: {
		episodeIds: number[];
		movieIds: number[];
		seriesId: number | null;
		seasonNumber: number | null;
	};
}
/** An answer to "this one, please": the record, or its proven absence (design §4.2: only with `X-Application-Version`). */
export type Read<T> = { found: true; record: T } | { found: false };
/** `unreadable`: it exists and has ended, but the application fails to read it (arr §8.6). */
export type CommandRead =
	{ state: 'found'; command: CommandRecord } | { state: 'unknown' } | { state: 'unreadable' };

export interface HealthIssue {
	source: string;
	type: 'notice' | 'warning' | 'error';
	message: string;
	/** The part of `wikiUrl` behind `#`. */
	fragment: string;
}
export interface IndexerRecord {
	arrId: number;
	name: string;
	automaticSearch: boolean;
	/** Asked for an anime season as a whole, beside its episodes (arr §9.3). */
	animeSeasonQuery: boolean;
	rss: boolean;
	tags: number[];
	protocol: string;
	priority: number;
}
export interface DownloadClientRecord {
	arrId: number;
	name: string;
	enabled: boolean;
	protocol: string;
	implementation: string;
	tags: number[];
	category: string | null;
}
export interface DelayProfileRecord {
	arrId: number;
	order: number;
	enableUsenet: boolean;
	enableTorrent: boolean;
	usenetDelayMinutes: number;
	torrentDelayMinutes: number;
	tags: number[];
}
export interface QualityProfileRecord {
	arrId: number;
	name: string;
	upgradeAllowed: boolean;
	minFormatScore: number;
	cutoffFormatScore: number;
	minUpgradeFormatScore: number;
	/** Worst to best; members of a group share a rank. */
	qualities: { id: number; name: string; rank: number; allowed: boolean }[];
	/** Rank of the effective cutoff: `cutoff`, or the first allowed quality if upgrades are off (arr §5.2). */
	effectiveCutoffRank: number;
	/** Rank of `cutoff` as configured. */
	cutoffRank: number;
	cutoffName: string;
	/** Changes when scores or formats change: files of the profile are then re-read at a trickle. */
	formatsHash: string;
}
export interface LabelRecord {
	arrId: number;
	label: string;
}

/** What one search command asks for. */
export type SearchCommand =
	| { kind: 'episode'; episodeArrId: number }
	| { kind: 'season'; seriesArrId: number; seasonNumber: number }
	| { kind: 'movie'; movieArrId: number };

/** One client per configured connector. Every method can throw `ArrError` (errors.ts); each takes an optional signal. */
export interface ArrClient {
	readonly kind: ConnectorKind;
	/** HTTP requests made so far; a sync reports the difference. */
	readonly requestCount: number;
	status(signal?: AbortSignal): Promise<Instance>;
	wantedTotals(signal?: AbortSignal): Promise<{ missing: number | null; cutoffUnmet: number | null }>;
	health(signal?: AbortSignal): Promise<HealthIssue[]>;
	qualityProfiles(signal?: AbortSignal): Promise<QualityProfileRecord[]>;
	customFormats(signal?: AbortSignal): Promise<LabelRecord[]>;
	tags(signal?: AbortSignal): Promise<LabelRecord[]>;
	indexers(signal?: AbortSignal): Promise<IndexerRecord[]>;
	downloadClients(signal?: AbortSignal): Promise<DownloadClientRecord[]>;
	delayProfiles(signal?: AbortSignal): Promise<DelayProfileRecord[]>;
	rootFolders(signal?: AbortSignal): Promise<LabelRecord[]>;
	/** All rows, pending releases and unknown items included, read by `totalRecords` (arr §10.3). */
	queue(signal?: AbortSignal): Promise<QueueRecord[]>;
	/** Inclusive, oldest first. */
	historySince(date: Date, signal?: AbortSignal): ListReading<HistoryRecord>;
	/** Newest first, unfiltered; `page` from 1. */
	historyPage(page: number, pageSize: number, signal?: AbortSignal): Promise<HistoryRecord[]>;
	/** `grabbed` rows of one item or season, newest first (`/history/series|movie`). */
	historyOfItem(
		item: { seriesArrId: number; seasonNumber: number } | { movieArrId: number },
		signal?: AbortSignal,
	): Promise<HistoryRecord[]>;

	commands(signal?: AbortSignal): Promise<CommandRecord[]>;
	command(id: number, signal?: AbortSignal): Promise<CommandRead>;
	/** POST /command. Sent once: no retry of any kind. `onWritten` is called right before the request is written. */
	search(command: SearchCommand, dispatchId: string, signal?: AbortSignal): Promise<CommandRecord>;

	/**
	 * Series-shaped only (throws `not_this_shape` otherwise). `known`: digest of an earlier answer; the same one again is
	 * told as `unchanged`, without records.
	 */
	listSeries(signal?: AbortSignal, known?: string): ListReading<SeriesRecord>;
	getSeries(arrId: number, signal?: AbortSignal): Promise<Read<SeriesRecord>>;
	listEpisodes(seriesArrId: number, signal?: AbortSignal, known?: string): ListReading<EpisodeRecord>;
	listEpisodeFiles(seriesArrId: number, signal?: AbortSignal, known?: string): ListReading<FileRecord>;
	/** With its file, if it has one. */
	getEpisode(
		arrId: number,
		signal?: AbortSignal,
	): Promise<Read<{ episode: EpisodeRecord; file: FileRecord | null; seriesMonitored: boolean }>>;

	/** Movies-shaped only. Radarr: `/movie?excludeLocalCovers=true`; Whisparr 3: `/movie/list` + `POST /movie/bulk` in chunks of 1,000. */
	listMovies(signal?: AbortSignal, known?: string): ListReading<MovieRecord>;
	/** Whisparr 3: all ids (`/movie/list`); Radarr: null, read the list. */
	listMovieIds(signal?: AbortSignal): Promise<number[] | null>;
	/** Whisparr 3 by `/movie/bulk`; Radarr one by one. Ids without an answer are left out. */
	getMovies(arrIds: number[], signal?: AbortSignal): ListReading<MovieRecord>;
	/** Whisparr 3 reads by what the natural key names, never by id (its cache may be stale). */
	getMovie(ref: { arrId: number; naturalKey: string }, signal?: AbortSignal): Promise<Read<MovieRecord>>;
	/** With scores; chunks the ids so that no URL is over 8,000 bytes. */
	listMovieFiles(movieArrIds: number[], signal?: AbortSignal): ListReading<FileRecord>;
}
