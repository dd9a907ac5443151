/** The gate of budget and spacing: the throttle's answer in words, and the one search in flight per connector. */
import { mayAsk, type Answer, type DenialCause } from '$lib/domain/throttle';
import type { ItemFacts } from '../../db/queries/plan-items';
import { kindShares, type ConnectorFacts } from './facts';
import type { Ask, GateAnswer } from './gates';

/** What decides how fast a connector is asked. */
export type Pace = Pick<ConnectorFacts, 'connector' | 'now' | 'profile' | 'usage'>;

const ALL_OF_IT = { gap: 100, quality: 100, format: 100 } as const;

/** May a search of this cost be sent now? Shares hold back the automatic searches only. */
export const askThrottle = (facts: Pace, ask: Ask): Answer =>
	mayAsk({
		profile: facts.profile,
		usage: facts.usage,
		now: facts.now,
		cost: ask.cost,
		kind: ask.reason,
		shares: ask.byUser ? ALL_OF_IT : kindShares(facts.connector),
	});

export function budgetGate(facts: ConnectorFacts, item: ItemFacts, ask: Ask): GateAnswer {
	if (!item.spacingOpen && item.spacingUntil !== null) {
		return { open: false, detail: 'It was searched a moment ago.', until: item.spacingUntil };
	}
	return throttleGate(facts, ask);
}

/** The part of the gate that is not about one item. */
export function throttleGate(facts: ConnectorFacts, ask: Ask): GateAnswer {
	if (facts.openDispatch !== null) return { open: false, detail: 'Another search is under way.' };
	const answer = askThrottle(facts, ask);
	if (answer.open) return { open: true, detail: 'The budget allows a search now.' };
	const until = answer.until === null ? {} : { until: answer.until };
	return { open: false, detail: denialWords(answer), ...until };
}

function denialWords(denial: Extract<Answer, { open: false }>): string {
	const spent = `${denial.used ?? 0} of ${denial.limit ?? 0}`;
	const words: Record<DenialCause, string> = {
		too_dear: `The search costs more than the ${denial.limit ?? 0} that the profile allows in an hour.`,
		error_pause: 'A pause after a failed search.',
		spacing: 'The distance to the last search is kept.',
		minute: `The budget of this minute is used: ${spent}.`,
		hour: `The budget of this hour is used: ${spent}.`,
		day: `The budget of the last 24 hours is used: ${spent}.`,
		share_hour: `This kind of search has used its share of the hour: ${spent}.`,
		share_day: `This kind of search has used its share of the last 24 hours: ${spent}.`,
	};
	return words[denial.cause];
}
