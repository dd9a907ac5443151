// Season or episodes: one fixture for each situation in which a naive rule goes wrong.
import { describe, expect, test } from 'vitest';
import {
	decideSeason,
	seasonFacts,
	type EpisodeNeed,
	type SeasonEpisode,
	type SeasonFacts,
	type SeasonMemory,
	type SeasonSettings,
} from './season-decision';

const NOW = new Date('2026-06-15T12:00:00Z');
const DAY = 86_400_000;
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * DAY);

const SETTINGS: SeasonSettings = { enabled: true, minWanted: 3, minShare: 50, orMoreThan: 5 };

interface Fixture {
	episodes: SeasonEpisode[];
	type?: string;
	number?: number;
	status?: string;
	later?: boolean;
	memory?: SeasonMemory;
	settings?: Partial<SeasonSettings>;
	maxCost?: number;
	animeSeasonQuery?: boolean;
}

/** `ready` of `count` episodes are wanted; they aired weekly, the last one `lastAired` days ago. */
const season = (
	count: number,
	ready: number,
	lastAired = 400,
	need: EpisodeNeed = 'ready',
): SeasonEpisode[] =>
	Array.from({ length: count }, (_, index) => ({
		airDate: daysAgo(lastAired + 7 * (count - 1 - index)),
		monitored: true,
		need: index < ready ? need : 'none',
		lastAttemptAt: null,
	}));

const change = (episodes: SeasonEpisode[], index: number, by: Partial<SeasonEpisode>): SeasonEpisode[] =>
	episodes.map((episode, at) => (at === index ? { ...episode, ...by } : episode));

const memory = (by: Partial<SeasonMemory>): SeasonMemory => ({
	state: 'pending',
	nextEligibleAt: null,
	lastAttemptAt: null,
	...by,
});

const facts = (fixture: Fixture): SeasonFacts =>
	seasonFacts(
		{
			seriesType: fixture.type ?? 'standard',
			seasonNumber: fixture.number ?? 2,
			seriesStatus: fixture.status ?? 'continuing',
			seriesMonitored: true,
			laterSeasonAired: fixture.later ?? false,
			memory: fixture.memory ?? null,
		},
		fixture.episodes,
		NOW,
	);

const decide = (fixture: Fixture) =>
	decideSeason(facts(fixture), {
		now: NOW,
		settings: { ...SETTINGS, ...fixture.settings },
		maxCost: fixture.maxCost ?? 4,
		itemSpacingMs: 90_000,
		animeSeasonQuery: fixture.animeSeasonQuery ?? false,
	});

