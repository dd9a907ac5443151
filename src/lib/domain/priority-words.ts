/** Why a search stands where it stands, in one sentence: its kind and the largest of its other factors. */
import { DEFAULT_WEIGHTS, scoreFactors, type PriorityWeights, type ScoreInput } from './priority';
import type { WantedReason } from './words';

const DAY_MS = 86_400_000;

const KIND_WORDS: Readonly<Record<WantedReason, string>> = {
	gap: 'Missing',
	quality: 'Below the quality cutoff',
	format: 'Below the format score cutoff',
};

/** `Missing, wanted for 40 days.` */
export function whyHere(input: ScoreInput, weights: PriorityWeights = DEFAULT_WEIGHTS): string {
	const factors = scoreFactors(input);
	const waited = days(input.waitingSince, input.now);
	const reasons: [number, string][] = [
		[weights.age * factors.age, 'released not long ago'],
		[weights.missing * factors.missing, `wanted for ${told(days(input.since, input.now))}`],
		[weights.attempts * factors.attempts, input.attempts === 0 ? 'not searched yet' : 'seldom searched'],
		[weights.reach * factors.reach, `one search for ${input.items} episodes`],
		[weights.waitingPerDay * waited, `waiting for ${told(waited)}`],
		[input.boost, 'boosted by you'],
	];
	const [first] = reasons.sort((a, b) => b[0] - a[0]);
	return `${KIND_WORDS[input.reason]}, ${first?.[1] ?? 'next in line'}.`;
}

const days = (from: Date, to: Date): number => Math.max(0, to.getTime() - from.getTime()) / DAY_MS;

function told(count: number): string {
	const whole = Math.floor(count);
	if (whole < 1) return 'less than a day';
	return whole === 1 ? 'a day' : `${whole} days`;
}
