/** What many records of pages share: scopes, references, pages of lists. */
import type { ConnectorKind, ItemKind, TargetKind, GrabResult } from '../words';

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
	/** Our row of a season, for its page; null for anything else, and when the mirror lost it. */
	seasonId: number | null;
	title: string;
	/** Episode title, or `7 of 10 episodes`. */
	subtitle: string | null;
}

/** When the next search of a connector is due; `word` stands instead of a time. */
export interface NextSearch {
	at: Date | null;
	word: 'now' | 'observe' | 'stopped' | 'paused' | 'off' | 'nothing' | null;
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
