// Level, format and known secrets. One object per process: the process entry and the bundled app are two
// module graphs, and both must log alike.
import { systemClock } from '../clock/system';

/** From the fewest lines to the most. */
export const logLevels = ['error', 'warn', 'info', 'debug', 'trace'] as const;
/** How much is written. */
export type LogLevel = (typeof logLevels)[number];
/** One JSON object per line, or lines for people. */
export type LogFormat = 'json' | 'text';

/** The process-wide state of logging; `level` and `format` may be set at any time. */
export interface LoggingState {
	level: LogLevel;
	format: LogFormat;
	/** Receives each finished line. */
	write: (line: string) => void;
	/** Time of a line, in milliseconds since the epoch. */
	now: () => number;
	/** Values that must appear nowhere. */
	readonly secrets: Set<string>;
}

const key = Symbol.for('comradarr.logging');
const shortestSecret = 6;
const mostSecrets = 5_000;

/** The state of this process. */
export function logging(): LoggingState {
	const known = Reflect.get(globalThis, key) as LoggingState | undefined;
	if (known !== undefined) return known;
	const state: LoggingState = {
		level: 'info',
		format: 'text',
		write: (line) => void process.stdout.write(`${line}\n`),
		now: () => systemClock().now(),
		secrets: new Set(),
	};
	Reflect.set(globalThis, key, state);
	return state;
}

/** From now on `value` is replaced wherever it would be logged, also in its encoded forms. */
export function registerSecret(value: string): void {
	if (value.length < shortestSecret) return;
	const { secrets } = logging();
	for (const form of [value, encodeURIComponent(value), Buffer.from(value).toString('base64')]) {
		secrets.delete(form);
		secrets.add(form);
	}
	for (const oldest of secrets) {
		if (secrets.size <= mostSecrets) return;
		secrets.delete(oldest);
	}
}
