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
	const now = ctx.clock.date();
	// both count their whole library
	const [totals, counts] = await Promise.all([
		client.wantedTotals(options.signal),
		wantedByArrRules(ctx.bulk, connector.id, instance.shape, now),
	]);
	await storeArrTotals(ctx.bulk, connector.id, totals, now);
	return { arrMissing: totals.missing, arrCutoffUnmet: totals.cutoffUnmet, ...counts };
}
