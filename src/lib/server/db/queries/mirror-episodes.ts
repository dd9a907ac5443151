/** A batch of series whose episodes and files were read and staged becomes rows of the mirror. */
import type { SQL } from 'bun';
import { countOf, intList, mergeStage } from '../bulk';
import { isShrunk, SECOND_LIST_MS, type Loss } from './mirror-absence';
import { EPISODE_FIELDS } from './mirror-stage';
import { IS_PRESENT, type Pairs } from './mirror-lists';

/** Episodes that came twice in one list: the lowest arr id stays. Gives back how many were left out. */
export async function dropDuplicateEpisodes(tx: SQL): Promise<number> {
	const sameKey: unknown = await tx`delete from stage_episodes a using stage_episodes b
		where a.series_id = b.series_id and a.natural_key = b.natural_key
			and (a.arr_id > b.arr_id or (a.arr_id = b.arr_id and a.ctid > b.ctid))`;
	const sameId: unknown = await tx`delete from stage_episodes a using stage_episodes b
		where a.arr_id = b.arr_id and a.ctid > b.ctid`;
	return countOf(sameKey) + countOf(sameId);
}

/** Of staged arr ids that the mirror knows: how many still are the same episode. */
export async function compareEpisodePairs(tx: SQL, connectorId: number): Promise<Pairs> {
	const rows = (await tx`
		select (count(*) filter (where e.series_id = s.series_id and e.natural_key = s.natural_key))::int as same,
			(count(*) filter (where e.series_id <> s.series_id or e.natural_key <> s.natural_key))::int as different,
			count(*)::int as mirrored, (select count(*)::int from stage_episodes) as listed
		from stage_episodes s join episodes e on e.connector_id = ${connectorId} and e.arr_id = s.arr_id`) as Pairs[];
	return rows[0] ?? { same: 0, different: 0, mirrored: 0, listed: 0 };
}

/** Episodes that keep their key although the application now means another episode by it. */
export async function findChangedIdentities(tx: SQL): Promise<number[]> {
	const rows = (await tx`
		select e.id from stage_episodes s join episodes e on e.series_id = s.series_id and e.natural_key = s.natural_key
		where e.tvdb_id <> s.tvdb_id and e.air_date_utc is distinct from s.air_date_utc`) as { id: number }[];
	return rows.map((row) => row.id);
}

/** An arr id that now belongs to another episode is taken from the row that has it; its series is read anew. */
async function freeMovedEpisodeIds(tx: SQL, connectorId: number): Promise<void> {
	await tx`
		with freed as (
			update episodes t set arr_id = -t.id from stage_episodes s
			where t.connector_id = ${connectorId} and t.arr_id = s.arr_id
				and (t.series_id <> s.series_id or t.natural_key <> s.natural_key)
				and not exists (select 1 from stage_episodes x where x.series_id = t.series_id and x.natural_key = t.natural_key)
			returning t.series_id
		)
		update series set content_hash = null, stale = true where id in (select series_id from freed)
			and id not in (select series_id from stage_read)`;
}

/** Writes the staged episodes. Gives back how many rows changed. */
export async function applyEpisodes(tx: SQL, connectorId: number): Promise<number> {
	await freeMovedEpisodeIds(tx, connectorId);
	const merged = await mergeStage(tx, {
		table: 'episodes',
		stage: 'stage_episodes',
		match: 't.series_id = s.series_id and t.natural_key = s.natural_key',
		columns: EPISODE_FIELDS,
		values: IS_PRESENT,
		keys: { connector_id: '$1::int', series_id: 's.series_id', natural_key: 's.natural_key' },
		where: '$1::int is not null',
		parameters: [connectorId],
	});
	const unreadable: unknown =
		await tx`update episodes t set unreadable = u.problem, presence = 'present', absent_since = null, deleted_at = null
		from stage_unreadable u where t.series_id = u.series_id and t.arr_id = u.arr_id
			and (t.unreadable, t.presence) is distinct from (u.problem, 'present')`;
	return merged.updated + merged.inserted + countOf(unreadable);
}

