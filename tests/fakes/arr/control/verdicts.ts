// The fake's own reckoning and its whole state, as the client gets them.

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
