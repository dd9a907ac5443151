/** One look at whether anything is to be done for a connector between sweeps: open, to be followed, or in line. */
import { sql } from 'drizzle-orm';
import type { DbOrTx } from '../client';
import { rowsOf } from '../rows';

export interface DispatchOutlook {
	/** Claimed or being sent: this process has it in hand, or another one left it behind. */
	unsettled: boolean;
	/** When the next look at a search under way is due; null if there is none. */
	nextLookAt: Date | null;
	/** When the arr's command list was read last. */
	listReadAt: Date | null;
	/** Grabs or parked releases whose end is not known. */
	toFollow: boolean;
	inLine: boolean;
}

/** `parkedSince`: releases parked earlier are not believed to be waiting any more. */
export async function readOutlook(
	db: DbOrTx,
	connectorId: number,
	{ now, parkedSince }: { now: Date; parkedSince: Date },
): Promise<DispatchOutlook> {
	const [row] = await rowsOf<DispatchOutlook>(
		db,
		sql`
		select exists (select 1 from dispatches where connector_id = ${connectorId} and state in ('claimed', 'sending')) as unsettled,
			(select min(coalesce(next_look_at, ${now}::timestamptz)) from dispatches
				where connector_id = ${connectorId} and state in ('watching', 'ended')) as "nextLookAt",
			(select read_at from connector_readings where connector_id = ${connectorId} and name = 'commands') as "listReadAt",
			exists (select 1 from search_registry where connector_id = ${connectorId} and state = 'grabbed')
				or exists (select 1 from grabs where connector_id = ${connectorId} and result in ('following', 'manual'))
				or exists (select 1 from dispatches where connector_id = ${connectorId} and outcome = 'pending'
					and claimed_at > ${parkedSince} and not coalesce((evidence->>'parkedOver')::boolean, false)) as "toFollow",
			exists (select 1 from request_queue where connector_id = ${connectorId}) as "inLine"`,
	);
	if (row === undefined) throw new Error('an outlook is always one row');
	return row;
}
