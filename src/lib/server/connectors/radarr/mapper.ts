/** From Radarr's JSON to our records (arr §4.4). Every function throws `FieldFault`. */
import {
	flag,
	flagOrNull,
	id,
	instantOrNull,
	int,
	intOrZero,
	ints,
	objectOrNull,
	text,
	textOrNull,
} from '../common/fields';
import type { Raw } from '../common/fields';
import { readFile } from '../common/files';
import { rootFolder } from '../common/folders';
import type { MovieRecord } from '../common/types';

/** Days after the cinema date from which a movie without other dates counts as released. Milliseconds. */
const CINEMA_TO_RELEASE = 90 * 24 * 3600 * 1000;

export function readRadarrMovie(raw: Raw): MovieRecord {
	const tmdbId = id(raw, 'tmdbId');
	const file = objectOrNull(raw, 'movieFile');
	return {
		arrId: id(raw, 'id'),
		naturalKey: `tmdb:${tmdbId}`,
		tmdbId,
		stashId: null,
		itemType: 'movie',
		title: text(raw, 'title'),
		sortTitle: text(raw, 'sortTitle'),
		titleSlug: text(raw, 'titleSlug'),
		year: intOrZero(raw, 'year'),
		status: text(raw, 'status'),
		monitored: flag(raw, 'monitored'),
		isAvailable: flagOrNull(raw, 'isAvailable') ?? false,
		releaseDate: releaseDate(raw),
		studio: textOrNull(raw, 'studio'),
		qualityProfileArrId: int(raw, 'qualityProfileId'),
		rootFolder: rootFolder(raw),
		tags: ints(raw, 'tags'),
		runtime: intOrZero(raw, 'runtime'),
		fileArrId: intOrZero(raw, 'movieFileId') || (file === null ? 0 : id(file, 'id')),
		file: file === null ? null : readFile(file, 'movieId'),
		lastSearchTime: instantOrNull(raw, 'lastSearchTime'),
		added: instantOrNull(raw, 'added'),
		notSearchable: null,
	};
}

/** As the resource says; older versions do not, so by their formula (arr §4.4), without the delay of the settings. */
function releaseDate(raw: Raw): Date | null {
	const written = instantOrNull(raw, 'releaseDate');
	if (written !== null) return written;
	const cinema = instantOrNull(raw, 'inCinemas');
	const home = earliest(instantOrNull(raw, 'digitalRelease'), instantOrNull(raw, 'physicalRelease'));
	const minimum = text(raw, 'minimumAvailability');
	if (minimum === 'tba' || minimum === 'announced') return earliest(cinema, home);
	if (minimum === 'inCinemas' && cinema !== null) return cinema;
	return home ?? (cinema === null ? null : new Date(cinema.getTime() + CINEMA_TO_RELEASE));
}

function earliest(a: Date | null, b: Date | null): Date | null {
	if (a === null || b === null) return a ?? b;
	return a < b ? a : b;
}