const FIXTURES: Record<string, [Fixture, 'season' | 'episodes', string, number]> = {
	'a whole season is missing': [{ episodes: season(10, 10) }, 'season', 'worth_it', 1],
	'running: the next episode airs in a week': [
		{ episodes: season(10, 8, -7) },
		'episodes',
		'not_fully_aired',
		1,
	],
	'undated tail': [
		{ episodes: change(season(10, 9), 9, { airDate: null }) },
		'episodes',
		'not_fully_aired',
		1,
	],
	'unlisted future: the last known episode aired last week': [
		{ episodes: season(6, 6, 7) },
		'episodes',
		'not_fully_aired',
		1,
	],
	'aired last week, but the series has ended': [
		{ episodes: season(6, 6, 7), status: 'ended' },
		'season',
		'worth_it',
		1,
	],
	'aired last week, but a later season has begun': [
		{ episodes: season(6, 6, 7), later: true },
		'season',
		'worth_it',
		1,
	],
	'half missing': [{ episodes: season(10, 5) }, 'season', 'worth_it', 1],
	'less than half missing': [{ episodes: season(10, 4) }, 'episodes', 'too_small_share', 1],
	'one of two': [{ episodes: season(2, 1) }, 'episodes', 'too_few', 1],
	'5 of 24': [{ episodes: season(24, 5) }, 'episodes', 'too_small_share', 1],
	'6 of 24': [{ episodes: season(24, 6) }, 'season', 'worth_it', 1],
	'anime, all missing: as dear as its episodes, and packs may come': [
		{ episodes: season(12, 12), type: 'anime', maxCost: 30 },
		'season',
		'worth_it',
		12,
	],
	'anime costs a search for every episode, also for those with a file': [
		{ episodes: season(12, 11), type: 'anime', maxCost: 30 },
		'episodes',
		'too_dear',
		12,
	],
	'anime, and an indexer that is asked for the season too': [
		{ episodes: season(12, 12), type: 'anime', maxCost: 30, animeSeasonQuery: true },
		'episodes',
		'too_dear',
		13,
	],
	'anime, dearer than an hour allows': [
		{ episodes: season(12, 12), type: 'anime', maxCost: 10 },
		'episodes',
		'over_budget',
		12,
	],
	'daily over two years, three wanted': [
		{ episodes: season(60, 30), type: 'daily' },
		'season',
		'worth_it',
		2,
	],
	'daily over two years, under a budget of one': [
		{ episodes: season(60, 30), type: 'daily', maxCost: 1 },
		'episodes',
		'over_budget',
		2,
	],
	specials: [{ episodes: season(8, 8), number: 0 }, 'episodes', 'specials', 16],
	'Whisparr year with 1 scene': [
		{ episodes: season(1, 1), type: 'site', number: 2023, settings: { minWanted: 2 } },
		'episodes',
		'one_scene',
		1,
	],
	'Whisparr year with 400 scenes': [
		{ episodes: season(400, 300), type: 'site', number: 2023 },
		'season',
		'worth_it',
		1,
	],
	'Whisparr year 0 blocks every indexer': [
		{ episodes: season(5, 5), type: 'site', number: 0 },
		'episodes',
		'year_zero',
		1,
	],
	'unmonitored parts do not count': [
		{ episodes: season(10, 3).map((episode, at) => ({ ...episode, monitored: at < 6 })) },
		'season',
		'worth_it',
		1,
	],
	'unmonitored parts, too few of the monitored ones': [
		{ episodes: season(10, 3).map((episode, at) => ({ ...episode, monitored: at < 7 })) },
		'episodes',
		'too_small_share',
		1,
	],
	'within cooldown': [
		{
			episodes: season(10, 10),
			memory: memory({ state: 'cooldown', nextEligibleAt: daysAgo(-3), lastAttemptAt: daysAgo(4) }),
		},
		'episodes',
		'season_resting',
		1,
	],
	'cooldown over, but no single search since the empty season search': [
		{
			episodes: season(10, 10),
			memory: memory({ state: 'cooldown', nextEligibleAt: daysAgo(1), lastAttemptAt: daysAgo(8) }),
		},
		'episodes',
		'singles_first',
		1,
	],
	'after an empty season search, each episode had a single search': [
		{
			episodes: season(10, 10).map((episode) => ({ ...episode, lastAttemptAt: daysAgo(3) })),
			memory: memory({ state: 'cooldown', nextEligibleAt: daysAgo(1), lastAttemptAt: daysAgo(8) }),
		},
		'season',
		'worth_it',
		1,
	],
	'after an empty season search, 30 days have passed': [
		{ episodes: season(10, 10), memory: memory({ state: 'pending', lastAttemptAt: daysAgo(30) }) },
		'season',
		'worth_it',
		1,
	],
	'upgrades off: only the gaps are wanted': [
		// discovery leaves upgrades out: 8 episodes have a file that could be better, 2 have none
		{ episodes: season(10, 2) },
		'episodes',
		'too_few',
		1,
	],
	'an episode rests: a season search would ask for it inside its rest': [
		{ episodes: change(season(10, 10), 0, { need: 'resting' }) },
		'episodes',
		'episodes_resting',
		1,
	],
	'an excluded episode is never searched, not even along': [
		{ episodes: change(season(10, 10), 0, { need: 'excluded' }) },
		'episodes',
		'excluded_part',
		1,
	],
	'an episode that was given up does not hold the others': [
		{ episodes: change(season(10, 10), 0, { need: 'stopped' }) },
		'season',
		'worth_it',
		1,
	],
	'an episode was searched a minute ago': [
		{ episodes: change(season(10, 10), 0, { lastAttemptAt: new Date(NOW.getTime() - 60_000) }) },
		'episodes',
		'just_searched',
		1,
	],
	'season searches are switched off': [
		{ episodes: season(10, 10), settings: { enabled: false } },
		'episodes',
		'switched_off',
		1,
	],
	'the season search is under way': [
		{ episodes: season(10, 10), memory: memory({ state: 'searching' }) },
		'episodes',
		'season_resting',
		1,
	],
};

describe('season or episodes', () => {
	test.each(Object.entries(FIXTURES))('%s', (_, [fixture, kind, why, cost]) => {
		expect(decide(fixture)).toEqual({ kind, why, cost });
	});
});
