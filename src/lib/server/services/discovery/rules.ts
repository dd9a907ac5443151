/** The rules of one connector, as statements and as the pure judgement take them. */
import type { SQL } from 'bun';
import type { WantedRules } from '$lib/domain/wanted';
import type { DiscoveryRules } from '../../db/queries/discovery-conditions';
import { findSyncedConnector, type SyncedConnector } from '../../db/queries/mirror-runs';
import { bindFilters } from './filters';

export interface BoundRules {
	connector: SyncedConnector;
	statements: DiscoveryRules;
	judgement: WantedRules;
}

/** Null for a connector that was never probed: it has no library yet. */
export async function rulesOf(sql: SQL, connectorId: number, now: Date): Promise<BoundRules | null> {
	const connector = await findSyncedConnector(sql, connectorId);
	if (connector?.shape === undefined || connector.shape === null) return null;
	const { settings } = connector;
	const { gap, quality, format } = settings.kinds;
	const kinds = { gap: gap.enabled, quality: quality.enabled, format: format.enabled };
	return {
		connector,
		judgement: { now, graceMs: settings.graceHours * 3_600_000, specials: settings.specials, kinds },
		statements: {
			connectorId,
			shape: connector.shape,
			datesOnly: connector.kind === 'whisparr' && connector.shape === 'series',
			now,
			graceHours: settings.graceHours,
			specials: settings.specials,
			...kinds,
			filters: await bindFilters(sql, connectorId, settings),
		},
	};
}
