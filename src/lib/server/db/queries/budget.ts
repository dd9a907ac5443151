/** What was spent: the throttle's view of the last 24 h, in one query. */
import { sql, type SQL } from 'drizzle-orm';
import type { Spent, Usage } from '$lib/domain/throttle';
import type { DbOrTx } from '../client';
import { rowsOf } from '../rows';

const DAY_MS = 86_400_000;
/** From the claim to the sending at most; the windows themselves are cut by whoever reckons with them. */
const SENDING_MS = 3_600_000;

/** Usage of a connector. */
export async function readUsage(tx: DbOrTx, connectorId: number, now: Date): Promise<Usage> {
	return usageOf(await rowsOf<UsageRow>(tx, usageRows(connectorId, usageSince(now))));
}

/** What was claimed before cannot have been sent within the last day. */
export const usageSince = (now: Date): Date => new Date(now.getTime() - DAY_MS - SENDING_MS);

/**
 * A dispatch counts from the moment it was sent, or claimed if it was not yet: so that no window is exceeded by either
 * clock. Cost that was given back does not count; a dispatch that was withdrawn was never sent, and does not space the
 * next one.
 */
export const usageRows = (connectorId: number, since: Date): SQL => sql`
	select id, coalesce(sending_at, claimed_at) as at, cost, reason as kind, not cost_returned as counts,
		outcome is distinct from 'withdrawn' as spaces, null::timestamptz as until
	from dispatches where connector_id = ${connectorId} and claimed_at > ${since}
		and (not cost_returned or outcome is distinct from 'withdrawn')
	union all
	select null, first_seen_at, cost, 'foreign', true, false, null
	from foreign_commands where connector_id = ${connectorId} and first_seen_at > ${since}
	union all
	select null, closed_at, 0, 'foreign', false, false, until
	from connector_gates where connector_id = ${connectorId} and gate = 'error_pause'
	order by at desc`;

/** Newest first. */
export interface UsageRow {
	id: string | null;
	at: Date;
	cost: number;
	kind: Spent['kind'];
	counts: boolean;
	spaces: boolean;
	until: Date | null;
}

export function usageOf(rows: readonly UsageRow[]): Usage {
	const last = rows.find((row) => row.spaces && row.id !== null);
	return {
		spent: rows.filter((row) => row.counts && row.cost > 0).map(({ at, cost, kind }) => ({ at, cost, kind })),
		last: last === undefined ? null : { id: last.id ?? '', at: last.at },
		errorPauseUntil: rows.find((row) => row.until !== null)?.until ?? null,
	};
}
