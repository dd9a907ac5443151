/** From the JSON of Whisparr 2 (sites and scenes) and Whisparr 3 (movies and scenes) to our records. All throw `FieldFault`. */
import {
	dayOrNull,
	flag,
	flagOrNull,
	id,
	instantOrNull,
	int,
	intOrNull,
	intOrZero,
	ints,
	key,
	objectOrNull,
	text,
	textOrNull,
} from '../common/fields';
import type { Raw } from '../common/fields';
import { readFile } from '../common/files';
import { rootFolder } from '../common/folders';
import { readSeries } from '../common/series';
import type { EpisodeRecord, MovieRecord, SeriesRecord } from '../common/types';
import { studioName } from './types';
import type { SceneSearch } from './types';

/** Whisparr 2: a site; its seasons are years (arr §4.5). */
export function readSite(raw: Raw): SeriesRecord {
	return readSeries(raw, 'site');
}

/** Whisparr 2: a scene of a site, known by its id at the metadata service (arr §4.5). */
export function readSiteScene(raw: Raw): EpisodeRecord {
	const tvdbId = int(raw, 'tvdbId');
	const airDate = dayOrNull(raw, 'releaseDate');
	return {
		arrId: id(raw, 'id'),
		seriesArrId: id(raw, 'seriesId'),
		naturalKey: `t${tvdbId}`,
		tvdbId,
		seasonNumber: int(raw, 'seasonNumber'),
		episodeNumber: null,
		absoluteNumber: intOrNull(raw, 'absoluteEpisodeNumber'),
		title: text(raw, 'title'),
		airDateUtc: airDate === null ? null : new Date(`${airDate}T00:00:00Z`),
		airDate,
		monitored: flag(raw, 'monitored'),
		fileArrId: intOrZero(raw, 'episodeFileId'),
		lastSearchTime: null,
		finaleType: null,
		runtime: intOrZero(raw, 'runtime'),
	};
}

/** Natural keys of Whisparr 3 begin with it; the foreign id follows. */
export const FOREIGN = 'foreign:';

/** Whisparr 3: a movie or a scene (arr §4.6). */
export function readItem(raw: Raw, search: SceneSearch): MovieRecord {
	const file = objectOrNull(raw, 'movieFile');
	const item = {
		arrId: id(raw, 'id'),
		naturalKey: FOREIGN + key(raw, 'foreignId'),
		// scenes have tmdbId 0, and movies an empty stashId
		tmdbId: intOrZero(raw, 'tmdbId') || null,
		stashId: textOrNull(raw, 'stashId') || null,
		itemType: text(raw, 'itemType').toLowerCase() === 'movie' ? ('movie' as const) : ('scene' as const),
		title: text(raw, 'title'),
		sortTitle: text(raw, 'sortTitle'),
		titleSlug: text(raw, 'titleSlug'),
		year: intOrZero(raw, 'year'),
		status: text(raw, 'status'),
		monitored: flag(raw, 'monitored'),
		isAvailable: flagOrNull(raw, 'isAvailable') ?? false,
		releaseDate: instantOrNull(raw, 'releaseDate'),
		studio: textOrNull(raw, 'studioTitle'),
		qualityProfileArrId: int(raw, 'qualityProfileId'),
		rootFolder: rootFolder(raw),
		tags: ints(raw, 'tags'),
		runtime: intOrZero(raw, 'runtime'),
		fileArrId: intOrZero(raw, 'movieFileId') || (file === null ? 0 : id(file, 'id')),
		file: file === null ? null : readFile(file, 'movieId'),
		lastSearchTime: instantOrNull(raw, 'lastSearchTime'),
		added: instantOrNull(raw, 'added'),
	};
	return { ...item, notSearchable: whyNot({ ...item, code: textOrNull(raw, 'code') }, search) };
}

/** Why a search of it sends no query (arr §4.6 "A search may send nothing"). */
function whyNot(
	item: Pick<MovieRecord, 'itemType' | 'year' | 'releaseDate' | 'studio'> & { code: string | null },
	{ studios, byTitle, byStudio }: SceneSearch,
): MovieRecord['notSearchable'] {
	if (item.itemType === 'movie') return item.year === 0 ? 'no_year' : null;
	if (item.releaseDate === null) return 'undated';
	if (byTitle) return null;
	if (byStudio === 'never' || (byStudio === 'with_code' && (item.code ?? '').trim() === ''))
		return 'no_query';
	return item.studio !== null && studios.has(studioName(item.studio)) ? null : 'unknown_studio';
}
