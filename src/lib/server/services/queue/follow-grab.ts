/** One grab, one step nearer to its end. The decision is pure; writing it is one transaction. */
import { isSameDownload } from '$lib/domain/download';
import type { GrabResult } from '$lib/domain/words';
import type { AppContext } from '../../app-context';
import type { Tx } from '../../db/client';
import type { ConnectorRow } from '../../db/queries/connectors';
import {
	itemNow,
	updateGrab,
	type GrabRow,
	type HistoryRow,
	type ItemNow,
	type QueueSeen,
} from '../../db/queries/grabs';
import { recordEvent, type EventType } from '../../events';
import { recordImported } from './states';

const HOUR_MS = 3_600_000;
/** Nowhere for so long while the clients were well = vanished. */
export const VANISHED_MS = 24 * HOUR_MS;
/** The same for a grab without a download id, which cannot be joined to anything. */
export const UNJOINED_MS = 7 * 24 * HOUR_MS;
/** An import is believed without the mirror's word after this. */
const MIRROR_LATE_MS = HOUR_MS;
/** A queue row seen this recently is there now. */
const SEEN_MS = 3 * 60_000;

export interface GrabNow {
	/** History of its item since it was grabbed, oldest first. */
	history: readonly Pick<
		HistoryRow,
		'event' | 'date' | 'downloadId' | 'sourceTitle' | 'fileArrId' | 'qualityName' | 'formatScore' | 'reason'
	>[];
	queue: readonly Pick<
		QueueSeen,
		'downloadId' | 'title' | 'trackedState' | 'trackedStatus' | 'statusMessages' | 'lastSeenAt'
	>[];
	clientsWell: boolean;
	now: Date;
}

export type GrabStep =
	| { step: 'wait'; result: 'following' | 'manual'; seenAt: Date; detail: string | null }
	| {
			step: 'end';
			result: 'imported' | 'failed' | 'vanished';
			detail: string | null;
			file: HistoryLike | null;
	  };
type HistoryLike = GrabNow['history'][number];

/** What became of it, as far as history and queue tell. */
export function decideGrab(
	grab: Pick<GrabRow, 'downloadId' | 'title' | 'lastSeenAt' | 'result'>,
	of: GrabNow,
): GrabStep {
	const own = of.history.filter((row) => isSameDownload(grab, row));
	const imported = own.findLast((row) => row.event === 'imported');
	if (imported !== undefined) return { step: 'end', result: 'imported', detail: null, file: imported };
	const failed = own.find((row) => row.event === 'download_failed');
	if (failed !== undefined) return { step: 'end', result: 'failed', detail: failed.reason, file: null };
	if (own.some((row) => row.event === 'ignored')) {
		return { step: 'end', result: 'vanished', detail: 'ignored in the application', file: null };
	}
	const row = of.queue.find((one) =>
		isSameDownload(grab, { downloadId: one.downloadId, sourceTitle: one.title }),
	);
	const visible = row !== undefined && of.now.getTime() - row.lastSeenAt.getTime() < SEEN_MS;
	if (visible) return waiting(row, of.now);
	// While a client is in trouble its rows are missing: the time does not count.
	const seenAt = of.clientsWell ? later(grab.lastSeenAt, row?.lastSeenAt) : of.now;
	const limit = grab.downloadId === null ? UNJOINED_MS : VANISHED_MS;
	if (of.now.getTime() - seenAt.getTime() >= limit) {
		return { step: 'end', result: 'vanished', detail: null, file: null };
	}
	const result = grab.result === 'manual' ? 'manual' : 'following';
	return { step: 'wait', result, seenAt, detail: null };
}

function waiting(row: GrabNow['queue'][number], now: Date): GrabStep {
	const blocked =
		row.trackedState === 'importBlocked' ||
		(row.trackedState === 'importPending' && row.trackedStatus === 'warning');
	const detail = row.statusMessages.join(' ').slice(0, 500) || null;
	return {
		step: 'wait',
		result: blocked ? 'manual' : 'following',
		seenAt: now,
		detail: blocked ? detail : null,
	};
}

