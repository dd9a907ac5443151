/** The evidence of a dispatch in plain sentences: what proves its outcome, or names the cause. */
import * as v from 'valibot';
import type { Outcome, Strength } from './words';

const evidenceSchema = v.object({
	proof: v.optional(v.nullable(v.string()), null),
	cause: v.optional(v.nullable(v.string()), null),
	complaints: v.optional(v.array(v.object({ source: v.string(), message: v.optional(v.string(), '') })), []),
	detail: v.optional(v.nullable(v.string()), null),
	exception: v.optional(v.nullable(v.string()), null),
	/** What it found was parked, and taken only after the search. */
	late: v.optional(v.boolean(), false),
});

const PROOFS: Readonly<Record<string, string>> = {
	history: 'The history of the application has the grab, inside the time of this search.',
	queue: 'The release waits in the queue of the application.',
	command: 'The command itself tells it.',
	last_search_time: 'The last search time of the item tells whether an indexer was asked.',
	duration: 'The time the search took tells whether an indexer was asked.',
	health: 'The health of the application tells it.',
	message: 'Releases were seen while the search ran.',
};
const CAUSES: Readonly<Record<string, string>> = {
	interrupted: 'The application was restarted in the middle of the search.',
	indexers_failed: 'Every indexer failed to answer.',
	client_away: 'No download client answered, so a find would have been dropped.',
	end_not_seen: 'The end of the search was not seen in time.',
	no_indexer: 'No indexer could be used.',
	parked_delay: 'A delay profile holds the release back.',
	parked_client: 'The download client is away; the release waits.',
	command_failed: 'The application reported that the command failed.',
	no_answer: 'The application knows nothing of the command any more.',
};

/** A parked release that was taken in the end. */
const LATE_PROOF = 'The history of the application has the grab of the release that this search had found.';
const LATE_CAUSES: Readonly<Record<string, string>> = {
	parked_delay: 'A delay profile held it back until then.',
	parked_client: 'It waited until a download client was there again.',
};

/** Why a search was taken back before anything was sent. */
const WITHDRAWN: Readonly<Record<string, string>> = {
	gone: 'It is gone from the application.',
	another_item: 'The application has another item in its place.',
	unmonitored: 'It is not monitored any more.',
	not_available: 'It is not available yet.',
	not_searchable: 'The application has no way to search for it.',
	file_changed: 'Its file has changed meanwhile.',
	searched_recently: 'It was searched not long ago.',
	in_flight: 'It is already on its way.',
	indexer: 'No indexer can be asked.',
	download_client: 'No download client takes what is found.',
	lanes_busy: 'The application is busy with other work.',
	just_started: 'The application has just started.',
	another_application: 'Another application answers at this address.',
	too_late: 'Its moment had passed.',
	stopped: 'Searching was stopped right before it.',
	lock_lost: 'Another process had taken over.',
	interrupted: 'We were stopped before it was sent.',
	never_arrived: 'It never reached the application.',
};

/** Where the application could not be asked, the reason is the code of that error. */
export const withdrawnSentence = (reason: string): string =>
	WITHDRAWN[reason] ?? 'The application could not be asked right before it.';

interface Proven {
	outcome: Outcome | null;
	provisional: Outcome | null;
	strength: Strength | null;
	evidence: Record<string, unknown> | null;
	releasesSeen: number | null;
}

/** Empty while nothing is known. */
export function proofSentences(row: Proven): string[] {
	const parsed = v.safeParse(evidenceSchema, row.evidence ?? {});
	if (!parsed.success) return [];
	const { proof, cause, complaints, detail, exception, late } = parsed.output;
	if (row.outcome === 'withdrawn') return cause === null ? [] : [withdrawnSentence(cause)];
	const known = row.outcome ?? row.provisional;
	return [
		known === null || proof === null ? null : late ? LATE_PROOF : (PROOFS[proof] ?? null),
		cause === null ? null : ((late ? LATE_CAUSES : CAUSES)[cause] ?? null),
		...complaints.map((complaint) => complaint.message),
		exception === null ? null : firstLine(exception),
		row.releasesSeen === null || row.outcome === 'grabbed' ? null : releases(row.releasesSeen),
		detail,
		row.provisional !== null && row.outcome === null
			? 'Provisional: health is read once more before this is final.'
			: null,
	].filter((sentence): sentence is string => sentence !== null && sentence !== '');
}

const firstLine = (text: string): string => text.split('\n')[0]?.slice(0, 300) ?? '';

const releases = (count: number): string =>
	count === 1 ? '1 release was seen and not taken.' : `${String(count)} releases were seen, none taken.`;
