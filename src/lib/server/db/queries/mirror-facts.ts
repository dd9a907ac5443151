/** Facts beside the library: quality profiles with their ranks, readings, the arr's queue. */
import type { SQL } from 'bun';
import type { QualityProfileRecord, QueueRecord } from '../../connectors/common/types';
import { copyInto, copyLine, countOf, mergeStage, openStages, type Stage } from '../bulk';

const PROFILE_COLUMNS = {
	arr_id: 'int',
	name: 'text',
	upgrade_allowed: 'boolean',
	min_format_score: 'int',
	cutoff_format_score: 'int',
	min_upgrade_format_score: 'int',
	effective_cutoff_rank: 'int',
	cutoff_rank: 'int',
	cutoff_name: 'text',
	formats_hash: 'text',
} as const;
const STAGE_PROFILES: Stage = { name: 'stage_profiles', kept: 'commit', columns: PROFILE_COLUMNS };
const QUALITY_COLUMNS = {
	profile_arr_id: 'int',
	quality_id: 'int',
	name: 'text',
	rank: 'int',
	allowed: 'boolean',
} as const;
const STAGE_RANKS: Stage = { name: 'stage_ranks', kept: 'commit', columns: QUALITY_COLUMNS };

/** What a new reading of the profiles changed. */
export interface ProfileChange {
	changed: number;
	/** Profiles whose formats or scores are others now: scores of their files may be, too. */
	rescored: number[];
}

/** Stores the profiles; a changed rank or cutoff re-marks the whole library without a request. */
export async function storeProfiles(
	tx: SQL,
	connectorId: number,
	profiles: readonly QualityProfileRecord[],
): Promise<ProfileChange> {
	await openStages(tx, STAGE_PROFILES, STAGE_RANKS);
	await copyInto(tx, STAGE_PROFILES, profiles.map(profileLine));
	await copyInto(tx, STAGE_RANKS, profiles.flatMap(rankLines));
	const rescored =
		(await tx`select p.arr_id from quality_profiles p join stage_profiles s on s.arr_id = p.arr_id
		where p.connector_id = ${connectorId} and p.formats_hash <> s.formats_hash`) as { arr_id: number }[];
	const merged = await mergeStage(tx, {
		table: 'quality_profiles',
		stage: 'stage_profiles',
		match: 't.connector_id = $1 and t.arr_id = s.arr_id',
		columns: Object.keys(PROFILE_COLUMNS).filter((name) => name !== 'arr_id'),
		keys: { connector_id: '$1', arr_id: 's.arr_id' },
		parameters: [connectorId],
	});
	const ranks = await mergeStage(tx, {
		table: 'profile_qualities',
		stage: 'stage_ranks',
		match: 't.connector_id = $1 and t.profile_arr_id = s.profile_arr_id and t.quality_id = s.quality_id',
		columns: ['name', 'rank', 'allowed'],
		keys: { connector_id: '$1', profile_arr_id: 's.profile_arr_id', quality_id: 's.quality_id' },
		parameters: [connectorId],
	});
	const gone = await dropGoneProfiles(tx, connectorId);
	const changed = merged.updated + merged.inserted + ranks.updated + ranks.inserted + gone;
	// a few rows that everything is joined with: never enough of them for the database to look at them by itself
	if (changed > 0) await tx`analyze quality_profiles, profile_qualities`;
	return { changed, rescored: rescored.map((row) => row.arr_id) };
}

function profileLine(profile: QualityProfileRecord): string {
	return copyLine([
		profile.arrId,
		profile.name,
		profile.upgradeAllowed,
		profile.minFormatScore,
		profile.cutoffFormatScore,
		profile.minUpgradeFormatScore,
		profile.effectiveCutoffRank,
		profile.cutoffRank,
		profile.cutoffName,
		profile.formatsHash,
	]);
}

/** A quality can stand in a profile only once; should it come twice, its best rank counts. */
function rankLines(profile: QualityProfileRecord): string[] {
	const lines = new Map<number, string>();
	for (const { id, name, rank, allowed } of profile.qualities) {
		lines.set(id, copyLine([profile.arrId, id, name, rank, allowed]));
	}
	return [...lines.values()];
}

