/** Who works for a connector, as the database knows it: the session that holds the connector's advisory lock. */
import { sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/** First key of the two-key advisory locks; the second is the connector's id. */
export const CONNECTOR_LOCK_SPACE = 0x636f6d72;

/** True where the session of the backend `pid` holds the connector's lock at this moment. */
export const isHeldBy = (connectorId: number | PgColumn, pid: number): SQL =>
	isHeld(connectorId, sql`pid = ${pid}`);

/** True where a session other than that of the backend `pid` holds it. */
export const isHeldByOther = (connectorId: number | PgColumn, pid: number): SQL =>
	isHeld(connectorId, sql`pid <> ${pid}`);

const isHeld = (connectorId: number | PgColumn, whose: SQL): SQL => sql`exists (
	select 1 from pg_locks
	where locktype = 'advisory' and granted and ${whose}
		and database = (select oid from pg_database where datname = current_database())
		and classid = ${CONNECTOR_LOCK_SPACE}::int::oid and objid = ${connectorId}::int::oid and objsubid = 2)`;
