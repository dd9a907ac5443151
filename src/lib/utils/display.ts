/** How this browser wants to be shown things: kept in a cookie, so that the server renders it right at once. */

export const DISPLAY_COOKIE = 'comradarr_display';

export const DENSITIES = ['comfortable', 'compact'] as const;
export type Density = (typeof DENSITIES)[number];
/** `locale`: 12 or 24 hours as the browser's language has it. */
export const CLOCKS = ['locale', '24', '12'] as const;
export type ClockStyle = (typeof CLOCKS)[number];

export interface Display {
	density: Density;
	clock: ClockStyle;
	/** Single keys lead from place to place and move in lists. */
	keys: boolean;
}

export const DEFAULT_DISPLAY: Display = { density: 'comfortable', clock: 'locale', keys: true };

/** What a cookie says; whatever is not known is as it is by default. */
export function displayOf(cookie: string | undefined): Display {
	const [density, clock, keys] = (cookie ?? '').split('.');
	return {
		density: DENSITIES.find((word) => word === density) ?? DEFAULT_DISPLAY.density,
		clock: CLOCKS.find((word) => word === clock) ?? DEFAULT_DISPLAY.clock,
		keys: keys !== 'nokeys',
	};
}

export const displayCookie = ({ density, clock, keys }: Display): string =>
	[density, clock, keys ? 'keys' : 'nokeys'].join('.');

/** As `Format` takes it; null: by locale. */
export const hour12Of = (clock: ClockStyle): boolean | null => (clock === 'locale' ? null : clock === '12');
