/** From when on an item can be found: the moment that grace, age and freshness are counted from. */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface EpisodeTiming {
	airDateUtc: Date | null;
	/** Minutes, the series' own, as the arr counts. */
	seriesRuntime: number;
	/** Only the date is known (Whisparr 2): it counts from the day after. */
	datesOnly: boolean;
}

/** The end of the broadcast, or the day after a date; null without one. */
export function episodeAvailableAt({ airDateUtc, seriesRuntime, datesOnly }: EpisodeTiming): Date | null {
	if (airDateUtc === null) return null;
	return new Date(airDateUtc.getTime() + (datesOnly ? DAY_MS : seriesRuntime * MINUTE_MS));
}

export interface MovieTiming {
	isAvailable: boolean;
	/** When we saw it become available, or when it was added to be available before its release; else null. */
	availableSince: Date | null;
	releaseDate: Date | null;
	added: Date | null;
}

/** The moment seen, else the release date, else when it was added. */
export function movieAvailableAt(movie: MovieTiming, now: Date): Date | null {
	if (!movie.isAvailable) return movie.releaseDate;
	if (movie.availableSince !== null) return movie.availableSince;
	if (movie.releaseDate !== null && movie.releaseDate <= now) return movie.releaseDate;
	return movie.added;
}
