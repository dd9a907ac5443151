// The command queue: merging of equal commands, workers, the rules that hold commands apart, clean-up, restart.
import type { App } from '../app.ts';
import type { Json, JsonObject } from '../json.ts';
import { drive, type Process } from '../process.ts';
import { CommandFailure, type Command, type Definition } from './command.ts';

export interface Sent {
	userAgent?: string | null;
	trigger?: Command['trigger'];
	priority?: Command['priority'];
}

const CLEAN_UP_AFTER = 5 * 60_000;
const FORGET_AFTER = 24 * 3_600_000;
const WEIGHT = { high: 0, normal: 1, low: 2 };
/** Time between a command's start and its first act. */
const FIRST_ACT = 5;

export class CommandEngine {
	/** Database rows, by id. */
	readonly rows = new Map<number, Command>();
	/** Those of them that are still in the list. */
	private memory = new Set<Command>();

	constructor(private readonly app: App) {}

	/** Queues a command, or gives back an equal one that is queued or started. */
	send(definition: Definition, props: JsonObject, sent: Sent = {}): { command: Command; merged: boolean } {
		const equal = this.unfinished().find((known) => isEqual(known, definition, props));
		if (equal !== undefined) return { command: equal, merged: true };
		const command: Command = {
			id: this.app.store.nextId('commands'),
			definition,
			props,
			priority: sent.priority ?? 'normal',
			status: 'queued',
			successful: false,
			message: null,
			queued: this.app.clock.now(),
			started: null,
			ended: null,
			duration: null,
			exception: null,
			trigger: sent.trigger ?? 'unspecified',
			userAgent: sent.userAgent ?? null,
			inMemory: true,
		};
		this.rows.set(command.id, command);
		this.memory.add(command);
		this.startNext();
		return { command, merged: false };
	}

	/** Commands in memory: running first, then by status, as the list shows them. */
	list(): Command[] {
		const order = { started: 0, queued: 1, completed: 2, failed: 3, orphaned: 4 };
		return [...this.memory].sort((a, b) => order[a.status] - order[b.status] || a.id - b.id);
	}

	unfinished(): Command[] {
		return [...this.memory].filter((command) => command.status === 'queued' || command.status === 'started');
	}

	started(): Command[] {
		return [...this.memory].filter((command) => command.status === 'started');
	}

	/** Only a queued command can be cancelled; its row stays and is run after the next start. */
	cancel(id: number): boolean {
		const command = this.rows.get(id);
		if (command === undefined || command.status !== 'queued' || !command.inMemory) return false;
		this.drop(command);
		return true;
	}

	cleanUp(): void {
		const now = this.app.clock.now();
		for (const command of this.memory) {
			if (command.ended !== null && now - command.ended >= CLEAN_UP_AFTER) this.drop(command);
		}
		// rows are in the order of their queueing, so the old ones come first
		for (const command of this.rows.values()) {
			if (now - command.queued < FORGET_AFTER) break;
			if (command.ended !== null && now - command.ended >= FORGET_AFTER) this.rows.delete(command.id);
		}
	}

	private drop(command: Command): void {
		command.inMemory = false;
		this.memory.delete(command);
	}

	/** The process has ended: what was in memory is gone, the rows read as they were. */
	die(loseCommands: boolean): void {
		for (const command of this.rows.values()) {
			command.message = null;
			this.drop(command);
		}
		if (loseCommands) this.rows.clear();
	}

	/** Start-up puts the commands in order: dead ones are orphaned, queued ones run again. */
	recover(): void {
		const now = this.app.clock.now();
		for (const command of this.rows.values()) {
			if (command.status === 'started') {
				command.status = 'orphaned';
				command.ended = now;
			}
			if (command.status !== 'queued') continue;
			command.inMemory = true;
			this.memory.add(command);
		}
		this.startNext();
	}

	startNext(): void {
		if (!this.app.settled) return;
		while (this.started().length < this.app.options.workers) {
			const next = this.next();
			if (next === null) return;
			this.start(next);
		}
	}

	private next(): Command | null {
		const queued = this.list().filter(
			(command) => command.status === 'queued' && this.mayStart(command.definition),
		);
		queued.sort((a, b) => WEIGHT[a.priority] - WEIGHT[b.priority] || a.queued - b.queued || a.id - b.id);
		return queued[0] ?? null;
	}

	private mayStart(definition: Definition): boolean {
		const running = this.started().map((command) => command.definition);
		if (running.some((other) => other.exclusive)) return false;
		if (definition.exclusive) return running.length === 0;
		if (definition.diskAccess && running.some((other) => other.diskAccess)) return false;
		if (definition.typeExclusive && running.some((other) => other.name === definition.name)) return false;
		return true;
	}

	private start(command: Command): void {
		const { app } = this;
		command.status = 'started';
		command.started = app.clock.now();
		app.later(FIRST_ACT, () => {
			const epoch = app.epoch;
			return drive(app.clock, this.execute(command), () => app.epoch === epoch && app.running);
		});
	}

	private *execute(command: Command): Process {
		try {
			const message = yield* command.definition.run(this.app, command);
			command.message = this.finalMessage(command, message);
			command.successful = true;
			this.end(command, 'completed');
		} catch (error) {
			if (!(error instanceof CommandFailure)) throw error;
			command.message = 'Failed';
			command.exception = error.text();
			this.end(command, 'failed');
		}
		this.startNext();
	}

	private finalMessage(command: Command, message: string | null): string | null {
		if (!this.app.traits.informativeMessages) return 'Completed';
		if (message !== null) return message;
		return command.definition.isSearch === true ? command.message : 'Completed';
	}

	private end(command: Command, status: 'completed' | 'failed'): void {
		command.status = status;
		command.ended = this.app.clock.now();
		command.duration = command.ended - (command.started ?? command.ended);
	}
}

/** Compares the command's own properties; a property that is null on both sides ends it with "equal". */
export function isEqual(known: Command, definition: Definition, props: JsonObject): boolean {
	if (known.definition.name !== definition.name) return false;
	for (const property of definition.properties) {
		const a = known.props[property.name] ?? null;
		const b = props[property.name] ?? null;
		if (a === null && b === null) return true;
		if (!sameValue(a, b)) return false;
	}
	return true;
}

function sameValue(a: Json, b: Json): boolean {
	if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
	const left = new Set(a);
	const right = new Set(b);
	return left.size === right.size && [...left].every((value) => right.has(value));
}
