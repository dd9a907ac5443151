// When something is due next: by a cron pattern in a time zone, or by an interval.
import { Cron } from 'croner';

/** A cron pattern (5 or 6 parts), or an interval. */
export type Schedule =
	| { readonly cron: string; readonly timeZone?: string; readonly jitterMs?: number }
	| {
			readonly everyMs: number;
			/** Each run is delayed by a random part of this. */
			readonly jitterMs?: number;
			/** Wait before the first run; the interval unless given. */
			readonly firstAfterMs?: number;
	  };

interface Moment {
	/** The last due time, or the moment of registration. */
	readonly after: number;
	readonly now: number;
	/** True if the job has not run yet. */
	readonly first: boolean;
	readonly timeZone: string;
	readonly random: () => number;
}

/** The next due time after `after` and not before now; undefined if a pattern never comes again. */
export function nextDue(schedule: Schedule, moment: Moment): number | undefined {
	const { jitterMs = 0 } = schedule;
	// a job without jitter takes no random number: in a seeded run its interval then moves no other job
	const jitter = jitterMs === 0 ? 0 : Math.floor(moment.random() * jitterMs);
	const due = 'cron' in schedule ? nextByPattern(schedule, moment) : nextByInterval(schedule, moment);
	return due === undefined ? undefined : due + jitter;
}

function nextByPattern(schedule: { cron: string; timeZone?: string }, moment: Moment): number | undefined {
	const cron = new Cron(schedule.cron, { timezone: schedule.timeZone ?? moment.timeZone });
	return cron.nextRun(new Date(Math.max(moment.after, moment.now)))?.getTime();
}

function nextByInterval(schedule: { everyMs: number; firstAfterMs?: number }, moment: Moment): number {
	if (!(schedule.everyMs >= 1_000)) throw new RangeError('An interval must be at least one second.');
	return moment.now + (moment.first ? (schedule.firstAfterMs ?? schedule.everyMs) : schedule.everyMs);
}
