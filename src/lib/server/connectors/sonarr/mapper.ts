/** From Sonarr's JSON to our records (arr §4.2, §4.3). Every function throws `FieldFault`. */
import {
	dayOrNull,
	flag,
	id,
	instantOrNull,
	int,
	intOrNull,
	intOrZero,
	text,
	textOrNull,
} from '../common/fields';
import type { Raw } from '../common/fields';
import { readSeries } from '../common/series';
import type { EpisodeRecord, SeriesRecord } from '../common/types';
import { SERIES_TYPES } from './types';

export function readSonarrSeries(raw: Raw): SeriesRecord {
	const written = text(raw, 'seriesType').toLowerCase();
	return readSeries(raw, SERIES_TYPES.find((known) => known === written) ?? 'standard');
}

export function readSonarrEpisode(raw: Raw): EpisodeRecord {
	const seasonNumber = int(raw, 'seasonNumber');
	const episodeNumber = int(raw, 'episodeNumber');
	return {
		arrId: id(raw, 'id'),
		seriesArrId: id(raw, 'seriesId'),
		naturalKey: `${seasonNumber}x${episodeNumber}`,
		tvdbId: intOrNull(raw, 'tvdbId') || null,
		seasonNumber,
		episodeNumber,
		absoluteNumber: intOrNull(raw, 'absoluteEpisodeNumber'),
		title: text(raw, 'title'),
		airDateUtc: instantOrNull(raw, 'airDateUtc'),
		airDate: dayOrNull(raw, 'airDate'),
		monitored: flag(raw, 'monitored'),
		fileArrId: intOrZero(raw, 'episodeFileId'),
		lastSearchTime: instantOrNull(raw, 'lastSearchTime'),
		finaleType: textOrNull(raw, 'finaleType'),
		runtime: intOrZero(raw, 'runtime'),
	};
}
