/**
 * How much is wanted, as discovery counted it in the transaction that wrote the list: nobody else writes it, so that
 * the counts hold until the next one. Counting a hundred thousand rows for every page would take longer than the page.
 */
import { sql } from 'drizzle-orm';
import type { WantedReason } from '$lib/domain/words';
import type { DbOrTx } from '../client';
import { rowsOf } from '../rows';
import { DISCOVERED } from './connectors';

export interface WantedCount extends Record<WantedReason, number> {
	connectorId: number;
}

/** One row for each connector that was discovered at least once, of those given or of all. */
export async function readWantedCounts(
	db: DbOrTx,
	connectorIds: readonly number[] | null = null,
): Promise<WantedCount[]> {
	const only =
		connectorIds === null ? sql`` : sql` and connector_id = any(${sql.param([...connectorIds])}::int[])`;
	return await rowsOf<WantedCount>(
		db,
		sql`select connector_id as "connectorId", coalesce((value ->> 'gap')::int, 0) as gap,
			coalesce((value ->> 'quality')::int, 0) as quality, coalesce((value ->> 'format')::int, 0) as format
			from connector_readings where name = ${DISCOVERED}${only}`,
	);
}

export const wantedInAll = (counts: readonly WantedCount[]): number =>
	counts.reduce((sum, { gap, quality, format }) => sum + gap + quality + format, 0);
