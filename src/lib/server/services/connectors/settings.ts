/** Settings of a connector as they come in: completed, or merged into what is saved; always checked as a whole. */
import { Cron } from 'croner';
import * as v from 'valibot';
import { AppError } from '../../app-error';
import { connectorSettingsSchema, type ConnectorSettings } from '$lib/domain/settings';

/** What was sent, with defaults for the rest. Throws `invalid` (422). */
export const completeSettings = (input: unknown): ConnectorSettings => check(input ?? {});

/** Deep enough for settings: objects are merged, lists and values replaced. Throws `invalid` (422). */
export const mergeSettings = (before: ConnectorSettings, patch: unknown): ConnectorSettings =>
	check(merge(before, patch));

function check(settings: unknown): ConnectorSettings {
	const result = v.safeParse(connectorSettingsSchema, settings);
	if (!result.success) {
		const [issue] = result.issues;
		throw invalid(v.getDotPath(issue) ?? 'settings', issue.message.slice(0, 300));
	}
	const { fullSyncCron, timezone } = result.output.schedule;
	const wrong = scheduleProblem(fullSyncCron, timezone);
	if (wrong !== null) throw invalid(`schedule.${wrong.field}`, wrong.message);
	return result.output;
}

interface ScheduleProblem {
	field: 'fullSyncCron' | 'timezone';
	message: string;
}

/** The scheduler would only find out when it is due. */
function scheduleProblem(cron: string | null, timezone: string | null): ScheduleProblem | null {
	if (timezone !== null && !works(() => new Intl.DateTimeFormat('en', { timeZone: timezone })))
		return { field: 'timezone', message: 'must be a time zone such as Europe/Berlin' };
	if (cron !== null && !works(() => new Cron(cron, { paused: true })))
		return { field: 'fullSyncCron', message: 'must be a cron pattern such as 30 4 * * *' };
	return null;
}

function works(attempt: () => unknown): boolean {
	try {
		attempt();
		return true;
	} catch {
		return false;
	}
}

const invalid = (field: string, message: string): AppError =>
	new AppError('invalid', 422, `settings.${field}: ${message}`, {
		issues: [{ field: `settings.${field}`, message }],
	});

function merge(base: unknown, patch: unknown): unknown {
	if (!isRecord(base)) return patch;
	// a list has all the optional fields of an object, and would put everything back to its default
	if (!isRecord(patch)) return null;
	const keys = new Set([...Object.keys(base), ...Object.keys(patch)]);
	return Object.fromEntries(
		[...keys].map((name) => [name, patch[name] === undefined ? base[name] : merge(base[name], patch[name])]),
	);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
