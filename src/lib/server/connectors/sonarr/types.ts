/** What only Sonarr writes in its answers (arr §4.2, §4.3): named here, read by `mapper.ts`. */

/** The kinds of series, which decide how a search asks (arr §9.3). */
export const SERIES_TYPES = ['standard', 'daily', 'anime'] as const;
export type SonarrSeriesType = (typeof SERIES_TYPES)[number];
