/** The order of those in line. Pure: who goes first, given who went last. */
import { compareRank, type Ranked } from '$lib/domain/priority';
import type { WantedReason } from '$lib/domain/words';

/** A search in line, taken up in the queue or only planned. */
export interface InLine extends Ranked {
	seriesId: number | null;
	seasonNumber: number | null;
	reason: WantedReason;
	cost: number;
	/** Postponed by a live check that could not be made. */
	notBefore: Date | null;
	registryId: number | null;
	queueId: number | null;
}

/** The series whose single searches went last, and how many in a row. */
export interface Run {
	seriesId: number;
	length: number;
}

/**
 * Pinned first, then by rank; but a group (the single searches of one series) that has begun leads until its batch is
 * full, and then lets another pass. So an arr's caches are used, and no large show holds the line. The whole line is
 * told as it will be sent, batch by batch; what the user asked for neither begins a batch nor ends one.
 */
export function lineOrder<T extends InLine>(rows: readonly T[], run: Run | null, groupSize: number): T[] {
	const ranked = [...rows].sort(compareRank);
	const order = ranked.filter((row) => row.pinned);
	const waiting = new Waiting(ranked.filter((row) => !row.pinned));
	let current = run;
	for (;;) {
		const next = current === null ? waiting.first() : waiting.after(current, groupSize);
		if (next === undefined) return order;
		waiting.take(next);
		order.push(next);
		current = continued(current, next);
	}
}

function continued(run: Run | null, row: InLine): Run | null {
	const seriesId = groupOf(row);
	if (seriesId === null) return null;
	return { seriesId, length: run?.seriesId === seriesId ? run.length + 1 : 1 };
}

/** Of single searches of a series; a season is no member of their group. */
const groupOf = ({ targetKind, seriesId }: InLine): number | null =>
	targetKind === 'episode' ? seriesId : null;

/** Those not sent yet, by rank; each group's own are found without looking through the others. */
class Waiting<T extends InLine> {
	private readonly rest: Set<T>;
	private readonly groups: Map<number | null, Set<T>>;

	constructor(ranked: readonly T[]) {
		this.rest = new Set(ranked);
		this.groups = new Map();
		for (const row of ranked) {
			const group = this.groups.get(groupOf(row));
			if (group === undefined) this.groups.set(groupOf(row), new Set([row]));
			else group.add(row);
		}
	}

	first(): T | undefined {
		return firstOf(this.rest);
	}

	/** The group that has begun leads; one whose batch is full lets another pass, if there is another. */
	after({ seriesId, length }: Run, groupSize: number): T | undefined {
		if (length < groupSize) return firstOf(this.groups.get(seriesId)) ?? this.first();
		for (const row of this.rest) if (groupOf(row) !== seriesId) return row;
		return this.first();
	}

	take(row: T): void {
		this.rest.delete(row);
		this.groups.get(groupOf(row))?.delete(row);
	}
}

function firstOf<T>(rows: Iterable<T> | undefined): T | undefined {
	for (const row of rows ?? []) return row;
	return undefined;
}
