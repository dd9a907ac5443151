/** Discovery: what a connector's library lacks or could have better, written down by difference. */
import type { AppContext } from '../../app-context';
import { drizzleOn } from '../../db/bulk';
import type { DbOrTx } from '../../db/client';
import { DISCOVERED } from '../../db/queries/connectors';
import { countWanted, lockForDiscovery, queuedButUnwanted, renewWanted } from '../../db/queries/discovery';
import { putReading } from '../../db/queries/dispatches-mirror';
import { recordEvent } from '../../events';
import { rulesOf } from './rules';

export interface DiscoveryHooks {
	/** These targets are no longer wanted: they leave the line, `queued → pending`, in the same transaction. */
	returnToPending?: (tx: DbOrTx, registryIds: readonly number[]) => Promise<unknown>;
}

export interface DiscoveryReport {
	gap: number;
	quality: number;
	format: number;
	added: number;
	/** Wanted for another reason than before, or with other facts. */
	changed: number;
	removed: number;
}

const NOTHING: DiscoveryReport = { gap: 0, quality: 0, format: 0, added: 0, changed: 0, removed: 0 };

const MANY_ROWS = 500;

/** Finds what is wanted now. Items no longer wanted leave the line in the same transaction. */
export async function discover(
	ctx: AppContext,
	connectorId: number,
	hooks: DiscoveryHooks = {},
): Promise<DiscoveryReport> {
	const rules = await rulesOf(ctx.bulk, connectorId, ctx.clock.date());
	if (rules === null) return NOTHING;
	const done = await ctx.bulk.begin(async (tx) => {
		if (!(await lockForDiscovery(tx, connectorId))) return { report: NOTHING };
		const change = await renewWanted(tx, rules.statements);
		// the first plan follows at once: the planner is not to take thousands of rows for a few
		if (change.added > MANY_ROWS) await tx`analyze wanted`;
		const unwanted = await queuedButUnwanted(tx, connectorId);
		if (unwanted.length > 0) await hooks.returnToPending?.(drizzleOn(tx), unwanted);
		const counts = await countWanted(tx, connectorId);
		const report = { ...counts, ...change };
		await putReading(drizzleOn(tx), connectorId, DISCOVERED, report, ctx.clock.date());
		if (change.added + change.removed > 0) await tell(ctx, drizzleOn(tx), rules.connector, report);
		return { report };
	});
	return done.report;
}

async function tell(
	ctx: AppContext,
	tx: DbOrTx,
	connector: { id: number; name: string },
	report: DiscoveryReport,
): Promise<void> {
	const { gap, quality, format, added, removed } = report;
	await recordEvent(tx, {
		at: ctx.clock.date(),
		type: 'discovery.changed',
		connector,
		message: `${connector.name}: ${added} newly wanted, ${removed} no longer.`,
		data: { gap, quality, format, added, removed },
	});
}
