// What searches find, and how answers are spoilt.
import type { Fate } from '../state/model.ts';

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
