/**
 * Season or episodes? Decided from the mirror's own episodes, since the arr's statistics mislead. A season search is
 * worth it when one command can stand for many; it is refused wherever it would cost more than it saves, ask too
 * early, search an item inside its rest, or harm (a Whisparr 2 year 0 blocks every indexer).
 */
import { isSpecial, seasonCost, type IndexerHabits, type SeasonShape, type SeriesType } from './cost';
import type { SearchState } from './words';

const DAY_MS = 86_400_000;
/** The last episode must have aired this long ago, unless something else proves that the season is over. */
export const SETTLED_MS = 14 * DAY_MS;
/** After this long a second season search needs no single searches in between. */
export const SECOND_SEARCH_MS = 30 * DAY_MS;

/** What is wanted of an episode, as far as a search of its season is concerned. */
export type EpisodeNeed =
	/** Not wanted, or of a kind that is switched off. */
	| 'none'
	/** Wanted, and nothing but its turn keeps it from being searched. */
	| 'ready'
	/** Wanted, but inside its rest, its grace or its delay, or already on its way. */
	| 'resting'
	/** Wanted and failed or given up: it is not searched, and keeps nothing else from it. */
	| 'stopped'
	/** Monitored, but excluded by the user: no search may include it, whether it is wanted or not. */
	| 'excluded';

export interface SeasonEpisode {
	airDate: Date | null;
	monitored: boolean;
	need: EpisodeNeed;
	/** Our last search of it alone. */
	lastAttemptAt: Date | null;
}

/** What the registry remembers of the season itself; null = never searched. */
export interface SeasonMemory {
	state: SearchState;
	nextEligibleAt: Date | null;
	lastAttemptAt: Date | null;
}

export interface SeasonSettings {
	enabled: boolean;
	/** Fewest ready episodes. */
	minWanted: number;
	/** Per cent of the monitored, aired episodes … */
	minShare: number;
	/** … or more than this many. */
	orMoreThan: number;
}

export interface SeasonFacts extends SeasonShape {
	/** Of the arr; a series that has `ended` airs nothing more. */
	seriesStatus: string;
	seriesMonitored: boolean;
	/** All episodes, monitored or not. */
	episodes: number;
	undated: number;
	/** Latest air date, past or future. */
	lastAirDate: Date | null;
	/** A later season (Whisparr 2: year) has an aired episode. */
	laterSeasonAired: boolean;
	ready: number;
	resting: number;
	excluded: number;
	/** Latest single search of any of its episodes. */
	lastEpisodeAttemptAt: Date | null;
	/** Earliest among the ready episodes' last single searches; null if one of them had none. */
	firstEpisodeAttemptAt: Date | null;
	memory: SeasonMemory | null;
}

export const SEASON_REASONS = [
	'worth_it',
	'switched_off',
	'specials',
	'year_zero',
	'unmonitored',
	'one_scene',
	'not_fully_aired',
	'too_few',
	'too_small_share',
	'too_dear',
	'over_budget',
	'excluded_part',
	'episodes_resting',
	'season_resting',
	'singles_first',
	'just_searched',
] as const;
export type SeasonReason = (typeof SEASON_REASONS)[number];

export interface SeasonDecision {
	kind: 'season' | 'episodes';
	why: SeasonReason;
	/** Cost of the season search, whether or not it is made. */
	cost: number;
}

export interface DecisionContext extends IndexerHabits {
	now: Date;
	settings: SeasonSettings;
	/** A command dearer than this is never planned. */
	maxCost: number;
	/** Floor between two searches that cover the same item, ms. */
	itemSpacingMs: number;
}

/** The first rule that speaks against a season search, or `worth_it`. */
export function decideSeason(season: SeasonFacts, context: DecisionContext): SeasonDecision {
	const cost = seasonCost(season, context);
	const against = RULES.find(([, holds]) => holds(season, { ...context, cost }));
	return against === undefined
		? { kind: 'season', why: 'worth_it', cost }
		: { kind: 'episodes', why: against[0], cost };
}

type Rule = (season: SeasonFacts, context: DecisionContext & { cost: number }) => boolean;

