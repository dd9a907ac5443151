/**
 * What a series list says of a series' episodes, in one text. The same text is computed from the mirror by one
 * statement (`db/queries/mirror-prediction.ts`); only where they differ are the episodes read again. Time is part of
 * both sides, so that an episode that airs changes both.
 */

/** The season aggregates that an application's list shows (arr §4.2). */
export interface SeasonFigures {
	number: number;
	episodeFileCount: number;
	episodeCount: number;
	totalEpisodeCount: number;
	sizeOnDisk: number;
	nextAiring: Date | null;
	previousAiring: Date | null;
}

/** `seconds`: air times are instants. `days`: only their UTC date is told (Whisparr 2). */
export type AirPrecision = 'seconds' | 'days';

const DAY_SECONDS = 86_400;

function airing(at: Date | null, precision: AirPrecision): string {
	if (at === null) return '';
	const seconds = Math.floor(at.getTime() / 1000);
	return String(precision === 'days' ? Math.floor(seconds / DAY_SECONDS) : seconds);
}

/**
 * Seasons without episodes are left out, since they have no statistics. Sizes are summed over the series: a file
 * belongs to one season even where it serves episodes of two.
 */
export function listFingerprint(seasons: readonly SeasonFigures[], precision: AirPrecision): string {
	const told = seasons.filter((season) => season.totalEpisodeCount > 0).sort((a, b) => a.number - b.number);
	const parts = told.map((season) =>
		[
			season.number,
			season.totalEpisodeCount,
			season.episodeCount,
			season.episodeFileCount,
			airing(season.nextAiring, precision),
			airing(season.previousAiring, precision),
		].join(':'),
	);
	const size = told.reduce((sum, season) => sum + season.sizeOnDisk, 0);
	return `${parts.join(';')}|${size}`;
}
