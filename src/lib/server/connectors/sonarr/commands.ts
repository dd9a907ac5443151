/** Sonarr's search commands (arr §8.2). One id per command: a list of episodes is no batch (arr §1.3). */
import { ArrError } from '../common/errors';
import type { SearchCommand } from '../common/types';

/** Name and body of the command. Throws `not_this_shape` for a movie. */
export function sonarrSearch(command: SearchCommand): Record<string, unknown> {
	if (command.kind === 'episode') return { name: 'EpisodeSearch', episodeIds: [command.episodeArrId] };
	if (command.kind === 'movie') throw new ArrError('not_this_shape');
	return { name: 'SeasonSearch', seriesId: command.seriesArrId, seasonNumber: command.seasonNumber };
}
