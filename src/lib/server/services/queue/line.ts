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
 * full, and then lets all others pass. So an arr's caches are used, and no large show holds the line.
 */
export function lineOrder<T extends InLine>(rows: readonly T[], run: Run | null, groupSize: number): T[] {
	const ranked = [...rows].sort(compareRank);
	if (run === null) return ranked;
	const isMember = (row: T): boolean =>
		!row.pinned && row.targetKind === 'episode' && row.seriesId === run.seriesId;
	const pinned = ranked.filter((row) => row.pinned);
	const members = ranked.filter(isMember);
	const others = ranked.filter((row) => !row.pinned && !isMember(row));
	return run.length < groupSize ? [...pinned, ...members, ...others] : [...pinned, ...others, ...members];
}
