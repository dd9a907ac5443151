// The kinds of application the fake can be, and the facts in which they differ.

export type Kind =
	| 'sonarr3'
	| 'sonarr4-old'
	| 'sonarr4'
	| 'sonarr5'
	| 'radarr3'
	| 'radarr4'
	| 'radarr5'
	| 'radarr6'
	| 'whisparr2'
	| 'whisparr3';
export type Family = 'sonarr' | 'radarr' | 'whisparr2' | 'whisparr3';
export type Runtime = 'net8' | 'net10';

export interface Traits {
	kind: Kind;
	family: Family;
	shape: 'series' | 'movie';
	appName: 'Sonarr' | 'Radarr' | 'Whisparr';
	version: string;
	runtime: Runtime;
	/** Nancy on Mono: comma lists, no camelCase errors, `clientUserAgent` from the normal header. */
	nancy: boolean;
	wanted: boolean;
	lastSearchTime: boolean;
	sortWhitelist: boolean;
	includeEpisodeFile: boolean;
	informativeMessages: boolean;
	commandResult: boolean;
	manyEventTypes: boolean;
	releaseSource: boolean;
	secretsMasked: boolean;
	importBlocked: boolean;
	skipRedownload: boolean;
	changeCategory: boolean;
	webhookHeaders: boolean;
	importComplete: boolean;
	uiBasic: boolean;
	movieFileLists: boolean;
	/** `MoviesSearch` reads all ids before it searches; else it loops and fails at the first unknown one. */
	batchCheckedFirst: boolean;
	unknownId: 'empty' | 'json' | 'problem';
	unknownCommand: 400 | 500;
	refusedFind: 'parked' | 'dropped';
	queueGrab: boolean;
	seasonOfUnknownSeries: 'completed' | 'failed';
	packRule: 'firstRefusal' | 'threshold';
	profileInUse: 400 | 500;
	tagWithoutLabel: 400 | 500;
	endedCommandsUnreadable: boolean;
	blocklistName: 'blocklist' | 'blacklist';
	/** A quality at or above its cutoff is never replaced by a better quality. */
	cutoffFinal: boolean;
	workers: number;
}

const NEW_SONARR: Traits = {
	kind: 'sonarr4',
	family: 'sonarr',
	shape: 'series',
	appName: 'Sonarr',
	version: '4.0.19.2979',
	runtime: 'net8',
	nancy: false,
	wanted: true,
	lastSearchTime: true,
	sortWhitelist: true,
	includeEpisodeFile: true,
	informativeMessages: true,
	commandResult: true,
	manyEventTypes: true,
	releaseSource: true,
	secretsMasked: true,
	importBlocked: true,
	skipRedownload: true,
	changeCategory: true,
	webhookHeaders: true,
	importComplete: true,
	uiBasic: true,
	movieFileLists: false,
	batchCheckedFirst: false,
	unknownId: 'json',
	unknownCommand: 500,
	refusedFind: 'dropped',
	queueGrab: true,
	seasonOfUnknownSeries: 'failed',
	packRule: 'firstRefusal',
	profileInUse: 400,
	tagWithoutLabel: 500,
	endedCommandsUnreadable: false,
	blocklistName: 'blocklist',
	cutoffFinal: true,
	workers: 3,
};

const OLD_SONARR: Traits = {
	...NEW_SONARR,
	kind: 'sonarr4-old',
	version: '4.0.0.748',
	sortWhitelist: false,
	includeEpisodeFile: false,
	lastSearchTime: false,
	informativeMessages: false,
	manyEventTypes: false,
	importBlocked: false,
	changeCategory: false,
	webhookHeaders: false,
	importComplete: false,
	cutoffFinal: false,
};

const RADARR: Traits = {
	...NEW_SONARR,
	kind: 'radarr6',
	family: 'radarr',
	shape: 'movie',
	appName: 'Radarr',
	version: '6.1.0.10373',
	runtime: 'net10',
	includeEpisodeFile: false,
	importComplete: false,
	uiBasic: false,
	movieFileLists: true,
	batchCheckedFirst: true,
	unknownId: 'problem',
	profileInUse: 500,
	tagWithoutLabel: 400,
	cutoffFinal: false,
};

const RADARR4: Traits = {
	...RADARR,
	kind: 'radarr4',
	version: '4.7.5.7809',
	runtime: 'net8',
	wanted: false,
	lastSearchTime: false,
	sortWhitelist: false,
	informativeMessages: false,
	manyEventTypes: false,
	secretsMasked: false,
	importBlocked: false,
	changeCategory: false,
	webhookHeaders: false,
	uiBasic: true,
	movieFileLists: false,
	batchCheckedFirst: false,
};

const NANCY = {
	nancy: true,
	commandResult: false,
	releaseSource: false,
	secretsMasked: false,
	skipRedownload: false,
};

const KINDS: Record<Kind, Traits> = {
	sonarr3: { ...OLD_SONARR, ...NANCY, kind: 'sonarr3', version: '3.0.10.1567' },
	'sonarr4-old': OLD_SONARR,
	sonarr4: NEW_SONARR,
	sonarr5: {
		...NEW_SONARR,
		kind: 'sonarr5',
		version: '5.0.0.10021',
		runtime: 'net10',
		uiBasic: false,
		unknownId: 'empty',
		unknownCommand: 400,
		refusedFind: 'parked',
		queueGrab: false,
		seasonOfUnknownSeries: 'completed',
		packRule: 'threshold',
		tagWithoutLabel: 400,
	},
	radarr3: { ...RADARR4, ...NANCY, kind: 'radarr3', version: '3.2.2.5080', blocklistName: 'blacklist' },
	radarr4: RADARR4,
	radarr5: { ...RADARR, kind: 'radarr5', version: '5.28.0.10274', runtime: 'net8', uiBasic: true },
	radarr6: RADARR,
	whisparr2: {
		...NEW_SONARR,
		kind: 'whisparr2',
		family: 'whisparr2',
		appName: 'Whisparr',
		version: '2.0.0.987',
		lastSearchTime: false,
		sortWhitelist: false,
		includeEpisodeFile: false,
		informativeMessages: false,
		manyEventTypes: false,
		importBlocked: false,
		changeCategory: false,
		webhookHeaders: false,
		importComplete: false,
		endedCommandsUnreadable: true,
		cutoffFinal: false,
	},
	whisparr3: {
		...RADARR,
		kind: 'whisparr3',
		family: 'whisparr3',
		appName: 'Whisparr',
		version: '3.2.0.1145',
	},
};

export function traitsOf(kind: Kind): Traits {
	return { ...KINDS[kind] };
}

export const ALL_KINDS = Object.keys(KINDS) as Kind[];
