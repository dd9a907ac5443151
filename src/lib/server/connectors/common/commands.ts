/** Commands as the applications show them (arr §8.3). */
import * as v from 'valibot';
import { absent, instant, line, orElse, parse, prose, whole, wholes, withoutLinks } from './schema';
import type { CommandRecord } from './types';

const body = v.object({
	episodeIds: wholes,
	movieIds: wholes,
	seriesId: absent(whole),
	seasonNumber: absent(whole),
	clientUserAgent: absent(line),
});
const command = v.object({
	id: whole,
	name: orElse(line, ''),
	status: orElse(line, 'unknown'),
	message: absent(prose),
	exception: absent(prose),
	clientUserAgent: absent(line),
	trigger: absent(line),
	queued: absent(instant),
	started: absent(instant),
	ended: absent(instant),
	duration: absent(line),
	body: absent(body),
});

const statuses = ['queued', 'started', 'completed', 'failed', 'aborted', 'cancelled', 'orphaned'] as const;

export function readCommand(endpoint: string, value: unknown): CommandRecord {
	return recordOf(parse(endpoint, command, value));
}

export function readCommands(endpoint: string, value: unknown): CommandRecord[] {
	return parse(endpoint, v.array(command), value).map(recordOf);
}

function recordOf(one: v.InferOutput<typeof command>): CommandRecord {
	const status = one.status.toLowerCase();
	return {
		id: one.id,
		name: one.name,
		status: statuses.find((known) => known === status) ?? 'unknown',
		message: one.message === null ? null : withoutLinks(one.message),
		exception: one.exception === null ? null : firstLine(one.exception),
		clientUserAgent: one.clientUserAgent ?? one.body?.clientUserAgent ?? null,
		trigger: one.trigger,
		queued: one.queued,
		started: one.started,
		ended: one.ended,
		durationMs: one.duration === null ? null : readDuration(one.duration),
		body: {
			episodeIds: one.body?.episodeIds ?? [],
			movieIds: one.body?.movieIds ?? [],
			seriesId: one.body?.seriesId ?? null,
			seasonNumber: one.body?.seasonNumber ?? null,
		},
	};
}

/** The stack trace behind it holds paths of the application's machine. */
function firstLine(exception: string): string {
	return withoutLinks(exception.split(/\r?\n/)[0] ?? '').slice(0, 500);
}

/** A .NET duration, `1.02:03:04.5670000`. Milliseconds; null if it is none (arr §3.2). */
export function readDuration(text: string): number | null {
	const found = /^(?:(\d{1,6})\.)?(\d\d):(\d\d):(\d\d)(\.\d{1,9})?$/.exec(text);
	if (found === null) return null;
	const [, days = '0', hours, minutes, seconds, fraction = '0'] = found;
	const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
	return whole * 1000 + Math.round(Number(fraction) * 1000);
}