async function dropGoneProfiles(tx: SQL, connectorId: number): Promise<number> {
	// an empty answer is not believed: every installation has a profile
	const ranks: unknown = await tx`delete from profile_qualities q where q.connector_id = ${connectorId}
		and exists (select 1 from stage_profiles)
		and not exists (select 1 from stage_ranks s where s.profile_arr_id = q.profile_arr_id and s.quality_id = q.quality_id)`;
	const profiles: unknown = await tx`delete from quality_profiles p where p.connector_id = ${connectorId}
		and exists (select 1 from stage_profiles) and not exists (select 1 from stage_profiles s where s.arr_id = p.arr_id)`;
	return countOf(ranks) + countOf(profiles);
}

/** Stores a reading with the time it was taken. Gives back whether it differs from the one before. */
export async function storeReading(
	sql: SQL,
	connectorId: number,
	name: string,
	value: object,
	at: Date,
): Promise<boolean> {
	const text = JSON.stringify(value).replaceAll('\\u0000', '');
	const rows = (await sql`
		with before as (select value from connector_readings where connector_id = ${connectorId} and name = ${name}),
		stored as (
			insert into connector_readings (connector_id, name, value, read_at)
			values (${connectorId}, ${name}, ${text}::text::jsonb, ${at})
			on conflict (connector_id, name) do update set value = excluded.value, read_at = excluded.read_at
			returning value
		)
		select stored.value is distinct from (select value from before) as changed from stored`) as {
		changed: boolean;
	}[];
	return rows[0]?.changed ?? true;
}

/** What was read of an application, under its name. */
export interface Reading {
	name: string;
	value: object;
	at: Date;
}

/** Whether the same was stored under this name before. */
export async function isSameReading(
	sql: SQL,
	connectorId: number,
	{ name, value }: Reading,
): Promise<boolean> {
	const rows =
		(await sql`select 1 from connector_readings where connector_id = ${connectorId} and name = ${name}
		and value = ${JSON.stringify(value)}::text::jsonb`) as unknown[];
	return rows.length > 0;
}

/** Stores several readings in one statement. */
export async function storeReadings(
	sql: SQL,
	connectorId: number,
	readings: readonly Reading[],
): Promise<void> {
	const text = JSON.stringify(readings).replaceAll('\\u0000', '');
	await sql`insert into connector_readings (connector_id, name, value, read_at)
		select ${connectorId}, r.name, r.value, r.at
		from jsonb_to_recordset(${text}::text::jsonb) as r(name text, value jsonb, at timestamptz)
		on conflict (connector_id, name) do update set value = excluded.value, read_at = excluded.read_at`;
}

const QUEUE_COLUMNS = {
	arr_id: 'int',
	item_arr_id: 'int',
	series_arr_id: 'int',
	title: 'text',
	status: 'text',
	tracked_state: 'text',
	tracked_status: 'text',
	error_message: 'text',
	status_messages: 'jsonb',
	download_id: 'text',
	download_client: 'text',
	indexer: 'text',
	protocol: 'text',
	size: 'bigint',
	size_left: 'bigint',
	estimated_completion: 'timestamptz',
} as const;
type QueueColumn = keyof typeof QUEUE_COLUMNS;

/** The queue is read every few minutes and is mostly short: one statement, without a table in between. */
const STORE_QUEUE = storeQueueStatement();

