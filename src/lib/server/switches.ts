/**
 * Switches for tests and the demo alone: how fast time runs, and a lower floor of the spacing. Not in the README; every
 * page warns while the floor is lowered.
 */
import type { Limits } from './app-context';
import { DEFAULT_LIMITS } from './app-services';
import { scaledClock, systemClock, type Clock } from './clock';

type Environment = Readonly<Record<string, string | undefined>>;

/** The clock of the process: real time, or `COMRADARR_CLOCK_RATE` times as fast from `COMRADARR_CLOCK_START` (ms) on. */
export function processClock(env: Environment = process.env): Clock {
	const rate = Number(env.COMRADARR_CLOCK_RATE ?? '1');
	if (!Number.isFinite(rate) || rate <= 0 || rate === 1) return systemClock();
	const start = Number(env.COMRADARR_CLOCK_START ?? Number.NaN);
	return Number.isFinite(start) ? scaledClock(rate, start) : scaledClock(rate);
}

/** The floors, lowered by `COMRADARR_SPACING_FLOOR_MS`; never raised. */
export function processLimits(env: Environment = process.env): Limits {
	const floor = Number(env.COMRADARR_SPACING_FLOOR_MS ?? Number.NaN);
	if (!Number.isFinite(floor) || floor < 0) return DEFAULT_LIMITS;
	return {
		spacingFloorMs: Math.min(DEFAULT_LIMITS.spacingFloorMs, floor),
		itemSpacingFloorMs: Math.min(DEFAULT_LIMITS.itemSpacingFloorMs, floor),
	};
}
