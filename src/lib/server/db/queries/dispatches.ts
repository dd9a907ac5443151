/** Dispatches: every step is a conditional update, so that of two workers only one makes it. */
import { and, asc, desc, eq, gt, gte, inArray, lte, ne, or, sql } from 'drizzle-orm';
import type { DispatchState } from '$lib/domain/words';
import type { DbOrTx, Tx } from '../client';
import { dispatches } from '../schema';

export type DispatchRow = typeof dispatches.$inferSelect;
export type NewDispatch = typeof dispatches.$inferInsert;

export async function insertDispatch(tx: Tx, row: NewDispatch): Promise<DispatchRow> {
	const [inserted] = await tx.insert(dispatches).values(row).returning();
	if (inserted === undefined) throw new Error('the dispatch was not written');
	return inserted;
}

export async function findDispatch(db: DbOrTx, id: string): Promise<DispatchRow | null> {
	const [row] = await db.select().from(dispatches).where(eq(dispatches.id, id));
	return row ?? null;
}

/** All that are not concluded, oldest first. */
export async function openDispatches(
	db: DbOrTx,
	connectorId: number,
	states?: readonly DispatchState[],
): Promise<DispatchRow[]> {
	const wanted =
		states === undefined ? ne(dispatches.state, 'concluded') : inArray(dispatches.state, [...states]);
	return db
		.select()
		.from(dispatches)
		.where(and(eq(dispatches.connectorId, connectorId), wanted))
		.orderBy(asc(dispatches.claimedAt), asc(dispatches.id));
}

/** Changes a dispatch that is still in one of `from`; null if it has moved on. */
export async function advanceDispatch(
	db: DbOrTx,
	id: string,
	from: readonly DispatchState[],
	set: Partial<NewDispatch>,
): Promise<DispatchRow | null> {
	const [row] = await db
		.update(dispatches)
		.set(set)
		.where(and(eq(dispatches.id, id), inArray(dispatches.state, [...from])))
		.returning();
	return row ?? null;
}

/** Which of these ids are dispatches of this connector. */
export async function knownDispatchIds(
	db: DbOrTx,
	connectorId: number,
	ids: readonly string[],
): Promise<Set<string>> {
	if (ids.length === 0) return new Set();
	const rows = await db
		.select({ id: dispatches.id })
		.from(dispatches)
		.where(and(eq(dispatches.connectorId, connectorId), inArray(dispatches.id, [...ids])));
	return new Set(rows.map((row) => row.id));
}

/** The dispatch of a target that was claimed since then and handed to the arr, if there is one. */
export async function sentSince(db: DbOrTx, registryId: number, since: Date): Promise<string | null> {
	const [row] = await db
		.select({ id: dispatches.id })
		.from(dispatches)
		.where(
			and(
				eq(dispatches.registryId, registryId),
				gte(dispatches.claimedAt, since),
				ne(dispatches.state, 'claimed'),
				sql`${dispatches.outcome} is distinct from 'withdrawn'`,
			),
		)
		.orderBy(desc(dispatches.claimedAt))
		.limit(1);
	return row?.id ?? null;
}

/** The newest concluded dispatches of a connector that were sent, newest first. */
export async function lastConcluded(db: DbOrTx, connectorId: number, limit: number): Promise<DispatchRow[]> {
	return db
		.select()
		.from(dispatches)
		.where(
			and(
				eq(dispatches.connectorId, connectorId),
				eq(dispatches.state, 'concluded'),
				ne(dispatches.outcome, 'withdrawn'),
			),
		)
		.orderBy(desc(dispatches.concludedAt), desc(dispatches.id))
		.limit(limit);
}

/** The newest dispatches that covered one of these targets and proved nothing, newest first. */
export async function provedNothing(db: DbOrTx, registryIds: readonly number[]): Promise<DispatchRow[]> {
	if (registryIds.length === 0) return [];
	return db
		.select()
		.from(dispatches)
		.where(
			and(
				inArray(dispatches.registryId, [...registryIds]),
				inArray(dispatches.outcome, ['inconclusive', 'error', 'not_searched']),
			),
		)
		.orderBy(desc(dispatches.claimedAt))
		.limit(5);
}

/** Dispatches whose release was parked and has not been grabbed since. */
export async function parkedDispatches(db: DbOrTx, connectorId: number, since: Date): Promise<DispatchRow[]> {
	return db
		.select()
		.from(dispatches)
		.where(
			and(
				eq(dispatches.connectorId, connectorId),
				eq(dispatches.outcome, 'pending'),
				gt(dispatches.claimedAt, since),
				sql`coalesce((${dispatches.evidence}->>'parkedOver')::boolean, false) = false`,
			),
		)
		.orderBy(asc(dispatches.claimedAt));
}

/** Concluded dispatches tell more as the grabs go on; outcome changes only from `pending` to `grabbed`. */
export async function noteLateEvidence(
	tx: DbOrTx,
	id: string,
	set: { evidence: Record<string, unknown>; outcome?: 'grabbed' },
): Promise<void> {
	await tx
		.update(dispatches)
		.set(set)
		.where(and(eq(dispatches.id, id), eq(dispatches.outcome, 'pending')));
}

/** Watched or ended dispatches whose next look is due at `now`. */
export async function dueDispatches(db: DbOrTx, connectorId: number, now: Date): Promise<DispatchRow[]> {
	return db
		.select()
		.from(dispatches)
		.where(
			and(
				eq(dispatches.connectorId, connectorId),
				inArray(dispatches.state, ['watching', 'ended']),
				or(sql`${dispatches.nextLookAt} is null`, lte(dispatches.nextLookAt, now)),
			),
		)
		.orderBy(asc(dispatches.claimedAt), asc(dispatches.id));
}

/** Before a connector is deleted: what was not sent is taken back, of the rest no answer can be had any more. */
export async function concludeOpenOf(tx: DbOrTx, connectorId: number, at: Date): Promise<void> {
	await tx
		.update(dispatches)
		.set({
			state: 'concluded',
			concludedAt: at,
			outcome: sql`case when ${dispatches.state} = 'claimed' then 'withdrawn' else 'lost' end`,
			strength: 'weak',
			costReturned: sql`${dispatches.costReturned} or ${dispatches.state} = 'claimed'`,
			evidence: { proof: 'command', detail: 'The connector was deleted while this was open.' },
		})
		.where(and(eq(dispatches.connectorId, connectorId), ne(dispatches.state, 'concluded')));
}