function storeQueueStatement(): string {
	const types = Object.entries(QUEUE_COLUMNS).map(([name, type]) => `${name} ${type}`);
	const names = [...Object.keys(QUEUE_COLUMNS).filter((name) => name !== 'arr_id'), 'episode_id', 'movie_id'];
	const news = names.map((name) => `s.${name}`).join(', ');
	const sets = (from: string): string => names.map((name) => `${name} = ${from}.${name}`).join(', ');
	return `
		with s as materialized (
			select distinct on (q.arr_id) q.*, e.id as episode_id, m.id as movie_id
			from jsonb_to_recordset($2::text::jsonb) as q(${types.join(', ')})
			left join connectors c on c.id = $1::int
			left join episodes e on c.shape = 'series' and e.connector_id = $1::int and e.arr_id = q.item_arr_id
			left join movies m on c.shape = 'movies' and m.connector_id = $1::int and m.arr_id = q.item_arr_id
			order by q.arr_id
		), known as (
			update arr_queue t set ${sets('s')}, last_seen_at = $3::timestamptz from s
			where t.connector_id = $1::int and t.arr_id = s.arr_id returning t.arr_id
		), fresh as (
			insert into arr_queue (connector_id, arr_id, first_seen_at, last_seen_at, ${names.join(', ')})
			select $1::int, s.arr_id, $3::timestamptz, $3::timestamptz, ${news} from s
			where not exists (select 1 from arr_queue t where t.connector_id = $1::int and t.arr_id = s.arr_id)
			on conflict (connector_id, arr_id) do update set ${sets('excluded')}, last_seen_at = excluded.last_seen_at
			returning arr_id
		), gone as (
			delete from arr_queue t where t.connector_id = $1::int and t.last_seen_at < $4::timestamptz
				and not exists (select 1 from s where s.arr_id = t.arr_id) returning arr_id
		)
		select (select count(*)::int from known) + (select count(*)::int from fresh) as stored,
			(select count(*)::int from gone) as removed`;
}

/**
 * Stores the arr's queue. Rows that left are removed only if they were last seen before `goneSince` (null: none are):
 * when a download client goes away its rows are silently missing, and a complaint comes later.
 */
export async function storeQueue(
	sql: SQL,
	connectorId: number,
	rows: readonly QueueRecord[],
	{ at, goneSince }: { at: Date; goneSince: Date | null },
): Promise<{ stored: number; removed: number }> {
	if (rows.length === 0) return { stored: 0, removed: await emptyQueue(sql, connectorId, goneSince) };
	const text = JSON.stringify(rows.map(queueRow));
	const [counts] = (await sql.unsafe(STORE_QUEUE, [connectorId, text, at, goneSince])) as {
		stored: number;
		removed: number;
	}[];
	return counts ?? { stored: 0, removed: 0 };
}

async function emptyQueue(sql: SQL, connectorId: number, goneSince: Date | null): Promise<number> {
	if (goneSince === null) return 0;
	const gone: unknown =
		await sql`delete from arr_queue where connector_id = ${connectorId} and last_seen_at < ${goneSince}`;
	return countOf(gone);
}

function queueRow(row: QueueRecord): Record<QueueColumn, unknown> {
	return {
		arr_id: row.arrId,
		item_arr_id: row.itemArrId,
		series_arr_id: row.seriesArrId,
		title: clean(row.title, 1000),
		status: clean(row.status),
		tracked_state: clean(row.trackedState),
		tracked_status: clean(row.trackedStatus),
		error_message: clean(row.errorMessage, 1000),
		status_messages: row.statusMessages.slice(0, 20).map((message) => clean(message, 500)),
		download_id: clean(row.downloadId),
		download_client: clean(row.downloadClient),
		indexer: clean(row.indexer),
		protocol: clean(row.protocol),
		size: Math.trunc(row.size),
		size_left: Math.trunc(row.sizeLeft),
		estimated_completion: row.estimatedCompletion,
	};
}

/** Text that PostgreSQL can hold: no NUL, no half of a surrogate pair. */
function clean(text: string | null, limit = 2000): string | null {
	return text === null ? null : text.slice(0, limit).replaceAll('\0', '').toWellFormed();
}

export async function allProfileIds(sql: SQL, connectorId: number): Promise<number[]> {
	const rows = (await sql`select arr_id as id from quality_profiles where connector_id = ${connectorId}`) as {
		id: number;
	}[];
	return rows.map((row) => row.id);
}

/** When each reading of a connector was taken. */
export async function readingTimes(sql: SQL, connectorId: number): Promise<Map<string, Date>> {
	const rows =
		(await sql`select name, read_at as "readAt" from connector_readings where connector_id = ${connectorId}`) as {
			name: string;
			readAt: Date;
		}[];
	return new Map(rows.map((row) => [row.name, row.readAt]));
}
