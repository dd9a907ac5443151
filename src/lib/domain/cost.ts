/**
 * Cost of a search command: the searches it causes at each indexer that it reaches, as measured on running
 * applications. Budgets count cost, never commands: one season search of an anime show asks as often as a dozen
 * episode searches.
 */

/** What of a series decides on the cost: `standard`, `daily`, `anime`; `site` is a Whisparr 2 series. */
export type SeriesType = string;

/** A special is asked for by its title and by its number; that of a daily show, alone, by its date. */
const SEARCHES_PER_SPECIAL = 2;

export interface SeasonShape {
	seriesType: SeriesType;
	/** 0 = specials. In Whisparr 2 the year (there is no season 0 that could be searched). */
	seasonNumber: number;
	/** Aired and monitored, with or without a file. */
	monitoredAired: number;
	/** Monitored, aired or not. */
	monitored: number;
	/** Different calendar years in which its monitored episodes air. */
	airYears: number;
}

/** What of the indexers decides on the cost. */
export interface IndexerHabits {
	/** One of them is asked for an anime season by its number, too, before each of its episodes is. */
	animeSeasonQuery: boolean;
}

export const MOVIE_COST = 1;

/** A whole season, or a Whisparr 2 year. */
export function seasonCost(season: SeasonShape, { animeSeasonQuery }: IndexerHabits): number {
	if (isSpecial(season)) return SEARCHES_PER_SPECIAL * season.monitored;
	if (season.seriesType === 'anime') return season.monitoredAired + (animeSeasonQuery ? 1 : 0);
	if (season.seriesType === 'daily') return Math.max(1, season.airYears);
	return 1;
}

/** Season 0 of anything but a Whisparr 2 site. */
export const isSpecial = (of: { seriesType: SeriesType; seasonNumber: number }): boolean =>
	of.seasonNumber === 0 && of.seriesType !== 'site';
