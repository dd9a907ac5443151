/** What Sonarr and Whisparr 2 write about series alike (arr §4.2): aggregates, folders, identity. */
import {
	bytes,
	flag,
	id,
	instantOrNull,
	int,
	intOrZero,
	ints,
	objectOrNull,
	objects,
	text,
	textOrNull,
} from './fields';
import type { Raw } from './fields';
import { rootFolder } from './folders';
import type { SeasonAggregate, SeriesRecord } from './types';

/** Everything but the kind of series, which only Sonarr writes. Throws `FieldFault`. */
export function readSeries(raw: Raw, seriesType: string): SeriesRecord {
	return {
		arrId: id(raw, 'id'),
		tvdbId: id(raw, 'tvdbId'),
		title: text(raw, 'title'),
		sortTitle: text(raw, 'sortTitle'),
		titleSlug: text(raw, 'titleSlug'),
		status: text(raw, 'status'),
		monitored: flag(raw, 'monitored'),
		seriesType,
		qualityProfileArrId: int(raw, 'qualityProfileId'),
		rootFolder: rootFolder(raw),
		tags: ints(raw, 'tags'),
		runtime: intOrZero(raw, 'runtime'),
		year: intOrZero(raw, 'year'),
		network: textOrNull(raw, 'network'),
		added: instantOrNull(raw, 'added'),
		seasons: objects(raw, 'seasons').map(readSeason),
	};
}

/** A season without episodes has no statistics: read as zeros (arr §4.2). */
function readSeason(raw: Raw): SeasonAggregate {
	const statistics = objectOrNull(raw, 'statistics') ?? {};
	return {
		number: int(raw, 'seasonNumber'),
		monitored: flag(raw, 'monitored'),
		episodeFileCount: intOrZero(statistics, 'episodeFileCount'),
		episodeCount: intOrZero(statistics, 'episodeCount'),
		totalEpisodeCount: intOrZero(statistics, 'totalEpisodeCount'),
		sizeOnDisk: bytes(statistics, 'sizeOnDisk'),
		nextAiring: instantOrNull(statistics, 'nextAiring'),
		previousAiring: instantOrNull(statistics, 'previousAiring'),
	};
}
