/** A season search waits for its grabs; once the last of them has ended, the season itself is settled. */
import type { AppContext } from '../../app-context';
import type { ConnectorRow } from '../../db/queries/connectors';
import { findDispatch } from '../../db/queries/dispatches';
import { grabsOfDispatch, waitingSeasons } from '../../db/queries/grabs';
import { recordDownloadFailed, recordImported } from './states';

/** Gives back how many seasons were settled. */
export async function followSeasons(ctx: AppContext, connector: ConnectorRow): Promise<number> {
	let settled = 0;
	for (const season of await waitingSeasons(ctx.db, connector.id)) {
		if (season.dispatchId === null) continue;
		const grabs = (await grabsOfDispatch(ctx.db, season.dispatchId)).filter(
			(grab) => grab.claim !== 'by_catch',
		);
		if (grabs.length === 0 || grabs.some((grab) => grab.result === 'following' || grab.result === 'manual'))
			continue;
		const at = ctx.clock.date();
		const dispatch = await findDispatch(ctx.db, season.dispatchId);
		const byUser = dispatch?.byUser ?? false;
		// Whatever is still wanted of it gets its single searches first: the season itself rests.
		const done = grabs.some((grab) => grab.result === 'imported')
			? await recordImported(ctx.db, season.id, { at, stillWanted: true })
			: await recordDownloadFailed(ctx.db, season.id, { at, byUser, vanished: false });
		if (done) settled += 1;
	}
	return settled;
}
