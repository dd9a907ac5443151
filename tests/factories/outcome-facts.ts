// Facts about a search command, for tests of its outcome: a quiet one, and what makes it less so.
import type { HealthFact } from '../../src/lib/domain/complaints';
import type { GrabFact, HealthAfter, OutcomeFacts, Verdict } from '../../src/lib/domain/outcome';

export const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 5, 12, 0, 0) + seconds * 1000);
export const indexersFail = {
	source: 'IndexerStatusCheck',
	type: 'error',
	fragment: 'indexers-are-unavailable-due-to-failures',
};
export const someFail = { ...indexersFail, type: 'warning' };
export const noAutomatic = {
	source: 'IndexerSearchCheck',
	type: 'warning',
	fragment:
		'no-indexers-available-with-automatic-search-enabled-sonarr-will-not-provide-any-automatic-search-results',
};
export const noInteractive = {
	...noAutomatic,
	fragment: 'no-indexers-available-with-interactive-search-enabled',
};
export const clientAway = {
	source: 'DownloadClientCheck',
	type: 'error',
	fragment: 'unable-to-communicate-with-download-client',
};
export const clientsBlocked = { source: 'DownloadClientStatusCheck', type: 'error', fragment: 'x' };

/** A reading of health after the end, while nothing was downloading. */
export const after = (afterMs: number, ...issues: HealthFact[]): HealthAfter => ({
	afterMs,
	issues,
	clientRows: false,
});

/** A Sonarr 4 episode search from 12:00:10 to 12:00:14 that moved lastSearchTime and found nothing. */
export const quiet: OutcomeFacts = {
	abilities: { lastSearchTime: true, lastSearchTimeWeak: false, durationProof: false, releaseSource: true },
	trustLastSearchTime: true,
	trustDuration: true,
	items: [{ arrId: 1, wanted: true }],
	command: { end: 'completed', started: at(10), ended: at(14), durationMs: 4000, exception: null },
	merged: false,
	grabs: [],
	parked: [],
	others: [],
	lastSearch: { before: null, after: at(13) },
	healthBefore: [],
	healthAfter: [after(9_000), after(121_000)],
	enabledClients: 1,
	messages: [],
};
export const grab: GrabFact = {
	historyId: 7,
	itemArrId: 1,
	date: at(12),
	downloadId: 'ABC',
	releaseSource: 'UserInvokedSearch',
	title: 'A.Show.S01E01',
};
export const oldKind = {
	lastSearchTime: false,
	lastSearchTimeWeak: false,
	durationProof: false,
	releaseSource: false,
};
export const whisparr2 = { ...oldKind, durationProof: true, releaseSource: true };
export const notMoved = { before: at(-90_000), after: at(-90_000) };
export const completed = (durationMs: number | null) => ({ ...quiet.command, durationMs });
export const ended = (end: OutcomeFacts['command']['end']) => ({ ...quiet.command, end });
export const other = (started: number, until: number | null) => ({
	commandId: 5,
	started: at(started),
	ended: until === null ? null : at(until),
});

export type Expected = Partial<
	Pick<Verdict, 'outcome' | 'strength' | 'cause' | 'proof' | 'provisional' | 'closes' | 'releasesSeen'>
>;
