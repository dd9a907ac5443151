/** What a dispatch is about to ask for, read from the mirror into a snapshot that outlives it. */
import { isAskedOnce } from '$lib/domain/site-query';
import { and, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { episodeKey } from '$lib/domain/target-keys';
import type { WantedReason } from '$lib/domain/words';
import type { DbOrTx } from '../client';
import { rowsOf } from '../rows';
import { episodes, files, movies, searchRegistry, series, wanted } from '../schema';
import type { DispatchTarget } from '../schema/search';

export type RegistryTarget = Pick<
	typeof searchRegistry.$inferSelect,
	'id' | 'connectorId' | 'targetKind' | 'targetKey' | 'episodeId' | 'seasonId' | 'movieId'
>;
export type TargetItem = DispatchTarget['items'][number];
/** The snapshot, and how the mirror knows the files the items have. */
export interface TargetReading {
	target: DispatchTarget;
	/** Why the item is wanted, null if it is not; of a season nothing is said. */
	reason?: WantedReason | null;
	files: Record<string, { fileArrId: number; quality: string | null; score: number | null }>;
	seriesType: string | null;
	/** Minutes, of the series. */
	runtime: number;
	/** Title and slug come to the same query: Whisparr 2 then asks once instead of twice. */
	singleQuery: boolean;
}

/** Null if the mirror does not have it any more. */
export async function readTarget(db: DbOrTx, registry: RegistryTarget): Promise<TargetReading | null> {
	if (registry.movieId !== null) return await readMovieTarget(db, registry.movieId);
	if (registry.episodeId !== null) return await readEpisodeTarget(db, registry.episodeId);
	return registry.seasonId === null ? null : await readSeasonTarget(db, registry.seasonId);
}

interface EpisodeRow {
	id: number;
	arrId: number;
	key: string;
	title: string;
	season: number;
	number: number | null;
	fileArrId: number;
	quality: string | null;
	score: number | null;
	wantedReason: WantedReason | null;
	seriesId: number;
	seriesArrId: number;
	tvdbId: number;
	seriesTitle: string;
	slug: string;
	seriesType: string;
	runtime: number;
}

/** Episodes `e` of series `s`, with what is wanted of them and the files they have. */
const episodeRows = (db: DbOrTx, which: SQL): Promise<EpisodeRow[]> =>
	rowsOf(
		db,
		sql`select e.id, e.arr_id as "arrId", e.natural_key as key, e.title, e.season_number as season, e.episode_number as number,
			e.file_arr_id as "fileArrId", f.quality_name as quality, f.format_score as score, w.reason as "wantedReason",
			s.id as "seriesId", s.arr_id as "seriesArrId", s.tvdb_id as "tvdbId", s.title as "seriesTitle", s.title_slug as slug,
			s.series_type as "seriesType", s.runtime
		from episodes e join series s on s.id = e.series_id left join wanted w on w.episode_id = e.id
		left join files f on f.connector_id = e.connector_id and f.arr_id = e.file_arr_id and e.file_arr_id <> 0
		${which}`,
	);

async function readEpisodeTarget(db: DbOrTx, episodeId: number): Promise<TargetReading | null> {
	const [row] = await episodeRows(db, sql`where e.id = ${episodeId}`);
	if (row === undefined) return null;
	const label = labelOf(row);
	const reading = seriesReading(row, [row], {
		title: `${row.seriesTitle} · ${label}`,
		subtitle: row.title,
		wanted: () => true,
	});
	return { ...reading, reason: row.wantedReason };
}

/** All episodes of the season; those that are wanted are what it is made for. */
async function readSeasonTarget(db: DbOrTx, seasonId: number): Promise<TargetReading | null> {
	const rows = await episodeRows(
		db,
		sql`join seasons n on n.series_id = e.series_id and n.number = e.season_number
			where n.id = ${seasonId} order by e.episode_number, e.id`,
	);
	const [first] = rows;
	if (first === undefined) return null;
	const title = `${first.seriesTitle} · Season ${String(first.season)}`;
	return seriesReading(first, rows, { title, subtitle: null, wanted: (row) => row.wantedReason !== null });
}

function seriesReading(
	first: EpisodeRow,
	rows: readonly EpisodeRow[],
	as: { title: string; subtitle: string | null; wanted: (row: EpisodeRow) => boolean },
): TargetReading {
	const items = rows.map((row) => ({
		id: row.id,
		arrId: row.arrId,
		key: row.key,
		label: labelOf(row),
		wanted: as.wanted(row),
		fileArrId: row.fileArrId,
	}));
	return {
		target: {
			title: as.title,
			subtitle: as.subtitle,
			seriesTitle: first.seriesTitle,
			seasonNumber: first.season,
			items,
			seriesId: first.seriesId,
			seriesArrId: first.seriesArrId,
		},
		files: Object.fromEntries(
			rows.filter((row) => row.fileArrId !== 0).map((row) => [row.arrId, fileOf(row)]),
		),
		seriesType: first.seriesType,
		runtime: first.runtime,
		singleQuery: isAskedOnce(first.seriesTitle, first.slug),
	};
}

async function readMovieTarget(db: DbOrTx, movieId: number): Promise<TargetReading | null> {
	const [row] = await db
		.select({ movie: movies, quality: files.qualityName, score: files.formatScore, reason: wanted.reason })
		.from(movies)
		.leftJoin(wanted, eq(wanted.movieId, movies.id))
		.leftJoin(
			files,
			and(
				eq(files.connectorId, movies.connectorId),
				eq(files.arrId, movies.fileArrId),
				sql`${movies.fileArrId} <> 0`,
			),
		)
		.where(eq(movies.id, movieId));
	if (row === undefined) return null;
	const { movie } = row;
	const title = movie.year > 0 ? `${movie.title} (${String(movie.year)})` : movie.title;
	const { id, arrId, fileArrId } = movie;
	return {
		reason: row.reason,
		target: {
			title,
			subtitle: movie.studio,
			seriesTitle: null,
			seasonNumber: null,
			items: [{ id, arrId, key: movie.naturalKey, label: title, wanted: true, fileArrId }],
			seriesId: null,
			seriesArrId: null,
		},
		files: fileArrId === 0 ? {} : { [arrId]: { fileArrId, quality: row.quality, score: row.score } },
		seriesType: null,
		runtime: movie.runtime,
		singleQuery: false,
	};
}

/** Registry rows of these episodes or movies, by our row id. */
export async function registryOfItems(
	db: DbOrTx,
	kind: 'episode' | 'movie',
	ids: readonly number[],
): Promise<Map<number, number>> {
	if (ids.length === 0) return new Map();
	const column = kind === 'episode' ? searchRegistry.episodeId : searchRegistry.movieId;
	const rows = await db
		.select({ id: searchRegistry.id, item: column })
		.from(searchRegistry)
		.where(inArray(column, [...ids]));
	return new Map(rows.flatMap((row) => (row.item === null ? [] : [[row.item, row.id] as const])));
}

/** The wanted episodes of a season as targets of their own. */
export async function episodeTargets(
	db: DbOrTx,
	connectorId: number,
	ids: readonly number[],
): Promise<{ connectorId: number; kind: 'episode'; key: string; rowId: number }[]> {
	if (ids.length === 0) return [];
	const rows = await db
		.select({ id: episodes.id, key: episodes.naturalKey, tvdbId: series.tvdbId })
		.from(episodes)
		.innerJoin(series, eq(series.id, episodes.seriesId))
		.where(inArray(episodes.id, [...ids]));
	return rows.map((row) => ({
		connectorId,
		kind: 'episode',
		key: episodeKey(row.tvdbId, row.key),
		rowId: row.id,
	}));
}

/** The series' own key of a season target, to be compared with what the arr answers. */
export const tvdbOfKey = (targetKey: string): number =>
	Number(/^series:(\d+)/.exec(targetKey)?.[1] ?? Number.NaN);

const labelOf = (row: Pick<EpisodeRow, 'season' | 'number' | 'title'>): string =>
	row.number === null
		? row.title
		: `S${String(row.season).padStart(2, '0')}E${String(row.number).padStart(2, '0')}`;

const fileOf = (row: Pick<EpisodeRow, 'fileArrId' | 'quality' | 'score'>) => ({
	fileArrId: row.fileArrId,
	quality: row.quality,
	score: row.score,
});
