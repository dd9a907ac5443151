/** Records of library items and of why they are, or are not, searched. */
import type { Gate, ItemKind, NotWantedReason, SearchState, WantedReason } from '../words';
import type { SeasonDecision } from '../season-decision';
import type { ConnectorRef, GrabView, Scope } from './shared';
import type { DispatchView, EventView } from './searches';

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
	/** Everything that is mirrored, wanted or not. */
	mirrored: number;
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

export interface ItemDetail extends ItemRow {
	/** `seasonId`: our row of the season, for its page. */
	series: { title: string; seasonNumber: number; seasonId: number | null } | null;
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
	/** `upgrades`: the profile replaces a file by a better one. */
	profile: { name: string; cutoff: string; upgrades: boolean } | null;
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

/** One season with its episodes. */
export interface SeasonDetail {
	/** Our row id. */
	id: number;
	connector: ConnectorRef;
	/** The series' title. */
	series: string;
	number: number;
	/** `Paper Mountains · Season 1`. */
	title: string;
	arrUrl: string | null;
	monitored: boolean;
	present: boolean;
	excludedBy: 'season' | 'series' | null;
	/** In order. */
	episodes: ItemRow[];
	/** Whether one search stands for all; null while nothing of it is wanted. */
	decision:
		| (SeasonDecision & {
				/** Wanted episodes that could be searched now. */
				ready: number;
				/** Monitored and aired. */
				aired: number;
				/** What a season search needs at least, by the settings. */
				least: { wanted: number; share: number; orMoreThan: number };
		  })
		| null;
	/** What is remembered of searches of the season itself. */
	memory: { state: SearchState; attempts: number; until: Date | null; lastSearchAt: Date | null };
	/** Searches of the season itself, newest first. */
	searches: DispatchView[];
}

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
