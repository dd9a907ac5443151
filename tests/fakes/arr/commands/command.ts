// A command as the application remembers it, and how it is written in answers.
import type { App } from '../app.ts';
import { instant, timeSpan, type Json, type JsonObject } from '../json.ts';
import type { Process } from '../process.ts';

export type CommandStatus = 'queued' | 'started' | 'completed' | 'failed' | 'orphaned';

export interface Command {
	id: number;
	definition: Definition;
	props: JsonObject;
	priority: 'low' | 'normal' | 'high';
	status: CommandStatus;
	successful: boolean;
	message: string | null;
	queued: number;
	started: number | null;
	ended: number | null;
	duration: number | null;
	exception: string | null;
	trigger: 'manual' | 'scheduled' | 'unspecified';
	userAgent: string | null;
	/** A browser's name: kept in the body, not shown outside of it. */
	browser?: string;
	/** Still in the list; else only its database row is left. */
	inMemory: boolean;
}

export interface Property {
	name: string;
	type: 'int' | 'ints' | 'bool' | 'text';
	fallback?: Json;
}

export interface Definition {
	name: string;
	properties: Property[];
	diskAccess?: boolean;
	exclusive?: boolean;
	typeExclusive?: boolean;
	longRunning?: boolean;
	suppressMessages?: boolean;
	isSearch?: boolean;
	/** Returns the final message; null leaves the message away. */
	run: (app: App, command: Command) => Process<string | null>;
}

/** Thrown inside a command to make it fail with this exception text. */
export class CommandFailure extends Error {
	constructor(
		readonly exception: string,
		message: string,
	) {
		super(message);
	}

	text(): string {
		return `${this.exception}: ${this.message}\n   at Application.Execute()\n…`;
	}
}

export function displayName(name: string): string {
	return name.replace(/([a-z])([A-Z])/g, '$1 $2');
}

function bodyOf(app: App, command: Command): JsonObject {
	const { definition } = command;
	const isW2 = app.traits.family === 'whisparr2';
	return {
		...command.props,
		sendUpdatesToClient: true,
		updateScheduledTask: true,
		completionMessage: isW2 ? 'Completed' : undefined,
		requiresDiskAccess: definition.diskAccess ?? false,
		isExclusive: definition.exclusive ?? false,
		isTypeExclusive: app.traits.shape === 'movie' ? (definition.typeExclusive ?? false) : undefined,
		isLongRunning: definition.longRunning ?? false,
		name: definition.name,
		...lastRun(command),
		trigger: command.trigger,
		suppressMessages: definition.suppressMessages ?? false,
		clientUserAgent: command.userAgent ?? command.browser ?? undefined,
	};
}

/** What the scheduler adds about the run before. */
function lastRun(command: Command): JsonObject {
	if (command.trigger !== 'scheduled') return {};
	const last = instant(command.queued - 78_000);
	return { lastExecutionTime: last, lastStartTime: last };
}

/** A command read from its database row has neither message nor result. */
export function commandResource(app: App, command: Command): JsonObject {
	const whole = command.inMemory;
	return {
		name: command.definition.name,
		commandName: displayName(command.definition.name),
		message: whole ? (command.message ?? undefined) : undefined,
		body: bodyOf(app, command),
		priority: command.priority,
		status: command.status,
		result: app.traits.commandResult ? (whole && command.successful ? 'successful' : 'unknown') : undefined,
		queued: instant(command.queued),
		started: command.started === null ? undefined : instant(command.started),
		ended: command.ended === null ? undefined : instant(command.ended),
		duration: command.duration === null ? undefined : durationText(command.duration),
		exception: command.exception ?? undefined,
		trigger: command.trigger,
		clientUserAgent: command.userAgent ?? undefined,
		stateChangeTime: command.started === null ? undefined : instant(command.started),
		sendUpdatesToClient: true,
		updateScheduledTask: true,
		lastExecutionTime: lastRun(command).lastExecutionTime,
		id: command.id,
	};
}

/** Durations always carry their fraction. */
export function durationText(ms: number): string {
	return timeSpan(ms + 0.0462);
}
