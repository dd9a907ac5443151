/** Why a season is searched as one, or episode by episode, in words. */
import type { SeasonDetail } from '$lib/domain/views';
import type { SeasonReason } from '$lib/domain/season-decision';
import { plural, type Format } from './format';

type Decision = NonNullable<SeasonDetail['decision']>;

/** The answer in a sentence. */
export function seasonVerdict({ decision }: SeasonDetail): string {
	if (decision === null) return 'Nothing of it is wanted.';
	return decision.kind === 'season'
		? `One search stands for ${plural(decision.ready, 'episode')}.`
		: 'Its episodes are searched one by one.';
}

const AGAINST: Readonly<Record<Exclude<SeasonReason, 'worth_it'>, (decision: Decision) => string>> = {
	switched_off: () => 'Season searches are switched off for this connector.',
	specials: () => 'Specials are always searched one by one.',
	year_zero: () => 'A search of year 0 would block every indexer.',
	unmonitored: () => 'The series is not monitored.',
	one_scene: () => 'A search of a year with one scene can grab nothing.',
	not_fully_aired: () => 'Not every episode has aired, or the last one is less than two weeks old.',
	excluded_part: () => 'You excluded an episode of it, and a season search would include it.',
	episodes_resting: () => 'Some of its episodes rest, or are on their way.',
	too_few: ({ ready, least }) =>
		`${plural(ready, 'episode')} could be searched now; a season search needs at least ${String(least.wanted)}.`,
	too_small_share: ({ ready, aired, least }) =>
		`${String(ready)} of ${plural(aired, 'aired episode')} could be searched now; a season search needs ${String(least.share)}% of them, or more than ${String(least.orMoreThan)}.`,
	too_dear: ({ cost, ready }) =>
		`A season search would cost ${plural(cost, 'search', 'searches')}, more than its ${plural(ready, 'episode')} one by one.`,
	over_budget: ({ cost }) =>
		`A season search would cost ${plural(cost, 'search', 'searches')}, more than the pace allows in an hour.`,
	season_resting: () => 'The season was searched as one, and that search rests.',
	singles_first: () => 'After a season search each episode is first asked for alone.',
	just_searched: () => 'One of its episodes was searched a moment ago.',
};

/** What the answer rests on. */
export function seasonWhy({ decision }: SeasonDetail): string {
	if (decision === null) return 'Every monitored episode that has aired is there, or cannot be searched.';
	if (decision.why !== 'worth_it') return AGAINST[decision.why](decision);
	return `It costs ${plural(decision.cost, 'search', 'searches')} instead of ${String(decision.ready)}.`;
}

/** What is remembered of searches of the season itself. */
export function seasonMemory({ memory }: SeasonDetail, format: Format, now: Date): string {
	if (memory.lastSearchAt === null) return 'It was never searched as a season.';
	const last = `Last searched as a season ${format.ago(memory.lastSearchAt, now)}`;
	const rests = memory.until !== null && memory.until > now;
	return rests && memory.until !== null
		? `${last}; not again before ${format.long(memory.until, now)}.`
		: `${last}.`;
}
