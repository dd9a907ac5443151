/** The last column of a list: why an item is or is not being searched, and until when, in one short sentence. */
import type { Tone } from '$lib/components/ui/variants';
import type { ConnectorRef, WhyFacts } from '$lib/domain/views';
import type { NotWantedReason } from '$lib/domain/words';
import { ordinal, type Format } from './format';

export interface WhyLine {
	text: string;
	tone: Tone | null;
}

const notWantedWords: Record<NotWantedReason, string> = {
	gone_from_arr: 'No longer listed',
	unconfirmed: 'Missing from the last list',
	unreadable: 'Its record cannot be read',
	unmonitored: 'Not monitored',
	series_unmonitored: 'The series is not monitored',
	special: 'Specials are switched off',
	filtered: 'Left out by a filter',
	no_air_date: 'No air date yet',
	not_available: 'Not available yet',
	in_grace: 'Grace time',
	not_searchable: 'Cannot be searched',
	kind_off: 'This kind of search is switched off',
	upgrades_not_allowed: 'The profile allows no upgrades',
	cutoff_met: 'Nothing is missing',
	shared_file: 'Its file holds several episodes',
};

/** What is on its way is not known, which is something else than a download under way. */
export const unread = (detail: string | null | undefined): boolean => /was not read/.test(detail ?? '');

const quiet = (text: string): WhyLine => ({ text, tone: null });

interface Subject {
	why: WhyFacts;
	connector: ConnectorRef;
	state: string;
}

export function whyLine({ why, connector, state }: Subject, format: Format, now: Date): WhyLine {
	const until = why.until === null ? '' : ` until ${format.long(why.until, now)}`;
	if (state === 'searching') return { text: watching(why, connector, format, now), tone: 'primary' };
	switch (why.gate) {
		case null:
			return quiet(why.notWanted === null ? 'Nothing is missing' : notWantedWords[why.notWanted]);
		case 'connector_enabled':
			return quiet(`${connector.name} is disabled`);
		case 'mode_active':
			return { text: `${connector.name} only observes`, tone: 'info' };
		case 'not_paused':
			return { text: 'Searches are paused', tone: 'warning' };
		case 'reachable':
			return unreachable(why.detail, connector.name);
		case 'kind_enabled':
			return quiet('This kind of search is switched off');
		case 'search_window':
			return quiet(`Outside the search window${until}`);
		case 'wanted':
			return quiet(notWantedWords[why.notWanted ?? 'cutoff_met']);
		case 'not_excluded':
			return quiet('Excluded by you');
		case 'grace_and_delay':
			return quiet(`Grace time${until}`);
		case 'not_in_flight':
			if (unread(why.detail)) return quiet('Waits until downloads were read');
			return quiet(
				why.progress === null
					? 'A download is under way'
					: `Downloading, ${String(Math.floor(why.progress * 100))}%`,
			);
		case 'not_covered_by_season':
			return quiet('Its season is being searched');
		case 'state':
			return quiet(resting(state, why, format, now));
		case 'usable_indexer':
			return { text: `No usable indexer${nextTry(why, format, now)}`, tone: 'warning' };
		case 'download_client':
			return { text: `No download client answers${nextTry(why, format, now)}`, tone: 'warning' };
		case 'budget_and_spacing':
			if (why.position !== null || why.estimateAt !== null) return quiet(inLine(why, format, now));
			// then the connector sends again, and not this item yet
			return quiet(
				why.until === null
					? 'Budget or spacing'
					: `Waits its turn, next search ${format.moment(why.until, now)}`,
			);
		case 'turn':
			return quiet(inLine(why, format, now));
	}
}

/** Short enough for a column; the panel says it whole. */
export function unreachable(detail: string | null, name: string): WhyLine {
	const told = detail ?? '';
	if (/for the first time/.test(told)) return quiet(`${name} is still being read`);
	const text = /refuses the API key/.test(told)
		? `${name} refuses its key`
		: /entered again/.test(told)
			? `${name} needs its key again`
			: /until you decide/.test(told)
				? `${name} waits for your decision`
				: `${name} cannot be reached`;
	return { text, tone: 'destructive' };
}

function watching(why: WhyFacts, connector: ConnectorRef, format: Format, now: Date): string {
	if (why.searchingSince === null) return `Watching ${connector.name}`;
	return `Watching ${connector.name}, ${format.duration(now.getTime() - why.searchingSince.getTime())}`;
}

function resting(state: string, why: WhyFacts, format: Format, now: Date): string {
	const until = why.until === null ? null : format.long(why.until, now);
	if (state === 'exhausted') return until === null ? 'Rests until you revive it' : `Rests until ${until}`;
	if (state === 'failed') return until === null ? 'Until it changes' : `Until it changes, or ${until}`;
	return until === null ? 'Rests' : `Until ${until}`;
}

const nextTry = (why: WhyFacts, format: Format, now: Date): string =>
	why.until === null ? '' : `, next try ${format.moment(why.until, now)}`;

function inLine(why: WhyFacts, format: Format, now: Date): string {
	const about = why.estimateAt === null ? '' : `, about ${format.moment(why.estimateAt, now)}`;
	return why.position === null ? `Waits its turn${about}` : `${ordinal(why.position)} in line${about}`;
}
