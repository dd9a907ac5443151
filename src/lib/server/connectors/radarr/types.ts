/** What only Radarr writes in its answers (arr §4.4). */

/** From when a movie counts as available; anything else counts as `released`. */
export const MINIMUM_AVAILABILITIES = ['tba', 'announced', 'inCinemas', 'released'] as const;
export type MinimumAvailability = (typeof MINIMUM_AVAILABILITIES)[number];
