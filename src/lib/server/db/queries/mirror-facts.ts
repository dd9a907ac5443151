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
const STAGE_QUEUE: Stage = { name: 'stage_queue', kept: 'commit', columns: QUEUE_COLUMNS };

/**
 * Stores the arr's queue. Rows that left are removed only if they were last seen before `goneSince` (null: none are):
 * when a download client goes away its rows are silently missing, and a complaint comes later.
 */
export async function storeQueue(
	tx: SQL,
	connectorId: number,
	rows: readonly QueueRecord[],
	{ at, goneSince }: { at: Date; goneSince: Date | null },
): Promise<{ stored: number; removed: number }> {
	await openStages(tx, STAGE_QUEUE);
	await copyInto(tx, STAGE_QUEUE, rows.map(queueLine));
	const { updated, inserted } = await mergeStage(tx, {
		table: 'arr_queue',
		stage: `(select distinct on (q.arr_id) q.*, e.id as episode_id, m.id as movie_id, $2::timestamptz as last_seen_at
			from stage_queue q
			left join connectors c on c.id = $1
			left join episodes e on c.shape = 'series' and e.connector_id = $1 and e.arr_id = q.item_arr_id
			left join movies m on c.shape = 'movies' and m.connector_id = $1 and m.arr_id = q.item_arr_id order by q.arr_id)`,
		match: 't.connector_id = $1 and t.arr_id = s.arr_id',
		columns: [
			...Object.keys(QUEUE_COLUMNS).filter((name) => name !== 'arr_id'),
			'episode_id',
			'movie_id',
			'last_seen_at',
		],
		keys: { connector_id: '$1', arr_id: 's.arr_id', first_seen_at: '$2::timestamptz' },
		parameters: [connectorId, at],
	});
	if (goneSince === null) return { stored: updated + inserted, removed: 0 };
	const removed: unknown =
		await tx`delete from arr_queue q where q.connector_id = ${connectorId} and q.last_seen_at < ${goneSince}
		and not exists (select 1 from stage_queue s where s.arr_id = q.arr_id)`;
	return { stored: updated + inserted, removed: countOf(removed) };
}

function queueLine(row: QueueRecord): string {
	return copyLine([
		row.arrId,
		row.itemArrId,
		row.seriesArrId,
		row.title.slice(0, 1000),
		row.status,
		row.trackedState,
		row.trackedStatus,
		row.errorMessage?.slice(0, 1000) ?? null,
		JSON.stringify(
			row.statusMessages.slice(0, 20).map((message) => message.slice(0, 500).toWellFormed()),
		).replaceAll('\\u0000', ''),
		row.downloadId,
		row.downloadClient,
		row.indexer,
		row.protocol,
		Math.trunc(row.size),
		Math.trunc(row.sizeLeft),
		row.estimatedCompletion,
	]);
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
