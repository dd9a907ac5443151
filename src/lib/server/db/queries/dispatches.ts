/** Dispatches: every step is a conditional update, so that of two workers only one makes it. */
import { and, desc, eq, gte, inArray, ne, sql } from 'drizzle-orm';
import type { DispatchState } from '$lib/domain/words';
import type { DbOrTx, Tx } from '../client';
import { allOf, insertRow, rowsOf, textArray } from '../rows';
import { dispatches } from '../schema';

export type DispatchRow = typeof dispatches.$inferSelect;
export type NewDispatch = typeof dispatches.$inferInsert;
const ROW = allOf(dispatches);

export const insertDispatch = (tx: Tx, row: NewDispatch): Promise<DispatchRow> =>
	insertRow(tx, dispatches, row);

export async function findDispatch(db: DbOrTx, id: string): Promise<DispatchRow | null> {
	const [row] = await rowsOf<DispatchRow>(db, sql`select ${ROW} from dispatches where id = ${id}`);
	return row ?? null;
}

/** All that are not concluded, oldest first. */
export async function openDispatches(
	db: DbOrTx,
	connectorId: number,
	states?: readonly DispatchState[],
): Promise<DispatchRow[]> {
	const wanted = states === undefined ? sql`` : sql`and state = any(${textArray(states)})`;
	return rowsOf(
		db,
		sql`select ${ROW} from dispatches where connector_id = ${connectorId} and state <> 'concluded' ${wanted}
			order by claimed_at, id`,
	);
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
	return rowsOf(
		db,
		sql`select ${ROW} from dispatches
			where connector_id = ${connectorId} and state = 'concluded' and outcome <> 'withdrawn'
			order by concluded_at desc, id desc limit ${limit}`,
	);
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
	return rowsOf(
		db,
		sql`select ${ROW} from dispatches
			where connector_id = ${connectorId} and outcome = 'pending' and claimed_at > ${since}
				and not coalesce((evidence->>'parkedOver')::boolean, false)
			order by claimed_at`,
	);
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
	return rowsOf(
		db,
		sql`select ${ROW} from dispatches
			where connector_id = ${connectorId} and state in ('watching', 'ended')
				and (next_look_at is null or next_look_at <= ${now})
			order by claimed_at, id`,
	);
}

/** When the next look at one of them is due; null if none is under way. */
export async function nextLookAt(db: DbOrTx, connectorId: number, now: Date): Promise<Date | null> {
	const [row] = await rowsOf<{ at: Date | null }>(
		db,
		sql`select min(coalesce(next_look_at, ${now}::timestamptz)) as at from dispatches
			where connector_id = ${connectorId} and state in ('watching', 'ended')`,
	);
	return row?.at ?? null;
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
