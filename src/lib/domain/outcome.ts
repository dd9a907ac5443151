/**
 * What one search command led to: a pure function from facts to outcome, strength and evidence. A completed command
 * proves nothing by itself, so every outcome names the fact that proves it. All times here are the arr's own.
 */
import {
	allIndexersFailed,
	clientComplaints,
	newComplaints,
	noClientAnswers,
	noUsableIndexer,
} from './complaints';
import type { HealthFact } from './complaints';
import type { GrabFact, HealthAfter, OtherSearch, OutcomeFacts } from './outcome-facts';
import { releasesSeen } from './outcome-messages';
import type { Outcome, Strength } from './words';

export type * from './outcome-facts';

export type Cause =
	| 'interrupted'
	| 'indexers_failed'
	| 'client_away'
	| 'end_not_seen'
	| 'no_indexer'
	| 'parked_delay'
	| 'parked_client'
	| 'command_failed'
	| 'no_answer';

export type Proof = 'history' | 'queue' | 'command' | 'last_search_time' | 'duration' | 'health' | 'message';

export interface JudgedGrab extends GrabFact {
	claim: 'ours' | 'shared' | 'by_catch' | 'find';
}

export interface Verdict {
	outcome: Exclude<Outcome, 'withdrawn'>;
	strength: Strength;
	cause: Cause | null;
	proof: Proof;
	/** True until health was read again late enough: shown, not yet concluded. */
	provisional: boolean;
	grabs: JudgedGrab[];
	releasesSeen: number | null;
	/** Titles that wait in the arr's queue. */
	parkedTitles: string[];
	/** Found complaints that explain the outcome. */
	complaints: HealthFact[];
	closes: 'indexer' | 'download_client' | null;
}

/** Seconds of history around the command that still count as its own. */
export const MARGIN_MS = 2_000;
/** A Whisparr 2 search that took less asked nobody to the end. */
export const ASKED_AFTER_MS = 1_900;
/** Health is read again this long after the end of a search that shows nothing, */
export const FIRST_HEALTH_MS = 8_000;
/** and once more after this, when a download client's trouble must have shown. */
export const LAST_HEALTH_MS = 120_000;

/** The outcome as far as the facts go. */
export function judge(facts: OutcomeFacts): Verdict {
	const grabs = judgeGrabs(facts);
	const base = { grabs, releasesSeen: releasesSeen(facts.messages) };
	if (facts.merged) return firm({ ...base, outcome: 'merged', proof: 'command' });
	if (grabs.some((grab) => grab.claim === 'ours')) {
		return firm({ ...base, outcome: 'grabbed', proof: 'history', strength: grabStrength(facts) });
	}
	if (facts.command.end !== 'gone' && grabs.some((grab) => grab.claim === 'shared')) {
		return firm({ ...base, outcome: 'grabbed', proof: 'history', strength: 'shared' });
	}
	return withoutGrab(facts, base);
}

type Base = Pick<Verdict, 'grabs' | 'releasesSeen'>;

function withoutGrab(facts: OutcomeFacts, base: Base): Verdict {
	const parked = facts.parked.filter((row) => isWanted(facts, row.itemArrId));
	const first = parked[0];
	if (first !== undefined && facts.command.end !== 'failed') {
		const away = first.status === 'downloadClientUnavailable';
		const cause = away ? 'parked_client' : 'parked_delay';
		const closes = away ? 'download_client' : null;
		const parkedTitles = [...new Set(parked.map((row) => row.title))];
		return firm({ ...base, outcome: 'pending', proof: 'queue', cause, closes, parkedTitles });
	}
	switch (facts.command.end) {
		case 'failed':
		case 'aborted':
			return firm({ ...base, outcome: 'error', proof: 'command', cause: 'command_failed' });
		case 'orphaned':
			return firm({ ...base, outcome: 'inconclusive', proof: 'command', cause: 'interrupted' });
		case 'cancelled':
			return firm({ ...base, outcome: 'not_searched', proof: 'command' });
		case 'gone':
			return firm({ ...base, outcome: 'lost', proof: 'command', cause: 'no_answer', strength: 'weak' });
		case 'unreadable':
		case 'completed':
			return silent(facts, base);
	}
}

