/** Words for an item's own facts. Whether they hold was decided by the database; see `plan-items.ts`. */
import { isFresh } from '$lib/domain/cooldown';
import type { Judgement } from '$lib/domain/wanted';
import type { NotWantedReason } from '$lib/domain/words';
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
	if (item.wantedId !== null) return closed('Its file has changed; the next sweep looks again.');
	return unwantedGate(item, ask.judgement ?? null);
}

/** What discovery left out: the reason that it would give now. Switches and grace are gates of their own. */
function unwantedGate(item: ItemFacts, judgement: Judgement | null): GateAnswer {
	if (judgement === null)
		return closed(item.available ? 'Nothing is wanted of it.' : 'It is not available yet.');
	if (judgement.why === null) return closed('It is wanted now; the next sweep takes it up.');
	if (judgement.why === 'kind_off' || judgement.why === 'in_grace') return open('Monitored and available.');
	const until = judgement.until === null ? {} : { until: judgement.until };
	return { ...closed(NOT_WANTED_WORDS[judgement.why]), ...until };
}

const NOT_WANTED_WORDS: Readonly<Record<Exclude<NotWantedReason, 'kind_off' | 'in_grace'>, string>> = {
	gone_from_arr: 'It is gone from the application.',
	unconfirmed: 'The application did not list it the last time.',
	unreadable: 'What the application tells about it cannot be read.',
	unmonitored: 'It is not monitored.',
	series_unmonitored: 'Its series is not monitored.',
	special: 'It is a special, and specials are not searched here.',
	filtered: 'The filters of this connector leave it out.',
	no_air_date: 'It has no air date.',
	not_available: 'It is not available yet.',
	not_searchable: 'The application has no way to search for it.',
	upgrades_not_allowed: 'It has a file, and its quality profile allows no upgrades.',
	cutoff_met: 'Its file meets the cutoff.',
	shared_file: 'Another episode stands for the file they share.',
};

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

export function graceGate(item: ItemFacts, { judgement }: Ask): GateAnswer {
	if (item.wantedId === null && judgement?.why === 'in_grace') {
		const until = judgement.until === null ? {} : { until: judgement.until };
		return { ...closed('It is too new: indexers need some time first.'), ...until };
	}
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
			return facts.queueKnown ? open('Nothing of it is on its way.') : queueUnknownGate(facts);
	}
}

export function stateGate(item: ItemFacts, now: Date): GateAnswer {
	if (item.stateOpen) return open(noRestWords(item));
	const until = item.stateUntil === null || item.stateUntil <= now ? {} : { until: item.stateUntil };
	if (item.exhaustedBy === 'user') return closed('You gave it up.');
	return { ...closed(restWords(item, now)), ...until };
}

function noRestWords({ state, attempts, lastAttemptAt }: ItemFacts): string {
	if (state === 'grabbed') return 'Its last search found a release.';
	return attempts === 0 && lastAttemptAt === null ? 'Not searched yet.' : 'Its rest is over.';
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

function restWords(item: ItemFacts, now: Date): string {
	if (item.state === 'exhausted') return `Given up after ${item.attempts} attempts; it rests for long.`;
	if (item.state === 'failed') return 'It cannot be searched: no indexer was asked three times in a row.';
	if (item.restReason === 'cooldown') return waitWords(item, now);
	const told = item.restReason === null ? undefined : REST_WORDS[item.restReason];
	return told ?? (item.state === 'done' ? 'Its search is done.' : 'It rests after its last search.');
}

/** After a search without a find: how often it was tried, and how the wait grows. */
function waitWords({ attempts, availableAt }: ItemFacts, now: Date): string {
	const tried = attempts < 2 ? 'Searched without a find.' : `Searched ${attempts} times without a find.`;
	const wait = isFresh(availableAt, now)
		? 'What came out not long ago is tried again after a day or two.'
		: 'The wait doubles each time, from 7 to 90 days.';
	return `${tried} ${wait}`;
}

/** While the arr's queue is unknown. */
export function queueUnknownGate({ queueReadAt, queueUnknownUntil }: ConnectorFacts): GateAnswer {
	if (queueUnknownUntil !== null) {
		const detail = 'The application has just started; what it is downloading is not known yet.';
		return { ...closed(detail), until: queueUnknownUntil };
	}
	if (queueReadAt === null) return closed('The queue of the application was not read yet.');
	const at = queueReadAt.toISOString().slice(0, 16).replace('T', ' ');
	return closed(`The queue of the application was not read since ${at} UTC.`);
}

const open = (detail: string): GateAnswer => ({ open: true, detail });
const closed = (detail: string): GateAnswer => ({ open: false, detail });