/** In the order in which they are told to the user. */
const RULES: readonly (readonly [Exclude<SeasonReason, 'worth_it'>, Rule])[] = [
	['switched_off', (_, { settings }) => !settings.enabled],
	['specials', (season) => isSpecial(season)],
	['year_zero', (season) => isSite(season) && season.seasonNumber === 0],
	['unmonitored', (season) => !season.seriesMonitored],
	['one_scene', (season) => isSite(season) && season.episodes === 1],
	['not_fully_aired', (season, { now }) => !isFullyAired(season, now)],
	['excluded_part', (season) => season.excluded > 0],
	['episodes_resting', (season) => season.resting > 0],
	['too_few', (season, { settings }) => season.ready < settings.minWanted],
	['too_small_share', (season, { settings }) => !isLargePart(season, settings)],
	['too_dear', (season, { cost }) => cost > season.ready],
	['over_budget', (_, { cost, maxCost }) => cost > maxCost],
	['season_resting', (season, { now }) => !isRested(season.memory, now)],
	['singles_first', (season, { now }) => needsSinglesFirst(season, now)],
	[
		'just_searched',
		(season, { now, itemSpacingMs }) => isWithin(season.lastEpisodeAttemptAt, now, itemSpacingMs),
	],
];

/** Every episode has a past air date, and nothing more is to come as far as anyone can know. */
export function isFullyAired(season: SeasonFacts, now: Date): boolean {
	if (season.lastAirDate === null || season.undated > 0 || season.lastAirDate > now) return false;
	const settled = now.getTime() - season.lastAirDate.getTime() >= SETTLED_MS;
	return settled || season.seriesStatus === 'ended' || season.laterSeasonAired;
}

function isLargePart(season: SeasonFacts, settings: SeasonSettings): boolean {
	return (
		season.ready * 100 >= settings.minShare * season.monitoredAired || season.ready > settings.orMoreThan
	);
}

/** A season under way or waiting for its grabs is not searched again; nor one within its own rest. */
function isRested(memory: SeasonMemory | null, now: Date): boolean {
	if (memory === null || memory.state === 'done') return true;
	if (memory.state === 'searching' || memory.state === 'grabbed') return false;
	if (memory.state === 'pending' || memory.state === 'queued') {
		return memory.nextEligibleAt === null || memory.nextEligibleAt <= now;
	}
	return memory.nextEligibleAt !== null && memory.nextEligibleAt <= now;
}

/** After one season search, each episode is first asked for alone, or 30 days pass. */
function needsSinglesFirst(season: SeasonFacts, now: Date): boolean {
	const last = season.memory?.lastAttemptAt ?? null;
	if (last === null || now.getTime() - last.getTime() >= SECOND_SEARCH_MS) return false;
	return season.firstEpisodeAttemptAt === null || season.firstEpisodeAttemptAt <= last;
}

const isSite = (season: { seriesType: SeriesType }): boolean => season.seriesType === 'site';

const isWithin = (date: Date | null, now: Date, ms: number): boolean =>
	date !== null && now.getTime() - date.getTime() < ms;

/** The facts of a season from its episodes one by one; SQL computes the same for many seasons at once. */
export function seasonFacts(
	season: Omit<SeasonFacts, keyof CountedFacts>,
	episodes: readonly SeasonEpisode[],
	now: Date,
): SeasonFacts {
	const datesOf = (of: readonly SeasonEpisode[]): Date[] =>
		of.flatMap((episode) => (episode.airDate === null ? [] : [episode.airDate]));
	const dates = datesOf(episodes);
	const monitored = episodes.filter((episode) => episode.monitored);
	const ready = episodes.filter((episode) => episode.need === 'ready');
	const attempts = (of: readonly SeasonEpisode[]): number[] =>
		of.flatMap((episode) => (episode.lastAttemptAt === null ? [] : [episode.lastAttemptAt.getTime()]));
	const readyAttempts = attempts(ready);
	return {
		...season,
		episodes: episodes.length,
		undated: episodes.length - dates.length,
		lastAirDate: dateOf(
			dates.map((date) => date.getTime()),
			Math.max,
		),
		monitored: monitored.length,
		monitoredAired: monitored.filter((episode) => isPast(episode.airDate, now)).length,
		airYears: new Set(datesOf(monitored).map((date) => date.getUTCFullYear())).size,
		ready: ready.length,
		resting: episodes.filter((episode) => episode.need === 'resting').length,
		excluded: episodes.filter((episode) => episode.need === 'excluded').length,
		lastEpisodeAttemptAt: dateOf(attempts(episodes), Math.max),
		firstEpisodeAttemptAt: readyAttempts.length < ready.length ? null : dateOf(readyAttempts, Math.min),
	};
}

type CountedFacts = Pick<
	SeasonFacts,
	| 'episodes'
	| 'undated'
	| 'lastAirDate'
	| 'monitored'
	| 'monitoredAired'
	| 'airYears'
	| 'ready'
	| 'resting'
	| 'excluded'
	| 'lastEpisodeAttemptAt'
	| 'firstEpisodeAttemptAt'
>;

const isPast = (date: Date | null, now: Date): boolean => date !== null && date <= now;

const dateOf = (times: readonly number[], pick: (...of: number[]) => number): Date | null =>
	times.length === 0 ? null : new Date(pick(...times));
