/**
 * Switches for tests and the demo alone: how fast time runs, and a lower floor of the spacing. Not in the README; every
 * page warns while the floor is lowered.
 */
import * as v from 'valibot';
import type { Limits } from './app-context';
import { DEFAULT_LIMITS } from './app-services';
import { scaledClock, systemClock, type Clock, type ScaledClock } from './clock';

type Environment = Readonly<Record<string, string | undefined>>;

/** The clock of the process: real time, or `COMRADARR_CLOCK_RATE` times as fast from `COMRADARR_CLOCK_START` (ms) on. */
export function processClock(env: Environment = process.env): Clock {
	const rate = Number(env.COMRADARR_CLOCK_RATE ?? '1');
	const start = Number(env.COMRADARR_CLOCK_START ?? Number.NaN);
	if (!Number.isFinite(rate) || rate <= 0) return systemClock();
	if (rate === 1 && !Number.isFinite(start)) return systemClock();
	const clock = Number.isFinite(start) ? scaledClock(rate, start) : scaledClock(rate);
	obeyParent(clock);
	return clock;
}

const clockMessage = v.object({ clock: v.object({ rate: v.optional(v.pipe(v.number(), v.gtValue(0))) }) });

/** A parent with a message channel (the demo) may ask for the time and set the speed; without it we end. */
function obeyParent(clock: ScaledClock): void {
	if (process.send === undefined) return;
	process.on('message', (message: unknown) => {
		const asked = v.safeParse(clockMessage, message);
		if (!asked.success) return;
		const { rate } = asked.output.clock;
		if (rate !== undefined) clock.setRate(rate);
		process.send?.({ clock: { now: clock.now(), rate: clock.rate } });
	});
	process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
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
