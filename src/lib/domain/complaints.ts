/**
 * What an arr's `/health` says about searching: whether its indexers can be asked and whether its download clients
 * take what is found. Pure; `source` is looked at first, since several checks share one wiki fragment.
 */

export interface HealthFact {
	source: string;
	type: string;
	fragment: string;
}

const AUTOMATIC = 'no-indexers-available-with-automatic-search-enabled';
const UNAVAILABLE = 'indexers-are-unavailable-due-to-failures';

/** The complaint that no indexer can be asked at all, if there is one. */
export function noUsableIndexer(health: readonly HealthFact[]): HealthFact | null {
	return health.find((issue) => everyIndexerBlocked(issue) || noAutomaticSearch(issue)) ?? null;
}

/** Every indexer failed: the sign, 4 to 6 s after a search, that it was asked in vain. */
export function allIndexersFailed(health: readonly HealthFact[]): HealthFact | null {
	return health.find(everyIndexerBlocked) ?? null;
}

function everyIndexerBlocked(issue: HealthFact): boolean {
	if (issue.source === 'IndexerStatusCheck') return issue.type === 'error';
	return issue.source === 'IndexerSearchCheck' && issue.fragment.startsWith(UNAVAILABLE);
}

function noAutomaticSearch(issue: HealthFact): boolean {
	return issue.source === 'IndexerSearchCheck' && issue.fragment.startsWith(AUTOMATIC);
}

/** Any complaint about a download client, whether or not another one could still take a find. */
export function clientComplaints<T extends HealthFact>(health: readonly T[]): T[] {
	return health.filter(
		(issue) => issue.source === 'DownloadClientCheck' || issue.source === 'DownloadClientStatusCheck',
	);
}

/** The complaint that closes the gate *download client answers*: no client is left that could take a find. */
export function noClientAnswers(
	health: readonly HealthFact[],
	enabledClients: number | null,
): HealthFact | null {
	const closes = (issue: HealthFact): boolean => {
		if (issue.source === 'DownloadClientStatusCheck') return issue.type === 'error';
		if (issue.type === 'warning') return true;
		return issue.type === 'error' && enabledClients === 1;
	};
	return clientComplaints(health).find(closes) ?? null;
}

/** Complaints that are new, or worse, compared with `before`. */
export function newComplaints(before: readonly HealthFact[], after: readonly HealthFact[]): HealthFact[] {
	const known = new Set(before.map((issue) => `${issue.source}|${issue.type}`));
	return after.filter((issue) => !known.has(`${issue.source}|${issue.type}`));
}
