/** Words of the why panel: its question, verdict, and how each fact is shown. */
import Ban from '@lucide/svelte/icons/ban';
import CircleMinus from '@lucide/svelte/icons/circle-minus';
import CirclePause from '@lucide/svelte/icons/circle-pause';
import Clock from '@lucide/svelte/icons/clock';
import Download from '@lucide/svelte/icons/download';
import Eye from '@lucide/svelte/icons/eye';
import Unplug from '@lucide/svelte/icons/unplug';
import { stateSigns, type Icon } from '$lib/components/shared/vocabulary';
import type { Tone } from '$lib/components/ui/variants';
import type { ExplanationFact, ExplanationView, ItemRow } from '$lib/domain/views';
import type { Gate, NotWantedReason } from '$lib/domain/words';
import { plural, type Format } from './format';
import { unreachable, unread, whyLine } from './why';

/** Heading of a closed fact. */
const closedWords: Record<Gate, string> = {
	connector_enabled: 'Disabled',
	mode_active: 'Observe',
	not_paused: 'Paused',
	reachable: 'Not reachable',
	kind_enabled: 'Switched off',
	search_window: 'Search window',
	wanted: 'Not wanted',
	not_excluded: 'Excluded',
	grace_and_delay: 'Grace time',
	not_in_flight: 'In flight',
	not_covered_by_season: 'Season search',
	state: 'Resting',
	usable_indexer: 'No usable indexer',
	download_client: 'Download client',
	budget_and_spacing: 'Budget and spacing',
	turn: 'Its turn',
};

const verdicts: Record<Gate, string> = {
	connector_enabled: 'Its connector is disabled.',
	mode_active: 'Its connector only observes.',
	not_paused: 'Searches are paused.',
	reachable: 'Its connector cannot be asked now.',
	kind_enabled: 'This kind of search is switched off.',
	search_window: 'It is outside the search window',
	wanted: 'Nothing is wanted of it.',
	not_excluded: 'You excluded it.',
	grace_and_delay: 'Grace time is not over',
	not_in_flight: 'A download for it is under way.',
	not_covered_by_season: 'Its season is being searched.',
	state: 'It rests',
	usable_indexer: 'No indexer can be asked',
	download_client: 'No download client answers',
	budget_and_spacing: 'The budget is used up',
	turn: 'It waits its turn',
};

export interface ClosedLook {
	title: string;
	icon: Icon;
	tone: Tone;
}

export const firstClosed = (explanation: ExplanationView): ExplanationFact | undefined =>
	explanation.gates.find((fact) => fact.open === false);

/** What the user is told first: of what is not wanted that it is not, else the first closed fact. */
export function mainFact(explanation: ExplanationView, item: ItemRow): ExplanationFact | undefined {
	const notWanted =
		item.reason === null
			? explanation.gates.find(
					({ gate, open }) => open === false && (gate === 'wanted' || gate === 'kind_enabled'),
				)
			: undefined;
	return notWanted ?? firstClosed(explanation);
}

/** The boxed fact: a state has its own colour, trouble is red or amber, waiting is neutral. */
export function closedLook(fact: ExplanationFact, item: ItemRow): ClosedLook {
	if (fact.gate === 'not_in_flight' && unread(fact.detail))
		return { title: 'Downloads not known', icon: Clock, tone: 'neutral' };
	const title = closedWords[fact.gate];
	switch (fact.gate) {
		case 'state': {
			const sign = stateSigns[item.state];
			return { title: sign.word, icon: sign.icon, tone: sign.tone };
		}
		case 'reachable':
			return { title, icon: Unplug, tone: 'destructive' };
		case 'usable_indexer':
		case 'download_client':
			return { title, icon: CircleMinus, tone: 'warning' };
		case 'not_paused':
			return { title, icon: CirclePause, tone: 'warning' };
		case 'mode_active':
			return { title, icon: Eye, tone: 'info' };
		case 'not_in_flight':
			return { title, icon: Download, tone: 'grabbed' };
		case 'not_excluded':
			return { title, icon: Ban, tone: 'neutral' };
		default:
			return { title, icon: Clock, tone: 'neutral' };
	}
}