/** It ended without a find: was anybody asked, and does the silence mean anything? */
function silent(facts: OutcomeFacts, base: Base): Verdict {
	const asked = wasAsked(facts, base.releasesSeen);
	if (asked.answer === 'no' && !failedMeanwhile(facts, asked)) return notSearched(facts, base, asked);
	const trouble = troubleAfter(facts);
	if (trouble !== null) return firm({ ...base, ...trouble, outcome: 'inconclusive', proof: 'health' });
	if (asked.answer === 'unknown') {
		return firm({ ...base, outcome: 'inconclusive', proof: 'command', cause: 'end_not_seen' });
	}
	const overlapped = facts.others.some((other) => overlaps(facts, other));
	const strength = overlapped ? 'shared' : asked.strength;
	const quiet = firm({ ...base, outcome: 'nothing_found', proof: asked.proof, strength });
	return { ...quiet, provisional: !healthIsRead(facts, LAST_HEALTH_MS) };
}

function notSearched(facts: OutcomeFacts, base: Base, asked: Asked): Verdict {
	const complaint =
		noUsableIndexer(facts.healthBefore) ?? noUsableIndexer(facts.healthAfter.at(-1)?.issues ?? []);
	const verdict = firm({
		...base,
		outcome: 'not_searched',
		proof: asked.proof,
		strength: asked.strength,
		cause: complaint === null ? null : 'no_indexer',
		complaints: complaint === null ? [] : [complaint],
		closes: complaint === null ? null : 'indexer',
	});
	const restsOnHealth = asked.proof === 'duration' || asked.proof === 'health';
	return { ...verdict, provisional: restsOnHealth && !healthIsRead(facts, FIRST_HEALTH_MS) };
}

/** A search may also be too fast because every indexer refused its first request: health tells it afterwards. */
const failedMeanwhile = (facts: OutcomeFacts, asked: Asked): boolean =>
	asked.proof === 'duration' &&
	allIndexersFailed(facts.healthBefore) === null &&
	facts.healthAfter.some(
		(reading) => tellsOfIndexers(facts, reading) && allIndexersFailed(reading.issues) !== null,
	);

interface Asked {
	answer: 'yes' | 'no' | 'unknown';
	proof: Proof;
	strength: 'strong' | 'weak';
}

/** The ladder of proofs that an indexer was asked, best first. */
function wasAsked(facts: OutcomeFacts, seen: number | null): Asked {
	if (seen !== null && seen > 0) return { answer: 'yes', proof: 'message', strength: 'strong' };
	const { abilities, lastSearch, command } = facts;
	if (abilities.lastSearchTime && facts.trustLastSearchTime && lastSearch !== null) {
		const moved = isLater(lastSearch.after, lastSearch.before);
		const strength = moved && abilities.lastSearchTimeWeak ? 'weak' : 'strong';
		return { answer: moved ? 'yes' : 'no', proof: 'last_search_time', strength };
	}
	if (abilities.durationProof && facts.trustDuration) {
		if (command.durationMs === null) return { answer: 'unknown', proof: 'duration', strength: 'weak' };
		const asked = command.durationMs >= ASKED_AFTER_MS;
		return { answer: asked ? 'yes' : 'no', proof: 'duration', strength: 'strong' };
	}
	const before = noUsableIndexer(facts.healthBefore) !== null;
	const after = noUsableIndexer(facts.healthAfter.at(-1)?.issues ?? []) !== null;
	return { answer: before && after ? 'no' : 'yes', proof: 'health', strength: 'weak' };
}

/** A complaint after the search that takes the meaning from its silence. */
function troubleAfter(facts: OutcomeFacts): Pick<Verdict, 'cause' | 'complaints' | 'closes'> | null {
	const failedBefore = allIndexersFailed(facts.healthBefore) !== null;
	for (const reading of facts.healthAfter) {
		const { afterMs, issues, clientRows } = reading;
		const failed = tellsOfIndexers(facts, reading) ? allIndexersFailed(issues) : null;
		// An old complaint may outlive its cause; a search that went well takes it away within 6 s.
		const isAbout = failed !== null && (!failedBefore || afterMs >= FIRST_HEALTH_MS);
		if (isAbout) return { cause: 'indexers_failed', complaints: [failed], closes: 'indexer' };
		const away = newComplaints(clientComplaints(facts.healthBefore), clientComplaints(issues));
		// The complaint of before, while rows of a client are there (they go within 90 s), is an old one.
		const none = clientRows ? null : noClientAnswers(issues, facts.enabledClients);
		const complaints = none === null ? away : [none];
		if (complaints.length > 0) return { cause: 'client_away', complaints, closes: 'download_client' };
	}
	return null;
}

