/** The undo of a cleared line: what stood in it, and what each target remembered, kept until it is used or a day old. */
import { and, eq } from 'drizzle-orm';
import * as v from 'valibot';
import { TARGET_KINDS, WANTED_REASONS } from '$lib/domain/words';
import type { AppContext } from '../../app-context';
import { AppError } from '../../app-error';
import type { Tx } from '../../db/client';
import { readRests } from '../../db/queries/registry';
import { undoActs } from '../../db/schema';
import { recordEvent } from '../../events';
import { restoreToLine, type QueueRow } from './states';

const CLEAR = 'queue.clear';

const instant = v.nullable(
	v.pipe(
		v.string(),
		v.transform((text) => new Date(text)),
	),
);

const savedPlaceSchema = v.object({
	connectorId: v.number(),
	registryId: v.number(),
	targetKind: v.picklist(TARGET_KINDS),
	seriesId: v.nullable(v.number()),
	reason: v.picklist(WANTED_REASONS),
	score: v.number(),
	cost: v.number(),
	pinned: v.boolean(),
	lastSearchTime: instant,
	nextEligibleAt: instant,
	restReason: v.nullable(v.string()),
});
/** A place in line, with the rest that the target had before it was taken out. */
export type SavedPlace = v.InferOutput<typeof savedPlaceSchema>;

/** Keeps what is about to be cleared, in the same transaction; gives back the id of the undo. */
export async function keepForUndo(tx: Tx, rows: readonly QueueRow[], at: Date): Promise<string> {
	const rests = await readRests(
		tx,
		rows.map((row) => row.registryId),
	);
	const id = Bun.randomUUIDv7('hex', at);
	const places = rows.map((row) => ({
		connectorId: row.connectorId,
		registryId: row.registryId,
		targetKind: row.targetKind,
		seriesId: row.seriesId,
		reason: row.reason,
		score: row.score,
		cost: row.cost,
		pinned: row.pinned,
		lastSearchTime: row.lastSearchTime?.toISOString() ?? null,
		nextEligibleAt: rests.get(row.registryId)?.nextEligibleAt?.toISOString() ?? null,
		restReason: rests.get(row.registryId)?.restReason ?? null,
	}));
	await tx.insert(undoActs).values({ id, kind: CLEAR, data: { places }, createdAt: at });
	return id;
}

/** Puts back in line what a clearing took out, as far as nothing else happened to it. Once only. */
export async function undoClear(ctx: AppContext, undoId: string): Promise<number> {
	const at = ctx.clock.date();
	const restored = await ctx.db.transaction(async (tx) => {
		const [act] = await tx
			.update(undoActs)
			.set({ used: true })
			.where(and(eq(undoActs.id, undoId), eq(undoActs.kind, CLEAR), eq(undoActs.used, false)))
			.returning();
		if (act === undefined)
			throw new AppError('nothing_to_undo', 409, 'This was undone already, or is too long ago.');
		const { places } = v.parse(v.object({ places: v.array(savedPlaceSchema) }), act.data);
		const count = await restoreToLine(tx, places, { at });
		const message = `${count} searches were put back in line.`;
		await recordEvent(tx, { at, type: 'queue.restored', message, data: { count, undoId } });
		return count;
	});
	ctx.wake.queueChanged(null);
	return restored;
}
