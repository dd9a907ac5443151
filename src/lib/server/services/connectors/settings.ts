/** Settings of a connector as they come in: completed, or merged into what is saved; always checked as a whole. */
import { Cron } from 'croner';
import * as v from 'valibot';
import { AppError } from '../../app-error';
import { connectorSettingsSchema, type ConnectorSettings } from '$lib/domain/settings';
import { certificateProblem } from './certificate';

/** What was sent, with defaults for the rest. Throws `invalid` (422). */
export const completeSettings = (input: unknown): ConnectorSettings => check(input ?? {});

/** Deep enough for settings: objects are merged, lists and values replaced. Throws `invalid` (422). */
export const mergeSettings = (before: ConnectorSettings, patch: unknown): ConnectorSettings =>
	check(merge(before, patch), before);

function check(settings: unknown, before?: ConnectorSettings): ConnectorSettings {
	const result = v.safeParse(connectorSettingsSchema, settings);
	if (!result.success) {
		const [issue] = result.issues;
		throw invalid(v.getDotPath(issue) ?? 'settings', issue.message.slice(0, 300));
	}
	const { ca } = result.output.connection;
	const unusable = ca === null || ca === before?.connection.ca ? null : certificateProblem(ca);
	if (unusable !== null) throw invalid('connection.ca', unusable);
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
	const message = cron === null ? null : cronProblem(cron);
	return message === null ? null : { field: 'fullSyncCron', message };
}

const HOUR_MS = 3_600_000;
/** Runs that are looked at: more than a day of the densest pattern that is let through. */
const LOOKED_AT = 30;

/** What speaks against reading a whole library by this pattern. Its runs are counted from 1970, so no clock is asked. */
function cronProblem(pattern: string): string | null {
	if (!works(() => new Cron(pattern, { paused: true }))) return 'must be a cron pattern such as 30 4 * * *';
	const runs = new Cron(pattern, { paused: true, timezone: 'UTC' })
		.nextRuns(LOOKED_AT, new Date(0))
		.map((run) => run.getTime());
	if (runs.length < 2) return 'never comes again';
	const isTooOften = runs.some((run, at) => run - (runs[at - 1] ?? -HOUR_MS) < HOUR_MS);
	return isTooOften ? 'may come once an hour at most' : null;
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
