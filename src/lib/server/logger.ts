// Structured logs: JSON or readable, level changeable at run time, secrets removed, fields bounded.
import { currentContext } from './context';
import { scrubFields, scrubText } from './log/redact';
import { logging, type LogLevel, logLevels } from './log/state';
import { formatJson, formatText } from './log/format';

export { logLevels, logging, registerSecret, type LogFormat, type LogLevel } from './log/state';
export { serialiseError } from './log/redact';

/** Facts beside a message. Values are bounded and scrubbed; `error` may hold an Error. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes lines for one module. */
export interface Logger {
	error(message: string, fields?: LogFields): void;
	warn(message: string, fields?: LogFields): void;
	info(message: string, fields?: LogFields): void;
	debug(message: string, fields?: LogFields): void;
	trace(message: string, fields?: LogFields): void;
	/** The same module with fields in every line. */
	with(fields: LogFields): Logger;
	/** True if a line of this level would be written: guards costly fields. */
	enabled(level: LogLevel): boolean;
}

/** A logger for a module, e.g. `createLogger('sync')`. */
export function createLogger(module: string, own: LogFields = {}): Logger {
	const at =
		(level: LogLevel) =>
		(message: string, fields?: LogFields): void => {
			if (enabled(level)) write(level, module, message, { ...own, ...fields });
		};
	return {
		error: at('error'),
		warn: at('warn'),
		info: at('info'),
		debug: at('debug'),
		trace: at('trace'),
		with: (fields) => createLogger(module, { ...own, ...fields }),
		enabled,
	};
}

function enabled(level: LogLevel): boolean {
	return logLevels.indexOf(level) <= logLevels.indexOf(logging().level);
}

function write(level: LogLevel, module: string, message: string, fields: LogFields): void {
	const state = logging();
	const context = currentContext();
	const line = {
		timestamp: new Date(state.now()).toISOString(),
		level,
		module,
		message: scrubText(message),
		...(context === undefined ? {} : { correlation_id: context.correlationId }),
		fields: scrubFields({ ...context?.fields, ...fields }),
	};
	state.write(state.format === 'json' ? formatJson(line) : formatText(line));
}
