/** What a search command that is not ours costs at each indexer, as far as the mirror tells (arr §9.3). */
import { MOVIE_COST, seasonCost } from '$lib/domain/cost';
import type { CommandRecord, IndexerRecord } from '../../connectors/common/types';
import type { DbOrTx } from '../../db/client';
import { findReading } from '../../db/queries/connectors';
import { seasonShapes, seriesIdOf, specialsAmong, wantedGroups } from '../../db/queries/foreign-commands';
import { habitsOf } from './facts';

/** A command over a studio's or performer's items: the mirror does not tell how many; an honest guess. */
const UNKNOWN_GROUP_COST = 10;

export async function foreignCost(
	db: DbOrTx,
	connectorId: number,
	command: Pick<CommandRecord, 'name' | 'body'>,
	now: Date,
): Promise<number> {
	const { episodeIds, movieIds, seriesId, seasonNumber } = command.body;
	switch (command.name.toLowerCase()) {
		case 'episodesearch':
			return episodeIds.length + (await specialsAmong(db, connectorId, episodeIds));
		case 'moviessearch':
			return movieIds.length * MOVIE_COST;
		case 'seasonsearch':
		case 'seriessearch': {
			if (seriesId === null) return 0;
			const shapes = await seasonShapes(db, connectorId, seriesId, now);
			const one = command.name.toLowerCase() === 'seasonsearch';
			const chosen = shapes.filter((shape) =>
				one ? shape.seasonNumber === seasonNumber : shape.seasonMonitored,
			);
			const indexers = await findReading<readonly IndexerRecord[]>(db, connectorId, 'indexers');
			const habits = habitsOf(indexers?.value ?? null);
			return chosen.reduce((sum, shape) => sum + (shape.monitored === 0 ? 0 : seasonCost(shape, habits)), 0);
		}
		case 'missingepisodesearch':
		case 'missingmoviessearch':
			return await ofWanted(db, connectorId, 'gap', seriesId);
		case 'cutoffunmetepisodesearch':
		case 'cutoffunmetmoviessearch':
			return await ofWanted(db, connectorId, 'quality', seriesId);
		default:
			return UNKNOWN_GROUP_COST;
	}
}

async function ofWanted(
	db: DbOrTx,
	connectorId: number,
	reason: 'gap' | 'quality',
	seriesArrId: number | null,
): Promise<number> {
	const own = seriesArrId === null ? null : await seriesIdOf(db, connectorId, seriesArrId);
	return await wantedGroups(db, connectorId, reason, own);
}
