/** Why a search stands where it stands, in one sentence: its kind and the largest of its other factors. */
import { DEFAULT_WEIGHTS, scoreFactors, type PriorityWeights, type ScoreInput } from './priority';
import type { WantedReason } from './words';

const DAY_MS = 86_400_000;

const KIND_WORDS: Readonly<Record<WantedReason, string>> = {
	gap: 'Missing',
	quality: 'Below the quality cutoff',
	format: 'Below the format score cutoff',
};

/** `Missing 40 days, never searched.` */
export function whyHere(input: ScoreInput, weights: PriorityWeights = DEFAULT_WEIGHTS): string {
	const factors = scoreFactors(input);
	const waited = days(input.waitingSince, input.now);
	const out = input.reason === 'gap' ? input.availableAt : null;
	const reasons: [number, string][] = [
		[weights.age * factors.age, 'released not long ago'],
		// how long a gap has been one is said in front
		[
			out === null ? weights.missing * factors.missing : 0,
			`wanted for ${told(days(input.since, input.now))}`,
		],
		[weights.attempts * factors.attempts, input.attempts === 0 ? 'never searched' : 'seldom searched'],
		[weights.reach * factors.reach, `one search for ${input.items} episodes`],
		[weights.waitingPerDay * waited, `waiting for ${told(waited)}`],
		[input.boost, 'boosted by you'],
	];
	const [first] = reasons.sort((a, b) => b[0] - a[0]);
	const since = out === null ? '' : ` ${told(days(out, input.now))}`;
	return `${KIND_WORDS[input.reason]}${since}, ${first?.[1] ?? 'next in line'}.`;
}

const days = (from: Date, to: Date): number => Math.max(0, to.getTime() - from.getTime()) / DAY_MS;

const MONTH_DAYS = 30.44;
const YEAR_DAYS = 365.25;

/** `less than a day`, `40 days`, `4 months`, `14 years`. */
function told(count: number): string {
	if (count < 1) return 'less than a day';
	if (count < 90) return plural(Math.floor(count), 'day');
	return count < 2 * YEAR_DAYS
		? plural(Math.round(count / MONTH_DAYS), 'month')
		: plural(Math.round(count / YEAR_DAYS), 'year');
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
