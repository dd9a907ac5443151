/** Proof, inside a transaction, that the session which holds our connector locks still holds this one. */
import { sql } from 'drizzle-orm';
import type { Tx } from '../../db/client';
import { isHeldBy } from '../../db/queries/connector-locks';
import { rowsOf } from '../../db/rows';

/** True if the backend `pid` holds the connector's advisory lock at this moment. */
export async function lockIsHeld(tx: Tx, connectorId: number, pid: number): Promise<boolean> {
	const [row] = await rowsOf<{ held: boolean }>(tx, sql`select ${isHeldBy(connectorId, pid)} as held`);
	return row?.held === true;
}
