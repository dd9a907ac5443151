/** Acts on one item or season that are asked about first: what they change, and what stays. */
import type { SearchState } from '$lib/domain/words';
import { inNameOf } from '$lib/domain/application';
import type { ConnectorRef } from '$lib/domain/views';
import { plural } from '$lib/utils/format';

export const CONFIRMS = ['reset', 'giveUp'] as const;
export type Confirm = (typeof CONFIRMS)[number];

interface Subject {
	title: string;
	state: SearchState;
	connector: ConnectorRef;
	memory: { attempts: number };
}

export interface Question {
	title: string;
	effects: string[];
	word: string;
}

/** The act that an address asks about; null for none. */
export const confirmOf = (url: URL): Confirm | null =>
	CONFIRMS.find((name) => name === url.searchParams.get('confirm')) ?? null;

const RESTS: readonly SearchState[] = ['cooldown', 'failed', 'exhausted'];

export function questionOf(act: Confirm, { title, state, connector, memory }: Subject): Question {
	if (act === 'giveUp') {
		return {
			title: `Give up ${title}?`,
			word: 'Give up',
			effects: [
				'It is not searched again until you reset it or ask for a search yourself.',
				'What is being searched is watched to its end.',
				inNameOf('Nothing changes in the application.', connector.kind),
			],
		};
	}
	const rests = RESTS.includes(state);
	const attempts = memory.attempts > 0 ? plural(memory.attempts, 'attempt') : null;
	const forgotten = [attempts, rests ? 'its rest' : null].filter(Boolean).join(' and ');
	return {
		title: `Reset ${title}?`,
		word: 'Reset',
		effects: [
			forgotten === ''
				? 'There is nothing to forget: no attempt counts, and it does not rest.'
				: `Forgets ${forgotten}, as if it was never searched. This cannot be taken back.`,
			rests
				? 'It gets in line again, and may be searched sooner than its rest would allow.'
				: 'Its place in line is reckoned anew.',
			'The history of its searches stays.',
		],
	};
}

/** The same for a whole season; `episodes` as "10 episodes". */
export function questionOfSeason(act: Confirm, title: string, episodes: string): Question {
	if (act === 'giveUp') {
		return {
			title: `Give up ${title}?`,
			word: 'Give up',
			effects: [
				`Its ${episodes} are not searched again until you reset them or ask for a search yourself.`,
				'What is being searched is watched to its end.',
				'Nothing changes in its application.',
			],
		};
	}
	return {
		title: `Reset ${title}?`,
		word: 'Reset',
		effects: [
			`Forgets attempts and rests of its ${episodes} and of the season, as if they were never searched. This cannot be taken back.`,
			'They get in line again, and may be searched sooner than their rest would allow.',
			'The history of its searches stays.',
		],
	};
}
