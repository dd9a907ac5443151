/** Dispatches as lists, item pages and REST show them: what was asked, what came of it, what proves it. */
import { and, desc, eq, inArray, sql, type SQL } from 'drizzle-orm';
import * as v from 'valibot';
import type { AppContext } from '../app-context';
import { arrQueue, dispatches, grabs, searchRegistry } from '../db/schema';
import { inNameOf } from '$lib/domain/application';
import { proofSentences } from '$lib/domain/proof-words';
import type { ConnectorKind } from '$lib/domain/words';
import type { DispatchFilter, DispatchView, GrabView, Page, TargetView } from '$lib/domain/views';
import { cursorInstant, cursorText, pageOf, readCursor } from './keyset';

type DispatchRow = typeof dispatches.$inferSelect;
type GrabRow = typeof grabs.$inferSelect;

const cursorSchema = v.strictTuple([cursorInstant, cursorText]);

/** Newest first. */
export async function listDispatchViews(
	ctx: AppContext,
	filter: DispatchFilter,
): Promise<Page<DispatchView>> {
	const after = readCursor(filter.cursor, cursorSchema);
	const rows = await ctx.db
		.select()
		.from(dispatches)
		.where(
			and(
				inScope(filter.connectorIds),
				filter.outcome === null ? undefined : eq(dispatches.outcome, filter.outcome),
				after === null
					? undefined
					: sql`(${dispatches.claimedAt}, ${dispatches.id}) < (${after[0]}, ${after[1]})`,
			),
		)
		.orderBy(desc(dispatches.claimedAt), desc(dispatches.id))
		.limit(filter.limit + 1);
	const page = pageOf(rows, filter.limit, (last) => [last.claimedAt.toISOString(), last.id]);
	return { items: await toViews(ctx, page.items), nextCursor: page.nextCursor };
}

/** Those that satisfy a condition, newest first. */
export async function dispatchesWhere(
	ctx: AppContext,
	where: SQL | undefined,
	limit: number,
): Promise<DispatchView[]> {
	const rows = await ctx.db
		.select()
		.from(dispatches)
		.where(where)
		.orderBy(desc(dispatches.claimedAt))
		.limit(limit);
	return toViews(ctx, rows);
}

export async function findDispatchView(ctx: AppContext, id: string): Promise<DispatchView | null> {
	const [view] = await dispatchesWhere(ctx, eq(dispatches.id, id), 1);
	return view ?? null;
}

/** Raw row, for REST, which shows the evidence as data. */
export async function findDispatchRow(ctx: AppContext, id: string): Promise<DispatchRow | undefined> {
	const [row] = await ctx.db.select().from(dispatches).where(eq(dispatches.id, id));
	return row;
}

export const inScope = (connectorIds: number[] | null): SQL | undefined =>
	connectorIds === null
		? undefined
		: inArray(dispatches.connectorId, connectorIds.length === 0 ? [-1] : connectorIds);

async function toViews(ctx: AppContext, rows: readonly DispatchRow[]): Promise<DispatchView[]> {
	if (rows.length === 0) return [];
	const ids = rows.map((row) => row.id);
	const [grabRows, registryRows] = await Promise.all([
		ctx.db.select().from(grabs).where(inArray(grabs.dispatchId, ids)).orderBy(grabs.grabbedAt),
		ctx.db
			.select({
				id: searchRegistry.id,
				nextEligibleAt: searchRegistry.nextEligibleAt,
				last: searchRegistry.lastDispatchId,
				state: searchRegistry.state,
				seasonId: searchRegistry.seasonId,
			})
			.from(searchRegistry)
			.where(
				inArray(
					searchRegistry.id,
					rows.flatMap((row) => row.registryId ?? []),
				),
			),
	]);
	const views = await toGrabViews(ctx, grabRows);
	const registry = new Map(registryRows.map((row) => [row.id, row]));
	return rows.map((row) => {
		const memory = row.registryId === null ? undefined : registry.get(row.registryId);
		const own = grabRows
			.flatMap((grab, at) => (grab.dispatchId === row.id ? (views[at] ?? []) : []))
			.map((grab) => ({ ...grab, grabbedAt: byOurClock(row, grab.grabbedAt) }));
		const rests = memory?.last === row.id && memory.state === 'cooldown';
		const target = targetOf(row, memory?.seasonId ?? null);
		return toView(row, target, own, rests ? memory.nextEligibleAt : null);
	});
}

