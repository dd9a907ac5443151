/** What a dispatch is about to ask for, read from the mirror into a snapshot that outlives it. */
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { episodeKey } from '$lib/domain/target-keys';
import type { DbOrTx } from '../client';
import { episodes, files, movies, searchRegistry, seasons, series, wanted } from '../schema';
import type { DispatchTarget } from '../schema/search';

export type RegistryTarget = Pick<
	typeof searchRegistry.$inferSelect,
	'id' | 'connectorId' | 'targetKind' | 'targetKey' | 'episodeId' | 'seasonId' | 'movieId'
>;
export type TargetItem = DispatchTarget['items'][number];
/** The snapshot, and how the mirror knows the files the items have. */
export interface TargetReading {
	target: DispatchTarget;
	files: Record<string, { fileArrId: number; quality: string | null; score: number | null }>;
	seriesType: string | null;
	/** Minutes, of the series. */
	runtime: number;
	/** Title and slug are the same text: Whisparr 2 then asks once instead of twice. */
	singleQuery: boolean;
}

export async function findRegistryTarget(db: DbOrTx, registryId: number): Promise<RegistryTarget | null> {
	const [row] = await db.select().from(searchRegistry).where(eq(searchRegistry.id, registryId));
	return row ?? null;
}

/** Null if the mirror does not have it any more. */
export async function readTarget(db: DbOrTx, registry: RegistryTarget): Promise<TargetReading | null> {
	if (registry.movieId !== null) return await readMovieTarget(db, registry.movieId);
	if (registry.episodeId !== null) return await readEpisodeTarget(db, registry.episodeId);
	return registry.seasonId === null ? null : await readSeasonTarget(db, registry.seasonId);
}

const episodeColumns = {
	id: episodes.id,
	arrId: episodes.arrId,
	key: episodes.naturalKey,
	title: episodes.title,
	season: episodes.seasonNumber,
	number: episodes.episodeNumber,
	fileArrId: episodes.fileArrId,
	quality: files.qualityName,
	score: files.formatScore,
	wantedReason: wanted.reason,
	seriesId: series.id,
	seriesArrId: series.arrId,
	tvdbId: series.tvdbId,
	seriesTitle: series.title,
	slug: series.titleSlug,
	seriesType: series.seriesType,
	runtime: series.runtime,
};

const episodeRows = (db: DbOrTx) =>
	db
		.select(episodeColumns)
		.from(episodes)
		.innerJoin(series, eq(series.id, episodes.seriesId))
		.leftJoin(wanted, eq(wanted.episodeId, episodes.id))
		.leftJoin(
			files,
			and(
				eq(files.connectorId, episodes.connectorId),
				eq(files.arrId, episodes.fileArrId),
				sql`${episodes.fileArrId} <> 0`,
			),
		);
type EpisodeRow = Awaited<ReturnType<typeof episodeRows>>[number];

async function readEpisodeTarget(db: DbOrTx, episodeId: number): Promise<TargetReading | null> {
	const [row] = await episodeRows(db).where(eq(episodes.id, episodeId));
	if (row === undefined) return null;
	const label = labelOf(row);
	return seriesReading(row, [row], {
		title: `${row.seriesTitle} · ${label}`,
		subtitle: row.title,
		wanted: () => true,
	});
}

/** All episodes of the season; those that are wanted are what it is made for. */
async function readSeasonTarget(db: DbOrTx, seasonId: number): Promise<TargetReading | null> {
	const rows = await episodeRows(db)
		.innerJoin(
			seasons,
			and(eq(seasons.seriesId, episodes.seriesId), eq(seasons.number, episodes.seasonNumber)),
		)
		.where(eq(seasons.id, seasonId))
		.orderBy(asc(episodes.episodeNumber), asc(episodes.id));
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
			movieRef: null,
		},
		files: Object.fromEntries(
			rows.filter((row) => row.fileArrId !== 0).map((row) => [row.arrId, fileOf(row)]),
		),
		seriesType: first.seriesType,
		runtime: first.runtime,
		singleQuery: first.seriesTitle.toLowerCase() === first.slug.toLowerCase(),
	};
}

async function readMovieTarget(db: DbOrTx, movieId: number): Promise<TargetReading | null> {
	const [row] = await db
		.select({ movie: movies, quality: files.qualityName, score: files.formatScore })
		.from(movies)
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
		target: {
			title,
			subtitle: movie.studio,
			seriesTitle: null,
			seasonNumber: null,
			items: [{ id, arrId, key: movie.naturalKey, label: title, wanted: true, fileArrId }],
			seriesId: null,
			seriesArrId: null,
			movieRef: { tmdbId: movie.tmdbId, stashId: movie.stashId },
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
