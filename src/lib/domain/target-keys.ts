/** Natural keys of search targets and rules: what stays the same when the arr's ids and our mirror do not. */

export const seriesKey = (tvdbId: number): string => `series:${String(tvdbId)}`;
export const seasonKey = (tvdbId: number, season: number): string =>
	`series:${String(tvdbId)}/season:${String(season)}`;
export const episodeKey = (tvdbId: number, naturalKey: string): string =>
	`series:${String(tvdbId)}/${naturalKey}`;
/** A movie's natural key is already unique in its connector. */
export const movieKey = (naturalKey: string): string => naturalKey;