const EPISODE_ABSENT = `not exists (select 1 from stage_episodes s where s.series_id = t.series_id and s.natural_key = t.natural_key)
	and not exists (select 1 from stage_unreadable u where u.series_id = t.series_id and u.arr_id = t.arr_id)`;

/** A series whose episode list lost more than is likely, and the rows it lacks. */
export interface ShrunkSeries extends Loss {
	seriesId: number;
	title: string;
	ids: number[];
}

export interface EpisodeAbsence {
	unconfirmed: number;
	deleted: number;
	shrunk: ShrunkSeries[];
}

/**
 * Marks episodes that the whole list of their series lacks. Where a series, or all series of the batch together,
 * shrank too much, nothing is marked yet, unless the user said that this is right (`accepted`).
 */
export async function markAbsentEpisodes(tx: SQL, at: Date, accepted: boolean): Promise<EpisodeAbsence> {
	const absent =
		(await tx.unsafe(`select t.id, t.series_id as "seriesId" from stage_read r join episodes t on t.series_id = r.series_id
		where r.whole and t.presence <> 'deleted' and ${EPISODE_ABSENT}`)) as { id: number; seriesId: number }[];
	if (absent.length === 0) return { unconfirmed: 0, deleted: 0, shrunk: [] };
	const shrunk = accepted ? [] : await findShrunk(tx, absent);
	const doubted = new Set(shrunk.map(({ seriesId }) => seriesId));
	const believed = absent.filter(({ seriesId }) => !doubted.has(seriesId)).map(({ id }) => id);
	return { ...(await markEpisodes(tx, believed, at, accepted)), shrunk };
}

/** present → unconfirmed, and unconfirmed for long enough (or `accepted`) → deleted. */
export async function markEpisodes(
	tx: SQL,
	ids: readonly number[],
	at: Date,
	accepted: boolean,
): Promise<{ unconfirmed: number; deleted: number }> {
	const since = new Date(at.getTime() - SECOND_LIST_MS);
	const list = intList(ids);
	const deleted: unknown =
		await tx`update episodes set presence = 'deleted', deleted_at = ${at}, absent_since = coalesce(absent_since, ${at})
		where id = any(${list}::text::int[]) and presence <> 'deleted'
			and (${accepted}::boolean or (presence = 'unconfirmed' and absent_since <= ${since}))`;
	const unconfirmed: unknown = await tx`update episodes set presence = 'unconfirmed', absent_since = ${at}
		where id = any(${list}::text::int[]) and presence = 'present'`;
	return { unconfirmed: countOf(unconfirmed), deleted: countOf(deleted) };
}

/** Series with losses that are too large for themselves, or all with losses where the whole batch lost too much. */
async function findShrunk(
	tx: SQL,
	absent: readonly { id: number; seriesId: number }[],
): Promise<ShrunkSeries[]> {
	const losses = (await tx`
		select s.id as "seriesId", s.title, count(*)::int as had from stage_read r join series s on s.id = r.series_id
		join episodes e on e.series_id = s.id and e.presence <> 'deleted' where r.whole group by s.id, s.title`) as {
		seriesId: number;
		title: string;
		had: number;
	}[];
	const had = losses.reduce((sum, one) => sum + one.had, 0);
	const batchShrank = isShrunk({ had, missing: absent.length });
	return losses
		.map((one) => {
			const ids = absent.filter(({ seriesId }) => seriesId === one.seriesId).map(({ id }) => id);
			return { ...one, missing: ids.length, ids };
		})
		.filter((one) => one.missing > 0 && (batchShrank || isShrunk(one)));
}

/** Some of the rows, to be asked for by id. */
export async function episodesToProve(sql: SQL, ids: readonly number[], limit: number): Promise<number[]> {
	const rows =
		(await sql`select arr_id as id from episodes where id = any(${intList(ids)}::text::int[]) and arr_id > 0
		order by hashint4(id) limit ${limit}::int`) as { id: number }[];
	return rows.map((row) => row.id);
}

