/**
 * A mark that every writer of a connector's mirror changes. Who remembers what a list said, and finds the mark as it
 * left it, knows that the mirror is still what came of that list.
 */
import type { SQL } from 'bun';
import { sql as statement } from 'drizzle-orm';
import { newId } from '../../context';
import type { DbOrTx } from '../client';

/** What a writer found, null before the first one, and what it left. Of one that is rolled back the latter never was. */
export interface MirrorMark {
	before: string | null;
	after: string;
}

/** The mark now; null before the first write. */
export async function mirrorMark(sql: SQL, connectorId: number): Promise<string | null> {
	const rows = (await sql`select value->>'mark' as mark from connector_readings
		where connector_id = ${connectorId} and name = 'mirrorMark'`) as { mark: string }[];
	return rows[0]?.mark ?? null;
}

/** For a write outside of the mirror's lock, such as what a live check saw of one item. */
export async function changeMirrorMark(db: DbOrTx, connectorId: number): Promise<void> {
	const value = JSON.stringify({ mark: newId() });
	await db.execute(statement`
		insert into connector_readings (connector_id, name, value, read_at)
		values (${connectorId}::int, 'mirrorMark', ${value}::text::jsonb, 'epoch')
		on conflict (connector_id, name) do update set value = excluded.value`);
}

/** One writer per connector at a time, whichever process it lives in; held until the transaction ends. */
export async function lockMirror(tx: SQL, connectorId: number): Promise<MirrorMark> {
	return await lock(tx, connectorId, false);
}

/** The same for a transaction that writes few rows into large tables: the planner is not to scan those. */
export async function lockForFewRows(tx: SQL, connectorId: number): Promise<MirrorMark> {
	return await lock(tx, connectorId, true);
}

async function lock(tx: SQL, connectorId: number, fewRows: boolean): Promise<MirrorMark> {
	const after = newId();
	// what was there before is taken from the row as it is once it is ours, not from when the statement began
	const rows = (await tx`
		with changed as (
			insert into connector_readings (connector_id, name, value, read_at)
			values (${connectorId}::int, 'mirrorMark', jsonb_build_object('mark', ${after}::text), 'epoch')
			on conflict (connector_id, name) do update
				set value = excluded.value || jsonb_build_object('before', connector_readings.value->>'mark')
			returning value->>'before' as before
		)
		select before, pg_advisory_xact_lock(7262, ${connectorId}::int),
			case when ${fewRows}::boolean then set_config('enable_seqscan', 'off', true) end
		from changed`) as { before: string | null }[];
	return { before: rows[0]?.before ?? null, after };
}
