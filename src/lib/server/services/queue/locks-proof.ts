/** Proof, inside a transaction, that the session which holds our connector locks still holds this one. */
import { sql } from 'drizzle-orm';
import type { Tx } from '../../db/client';
import { CONNECTOR_LOCK_SPACE } from '../connectors/locks';

/** True if the backend `pid` holds the connector's advisory lock at this moment. */
export async function lockIsHeld(tx: Tx, connectorId: number, pid: number): Promise<boolean> {
	const rows = await tx.execute(sql`
		select 1 from pg_locks
		where locktype = 'advisory' and granted and pid = ${pid}
			and database = (select oid from pg_database where datname = current_database())
			and classid = ${CONNECTOR_LOCK_SPACE}::int::oid and objid = ${connectorId}::int::oid and objsubid = 2`);
	return [...rows].length > 0;
}
