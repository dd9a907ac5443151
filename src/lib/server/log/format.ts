// The two forms of a log line.
import type { LogLevel } from './state';

/** A line whose parts are already safe to write. */
export interface LogLine {
	readonly timestamp: string;
	readonly level: LogLevel;
	readonly module: string;
	readonly message: string;
	readonly correlation_id?: string;
	readonly fields: Readonly<Record<string, unknown>>;
}

/** One JSON object. */
export function formatJson(line: LogLine): string {
	const { fields, ...head } = line;
	// our own names come first, and win over fields of the same name
	return JSON.stringify({ ...head, ...fields, ...head });
}

/** `12:00:00.000 WARN  sync  message  key=value`. */
export function formatText(line: LogLine): string {
	const id = line.correlation_id === undefined ? '' : ` [${line.correlation_id}]`;
	const fields = Object.entries(line.fields)
		.map(([name, value]) => ` ${name}=${readable(value)}`)
		.join('');
	const message = line.message.replaceAll('\n', '\n    ');
	return `${line.timestamp} ${line.level.toUpperCase().padEnd(5)} ${line.module}: ${message}${fields}${id}`;
}

function readable(value: unknown): string {
	if (typeof value === 'string') return /^[\w.:/-]+$/.test(value) ? value : JSON.stringify(value);
	return JSON.stringify(value);
}
