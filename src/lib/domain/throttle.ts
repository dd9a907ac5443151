/**
 * "May I send now; if not, why, and when?" One pure function of profile, usage and clock. Cost is summed over rolling
 * windows, so that no window of any position is ever exceeded; sends are spread over the day; a kind of search may use
 * no more than its share.
 */
import { spread } from './cooldown';
import type { ThrottlePreset, WantedReason } from './words';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface ThrottleProfile {
	/** Between two commands of one connector, ms. */
	spacingMs: number;
	costPerHour: number;
	costPerDay: number;
	/** Single searches of one series in a row. */
	groupSize: number;
	/** First pause after an `error`, ms; doubles to 6 h. */
	errorPauseMs: number;
}

export const PROFILES: Readonly<Record<ThrottlePreset, ThrottleProfile>> = {
	conservative: profile(10, 4, 40, 3, 30),
	moderate: profile(5, 10, 100, 5, 15),
	aggressive: profile(2, 20, 250, 10, 10),
};

/** No profile may be less polite than this. */
export const FLOOR = {
	spacingMs: MINUTE_MS,
	/** Between two searches that cover the same item. */
	itemSpacingMs: 90_000,
	costPerHour: 30,
	costPerDay: 500,
	errorPauseMs: 5 * MINUTE_MS,
} as const;

export const ERROR_PAUSE_CAP_MS = 6 * HOUR_MS;
/** Below this share of the day's cost, spacing alone decides. */
const SPREAD_FROM = 0.25;
const SPREAD_JITTER = 0.2;

/**
 * The profile as it is kept: not below the floors. Tests and the demo may lower the floor of the spacing; the presets'
 * spacing then shrinks in proportion.
 */
export function effectiveProfile(chosen: ThrottleProfile, spacingFloorMs: number): ThrottleProfile {
	const shrink = Math.min(1, spacingFloorMs / FLOOR.spacingMs);
	return {
		spacingMs: Math.max(spacingFloorMs, chosen.spacingMs * shrink),
		costPerHour: Math.min(FLOOR.costPerHour, chosen.costPerHour),
		costPerDay: Math.min(FLOOR.costPerDay, chosen.costPerDay),
		groupSize: chosen.groupSize,
		errorPauseMs: Math.max(FLOOR.errorPauseMs * shrink, chosen.errorPauseMs * shrink),
	};
}

/** Cost that was taken: by a dispatch of ours, or by a search command that is not ours. */
export interface Spent {
	at: Date;
	cost: number;
	kind: WantedReason | 'foreign';
}

export interface Usage {
	/** Of the last 24 h, in any order. */
	spent: readonly Spent[];
	/** The newest command of ours that was, or is about to be, sent. */
	last: { id: string; at: Date } | null;
	errorPauseUntil: Date | null;
}

/** Per cent of each window that a kind may use. */
export type KindShares = Readonly<Record<WantedReason, number>>;

export interface AskQuestion {
	profile: ThrottleProfile;
	usage: Usage;
	now: Date;
	/** Of the command. */
	cost: number;
	kind: WantedReason;
	shares: KindShares;
}

export type DenialCause =
	'too_dear' | 'error_pause' | 'spacing' | 'minute' | 'hour' | 'day' | 'share_hour' | 'share_day';

export type Answer =
	| { open: true }
	| {
			open: false;
			cause: DenialCause;
			/** When it would be open if nothing else were sent; null = never under this profile. */
			until: Date | null;
			used?: number;
			limit?: number;
	  };

/** The answer; closed for the reason that lasts longest. */
export function mayAsk(question: AskQuestion): Answer {
	const { now, usage } = question;
	if (question.cost > dearest(question.profile)) {
		return { open: false, cause: 'too_dear', until: null, limit: dearest(question.profile) };
	}
	const denials = [
		denyUntil('error_pause', usage.errorPauseUntil, now),
		denyUntil('spacing', nextBySpacing(question), now),
		...windowsOf(question).map((window) => denyByWindow(window, question)),
	].filter((denial) => denial !== null);
	const longest = denials.sort((a, b) => b.until.getTime() - a.until.getTime())[0];
	return longest === undefined ? { open: true } : { open: false, ...longest };
}

