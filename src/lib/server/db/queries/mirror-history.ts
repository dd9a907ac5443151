/** The arr's history as we keep it: newest rows, without secrets, bound to our items. */
import type { SQL } from 'bun';
import type { HistoryRecord } from '../../connectors/common/types';
import { copyInto, copyLine, intList, openStages, type Stage } from '../bulk';

const STAGE_HISTORY: Stage = {
	name: 'stage_history',
	kept: 'commit',
	columns: {
		arr_id: 'int',
		event: 'text',
		date: 'timestamptz',
		item_arr_id: 'int',
		series_arr_id: 'int',
		source_title: 'text',
		download_id: 'text',
		release_source: 'text',
		quality_id: 'int',
		quality_name: 'text',
		format_score: 'int',
		indexer: 'text',
		download_client: 'text',
		reason: 'text',
		file_arr_id: 'int',
		release_group: 'text',
		size: 'bigint',
	},
};

/** Items and series that new rows concern. */
export interface Touched {
	added: number;
	seriesArrIds: number[];
	itemArrIds: number[];
}

/** Adds rows that are not stored yet, and tells what they concern. */
export async function storeHistory(
	tx: SQL,
	connectorId: number,
	rows: readonly HistoryRecord[],
): Promise<Touched> {
	await openStages(tx, STAGE_HISTORY);
	await copyInto(tx, STAGE_HISTORY, rows.map(historyLine));
	const columns = Object.keys(STAGE_HISTORY.columns).join(', ');
	const added = (await tx.unsafe(
		`insert into arr_history (connector_id, ${columns}, episode_id, movie_id)
		select distinct on (h.arr_id) $1::int, ${Object.keys(STAGE_HISTORY.columns)
			.map((name) => `h.${name}`)
			.join(', ')}, e.id, m.id
		from stage_history h
		left join connectors c on c.id = $1
		left join episodes e on c.shape = 'series' and e.connector_id = $1 and e.arr_id = h.item_arr_id
		left join movies m on c.shape = 'movies' and m.connector_id = $1 and m.arr_id = h.item_arr_id
		where not exists (select 1 from arr_history k where k.connector_id = $1 and k.arr_id = h.arr_id)
		order by h.arr_id
		returning series_arr_id, item_arr_id`,
		[connectorId],
	)) as { series_arr_id: number | null; item_arr_id: number }[];
	return {
		added: added.length,
		seriesArrIds: [...new Set(added.map((row) => row.series_arr_id ?? 0))].filter((id) => id > 0),
		itemArrIds: [...new Set(added.map((row) => row.item_arr_id))].filter((id) => id > 0),
	};
}

function historyLine(row: HistoryRecord): string {
	return copyLine([
		row.arrId,
		row.event,
		row.date,
		row.itemArrId,
		row.seriesArrId,
		row.sourceTitle.slice(0, 1000),
		row.downloadId?.slice(0, 300) ?? null,
		row.releaseSource,
		row.qualityId,
		row.qualityName,
		row.formatScore,
		row.indexer,
		row.downloadClient,
		row.reason?.slice(0, 500) ?? null,
		row.fileArrId,
		row.releaseGroup,
		row.size === null ? null : Math.trunc(row.size),
	]);
}

/** Rows that came before their item was mirrored find it now. */
export async function bindHistory(tx: SQL, connectorId: number): Promise<void> {
	await tx`update arr_history h set episode_id = e.id from episodes e, connectors c
		where c.id = ${connectorId} and c.shape = 'series' and h.connector_id = c.id and h.episode_id is null
			and e.connector_id = c.id and e.arr_id = h.item_arr_id`;
	await tx`update arr_history h set movie_id = m.id from movies m, connectors c
		where c.id = ${connectorId} and c.shape = 'movies' and h.connector_id = c.id and h.movie_id is null
			and m.connector_id = c.id and m.arr_id = h.item_arr_id`;
}

/** Moves the cursor forward, never back. */
export async function moveHistoryCursor(tx: SQL, connectorId: number, to: Date): Promise<void> {
	await tx`update connectors set history_cursor = ${to} where id = ${connectorId}
		and (history_cursor is null or history_cursor < ${to})`;
}

/** Which of these rows are stored already. */
export async function knownHistory(
	sql: SQL,
	connectorId: number,
	arrIds: readonly number[],
): Promise<Set<number>> {
	if (arrIds.length === 0) return new Set();
	const rows = (await sql`select arr_id as id from arr_history where connector_id = ${connectorId}
		and arr_id = any(${intList(arrIds)}::text::int[])`) as { id: number }[];
	return new Set(rows.map((row) => row.id));
}