/** The answer in a sentence. */
export function verdict(explanation: ExplanationView, item: ItemRow, format: Format, now: Date): string {
	if (item.state === 'searching') return 'It is being searched now.';
	if (item.state === 'done' && item.reason === null) return 'Imported. Nothing is left to do.';
	const closed = mainFact(explanation, item);
	if (closed === undefined) return 'It is next.';
	if (closed.gate === 'wanted') return `${whyLine(item, format, now).text}.`;
	if (closed.gate === 'reachable') return `${unreachable(closed.detail, item.connector.name).text}.`;
	if (closed.gate === 'not_in_flight' && unread(closed.detail))
		return 'It waits until the downloads under way were read.';
	const until = closed.until ?? null;
	if (closed.gate === 'state')
		return `${stateVerdict(item.state)}${until === null ? '' : ` until ${format.long(until, now)}`}.`;
	const text =
		closed.gate === 'budget_and_spacing' && /distance|spacing/.test(closed.detail)
			? 'Searches keep their distance'
			: verdicts[closed.gate];
	if (text.endsWith('.')) return text;
	if (closed.gate === 'turn')
		return until === null ? `${text}.` : `${text}, about ${format.long(until, now)}.`;
	return until === null ? `${text}.` : `${text} until ${format.long(until, now)}.`;
}

function stateVerdict(state: ItemRow['state']): string {
	if (state === 'cooldown') return 'In cooldown';
	if (state === 'exhausted') return 'Given up for now, it rests';
	if (state === 'failed') return 'Something is wrong with this item, it rests';
	if (state === 'grabbed') return 'A release was grabbed, it waits for the import';
	return 'It rests';
}

/** What follows after the verdict, and what it costs. */
export function consequence(explanation: ExplanationView, item: ItemRow, format: Format, now: Date): string {
	const closed = mainFact(explanation, item);
	const cost = `It will cost ${plural(explanation.estimatedCost, 'search', 'searches')}.`;
	if (item.state === 'searching') return 'The outcome follows when the application has ended its search.';
	if (closed === undefined) return cost;
	if (item.reason === null) return '';
	const others = explanation.gates.filter((fact) => fact.open === false && fact.gate !== 'turn').length - 1;
	if (closed.gate === 'wanted' || (closed.gate === 'not_in_flight' && !unread(closed.detail)))
		return others > 0 ? '' : 'Every other condition is met.';
	const at = explanation.nextAttemptAt ?? null;
	if (at === null) return cost;
	return `Then it waits its turn, about ${format.moment(at, now)}. ${cost}`;
}

export interface SearchNow {
	possible: boolean;
	words: string;
}

const refusals: Partial<Record<Gate, string>> = {
	connector_enabled: 'Search now is not possible while its connector is disabled.',
	mode_active: 'Search now is not possible while its connector only observes. Start it first.',
	not_in_flight:
		'Search now is not possible while a download of it is in flight. Remove the download in the application to search again.',
	not_covered_by_season: 'Its season is being searched at this moment.',
};
const passedOver: Partial<Record<Gate, string>> = {
	state: 'the cooldown',
	turn: 'its turn',
	grace_and_delay: 'the grace time',
	search_window: 'the search window',
	kind_enabled: 'the switch',
	wanted: 'that nothing is missing',
};

/** What no search of the user passes over: the application would not search it. */
const CANNOT: ReadonlySet<NotWantedReason> = new Set<NotWantedReason>([
	'gone_from_arr',
	'unconfirmed',
	'unreadable',
	'unmonitored',
	'series_unmonitored',
	'no_air_date',
	'not_available',
	'not_searchable',
]);

const lower = (text: string): string => text.replace(/^./, (first) => first.toLowerCase());

/** What *Search now* would do, in words; or why it would be refused. */
export function searchNow(explanation: ExplanationView, item: ItemRow, format: Format, now: Date): SearchNow {
	if (item.state === 'searching') return { possible: false, words: 'It is being searched at this moment.' };
	const closed = explanation.gates.filter((fact) => fact.open === false);
	const missing = closed.some((fact) => fact.gate === 'wanted') ? item.why.notWanted : null;
	if (missing !== null && CANNOT.has(missing))
		return {
			possible: false,
			words: `Search now is not possible: ${lower(whyLine(item, format, now).text)}.`,
		};
	const refused = closed.find(
		(fact) => refusals[fact.gate] !== undefined && !(fact.gate === 'not_in_flight' && unread(fact.detail)),
	);
	if (refused !== undefined) return { possible: false, words: refusals[refused.gate] ?? '' };
	const waits = closed.find((fact) => passedOver[fact.gate] === undefined);
	const over = closed.flatMap((fact) => passedOver[fact.gate] ?? []).filter((words) => words !== 'its turn');
	const when =
		waits === undefined
			? 'first in line'
			: waits.until
				? `first in line, sent at about ${format.moment(waits.until, now)}`
				: 'first in line, sent when the fact above is open again';
	const passes = over.length === 0 ? '' : ` It passes over ${over.join(' and ')}.`;
	return { possible: true, words: `Search now: ${when}.${passes} It counts no attempt.` };
}
