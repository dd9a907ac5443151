/**
 * After a failed download the application usually searches again by itself. That search is followed as a find; only if
 * there was none, or it found nothing, the item returns, 24 h later.
 */
import type { AppContext } from '../../app-context';
import type { ConnectorRow } from '../../db/queries/connectors';
import { findDispatch } from '../../db/queries/dispatches';
import { foreignUnderWay } from '../../db/queries/foreign-commands';
import { laterGrabs, putGrabs, targetsOfFailedGrabs, type GrabRow } from '../../db/queries/grabs';
import { releaseOf } from './conclude-grabs';
import { covers } from './foreign';
import { followInstead, recordDownloadFailed } from './states';

/** The application's own search begins at once; its grab is known after the next sync. */
const OWN_SEARCH_MS = 20 * 60_000;

/** Gives back how many targets were settled. */
export async function returnFailed(ctx: AppContext, connector: ConnectorRow): Promise<number> {
	let settled = 0;
	for (const { waitingId, ...grab } of await targetsOfFailedGrabs(ctx.db, connector.id)) {
		if (await settle(ctx, connector, waitingId, grab)) settled += 1;
	}
	return settled;
}

async function settle(
	ctx: AppContext,
	connector: ConnectorRow,
	registryId: number,
	grab: GrabRow,
): Promise<boolean> {
	const [again] = await laterGrabs(ctx.db, connector.id, grab.itemArrId, grab.grabbedAt);
	const at = ctx.clock.date();
	if (again !== undefined) {
		await ctx.db.transaction(async (tx) => {
			const find = {
				...releaseOf(again),
				connectorId: connector.id,
				claim: 'find' as const,
				registryId,
				episodeId: grab.episodeId,
				movieId: grab.movieId,
				fileArrIdBefore: grab.fileArrIdBefore,
				qualityBefore: grab.qualityBefore,
				scoreBefore: grab.scoreBefore,
				result: 'following' as const,
				lastSeenAt: at,
			};
			const [row] = await putGrabs(tx, [find]);
			if (row !== undefined) await followInstead(tx, registryId, { grabId: row.id });
		});
		return true;
	}
	const since = at.getTime() - (grab.resultAt ?? at).getTime();
	if (since < OWN_SEARCH_MS || (await isBeingSearched(ctx, connector, grab))) return false;
	const dispatch = grab.dispatchId === null ? null : await findDispatch(ctx.db, grab.dispatchId);
	return await ctx.db.transaction((tx) =>
		recordDownloadFailed(tx, registryId, {
			at,
			byUser: dispatch?.byUser ?? false,
			vanished: grab.result === 'vanished',
		}),
	);
}

async function isBeingSearched(ctx: AppContext, connector: ConnectorRow, grab: GrabRow): Promise<boolean> {
	const rows = await foreignUnderWay(ctx.db, connector.id);
	const shape = grab.episodeId === null ? 'movies' : 'series';
	const covered = { itemArrIds: [grab.itemArrId], shape, seriesArrId: null, seasonNumber: null } as const;
	return rows.some((row) => covers(row, covered));
}
