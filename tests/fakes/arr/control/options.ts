// What an instance is made of: the options of `create`.
import type { Kind, Runtime } from '../kinds.ts';
import type { IndexerAnswer } from '../state/model.ts';

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
