/** Rows of grabs from history: what is kept of a release, and of the file it would replace. */
import type { JudgedGrab } from '$lib/domain/outcome';
import type { HistoryRecord } from '../../connectors/common/types';
import type { DbOrTx } from '../../db/client';
import type { DispatchRow } from '../../db/queries/dispatches';
import { registryOfItems } from '../../db/queries/dispatches-target';
import type { NewGrab } from '../../db/queries/grabs';
import { readBefore } from './evidence-notes';

export async function grabRows(
	db: DbOrTx,
	dispatch: DispatchRow,
	history: readonly HistoryRecord[],
	judged: readonly JudgedGrab[],
	at: Date,
): Promise<NewGrab[]> {
	if (judged.length === 0) return [];
	const kind = dispatch.targetKind === 'movie' ? 'movie' : 'episode';
	const items = new Map(dispatch.target.items.map((item) => [item.arrId, item]));
	const registry = await registryOfItems(
		db,
		kind,
		[...items.values()].map((item) => item.id),
	);
	const claims = new Map(judged.map((grab) => [grab.historyId, grab.claim]));
	const before = readBefore(dispatch.before).files;
	return history.flatMap((row) => {
		const claim = claims.get(row.arrId);
		const item = items.get(row.itemArrId);
		if (claim === undefined || item === undefined) return [];
		const file = before[String(item.arrId)];
		return [
			{
				...releaseOf(row),
				connectorId: dispatch.connectorId,
				dispatchId: dispatch.id,
				claim,
				registryId: registry.get(item.id) ?? null,
				episodeId: kind === 'episode' ? item.id : null,
				movieId: kind === 'movie' ? item.id : null,
				fileArrIdBefore: file?.fileArrId ?? null,
				qualityBefore: file?.quality ?? null,
				scoreBefore: file?.score ?? null,
				result: 'following' as const,
				lastSeenAt: at,
			},
		];
	});
}

/** What any row of history tells of a release; links and keys are never in it. */
export const releaseOf = (
	row: Pick<
		HistoryRecord,
		| 'itemArrId'
		| 'arrId'
		| 'downloadId'
		| 'sourceTitle'
		| 'releaseSource'
		| 'indexer'
		| 'qualityName'
		| 'formatScore'
		| 'date'
	>,
) => ({
	itemArrId: row.itemArrId,
	historyArrId: row.arrId,
	downloadId: row.downloadId,
	title: row.sourceTitle,
	releaseSource: row.releaseSource,
	indexer: row.indexer,
	qualityName: row.qualityName,
	formatScore: row.formatScore,
	grabbedAt: row.date,
});
