/** The settings of a connector as its page names them, and what is said of a value that is refused. */
import { SETTING_LIMITS, type NumberSetting } from '$lib/domain/settings';

const NUMBER_LABELS: Readonly<Record<NumberSetting, string>> = {
	graceHours: 'Grace time, hours',
	maxAttempts: 'Attempts at most',
	exhaustedRestDays: 'Rest, days',
	minWanted: 'From this many episodes',
	minShare: 'And this share, %',
	orMoreThan: 'Or more than',
	syncMinutes: 'Read what changed every, minutes',
	sweepMinutes: 'Sweep every, minutes',
	timeoutSeconds: 'Timeout, seconds',
};
const OTHER_LABELS: Readonly<Record<string, string>> = {
	ca: 'Own certificate authority',
	group: 'Group',
	throttle: 'Pace',
};

/** What a field for a number takes. */
export const numberField = (name: NumberSetting) => ({
	name,
	label: NUMBER_LABELS[name],
	type: 'number' as const,
	min: SETTING_LIMITS[name][0],
	max: SETTING_LIMITS[name][1],
});

export interface RefusedSetting {
	/** Of the field. */
	name: string;
	/** For the section: which field, and that nothing was changed. */
	problem: string;
	/** For the field: what is allowed. */
	error: string;
}

/** By the path of the setting, such as `schedule.syncMinutes`, and what the check said of it. */
export function refusedSetting(path: string, message: string): RefusedSetting {
	const name = path.split('.').findLast((part) => !/^\d+$/.test(part)) ?? path;
	const isNumber = name in NUMBER_LABELS;
	const label = isNumber ? NUMBER_LABELS[name as NumberSetting] : (OTHER_LABELS[name] ?? 'one of its fields');
	return {
		name,
		problem: `Not saved: ${label}. The old value still applies.`,
		error: isNumber
			? rangeOf(name as NumberSetting)
			: name === 'group'
				? 'At most 50 characters.'
				: sentence(message),
	};
}

function rangeOf(name: NumberSetting): string {
	const [least, most] = SETTING_LIMITS[name];
	return `Enter a ${name === 'graceHours' ? '' : 'whole '}number from ${String(least)} to ${String(most)}.`;
}

const sentence = (text: string): string => `${text.replace(/^./, (first) => first.toUpperCase())}.`;
