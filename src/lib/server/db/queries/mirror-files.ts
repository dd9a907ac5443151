/** Media files of series and movies: quality, revision and score as last read. */
import type { SQL } from 'bun';
import { intList, mergeStage } from '../bulk';
import { hasNone } from './mirror-lists';
import { FILE_FIELDS } from './mirror-stage';

const FRESH_SCORE = { format_score: 's.format_score', score_stale: 'false' } as const;
const SAME_FILE =
	'(t.quality_id, t.size, t.revision_version) is not distinct from (s.quality_id, s.size, s.revision_version)';
/** The list does not tell the score (Radarr's `/movie`): as long as it is the same file, the known one stays. */
const KNOWN_SCORE = {
	format_score: `coalesce(s.format_score, (case when ${SAME_FILE} then t.format_score end)::int)`,
	score_stale: `s.format_score is null and (coalesce((t.score_stale)::boolean, true) or not ${SAME_FILE})`,
} as const;

/** One file once, whatever the list repeats. */
const once = (stage: string): string => `(select distinct on (arr_id) * from ${stage} order by arr_id)`;

/** Writes the staged files of series (`owner` is our series id). */
export async function applySeriesFiles(tx: SQL, connectorId: number): Promise<number> {
	const merged = await mergeStage(tx, {
		table: 'files',
		stage: once('stage_files'),
		match: 't.connector_id = $1 and t.arr_id = s.arr_id',
		columns: FILE_FIELDS,
		values: { series_id: 's.owner', movie_id: 'null::int', ...FRESH_SCORE },
		keys: { connector_id: '$1', arr_id: 's.arr_id' },
		parameters: [connectorId],
	});
	return merged.updated + merged.inserted;
}

/** Writes the staged files of movies (`owner` is the movie's id in the arr). */
export async function applyMovieFiles(
	tx: SQL,
	connectorId: number,
	stage: 'stage_files' | 'list_files',
): Promise<number> {
	const merged = await mergeStage(tx, {
		table: 'files',
		isNew: await hasNone(tx, 'files', connectorId),
		stage: `(select f.*, m.id as movie_id from ${once(stage)} f join movies m on m.connector_id = $1 and m.arr_id = f.owner)`,
		match: 't.connector_id = $1 and t.arr_id = s.arr_id',
		columns: [...FILE_FIELDS, 'movie_id'],
		values: { series_id: 'null::int', ...(stage === 'stage_files' ? FRESH_SCORE : KNOWN_SCORE) },
		keys: { connector_id: '$1', arr_id: 's.arr_id' },
		parameters: [connectorId],
	});
	return merged.updated + merged.inserted;
}

/** Files of wholly read series that neither the list nor any episode names any more. */
export async function dropUnusedSeriesFiles(tx: SQL, connectorId: number): Promise<void> {
	await tx`delete from files f using stage_read r where r.whole and f.series_id = r.series_id
		and not exists (select 1 from stage_files s where s.arr_id = f.arr_id)
		and not exists (select 1 from episodes e where e.connector_id = ${connectorId} and e.file_arr_id = f.arr_id)`;
}

/** Files that no movie names any more. */
export async function dropUnusedMovieFiles(tx: SQL, connectorId: number): Promise<void> {
	await tx`delete from files f where f.connector_id = ${connectorId} and f.movie_id is not null
		and not exists (select 1 from movies m where m.id = f.movie_id and m.file_arr_id = f.arr_id)`;
}

/** Movies whose file must be read for its score: `all` with a file, or only those that are new, changed or stale. */
export async function moviesWithFilesToRead(
	sql: SQL,
	connectorId: number,
	all: boolean,
	staleLimit: number,
): Promise<number[]> {
	const rows = (await sql`
		(select m.arr_id from movies m left join files f on f.connector_id = m.connector_id and f.arr_id = m.file_arr_id
		where m.connector_id = ${connectorId} and m.presence = 'present' and m.arr_id > 0 and m.file_arr_id <> 0
			and (${all}::boolean or f.id is null))
		union
		(select m.arr_id from files f join movies m on m.id = f.movie_id
		where f.connector_id = ${connectorId} and f.score_stale and m.presence = 'present' and m.arr_id > 0
		order by f.date_added desc nulls last limit ${staleLimit}::int)`) as { arr_id: number }[];
	return rows.map((row) => row.arr_id);
}

/** Scores of a profile's files may have changed: they are read again at a trickle. */
export async function markScoresStale(
	tx: SQL,
	connectorId: number,
	profileArrIds: readonly number[],
): Promise<void> {
	const profiles = intList(profileArrIds);
	await tx`update files f set score_stale = true from series s where s.id = f.series_id and f.connector_id = ${connectorId}
		and s.quality_profile_arr_id = any(${profiles}::text::int[]) and not f.score_stale`;
	await tx`update files f set score_stale = true from movies m where m.id = f.movie_id and f.connector_id = ${connectorId}
		and m.quality_profile_arr_id = any(${profiles}::text::int[]) and not f.score_stale`;
}

/** Marks the series of a few files with stale scores as stale, so that this sync reads them. */
export async function takeStaleScores(tx: SQL, connectorId: number, limit: number): Promise<void> {
	await tx`update series set stale = true where id in (
		select distinct f.series_id from files f where f.connector_id = ${connectorId} and f.score_stale
			and f.series_id is not null limit ${limit}::int) and not stale`;
}
