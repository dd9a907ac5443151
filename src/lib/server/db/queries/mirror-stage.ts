/** Tables that a sync copies into, and the lines that fill them from the records of an application. */
import { copyLine, escapeText, NO_VALUE, type CopyTarget, type Stage } from '../bulk';
import type {
	EpisodeRecord,
	FileRecord,
	MovieRecord,
	SeasonAggregate,
	SeriesRecord,
} from '../../connectors/common/types';

const SERIES_COLUMNS = {
	arr_id: 'int',
	tvdb_id: 'int',
	title: 'text',
	sort_title: 'text',
	title_slug: 'text',
	status: 'text',
	monitored: 'boolean',
	series_type: 'text',
	quality_profile_arr_id: 'int',
	root_folder: 'text',
	tags: 'int[]',
	runtime: 'int',
	year: 'int',
	network: 'text',
	added: 'timestamptz',
} as const;

/** The series list, with what it says of the seasons put in one text (see domain/fingerprint). */
export const LIST_SERIES: Stage = {
	name: 'list_series',
	kept: 'session',
	columns: { ...SERIES_COLUMNS, fingerprint: 'text' },
};
export const LIST_SEASONS: Stage = {
	name: 'list_seasons',
	kept: 'session',
	columns: { tvdb_id: 'int', number: 'int', monitored: 'boolean' },
};
/** Records of a list that could not be read: they are there all the same. */
export const LIST_UNREADABLE: Stage = {
	name: 'list_unreadable',
	kept: 'session',
	columns: { arr_id: 'int', problem: 'text' },
};

const MOVIE_COLUMNS = {
	arr_id: 'int',
	natural_key: 'text',
	tmdb_id: 'int',
	stash_id: 'text',
	item_type: 'text',
	title: 'text',
	sort_title: 'text',
	title_slug: 'text',
	year: 'int',
	status: 'text',
	monitored: 'boolean',
	is_available: 'boolean',
	release_date: 'timestamptz',
	studio: 'text',
	quality_profile_arr_id: 'int',
	root_folder: 'text',
	tags: 'int[]',
	runtime: 'int',
	added: 'timestamptz',
	file_arr_id: 'int',
	last_search_time: 'timestamptz',
	not_searchable: 'text',
} as const;

export const LIST_MOVIES: Stage = { name: 'list_movies', kept: 'session', columns: MOVIE_COLUMNS };
/** Ids alone, where an application lists no more (Whisparr 3). */
export const LIST_IDS: Stage = { name: 'list_ids', kept: 'session', columns: { arr_id: 'int' } };

const EPISODE_COLUMNS = {
	connector_id: 'int',
	series_id: 'int',
	arr_id: 'int',
	natural_key: 'text',
	tvdb_id: 'int',
	season_number: 'int',
	episode_number: 'int',
	absolute_number: 'int',
	title: 'text',
	air_date_utc: 'timestamptz',
	air_date: 'text',
	runtime: 'int',
	finale_type: 'text',
	monitored: 'boolean',
	file_arr_id: 'int',
	last_search_time: 'timestamptz',
} as const;

export const STAGE_EPISODES: Stage = { name: 'stage_episodes', kept: 'commit', columns: EPISODE_COLUMNS };
/** The table itself: for series of which it holds nothing yet. */
export const EPISODE_ROWS: CopyTarget = { name: 'episodes', columns: EPISODE_COLUMNS };
export const STAGE_UNREADABLE: Stage = {
	name: 'stage_unreadable',
	kept: 'commit',
	columns: { series_id: 'int', arr_id: 'int', problem: 'text' },
};
/** Series whose episodes are in this batch; `whole`: what is missing from the list is missing from the series. */
export const STAGE_READ: Stage = {
	name: 'stage_read',
	kept: 'commit',
	columns: { series_id: 'int', whole: 'boolean', content_hash: 'text' },
};

const FILE_COLUMNS = {
	arr_id: 'int',
	quality_id: 'int',
	quality_name: 'text',
	revision_version: 'int',
	revision_real: 'int',
	format_score: 'int',
	arr_cutoff_not_met: 'boolean',
	size: 'bigint',
	date_added: 'timestamptz',
	release_group: 'text',
	scene_name: 'text',
} as const;

/** `owner` is our series id, or the movie's id in the arr. */
const OWNED_FILE_COLUMNS = { connector_id: 'int', owner: 'int', ...FILE_COLUMNS } as const;
export const STAGE_FILES: Stage = { name: 'stage_files', kept: 'commit', columns: OWNED_FILE_COLUMNS };
export const LIST_FILES: Stage = { name: 'list_files', kept: 'session', columns: OWNED_FILE_COLUMNS };
/** The table itself: for series of which it holds nothing yet. */
export const FILE_ROWS: CopyTarget = {
	name: 'files',
	columns: { connector_id: 'int', series_id: 'int', ...FILE_COLUMNS },
};

