/** Rows of gates that an outcome or a reading has closed; no row = open. */
import { and, eq, sql } from 'drizzle-orm';
import type { DbOrTx } from '../client';
import { allOf, rowsOf } from '../rows';
import { connectorGates } from '../schema';

export type GateRow = typeof connectorGates.$inferSelect;
export type GateName = 'indexer' | 'download_client' | 'error_pause' | 'lanes';

export async function findGates(db: DbOrTx, connectorId: number): Promise<GateRow[]> {
	return rowsOf(
		db,
		sql`select ${allOf(connectorGates)} from connector_gates where connector_id = ${connectorId}`,
	);
}

export async function findGate(db: DbOrTx, connectorId: number, gate: GateName): Promise<GateRow | null> {
	return (await findGates(db, connectorId)).find((row) => row.gate === gate) ?? null;
}

/** Closes it, or keeps it closed for longer; `closedAt` stays that of the first closing. */
export async function putGate(tx: DbOrTx, row: GateRow): Promise<void> {
	await tx
		.insert(connectorGates)
		.values(row)
		.onConflictDoUpdate({
			target: [connectorGates.connectorId, connectorGates.gate],
			set: {
				cause: row.cause,
				level: row.level,
				until: sql`greatest(${connectorGates.until}, excluded.until)`,
			},
		});
}

/** Gives it back if it was closed. */
export async function deleteGate(tx: DbOrTx, connectorId: number, gate: GateName): Promise<GateRow | null> {
	const [row] = await tx.delete(connectorGates).where(one(connectorId, gate)).returning();
	return row ?? null;
}

const one = (connectorId: number, gate: GateName) =>
	and(eq(connectorGates.connectorId, connectorId), eq(connectorGates.gate, gate));

/** The user was told about this closing. */
export async function markTold(tx: DbOrTx, connectorId: number, gate: GateName): Promise<void> {
	await tx.update(connectorGates).set({ level: 1 }).where(one(connectorId, gate));
}
