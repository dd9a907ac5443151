/** After a full sync: what we would list by the arr's own conditions, beside its totals, and what explains the rest. */
import { wantedByArrRules, type ArrRuleCounts } from '../../db/queries/mirror-totals';
import { storeArrTotals } from '../../db/queries/mirror-runs';
import type { SyncSession } from './session';

export interface Comparison {
	/** The arr's totals; null where it has none. */
	arrMissing: number | null;
	arrCutoffUnmet: number | null;
	/** The same, counted in the mirror. Equal unless something moved meanwhile. */
	missing: number;
	cutoffUnmet: number;
	/** Why our gaps and upgrades are fewer. */
	reasons: ArrRuleCounts['reasons'];
	/** Files on which the arr's verdict and ours differ. */
	verdictsDiffer: number;
}

export async function compareTotals(session: SyncSession): Promise<Comparison> {
	const { ctx, client, connector, instance, options } = session;
	const totals = await client.wantedTotals(options.signal);
	await storeArrTotals(ctx.bulk, connector.id, totals, ctx.clock.date());
	const counts = await wantedByArrRules(ctx.bulk, connector.id, instance.shape, ctx.clock.date());
	return { arrMissing: totals.missing, arrCutoffUnmet: totals.cutoffUnmet, ...counts };
}