export const SERIES_FIELDS = Object.keys(SERIES_COLUMNS).filter((name) => name !== 'tvdb_id');
export const MOVIE_FIELDS = Object.keys(MOVIE_COLUMNS).filter((name) => name !== 'natural_key');
export const EPISODE_FIELDS = Object.keys(EPISODE_COLUMNS).filter(
	(name) => name !== 'connector_id' && name !== 'series_id' && name !== 'natural_key',
);
export const FILE_FIELDS = Object.keys(FILE_COLUMNS).filter(
	(name) => name !== 'arr_id' && name !== 'format_score',
);

const LONGEST_INT = 2_147_483_647;
/** Bounded, since titles and keys stand in indexes and come from outside. */
const text = (value: string, limit = 500): string => (value.length > limit ? value.slice(0, limit) : value);
const optional = (value: string | null, limit = 500): string | null =>
	value === null ? null : text(value, limit);
const int = (value: number): number => Math.max(-LONGEST_INT, Math.min(LONGEST_INT, Math.trunc(value)));
const optionalInt = (value: number | null): number | null => (value === null ? null : int(value));

export function seriesLine(record: SeriesRecord, fingerprint: string): string {
	return copyLine([
		int(record.arrId),
		int(record.tvdbId),
		text(record.title),
		text(record.sortTitle),
		text(record.titleSlug),
		text(record.status),
		record.monitored,
		text(record.seriesType),
		int(record.qualityProfileArrId),
		text(record.rootFolder, 2000),
		record.tags.map(int).sort((a, b) => a - b),
		int(record.runtime),
		int(record.year),
		optional(record.network),
		record.added,
		fingerprint,
	]);
}

export const seasonLine = (tvdbId: number, season: SeasonAggregate): string =>
	copyLine([int(tvdbId), int(season.number), season.monitored]);

export const unreadableLine = (arrId: number, problem: string): string =>
	copyLine([int(arrId), text(problem)]);

export function movieLine(record: MovieRecord): string {
	return copyLine([
		int(record.arrId),
		text(record.naturalKey),
		optionalInt(record.tmdbId),
		optional(record.stashId),
		record.itemType,
		text(record.title),
		text(record.sortTitle),
		text(record.titleSlug),
		int(record.year),
		text(record.status),
		record.monitored,
		record.isAvailable,
		record.releaseDate,
		optional(record.studio),
		int(record.qualityProfileArrId),
		text(record.rootFolder, 2000),
		record.tags.map(int).sort((a, b) => a - b),
		int(record.runtime),
		record.added,
		int(record.fileArrId),
		record.lastSearchTime,
		record.notSearchable,
	]);
}

/** What the lines of one series or movie begin with: `owner` is our series id, or the movie's id in the arr. */
export const ownedBy = (connectorId: number, owner: number): string => `${connectorId}\t${owner}`;

// The two longest lists of a library are written by hand, cell for cell: a general writer took a quarter of a sync.
// Numbers and lengths were checked by whoever read the record.
const textCell = (value: string | null): string => (value === null ? NO_VALUE : escapeText(value));
const numberCell = (value: number | null): string | number => value ?? NO_VALUE;
const flagCell = (value: boolean | null): string => (value === null ? NO_VALUE : value ? 't' : 'f');
const timeCell = (value: Date | null): string => (value === null ? NO_VALUE : value.toISOString());

/** `owned`: see `ownedBy`. */
export function episodeLine(owned: string, record: EpisodeRecord): string {
	return `${owned}\t${record.arrId}\t${escapeText(record.naturalKey)}\t${numberCell(record.tvdbId)}\t${
		record.seasonNumber
	}\t${numberCell(record.episodeNumber)}\t${numberCell(record.absoluteNumber)}\t${escapeText(
		record.title,
	)}\t${timeCell(record.airDateUtc)}\t${textCell(record.airDate)}\t${record.runtime}\t${textCell(
		record.finaleType,
	)}\t${flagCell(record.monitored)}\t${record.fileArrId}\t${timeCell(record.lastSearchTime)}\n`;
}

/** `owned`: see `ownedBy`. */
export function fileLine(owned: string, record: FileRecord): string {
	return `${owned}\t${record.arrId}\t${record.qualityId}\t${escapeText(record.qualityName)}\t${
		record.revisionVersion
	}\t${record.revisionReal}\t${numberCell(record.formatScore)}\t${flagCell(
		record.cutoffNotMet,
	)}\t${record.size}\t${timeCell(record.dateAdded)}\t${textCell(record.releaseGroup)}\t${textCell(
		record.sceneName,
	)}\n`;
}
