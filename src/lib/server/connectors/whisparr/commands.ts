/** The search commands of both Whisparrs: Whisparr 2 takes Sonarr's, Whisparr 3 Radarr's (arr §8.2). */
import { ArrError } from '../common/errors';
import type { SearchCommand } from '../common/types';

/**
 * Whisparr 2. A year 0 is refused here: no request would leave, and every indexer would be blocked (arr §4.5).
 * Throws `command_rejected`, `not_this_shape`.
 */
export function siteSearch(command: SearchCommand): Record<string, unknown> {
	if (command.kind === 'episode') return { name: 'EpisodeSearch', episodeIds: [command.episodeArrId] };
	if (command.kind === 'movie') throw new ArrError('not_this_shape');
	if (command.seasonNumber === 0) {
		throw new ArrError('command_rejected', { message: 'Whisparr 2 must not be asked for the year 0.' });
	}
	return { name: 'SeasonSearch', seriesId: command.seriesArrId, seasonNumber: command.seasonNumber };
}

/** Whisparr 3. Throws `not_this_shape`. */
export function itemSearch(command: SearchCommand): Record<string, unknown> {
	if (command.kind !== 'movie') throw new ArrError('not_this_shape');
	return { name: 'MoviesSearch', movieIds: [command.movieArrId] };
}
