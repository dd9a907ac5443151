/** The outcome as it is kept and told: evidence without secrets, and one sentence for people. */
import type { Verdict } from '$lib/domain/outcome';
import type { Severity } from '$lib/domain/words';
import type { Tx } from '../../db/client';
import type { ConnectorRow } from '../../db/queries/connectors';
import type { DispatchRow } from '../../db/queries/dispatches';
import type { GrabRow } from '../../db/queries/grabs';
import { recordEvent } from '../../events';
import { readBefore, type Conclusion } from './evidence-notes';

/** What proves the outcome, in the order in which a person would ask. */
export function describeVerdict(
	dispatch: DispatchRow,
	{ verdict, notes }: Conclusion,
): Record<string, unknown> {
	const before = dispatch.before === null ? null : readBefore(dispatch.before);
	return {
		proof: verdict.proof,
		cause: verdict.cause,
		merged: notes.merged,
		adopted: notes.adopted,
		exception: notes.exception,
		lastSearchTimeBefore: before?.lastSearchTime?.toISOString() ?? null,
		lastSearchTimeAfter: notes.lastSearchAfter?.toISOString() ?? null,
		healthBefore: before?.health ?? [],
		healthAfter: notes.readings,
		complaints: verdict.complaints,
		grabs: verdict.grabs.map(({ historyId, itemArrId, date, downloadId, releaseSource, title, claim }) => ({
			historyId,
			itemArrId,
			date: date.toISOString(),
			downloadId,
			releaseSource,
			title,
			claim,
		})),
		downloads: new Set(verdict.grabs.map((grab) => grab.downloadId ?? grab.title)).size,
		parkedTitles: verdict.parkedTitles,
	};
}

const SENTENCES: Readonly<Record<Verdict['outcome'], string>> = {
	grabbed: 'found and grabbed',
	nothing_found: 'searched, nothing suitable found',
	not_searched: 'not searched: no indexer was asked',
	inconclusive: 'searched, but the silence proves nothing',
	pending: 'found, and parked by the application',
	merged: 'somebody else was already searching for it',
	error: 'the search command failed',
	lost: 'no answer can be had any more',
};

const SEVERITIES: Readonly<Record<Verdict['outcome'], Severity>> = {
	grabbed: 'success',
	nothing_found: 'info',
	not_searched: 'warning',
	inconclusive: 'warning',
	pending: 'success',
	merged: 'info',
	error: 'error',
	lost: 'warning',
};

export async function outcomeEvent(
	tx: Tx,
	connector: ConnectorRow,
	dispatch: DispatchRow,
	verdict: Verdict,
	grabs: readonly GrabRow[],
	at: Date,
): Promise<void> {
	const [item] = dispatch.target.items;
	const common = {
		at,
		connector,
		dispatchId: dispatch.id,
		episodeId: dispatch.targetKind === 'episode' ? (item?.id ?? null) : null,
		movieId: dispatch.targetKind === 'movie' ? (item?.id ?? null) : null,
	};
	await recordEvent(tx, {
		...common,
		type: 'search.concluded',
		severity: SEVERITIES[verdict.outcome],
		message: `${dispatch.target.title}: ${SENTENCES[verdict.outcome]}.`,
		data: { outcome: verdict.outcome, strength: verdict.strength, cause: verdict.cause, cost: dispatch.cost },
	});
	const told = new Set<string>();
	for (const grab of grabs) {
		const download = grab.downloadId ?? grab.title;
		if (told.has(download)) continue;
		told.add(download);
		await recordEvent(tx, {
			...common,
			type: 'grab.found',
			severity: 'success',
			message: `${dispatch.target.title}: grabbed ${grab.title}`,
			data: { claim: grab.claim, indexer: grab.indexer, quality: grab.qualityName, score: grab.formatScore },
		});
	}
}
