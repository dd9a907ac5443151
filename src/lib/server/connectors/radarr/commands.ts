/** Radarr's search command (arr §8.2). One id per command: one bad id would fail a whole list (arr §8.4). */
import { ArrError } from '../common/errors';
import type { SearchCommand } from '../common/types';

/** Name and body of the command. Throws `not_this_shape` for an episode or a season. */
export function radarrSearch(command: SearchCommand): Record<string, unknown> {
	if (command.kind !== 'movie') throw new ArrError('not_this_shape');
	return { name: 'MoviesSearch', movieIds: [command.movieArrId] };
}
