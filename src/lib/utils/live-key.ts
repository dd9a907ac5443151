/** What loads depend on that should follow the present (`invalidate`). */
export const LIVE = 'comradarr:live';
