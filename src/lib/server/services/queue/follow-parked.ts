/**
 * Parked releases: accepted, but waiting in the application's queue. A grab of that title within 24 h after it left is
 * still ours, whatever source the application writes down for it.
 */
import type { AppContext } from '../../app-context';
import type { ConnectorRow } from '../../db/queries/connectors';
import { noteLateEvidence, parkedDispatches, type DispatchRow } from '../../db/queries/dispatches';
import { itemHistorySince, putGrabs, queueOfItem, type HistoryRow } from '../../db/queries/grabs';
import { recordEvent } from '../../events';
import { grabRows } from './conclude-grabs';
import { recordParkedGone, recordParkedGrabbed } from './states';

const HOUR_MS = 3_600_000;
/** After it left the queue. */
const LATE_MS = 24 * HOUR_MS;
/** Longest that a release is believed to be parked. */
const LONGEST_MS = 30 * 24 * HOUR_MS;

/** A release parked earlier than this is not believed to wait any more. */
export const parkedSince = (now: Date): Date => new Date(now.getTime() - LONGEST_MS);

/** Gives back how many came to an end. */
export async function followParked(ctx: AppContext, connector: ConnectorRow): Promise<number> {
	let ended = 0;
	for (const dispatch of await parkedDispatches(ctx.db, connector.id, parkedSince(ctx.clock.date()))) {
		if (await follow(ctx, connector, dispatch)) ended += 1;
	}
	return ended;
}

async function follow(ctx: AppContext, connector: ConnectorRow, dispatch: DispatchRow): Promise<boolean> {
	const late = await lateGrabs(ctx, connector, dispatch);
	if (late.length > 0) {
		await grabbedAfterAll(ctx, connector, dispatch, late);
		return true;
	}
	const now = ctx.clock.date();
	if (await isStillParked(ctx, connector, dispatch)) {
		await noteLateEvidence(ctx.db, dispatch.id, {
			evidence: { ...dispatch.evidence, parkedSeenAt: now.toISOString() },
		});
		return false;
	}
	const seen = dispatch.evidence?.parkedSeenAt;
	const left = typeof seen === 'string' ? new Date(seen) : (dispatch.concludedAt ?? now);
	if (now.getTime() - left.getTime() < LATE_MS) return false;
	await goneForGood(ctx, dispatch, now);
	return true;
}

/** Titles that were parked, as the dispatch's conclusion saw them. */
function parkedTitles(dispatch: DispatchRow): string[] {
	const titles = dispatch.evidence?.parkedTitles;
	return Array.isArray(titles) ? titles.filter((title) => typeof title === 'string') : [];
}

async function isStillParked(
	ctx: AppContext,
	connector: ConnectorRow,
	dispatch: DispatchRow,
): Promise<boolean> {
	const titles = parkedTitles(dispatch);
	for (const item of dispatch.target.items.filter((one) => one.wanted)) {
		const rows = await queueOfItem(ctx.db, connector.id, item.arrId);
		if (rows.some((row) => row.downloadId === null && titles.includes(row.title))) return true;
	}
	return false;
}

async function lateGrabs(
	ctx: AppContext,
	connector: ConnectorRow,
	dispatch: DispatchRow,
): Promise<HistoryRow[]> {
	const titles = parkedTitles(dispatch);
	const since = dispatch.commandStarted ?? dispatch.arrClock ?? dispatch.claimedAt;
	const found: HistoryRow[] = [];
	for (const item of dispatch.target.items.filter((one) => one.wanted)) {
		const rows = await itemHistorySince(ctx.db, connector.id, item.arrId, since);
		found.push(...rows.filter((row) => row.event === 'grabbed' && titles.includes(row.sourceTitle)));
	}
	return found;
}

async function grabbedAfterAll(
	ctx: AppContext,
	connector: ConnectorRow,
	dispatch: DispatchRow,
	rows: readonly HistoryRow[],
): Promise<void> {
	const at = ctx.clock.date();
	const judged = rows.map((row) => ({
		historyId: row.arrId,
		itemArrId: row.itemArrId,
		date: row.date,
		downloadId: row.downloadId,
		releaseSource: row.releaseSource,
		title: row.sourceTitle,
		claim: 'ours' as const,
	}));
	await ctx.db.transaction(async (tx) => {
		const history = rows.map((row) => ({ ...row, event: 'grabbed' as const }));
		const [grab] = await putGrabs(tx, await grabRows(tx, dispatch, history, judged, at));
		const grabs = judged.map((one) => ({ ...one, date: one.date.toISOString() }));
		await noteLateEvidence(tx, dispatch.id, {
			outcome: 'grabbed',
			evidence: { ...dispatch.evidence, proof: 'history', late: true, grabs, downloads: 1, parkedOver: true },
		});
		if (dispatch.registryId === null || grab === undefined) return;
		await recordParkedGrabbed(tx, dispatch.registryId, { grabId: grab.id });
		await recordEvent(tx, {
			at,
			type: 'grab.found',
			severity: 'success',
			connector,
			episodeId: grab.episodeId,
			movieId: grab.movieId,
			dispatchId: dispatch.id,
			message: `${dispatch.target.title}: grabbed ${grab.title}`,
			data: { claim: 'ours', late: true, releaseSource: grab.releaseSource },
		});
	});
}

async function goneForGood(ctx: AppContext, dispatch: DispatchRow, at: Date): Promise<void> {
	await ctx.db.transaction(async (tx) => {
		await noteLateEvidence(tx, dispatch.id, { evidence: { ...dispatch.evidence, parkedOver: true } });
		if (dispatch.registryId !== null) await recordParkedGone(tx, dispatch.registryId, { at });
	});
}
