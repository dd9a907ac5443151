/** What a user may do about the line: take one out, clear it (with an undo), pause and go on. */
import { eq } from 'drizzle-orm';
import type { AppContext } from '../../app-context';
import { notFound } from '../../app-error';
import type { Tx } from '../../db/client';
import { findConnector, patchConnector } from '../../db/queries/connectors';
import { findQueueItem, listQueue, lockLine } from '../../db/queries/queue';
import { connectors } from '../../db/schema';
import { recordEvent } from '../../events';
import { QUEUE_PAUSED } from '../settings/keys';
import { readSetting, writeSetting } from '../settings/store';
import { takeOutOfLine } from './states';
import { keepForUndo } from './undo';

/** What the user took out of the line rests so long before it may come back. */
const REMOVED_REST_MS = 24 * 3_600_000;

/**
 * Takes one search out of the line; it may come back a day later, or at once by the undo that is given back. Null if it
 * was sent or taken out meanwhile.
 */
export async function removeFromQueue(ctx: AppContext, queueId: number): Promise<string | null> {
	const at = ctx.clock.date();
	return await ctx.db.transaction(async (tx) => {
		const item = await findQueueItem(tx, queueId);
		if (item === null) throw notFound('search in line');
		const notBefore = new Date(at.getTime() + REMOVED_REST_MS);
		const undoId = await keepForUndo(tx, [item], at);
		const removed = (await takeOutOfLine(tx, [item.registryId], { at, notBefore, reason: 'removed' })) === 1;
		if (removed) {
			const connector = await mustFind(tx, item.connectorId);
			const { episodeId, movieId, targetKey } = item;
			const message = `${connector.name}: a search was taken out of the line.`;
			const data = { targetKey };
			await recordEvent(tx, { at, type: 'queue.removed', connector, episodeId, movieId, message, data });
		}
		return removed ? undoId : null;
	});
}

export interface ClearedQueue {
	/** For `undoClear`; null if there was nothing to clear. */
	undoId: string | null;
	count: number;
}

/** Empties the line of one connector, or of all; what was in it may come back a day later, or at once by the undo. */
export async function clearQueue(ctx: AppContext, connectorId: number | null): Promise<ClearedQueue> {
	const at = ctx.clock.date();
	return await ctx.db.transaction(async (tx) => {
		const connector = connectorId === null ? null : await mustFind(tx, connectorId);
		// of two at once the second finds nothing left
		for (const id of await lineIds(tx, connectorId)) await lockLine(tx, id);
		const rows = await listQueue(tx, connectorId);
		if (rows.length === 0) return { undoId: null, count: 0 };
		const undoId = await keepForUndo(tx, rows, at);
		const ids = rows.map((row) => row.registryId);
		const notBefore = new Date(at.getTime() + REMOVED_REST_MS);
		const count = await takeOutOfLine(tx, ids, { at, notBefore, reason: 'removed' });
		const message = `${count} searches were taken out of the line${connector === null ? '' : ` of ${connector.name}`}.`;
		await recordEvent(tx, { at, type: 'queue.cleared', connector, message, data: { count, undoId } });
		return { undoId, count };
	});
}

/** Lines to be locked, always in the same order. */
async function lineIds(tx: Tx, connectorId: number | null): Promise<number[]> {
	if (connectorId !== null) return [connectorId];
	return (await tx.select({ id: connectors.id }).from(connectors).orderBy(connectors.id)).map(({ id }) => id);
}

/** Sends nothing more, for one connector or for all. What was sent is watched to its end. */
export const pauseQueue = (ctx: AppContext, connectorId: number | null): Promise<void> =>
	setPaused(ctx, connectorId, true);

export const resumeQueue = (ctx: AppContext, connectorId: number | null): Promise<void> =>
	setPaused(ctx, connectorId, false);

async function setPaused(ctx: AppContext, connectorId: number | null, paused: boolean): Promise<void> {
	const at = ctx.clock.date();
	await ctx.db.transaction(async (tx) => {
		const changed =
			connectorId === null ? await pauseAll(tx, paused, at) : await pauseOne(tx, connectorId, paused, at);
		if (!changed) return;
		const connector = connectorId === null ? null : await mustFind(tx, connectorId);
		const whose = connector === null ? 'All searches' : `Searches of ${connector.name}`;
		const message = paused ? `${whose} are paused.` : `${whose} go on.`;
		await recordEvent(tx, { at, type: paused ? 'queue.paused' : 'queue.resumed', connector, message });
	});
	if (!paused) ctx.wake.queueChanged(connectorId);
}

async function pauseAll(tx: Tx, paused: boolean, at: Date): Promise<boolean> {
	if ((await readSetting(tx, QUEUE_PAUSED)).paused === paused) return false;
	await writeSetting(tx, QUEUE_PAUSED, { paused, since: paused ? at.toISOString() : null }, at);
	return true;
}

async function pauseOne(tx: Tx, connectorId: number, paused: boolean, at: Date): Promise<boolean> {
	const [row] = await tx.select().from(connectors).where(eq(connectors.id, connectorId)).for('update');
	if (row === undefined) throw notFound('connector');
	if (row.paused === paused) return false;
	await patchConnector(tx, connectorId, { paused, updatedAt: at });
	return true;
}

async function mustFind(tx: Tx, connectorId: number): Promise<{ id: number; name: string }> {
	const connector = await findConnector(tx, connectorId);
	if (connector === undefined) throw notFound('connector');
	return { id: connector.id, name: connector.name };
}
