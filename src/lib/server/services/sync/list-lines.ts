/**
 * A list on its way into its temporary tables. Its lines are held until it was read to its end, while they are not too
 * many: often they are the same as before, or nearly, and need not be written at all.
 */
import type { SQL } from 'bun';
import { analyzeStages, emptyStages, openStages, StageWriter, type Stage } from '../../db/bulk';
import { LIST_UNREADABLE, unreadableLine } from '../../db/queries/mirror-stage';
import { MOST_REMEMBERED } from './list-memory';

/** More than this is not held back. Characters. */
const HELD_AT_MOST = 16_000_000;
/** The planner knows tables of fewer rows well enough by their size. */
const MANY_ROWS = 2_000;
/** Beyond this share of a list it is simpler to write it whole. */
const CHANGED_AT_MOST = 0.3;

/** One record: the lines it becomes, each with its table. */
export interface ListEntry {
	arrId: number;
	/** Natural key. */
	key: string;
	lines: readonly (readonly [Stage, string])[];
}

export class ListLines {
	/** Records that could be read, and those that could not. */
	count = 0;
	unreadable = 0;
	/** Of each record's lines. */
	readonly hashes = new Map<number, bigint>();
	#held: ListEntry[] | null = [];
	#size = 0;
	#rows = 0;
	readonly #keys = new Set<string>();
	readonly #writers: ReadonlyMap<Stage, StageWriter>;

	constructor(
		private readonly sql: SQL,
		private readonly stages: readonly Stage[],
		/** `hold`: there is something to compare it with. `remember`: the next one may be compared with it. */
		private readonly options: { hold: boolean; remember: boolean },
	) {
		this.#writers = new Map(stages.map((stage) => [stage, new StageWriter(sql, stage)]));
	}

	add(entry: ListEntry): void {
		this.count++;
		for (const [, line] of entry.lines) this.#size += line.length;
		if (this.options.remember && this.count <= MOST_REMEMBERED) {
			this.hashes.set(entry.arrId, hashOf(entry));
			this.#keys.add(entry.key);
		}
		if (this.#held === null) this.#write(entry);
		else this.#held.push(entry);
	}

	addUnreadable(arrId: number, problem: string): void {
		this.unreadable++;
		this.#writers.get(LIST_UNREADABLE)?.add(unreadableLine(arrId, problem));
	}

	/** To be called now and then while the list is read: what is too much to be held is written. */
	async pass(): Promise<void> {
		if (this.#held !== null && this.options.hold && this.#size <= HELD_AT_MOST) return;
		await this.#letGo();
		for (const writer of this.#writers.values()) await writer.flushIfFull();
	}

	/**
	 * Records that are new or say something else than before. Null where that is not all there is to say: records are
	 * gone, came twice, could not be read, or it is too many.
	 */
	changedSince(known: ReadonlyMap<number, bigint>): ListEntry[] | null {
		if (this.#held === null || this.unreadable > 0 || this.count > MOST_REMEMBERED) return null;
		if (this.#keys.size !== this.count || this.hashes.size !== this.count) return null;
		for (const id of known.keys()) if (!this.hashes.has(id)) return null;
		const changed = this.#held.filter(({ arrId }) => known.get(arrId) !== this.hashes.get(arrId));
		return changed.length > this.count * CHANGED_AT_MOST ? null : changed;
	}

	/** Records by the arr's ids. */
	entriesOf(arrIds: ReadonlySet<number>): ListEntry[] {
		return (this.#held ?? []).filter(({ arrId }) => arrIds.has(arrId));
	}

	/** Puts everything into the tables. */
	async stageAll(): Promise<void> {
		await this.#letGo();
		await this.#finish();
	}

	/** Puts these records alone into the tables; all may still follow. */
	async stageOnly(entries: readonly ListEntry[]): Promise<void> {
		await openStages(this.sql, ...this.stages);
		for (const entry of entries) this.#write(entry);
		await this.#finish();
	}

	/** What outlives its use would slow down the next one. */
	async close(): Promise<void> {
		if (this.#rows > MANY_ROWS) await emptyStages(this.sql, ...this.stages);
	}

	async #letGo(): Promise<void> {
		const held = this.#held;
		if (held === null) return;
		this.#held = null;
		await openStages(this.sql, ...this.stages);
		for (const entry of held) this.#write(entry);
	}

	async #finish(): Promise<void> {
		for (const writer of this.#writers.values()) {
			await writer.flush();
			this.#rows += writer.count;
		}
		if (this.#rows > MANY_ROWS) await analyzeStages(this.sql, ...this.stages);
	}

	#write({ lines }: ListEntry): void {
		for (const [stage, line] of lines) this.#writers.get(stage)?.add(line);
	}
}

function hashOf({ lines }: ListEntry): bigint {
	let hash = 0n;
	for (const [, line] of lines) hash = Bun.hash.wyhash(line, hash);
	return hash;
}