/** Clocks that are less apart are taken for the same. */
const SAME_CLOCK_MS = 60_000;

/** A time by the application's clock, told beside our own: a grab would else seem to come before its search. */
function byOurClock({ sendingAt, arrClock }: DispatchRow, date: Date): Date {
	if (sendingAt === null || arrClock === null) return date;
	const apartMs = sendingAt.getTime() - arrClock.getTime();
	return Math.abs(apartMs) < SAME_CLOCK_MS ? date : new Date(date.getTime() + apartMs);
}

function toView(
	row: DispatchRow,
	target: TargetView,
	own: GrabView[],
	nextEligibleAt: Date | null,
): DispatchView {
	// The column is text so that it outlives the list of kinds; it was written from it.
	const kind = row.connectorKind as ConnectorKind;
	return {
		id: row.id,
		connector: { id: row.connectorId, name: row.connectorName, kind },
		target,
		reason: row.reason,
		byUser: row.byUser,
		state: row.state,
		outcome: row.outcome,
		provisional: row.provisional,
		strength: row.strength,
		cost: row.cost,
		costReturned: row.costReturned,
		claimedAt: row.claimedAt,
		sentAt: row.sendingAt,
		watchingSince: row.watchingSince,
		endedAt: row.endSeenAt,
		concludedAt: row.concludedAt,
		commandId: row.commandId,
		releasesSeen: row.releasesSeen,
		proof: proofSentences(row).map((sentence) => inNameOf(sentence, kind)),
		nextEligibleAt,
		grabs: own,
	};
}

function targetOf(row: DispatchRow, seasonId: number | null): TargetView {
	const [item] = row.target.items;
	const ref =
		row.targetKind === 'season' || item === undefined ? null : `${row.targetKind}-${String(item.id)}`;
	const { title, subtitle } = row.target;
	return { kind: row.targetKind, ref, seasonId, title, subtitle };
}

/** In the order given, with the progress of what is still in the arr's queue. */
export async function toGrabViews(ctx: AppContext, rows: readonly GrabRow[]): Promise<GrabView[]> {
	const following = rows.flatMap((row) =>
		row.result === 'following' && row.downloadId !== null ? [row.downloadId] : [],
	);
	const queued =
		following.length === 0
			? []
			: await ctx.db
					.select({
						connectorId: arrQueue.connectorId,
						downloadId: arrQueue.downloadId,
						size: arrQueue.size,
						sizeLeft: arrQueue.sizeLeft,
						eta: arrQueue.estimatedCompletion,
						protocol: arrQueue.protocol,
					})
					.from(arrQueue)
					.where(inArray(arrQueue.downloadId, following));
	return rows.map((row) => {
		const seen = queued.find(
			(entry) => entry.connectorId === row.connectorId && entry.downloadId === row.downloadId,
		);
		return {
			title: row.title,
			claim: row.claim,
			releaseSource: row.releaseSource,
			indexer: row.indexer,
			protocol: seen?.protocol ?? null,
			size: seen?.size ?? null,
			quality: row.qualityName,
			formatScore: row.formatScore,
			qualityBefore: row.qualityBefore,
			grabbedAt: row.grabbedAt,
			historyArrId: row.historyArrId,
			result: row.result,
			resultAt: row.resultAt,
			resultDetail: row.resultDetail,
			progress:
				seen === undefined || seen.size <= 0 ? null : Math.min(1, Math.max(0, 1 - seen.sizeLeft / seen.size)),
			etaAt: seen?.eta ?? null,
		};
	});
}