/** A command dearer than the smallest window is never planned. */
export const dearest = (of: ThrottleProfile): number => Math.min(of.costPerHour, of.costPerDay);

/** What was spent within the window that ends now. */
export function spentWithin(usage: Usage, now: Date, windowMs: number, kind?: WantedReason): number {
	const start = now.getTime() - windowMs;
	return usage.spent
		.filter((spent) => spent.at.getTime() > start && (kind === undefined || spent.kind === kind))
		.reduce((sum, spent) => sum + spent.cost, 0);
}

/** Left of each budget, never below 0. */
export const budgetLeft = (of: ThrottleProfile, usage: Usage, now: Date): { hour: number; day: number } => ({
	hour: Math.max(0, of.costPerHour - spentWithin(usage, now, HOUR_MS)),
	day: Math.max(0, of.costPerDay - spentWithin(usage, now, DAY_MS)),
});

/** Mean time between two searches of cost 1 over a day that uses its budget, ms. */
export const meanGapMs = (of: ThrottleProfile): number => Math.max(of.spacingMs, DAY_MS / of.costPerDay);

/**
 * Not before the last command + spacing; once a quarter of the day's cost was used, not before an even share of the
 * day (± 20 %, decided by the last command's id, so that asking again does not change the answer).
 */
function nextBySpacing({ profile: of, usage, now }: AskQuestion): Date | null {
	if (usage.last === null) return null;
	const even = (DAY_MS / of.costPerDay) * spread(hash(usage.last.id), SPREAD_JITTER);
	const used = spentWithin(usage, now, DAY_MS);
	const gap = used < of.costPerDay * SPREAD_FROM ? of.spacingMs : Math.max(of.spacingMs, even);
	return new Date(usage.last.at.getTime() + Math.round(gap));
}

interface Window {
	cause: DenialCause;
	ms: number;
	limit: number;
	kind?: WantedReason;
}

/** All windows that hold for the question. The spacing keeps a minute to one command; its cost may be an hour's. */
function windowsOf({ profile: of, kind, shares }: AskQuestion): Window[] {
	const whole: Window[] = [
		{ cause: 'minute', ms: MINUTE_MS, limit: of.costPerHour },
		{ cause: 'hour', ms: HOUR_MS, limit: of.costPerHour },
		{ cause: 'day', ms: DAY_MS, limit: of.costPerDay },
	];
	const share = shares[kind] / 100;
	if (share >= 1) return whole;
	return [
		...whole,
		{ cause: 'share_hour', ms: HOUR_MS, limit: Math.floor(of.costPerHour * share), kind },
		{ cause: 'share_day', ms: DAY_MS, limit: Math.floor(of.costPerDay * share), kind },
	];
}

interface Denial {
	cause: DenialCause;
	until: Date;
	used?: number;
	limit?: number;
}

/** A share smaller than the command lets one through whenever nothing of its kind is in the window. */
function denyByWindow(window: Window, { usage, now, cost }: AskQuestion): Denial | null {
	const limit = window.kind === undefined ? window.limit : Math.max(window.limit, cost);
	const start = now.getTime() - window.ms;
	const inside = usage.spent
		.filter(
			(spent) => spent.at.getTime() > start && (window.kind === undefined || spent.kind === window.kind),
		)
		.sort((a, b) => a.at.getTime() - b.at.getTime());
	const used = inside.reduce((sum, spent) => sum + spent.cost, 0);
	let over = used + cost - limit;
	if (over <= 0) return null;
	for (const spent of inside) {
		over -= spent.cost;
		if (over <= 0)
			return { cause: window.cause, until: new Date(spent.at.getTime() + window.ms), used, limit };
	}
	return null;
}

const denyUntil = (cause: DenialCause, until: Date | null, now: Date): Denial | null =>
	until !== null && until > now ? { cause, until } : null;

function profile(spacing: number, hour: number, day: number, group: number, pause: number): ThrottleProfile {
	return {
		spacingMs: spacing * MINUTE_MS,
		costPerHour: hour,
		costPerDay: day,
		groupSize: group,
		errorPauseMs: pause * MINUTE_MS,
	};
}

/** FNV-1a: stable across processes. */
function hash(text: string): number {
	let h = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
	return h >>> 0;
}