/** What came of following it: its end, or when it was last seen where nothing else is new of it. */
export type Followed = { ended: boolean; seenAt: Date | null };

export async function followGrab(
	ctx: AppContext,
	connector: ConnectorRow,
	grab: GrabRow,
	of: GrabNow,
): Promise<Followed> {
	const next = decideGrab(grab, of);
	if (next.step === 'wait') return { ended: false, seenAt: await noteWaiting(ctx, grab, next) };
	const item = await itemNow(ctx.db, grab);
	if (next.result === 'imported' && !isMirrored(item, next.file, grab, of.now))
		return { ended: false, seenAt: null };
	await ctx.db.transaction((tx) => endGrab(tx, connector, grab, next, item, of.now));
	return { ended: true, seenAt: null };
}

/** Stores another result; gives back the time of its being seen where that alone is to be stored. */
async function noteWaiting(
	ctx: AppContext,
	grab: GrabRow,
	next: Extract<GrabStep, { step: 'wait' }>,
): Promise<Date | null> {
	const resultDetail = next.detail ?? (next.result === 'manual' ? grab.resultDetail : null);
	if (next.result === grab.result && resultDetail === grab.resultDetail)
		return next.seenAt.getTime() === grab.lastSeenAt.getTime() ? null : next.seenAt;
	await updateGrab(ctx.db, grab.id, { result: next.result, lastSeenAt: next.seenAt, resultDetail });
	return null;
}

/** The mirror has the new file: only then can be said whether the item is still wanted. */
function isMirrored(item: ItemNow | null, file: HistoryLike | null, grab: GrabRow, now: Date): boolean {
	if (item === null || file === null) return true;
	const known = item.fileArrId !== 0 && (file.fileArrId === null || item.fileArrId === file.fileArrId);
	const fresh = known && item.reason !== 'gap' && item.qualityName !== null;
	return fresh || now.getTime() - grab.lastSeenAt.getTime() > MIRROR_LATE_MS;
}

const EVENTS: Readonly<Record<Exclude<GrabResult, 'following' | 'manual'>, EventType>> = {
	imported: 'grab.imported',
	failed: 'grab.failed',
	vanished: 'grab.vanished',
};

async function endGrab(
	tx: Tx,
	connector: ConnectorRow,
	grab: GrabRow,
	end: Extract<GrabStep, { step: 'end' }>,
	item: ItemNow | null,
	now: Date,
): Promise<void> {
	await updateGrab(tx, grab.id, {
		result: end.result,
		resultAt: now,
		resultDetail: end.detail,
		...(end.file === null ? {} : fileAfter(end.file, item)),
	});
	if (end.result === 'imported' && grab.registryId !== null) {
		await recordImported(tx, grab.registryId, { at: now, stillWanted: typeof item?.reason === 'string' });
	}
	await recordEvent(tx, {
		at: now,
		type: EVENTS[end.result],
		severity: end.result === 'imported' ? 'success' : 'warning',
		connector,
		episodeId: grab.episodeId,
		movieId: grab.movieId,
		dispatchId: grab.dispatchId,
		message: `${grab.title}: ${end.result}${end.detail === null ? '' : ` (${end.detail})`}`,
		data: { claim: grab.claim, qualityBefore: grab.qualityBefore, qualityAfter: item?.qualityName ?? null },
	});
}

const fileAfter = (file: HistoryLike, item: ItemNow | null) => ({
	fileArrIdAfter: file.fileArrId ?? item?.fileArrId ?? null,
	qualityAfter: item?.qualityName ?? file.qualityName,
	scoreAfter: item?.formatScore ?? file.formatScore,
});

const later = (a: Date, b: Date | undefined): Date => (b !== undefined && b > a ? b : a);
