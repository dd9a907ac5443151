/**
 * The one place that writes the search registry. Every change of state goes through `move`, which is guarded twice:
 * the `where` takes only rows that are in a state from which the move is allowed (so two workers cannot both make it),
 * and the database refuses every move that is not in the table of moves.
 *
 * Invariant kept here: a target is `queued` if and only if it has a row in the request queue.
 */
import { and, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { MOVES } from '$lib/domain/moves';
import type { SearchState, TargetKind } from '$lib/domain/words';
import type { DbOrTx } from '../../db/client';
import { allOf, rowsOf } from '../../db/rows';
import { requestQueue, searchRegistry } from '../../db/schema';

export type RegistryRow = typeof searchRegistry.$inferSelect;
export type QueueRow = typeof requestQueue.$inferSelect;
/** What a move may change beside the state. */
export type Changes = { [K in keyof RegistryChanges]?: RegistryChanges[K] | SQL };
type RegistryChanges = Omit<
	RegistryRow,
	'id' | 'connectorId' | 'targetKind' | 'targetKey' | 'state' | 'stateSince'
>;

/** A target as the mirror knows it: natural key and, by its kind, one of our row ids. */
export interface TargetRef {
	connectorId: number;
	kind: TargetKind;
	key: string;
	/** Our episode, season or movie row, by `kind`. */
	rowId: number;
}

/** Every state from which `to` may be reached. */
export const statesBefore = (to: SearchState): SearchState[] =>
	(Object.keys(MOVES) as SearchState[]).filter((from) => MOVES[from].includes(to));

/** Moves the rows that `which` selects and that are in one of `from`; gives back those that moved. */
export async function move(
	tx: DbOrTx,
	which: SQL,
	step: { from: readonly SearchState[]; to: SearchState; at: Date; set?: Changes },
): Promise<RegistryRow[]> {
	for (const from of step.from) {
		if (!MOVES[from].includes(step.to)) throw new Error(`there is no move from ${from} to ${step.to}`);
	}
	if (step.to === 'queued') throw new Error('a target is queued together with its queue row: use lineUp');
	return await leaveLine(tx, await change(tx, which, step), step);
}

/** Changes what is remembered about a target, not its state. */
export async function remember(tx: DbOrTx, which: SQL, set: Changes): Promise<number> {
	const rows = await tx.update(searchRegistry).set(set).where(which).returning({ id: searchRegistry.id });
	return rows.length;
}

/** Writes the rows of targets that have none yet (no row means `pending`); gives back all of them, old and new. */
export async function giveBirth(tx: DbOrTx, targets: readonly TargetRef[], at: Date): Promise<RegistryRow[]> {
	const found: RegistryRow[] = [];
	for (const [connectorId, kind] of connectorsAndKinds(targets)) {
		const own = targets.filter((target) => target.connectorId === connectorId && target.kind === kind);
		await insertTargets(tx, connectorId, kind, own, at);
		found.push(
			...(await findByKeys(
				tx,
				connectorId,
				kind,
				own.map((target) => target.key),
			)),
		);
	}
	return found;
}

/** What a queue row is made of. */
export type LineEntry = Omit<typeof requestQueue.$inferInsert, 'id' | 'queuedAt'>;

/** `pending → queued`, each with its queue row; targets that are not pending any more are left out. */
export async function lineUp(tx: DbOrTx, entries: readonly LineEntry[], at: Date): Promise<QueueRow[]> {
	if (entries.length === 0) return [];
	const ids = entries.map((entry) => entry.registryId);
	const moved = await change(tx, oneOfIds(ids), { from: ['pending'], to: 'queued', at });
	const taken = new Set(moved.map((row) => row.id));
	const rows = entries
		.filter((entry) => taken.has(entry.registryId))
		.map((entry) => ({ ...entry, queuedAt: at }));
	return rows.length === 0 ? [] : await tx.insert(requestQueue).values(rows).returning();
}

/** `queued → searching` for one target, which gives up its place: the place it had, or null if it was not in line any more. */
export async function takeOut(
	tx: DbOrTx,
	registryId: number,
	{ at, dispatchId }: { at: Date; dispatchId: string },
): Promise<QueueRow | null> {
	const [row] = await rowsOf<QueueRow>(
		tx,
		sql`with gone as (delete from request_queue where registry_id = ${registryId} returning *),
			moved as (
				update search_registry r set state = 'searching', state_since = ${at}, last_dispatch_id = ${dispatchId}
				from gone where r.id = gone.registry_id and r.state = 'queued' returning r.id)
			select ${allOf(requestQueue, 'gone')} from gone join moved on moved.id = gone.registry_id`,
	);
	return row ?? null;
}

/** Deletes registry rows (and by cascade their queue rows): only when the target itself is gone for good. */
export async function forget(tx: DbOrTx, which: SQL): Promise<number> {
	const rows = await tx.delete(searchRegistry).where(which).returning({ id: searchRegistry.id });
	return rows.length;
}

export const byId = (id: number): SQL => eq(searchRegistry.id, id);
export const oneOfIds = (ids: readonly number[]): SQL =>
	sql`${searchRegistry.id} = any(${sql.param([...ids])}::int[])`;

async function change(
	tx: DbOrTx,
	which: SQL,
	step: { from: readonly SearchState[]; to: SearchState; at: Date; set?: Changes },
): Promise<RegistryRow[]> {
	return await tx
		.update(searchRegistry)
		.set({ ...step.set, state: step.to, stateSince: step.at })
		.where(and(which, inArray(searchRegistry.state, [...step.from])))
		.returning();
}

/** Whoever was queued and moved on has left the line. */
async function leaveLine(
	tx: DbOrTx,
	moved: RegistryRow[],
	step: { from: readonly SearchState[] },
): Promise<RegistryRow[]> {
	if (moved.length === 0 || !step.from.includes('queued')) return moved;
	const ids = moved.map((row) => row.id);
	await tx.delete(requestQueue).where(sql`${requestQueue.registryId} = any(${sql.param(ids)}::int[])`);
	return moved;
}

async function findByKeys(
	tx: DbOrTx,
	connectorId: number,
	kind: TargetKind,
	keys: string[],
): Promise<RegistryRow[]> {
	return await tx
		.select()
		.from(searchRegistry)
		.where(
			and(
				eq(searchRegistry.connectorId, connectorId),
				eq(searchRegistry.targetKind, kind),
				sql`${searchRegistry.targetKey} = any(${sql.param(keys)}::text[])`,
			),
		);
}

function connectorsAndKinds(targets: readonly TargetRef[]): [number, TargetKind][] {
	const pairs = new Map(targets.map((target) => [`${target.connectorId} ${target.kind}`, target]));
	return [...pairs.values()].map((target) => [target.connectorId, target.kind]);
}

/** One statement with two lists: a scope of any size fits into it. */
async function insertTargets(
	tx: DbOrTx,
	connectorId: number,
	kind: TargetKind,
	targets: readonly TargetRef[],
	at: Date,
): Promise<void> {
	const keys = targets.map((target) => target.key);
	const rows = targets.map((target) => target.rowId);
	const column = sql.raw(`${kind}_id`);
	await tx.execute(sql`
		insert into search_registry (connector_id, target_kind, target_key, ${column}, state, state_since)
		select ${connectorId}::int, ${kind}::text, key, row_id, 'pending', ${at}::timestamptz
		from unnest(${sql.param(keys)}::text[], ${sql.param(rows)}::int[]) as t(key, row_id)
		on conflict do nothing`);
}