/**
 * Notes what was read; a series with doubtful episodes, or in `doubted`, is read again by the next sync. Throws if one
 * of them has gone meanwhile: nothing else ties its rows to it.
 */
export async function noteSeriesRead(tx: SQL, at: Date, doubted: string): Promise<void> {
	const noted: unknown =
		await tx`update series s set episodes_read_at = ${at}, stale = d.doubtful or not r.whole,
			content_hash = case when d.doubtful then null else r.content_hash end
		from stage_read r
		cross join lateral (select r.series_id = any(${doubted}::text::int[]) or exists (
			select 1 from episodes e where e.series_id = r.series_id and e.presence = 'unconfirmed')) d(doubtful)
		where s.id = r.series_id`;
	const [read] = (await tx`select count(*)::int as count from stage_read`) as { count: number }[];
	mustAll(noted, read?.count ?? 0);
}

/** The same of series that had no rows before. */
export async function noteSeriesFilled(
	tx: SQL,
	series: readonly (UnchangedSeries & { whole: boolean })[],
	at: Date,
): Promise<void> {
	const noted: unknown =
		await tx`update series s set episodes_read_at = ${at}, stale = not r.whole, content_hash = r.hash
		from jsonb_to_recordset(${JSON.stringify(series)}::text::jsonb) as r(id int, hash text, whole boolean)
		where s.id = r.id`;
	mustAll(noted, series.length);
}

function mustAll(noted: unknown, expected: number): void {
	if (countOf(noted) !== expected) throw new Error('A series was removed while its episodes were written.');
}

/** Series that a sync has to read, and the hash of what it read last. */
export interface SeriesToRead {
	id: number;
	arrId: number;
	title: string;
	contentHash: string | null;
	/** Its episodes were never read: there is nothing to compare. */
	isNew: boolean;
}

export async function seriesToRead(sql: SQL, connectorId: number, all: boolean): Promise<SeriesToRead[]> {
	return await sql`
		select id, arr_id as "arrId", title, content_hash as "contentHash", not exists (select 1 from episodes e where e.series_id = series.id) as "isNew" from series
		where connector_id = ${connectorId} and presence = 'present' and arr_id > 0
			and (${all}::boolean or stale or episodes_read_at is null)
		order by id`;
}

/** A history event or a hint concerns these series: their episodes are read by this sync. */
export async function markSeriesStale(tx: SQL, connectorId: number, seriesArrIds: string): Promise<void> {
	await tx`update series set stale = true where connector_id = ${connectorId} and not stale
		and arr_id = any(${seriesArrIds}::text::int[])`;
}

export interface UnchangedSeries {
	id: number;
	/** The rows are the same, but their answer may have been spelled in another way. */
	hash: string | null;
}

/** Nothing new in these: the time of the reading is noted, and by what to know it again. */
export async function noteSeriesUnchanged(
	sql: SQL,
	series: readonly UnchangedSeries[],
	at: Date,
): Promise<void> {
	await sql`update series s set episodes_read_at = ${at}, stale = false, content_hash = r.hash
		from jsonb_to_recordset(${JSON.stringify(series)}::text::jsonb) as r(id int, hash text) where s.id = r.id`;
}

export async function seriesByArrId(
	sql: SQL,
	connectorId: number,
	arrId: number,
): Promise<SeriesToRead | undefined> {
	const rows =
		(await sql`select id, arr_id as "arrId", title, content_hash as "contentHash", not exists (select 1 from episodes e where e.series_id = series.id) as "isNew" from series
		where connector_id = ${connectorId} and arr_id = ${arrId}`) as SeriesToRead[];
	return rows[0];
}

/** Some of its rows were written singly: the next full sync compares them all. */
export async function unmirrorHash(tx: SQL, seriesId: number): Promise<void> {
	await tx`update series set content_hash = null where id = ${seriesId}`;
}
