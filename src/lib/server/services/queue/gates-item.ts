/** Words for an item's own facts. Whether they hold was decided by the database; see `plan-items.ts`. */
import type { ItemFacts } from '../../db/queries/plan-items';
import type { ConnectorFacts } from './facts';
import type { Ask, GateAnswer } from './gates';

/** Confirmed, monitored, available, and still what discovery found. A user's search needs no more than the first three. */
export function wantedGate(_: ConnectorFacts, item: ItemFacts, ask: Ask): GateAnswer {
	if (item.presence === 'deleted') return closed('It is gone from the application.');
	if (item.presence === 'unconfirmed') return closed('The application did not list it the last time.');
	if (!item.monitored) return closed('It is not monitored.');
	if (ask.byUser)
		return item.available ? open('Monitored and available.') : closed('It is not available yet.');
	if (item.wantedOpen) return open(WANTED_WORDS[item.reason]);
	if (!item.available) return closed('It is not available yet.');
	return closed(
		item.wantedId === null ? 'Nothing is wanted of it.' : 'Its file has changed; the next sweep looks again.',
	);
}

const WANTED_WORDS: Readonly<Record<ItemFacts['reason'], string>> = {
	gap: 'Monitored, available and without a file.',
	quality: 'Its file is below the quality cutoff.',
	format: 'Its format score is below the cutoff.',
};

export function excludedGate(item: ItemFacts): GateAnswer {
	switch (item.excludedBy) {
		case null:
			return open('Not excluded.');
		case 'item':
			return closed('You excluded it.');
		case 'season':
			return closed('You excluded its season.');
		case 'series':
			return closed('You excluded its series.');
	}
}

export function graceGate(item: ItemFacts): GateAnswer {
	if (item.graceOpen || item.graceUntil === null) return open('Out long enough to be searched.');
	return { ...closed('It is too new: indexers need some time first.'), until: item.graceUntil };
}

/** A download that is unknown cannot be excluded: while the arr's queue was not read, nothing is sent. */
export function inFlightGate(facts: ConnectorFacts, item: ItemFacts): GateAnswer {
	switch (item.inFlight) {
		case 'searching':
			return closed('It is being searched.');
		case 'grabbed':
			return closed('It was grabbed and is on its way.');
		case 'parked':
			return closed('A release was found and waits in the queue of the application.');
		case 'downloading':
			return closed('It is in the queue of the application.');
		case 'grabbed_elsewhere':
			return closed('The application grabbed it without us; it is on its way.');
		case null:
			return facts.queueKnown ? open('Nothing of it is on its way.') : closed(queueUnknown(facts));
	}
}

export function stateGate(item: ItemFacts, now: Date): GateAnswer {
	if (item.stateOpen) return open(item.attempts === 0 ? 'Not searched yet.' : 'Its rest is over.');
	const until = item.stateUntil === null || item.stateUntil <= now ? {} : { until: item.stateUntil };
	if (item.exhaustedBy === 'user') return closed('You gave it up.');
	return { ...closed(restWords(item)), ...until };
}

const REST_WORDS: Readonly<Record<string, string>> = {
	after_season: 'Its season was searched; it rests a day.',
	after_import: 'It was imported not long ago; it rests before it is improved again.',
	not_searched: 'No indexer could be asked for it; it rests a day.',
	inconclusive: 'The last search proved nothing; it rests until the cause is over.',
	error: 'The last search failed; it rests a day.',
	lost: 'What came of the last search is not known; it rests a day.',
	merged: 'Another search of it was already under way; it rests a day.',
	removed: 'You took it out of the line; it rests a day.',
	parked_gone: 'The release that waited was not grabbed; it rests a day.',
	download_failed: 'The download failed; it rests a day.',
	download_vanished: 'The download vanished; it rests a day.',
};

function restWords(item: ItemFacts): string {
	if (item.state === 'exhausted') return `Given up after ${item.attempts} attempts; it rests for long.`;
	if (item.state === 'failed') return 'It cannot be searched: no indexer was asked three times in a row.';
	const told = item.restReason === null ? undefined : REST_WORDS[item.restReason];
	return told ?? 'It rests after its last search.';
}

function queueUnknown({ queueReadAt }: ConnectorFacts): string {
	if (queueReadAt === null) return 'The queue of the application was not read yet.';
	const at = queueReadAt.toISOString().slice(0, 16).replace('T', ' ');
	return `The queue of the application was not read since ${at} UTC.`;
}

const open = (detail: string): GateAnswer => ({ open: true, detail });
const closed = (detail: string): GateAnswer => ({ open: false, detail });
