/**
 * Grabs that others made by a client that watches a folder: the application shows them in no queue before their file
 * is there. They are followed like our own, so that nothing is searched that is already on its way.
 */
import type { AppContext } from '../../app-context';
import type { ConnectorRow } from '../../db/queries/connectors';
import { putGrabs, unseenGrabs } from '../../db/queries/grabs';
import { releaseOf } from './conclude-grabs';

/** Gives back how many are followed from now on. `withinMs`: how long such a grab is believed to be on its way. */
export async function followUnseen(
	ctx: AppContext,
	connector: ConnectorRow,
	withinMs: number,
): Promise<number> {
	const at = ctx.clock.date();
	const rows = await unseenGrabs(ctx.db, connector.id, new Date(at.getTime() - withinMs));
	if (rows.length === 0) return 0;
	const finds = rows.map((row) => ({
		...releaseOf(row),
		connectorId: connector.id,
		claim: 'find' as const,
		episodeId: row.episodeId,
		movieId: row.movieId,
		result: 'following' as const,
		lastSeenAt: at,
	}));
	await ctx.db.transaction((tx) => putGrabs(tx, finds));
	return finds.length;
}