/**
 * A failure of this search's indexers is told within 6 s. Whatever turns up after a reading that came later than that
 * is about another search, or a feed: this one's silence keeps its meaning.
 */
const tellsOfIndexers = ({ healthAfter }: OutcomeFacts, { afterMs }: HealthAfter): boolean =>
	!healthAfter.some((earlier) => earlier.afterMs >= FIRST_HEALTH_MS && earlier.afterMs < afterMs);

const healthIsRead = (facts: OutcomeFacts, lateMs: number): boolean =>
	facts.healthAfter.some((reading) => reading.afterMs >= lateMs);

/** Whose each grab is: dated within the command, made by a user's search, and of an item it covers. */
function judgeGrabs(facts: OutcomeFacts): JudgedGrab[] {
	const seen = facts.command.end !== 'gone' && facts.command.end !== 'unreadable';
	const overlapped = seen && facts.others.some((other) => overlaps(facts, other));
	return facts.grabs
		.filter(
			(grab) => isCovered(facts, grab.itemArrId) && withinCommand(facts, grab.date) && bySearch(facts, grab),
		)
		.map((grab) => {
			const shared = overlapped || facts.others.some((other) => happenedDuring(grab.date, other));
			return { ...grab, claim: claimOf(facts, grab, shared) };
		});
}

function claimOf(facts: OutcomeFacts, grab: GrabFact, shared: boolean): JudgedGrab['claim'] {
	if (facts.merged) return 'find';
	if (!isWanted(facts, grab.itemArrId)) return 'by_catch';
	return shared ? 'shared' : 'ours';
}

const grabStrength = (facts: OutcomeFacts): Strength =>
	!facts.abilities.releaseSource || facts.command.end === 'gone' || facts.command.end === 'unreadable'
		? 'weak'
		: 'strong';

const bySearch = (facts: OutcomeFacts, grab: GrabFact): boolean =>
	!facts.abilities.releaseSource || grab.releaseSource === 'UserInvokedSearch';

/** Whole seconds on both sides, since that is all a command tells. */
function withinCommand(facts: OutcomeFacts, date: Date): boolean {
	const { started, ended } = facts.command;
	if (started === null) return false;
	const at = wholeSeconds(date);
	return at >= wholeSeconds(started) - MARGIN_MS && (ended === null || at <= wholeSeconds(ended) + MARGIN_MS);
}

function overlaps(facts: OutcomeFacts, other: OtherSearch): boolean {
	const { started, ended } = facts.command;
	if (started === null || other.started === null) return false;
	const beginsBeforeOurEnd = ended === null || wholeSeconds(other.started) <= wholeSeconds(ended);
	return beginsBeforeOurEnd && (other.ended === null || wholeSeconds(other.ended) >= wholeSeconds(started));
}

/** A grab within the span of somebody else's search of the same item may be theirs. */
function happenedDuring(date: Date, other: OtherSearch): boolean {
	if (other.started === null || wholeSeconds(date) < wholeSeconds(other.started)) return false;
	return other.ended === null || wholeSeconds(date) <= wholeSeconds(other.ended);
}

const isCovered = (facts: OutcomeFacts, arrId: number): boolean =>
	facts.items.some((item) => item.arrId === arrId);
const isWanted = (facts: OutcomeFacts, arrId: number): boolean =>
	facts.items.some((item) => item.arrId === arrId && item.wanted);
const isLater = (after: Date | null, before: Date | null): boolean =>
	after !== null && (before === null || wholeSeconds(after) > wholeSeconds(before));
const wholeSeconds = (date: Date): number => Math.floor(date.getTime() / 1000) * 1000;

type FirmInput = Base & Pick<Verdict, 'outcome' | 'proof'> & Partial<Verdict>;

/** A verdict that nothing read later can change. */
const firm = (verdict: FirmInput): Verdict => ({
	strength: 'strong',
	cause: null,
	provisional: false,
	complaints: [],
	parkedTitles: [],
	closes: null,
	...verdict,
});
