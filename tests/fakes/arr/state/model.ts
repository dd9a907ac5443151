// What an instance remembers. Ids are integers from 1 per table, growing, never reused.
import type { JsonObject } from '../json.ts';

export interface Season {
	number: number;
	monitored: boolean;
}

export interface Series {
	id: number;
	tvdbId: number;
	title: string;
	slug: string;
	kind: 'standard' | 'daily' | 'anime';
	status: 'continuing' | 'ended' | 'upcoming' | 'deleted';
	year: number;
	runtime: number;
	network: string;
	monitored: boolean;
	profileId: number;
	tags: number[];
	rootFolder: string;
	added: number;
	seasons: Season[];
	/** Extra alternate titles; they only make the record longer. */
	alternates: number;
	episodes: Episode[];
}

export interface Episode {
	id: number;
	seriesId: number;
	season: number;
	number: number;
	tvdbId: number;
	title: string | null;
	airs: number | null;
	monitored: boolean;
	fileId: number;
	searched: number | null;
	absolute: number | null;
	finale: 'season' | 'series' | null;
	/** Runtime of the episode itself; arr-wide rules use the series' runtime. */
	runtime: number;
}

export interface Movie {
	id: number;
	title: string;
	originalTitle: string | null;
	year: number;
	status: 'tba' | 'announced' | 'inCinemas' | 'released' | 'deleted';
	minimumAvailability: 'tba' | 'announced' | 'inCinemas' | 'released';
	inCinemas: number | null;
	digital: number | null;
	physical: number | null;
	monitored: boolean;
	profileId: number;
	tags: number[];
	rootFolder: string;
	runtime: number;
	tmdbId: number;
	fileId: number;
	searched: number | null;
	added: number;
	/** Whisparr 3 only. */
	scene: Scene | null;
}

export interface Scene {
	isScene: boolean;
	foreignId: string;
	releaseDate: number | null;
	studio: string | null;
	studioForeignId: string | null;
	performer: number | null;
}

export interface MediaFile {
	id: number;
	/** Series or movie id. */
	ownerId: number;
	season: number;
	quality: number;
	revision: number;
	repack: boolean;
	group: string;
	size: number;
	added: number;
	formats: readonly number[];
	/** Name given by an import; else it follows from the item. */
	name: string | null;
}

export interface ProfileItem {
	quality: number | null;
	group: number | null;
	name: string | null;
	members: number[];
	allowed: boolean;
}

export interface Profile {
	id: number;
	name: string;
	upgradeAllowed: boolean;
	cutoff: number;
	items: ProfileItem[];
	minFormatScore: number;
	cutoffFormatScore: number;
	minUpgradeFormatScore: number;
	scores: Record<number, number>;
}

export interface CustomFormat {
	id: number;
	name: string;
	pattern: string;
	by: 'title' | 'group';
}

export interface Tag {
	id: number;
	label: string;
}

export type IndexerAnswer = 'ok' | 'error' | '401' | '429' | '503' | 'reset' | 'timeout';

export interface Indexer {
	id: number;
	name: string;
	rss: boolean;
	automatic: boolean;
	interactive: boolean;
	protocol: 'torrent' | 'usenet';
	priority: number;
	tags: number[];
	answers: IndexerAnswer;
	retryAfter: number | null;
	/** Seconds one request takes. */
	latency: number;
	animeStandardFormatSearch: boolean;
	/** Answers text queries only. */
	textOnly: boolean;
	level: number;
	blockedUntil: number | null;
	firstFailure: number | null;
	lastRequest: number;
	fields: JsonObject[] | null;
}

export type DownloadState = 'paused' | 'queued' | 'downloading' | 'stalled' | 'completed' | 'failed' | 'gone';
export type Fate = 'import' | 'fail' | 'stall' | 'manual' | 'blockedById' | 'vanish' | 'partial' | 'hang';

export interface DownloadClient {
	id: number;
	name: string;
	enabled: boolean;
	reachable: boolean;
	implementation: 'QBittorrent' | 'TorrentBlackhole';
	protocol: 'torrent' | 'usenet';
	priority: number;
	tags: number[];
	addsPaused: boolean;
	category: string;
	failingSince: number | null;
	level: number;
	blockedUntil: number | null;
	fields: JsonObject[] | null;
}

export interface Release {
	title: string;
	indexerId: number;
	quality: number;
	revision: number;
	repack: boolean;
	formats: number[];
	group: string;
	size: number;
	protocol: 'torrent' | 'usenet';
	published: number;
	/** Covered episodes, or the movie. */
	episodeIds: number[];
	movieId: number;
	seriesId: number;
	season: number;
	pack: boolean;
	/** Forced rejections, on top of the real rules. */
	rejections: string[];
	matchedById: boolean;
	fate: Fate;
	downloadSeconds: number;
	/** Parked by a delay profile until then. */
	delayUntil: number | null;
	/** Was once kept as a pending release. */
	parked?: boolean;
}

export interface Download {
	id: string;
	clientId: number;
	release: Release;
	state: DownloadState;
	size: number;
	addedAt: number;
	doneAt: number;
	importState: 'downloading' | 'importPending' | 'importing' | 'importBlocked' | 'failedPending';
	messages: string[];
	notified: boolean;
	imported: number[];
}

export interface PendingRelease {
	id: number;
	release: Release;
	added: number;
	reason: 'delay' | 'downloadClientUnavailable' | 'fallback';
	until: number;
	rowKey: number;
}

export interface HistoryRow {
	id: number;
	date: number;
	event: HistoryEvent;
	episodeId: number;
	seriesId: number;
	movieId: number;
	title: string;
	quality: number;
	revision: number;
	repack: boolean;
	formats: readonly number[];
	downloadId: string | null;
	data: Record<string, string | null>;
}

export type HistoryEvent =
	| 'grabbed'
	| 'folderImported'
	| 'downloadFolderImported'
	| 'downloadFailed'
	| 'fileDeleted'
	| 'fileRenamed'
	| 'downloadIgnored'
	| 'diskScanImported';

export interface BlocklistRow {
	id: number;
	date: number;
	seriesId: number;
	movieId: number;
	episodeIds: number[];
	title: string;
	quality: number;
	revision: number;
	indexer: string;
	protocol: 'torrent' | 'usenet';
	message: string;
}

export interface Notification {
	id: number;
	name: string;
	url: string;
	method: 'POST' | 'PUT';
	username: string | null;
	password: string | null;
	headers: { key: string; value: string }[];
	tags: number[];
	switches: Record<string, boolean>;
	failingSince: number | null;
	level: number;
	blockedUntil: number | null;
	/** Virtual time a receiver takes to answer. */
	slowSeconds: number;
}

export interface DelayProfile {
	id: number;
	enableUsenet: boolean;
	enableTorrent: boolean;
	usenetDelay: number;
	torrentDelay: number;
	preferredProtocol: 'usenet' | 'torrent';
	bypassIfHighestQuality: boolean;
	order: number;
	tags: number[];
}

export interface Studio {
	id: number;
	title: string;
	foreignId: string;
	aliases: string[];
	monitored: boolean;
}

export interface Performer {
	id: number;
	name: string;
	foreignId: string;
	monitored: boolean;
}
