/** A search that ended without a find: was anybody asked, and does the silence mean anything? */
import { expect, test } from 'vitest';
import {
	after,
	indexersFail,
	someFail,
	noAutomatic,
	noInteractive,
	clientAway,
	clientsBlocked,
	quiet,
	oldKind,
	whisparr2,
	notMoved,
	completed,
	ended,
	other,
	type Expected,
} from '../../../tests/factories/outcome-facts';
import { judge, type OutcomeFacts } from './outcome';

const rows: [string, Partial<OutcomeFacts>, Expected][] = [
	[
		'not searched: lastSearchTime did not move',
		{ lastSearch: notMoved },
		{
			outcome: 'not_searched',
			strength: 'strong',
			proof: 'last_search_time',
			cause: null,
			closes: null,
			provisional: false,
		},
	],
	[
		'not searched: never searched, before or after',
		{ lastSearch: { before: null, after: null } },
		{ outcome: 'not_searched' },
	],
	[
		'not searched, explained by health: closes the gate',
		{ lastSearch: notMoved, healthBefore: [noAutomatic] },
		{ outcome: 'not_searched', cause: 'no_indexer', closes: 'indexer' },
	],
	[
		'not searched, only interactive search is off: explains nothing',
		{ lastSearch: notMoved, healthBefore: [noInteractive] },
		{ outcome: 'not_searched', cause: null, closes: null },
	],
	[
		'asked: a message showed releases, whatever lastSearchTime says',
		{ lastSearch: notMoved, messages: ['Processing release 1/2'] },
		{ outcome: 'nothing_found', proof: 'message', releasesSeen: 2 },
	],
	[
		'not searched: a message that shows none proves nothing',
		{ lastSearch: notMoved, messages: ['No results found'] },
		{ outcome: 'not_searched', releasesSeen: 0 },
	],
	[
		'untrusted lastSearchTime: health decides, weakly',
		{ lastSearch: notMoved, trustLastSearchTime: false },
		{ outcome: 'nothing_found', proof: 'health', strength: 'weak' },
	],
	[
		'Whisparr 2: too fast to have asked',
		{ abilities: whisparr2, lastSearch: null, command: completed(1_899) },
		{ outcome: 'not_searched', proof: 'duration', strength: 'strong' },
	],
	[
		'Whisparr 2: too fast, and health is not read again yet',
		{ abilities: whisparr2, lastSearch: null, command: completed(12), healthAfter: [] },
		{ outcome: 'not_searched', provisional: true },
	],
	[
		'Whisparr 2: too fast, because every indexer refused',
		{
			abilities: whisparr2,
			lastSearch: null,
			command: completed(40),
			healthAfter: [after(8_000, indexersFail)],
		},
		{ outcome: 'inconclusive', cause: 'indexers_failed', closes: 'indexer', provisional: false },
	],
	[
		'Whisparr 2: too fast, as they were blocked before',
		{
			abilities: whisparr2,
			lastSearch: null,
			command: completed(12),
			healthBefore: [indexersFail],
			healthAfter: [after(8_000, indexersFail)],
		},
		{ outcome: 'not_searched', cause: 'no_indexer', closes: 'indexer' },
	],
	[
		'Whisparr 2: slow enough to have asked',
		{ abilities: whisparr2, lastSearch: null, command: completed(2_004) },
		{ outcome: 'nothing_found', proof: 'duration', strength: 'strong' },
	],
	[
		'Whisparr 2: duration means nothing for one request',
		{ abilities: whisparr2, lastSearch: null, trustDuration: false, command: completed(300) },
		{ outcome: 'nothing_found', proof: 'health', strength: 'weak' },
	],
	[
		'Whisparr 2: ended unseen',
		{ abilities: whisparr2, lastSearch: null, command: { ...ended('unreadable'), durationMs: null } },
		{ outcome: 'inconclusive', cause: 'end_not_seen' },
	],
	[
		'old version: a complaint before and after',
		{
			abilities: oldKind,
			lastSearch: null,
			healthBefore: [indexersFail],
			healthAfter: [after(9000, indexersFail)],
		},
		{ outcome: 'not_searched', strength: 'weak', proof: 'health', closes: 'indexer' },
	],
	[
		'old version: the complaint has gone',
		{ abilities: oldKind, lastSearch: null, healthBefore: [indexersFail] },
		{ outcome: 'nothing_found', strength: 'weak' },
	],
	[
		'old version: the complaint is not read again yet',
		{ abilities: oldKind, lastSearch: null, healthBefore: [indexersFail], healthAfter: [] },
		{ outcome: 'nothing_found', provisional: true },
	],
	[
		'old version: a clean health',
		{ abilities: oldKind, lastSearch: null },
		{ outcome: 'nothing_found', strength: 'weak', provisional: false },
	],
	[
		'inconclusive: every indexer failed',
		{ healthAfter: [after(8_100, indexersFail)] },
		{ outcome: 'inconclusive', cause: 'indexers_failed', closes: 'indexer', provisional: false },
	],
	[
		'indexers that fail only later failed another search: it counts',
		{ healthAfter: [after(30), after(8_100), after(120_500, indexersFail)] },
		{ outcome: 'nothing_found', strength: 'strong', closes: null, provisional: false },
	],
	[
		'inconclusive: the first reading that could be made came late, and tells it',
		{ healthAfter: [after(40_000, indexersFail), after(120_500)] },
		{ outcome: 'inconclusive', cause: 'indexers_failed', closes: 'indexer', provisional: false },
	],
	[
		'Whisparr 2: too fast, and indexers fail only later',
		{
			abilities: whisparr2,
			lastSearch: null,
			command: completed(40),
			healthAfter: [after(8_000), after(120_500, indexersFail)],
		},
		{ outcome: 'not_searched' },
	],
	[
		'some indexers failed: it counts',
		{
			healthAfter: [after(8_100, someFail), after(120_500, someFail)],
		},
		{ outcome: 'nothing_found', closes: null },
	],
	[
		'inconclusive: the client went away',
		{
			healthAfter: [after(8_100), after(121_000, clientAway)],
		},
		{ outcome: 'inconclusive', cause: 'client_away', closes: 'download_client' },
	],
	[
		'inconclusive: the only client is still away',
		{ healthBefore: [clientAway], healthAfter: [after(9_000, clientAway)] },
		{ outcome: 'inconclusive', cause: 'client_away' },
	],
	[
		'the only client is said to be away still, but its rows are in the queue: an old complaint, it counts',
		{
			healthBefore: [clientAway],
			healthAfter: [9_000, 121_000].map((ms) => ({ ...after(ms, clientAway), clientRows: true })),
		},
		{ outcome: 'nothing_found', strength: 'strong', provisional: false },
	],
	[
		'its rows were there at first, and went',
		{
			healthBefore: [clientAway],
			healthAfter: [{ ...after(9_000, clientAway), clientRows: true }, after(121_000, clientAway)],
		},
		{ outcome: 'inconclusive', cause: 'client_away' },
	],
	[
		'a new complaint, while its rows are still there',
		{ healthAfter: [{ ...after(9_000, clientAway), clientRows: true }] },
		{ outcome: 'inconclusive', cause: 'client_away', closes: 'download_client' },
	],
	[
		'one of two clients was away before and still is: it counts',
		{
			enabledClients: 2,
			healthBefore: [clientAway],
			healthAfter: [after(121_000, clientAway)],
		},
		{ outcome: 'nothing_found' },
	],
	[
		'one of two clients went away meanwhile',
		{ enabledClients: 2, healthAfter: [after(121_000, clientAway)] },
		{ outcome: 'inconclusive' },
	],
	[
		'it became worse: all clients are blocked',
		{
			enabledClients: 2,
			healthBefore: [clientAway],
			healthAfter: [after(121_000, clientAway, clientsBlocked)],
		},
		{ outcome: 'inconclusive' },
	],
	[
		'nothing found: asked, and health stayed well',
		{},
		{ outcome: 'nothing_found', strength: 'strong', proof: 'last_search_time', provisional: false },
	],
	[
		'provisional before the first reading',
		{ healthAfter: [] },
		{ outcome: 'nothing_found', provisional: true },
	],
	[
		'provisional before the last reading',
		{ healthAfter: [after(119_000)] },
		{ outcome: 'nothing_found', provisional: true },
	],
	[
		'nothing found while another one searched: shared',
		{ others: [other(11, 13)] },
		{ outcome: 'nothing_found', strength: 'shared' },
	],
	[
		'Whisparr 3: weak, since lastSearchTime moves without a query',
		{ abilities: { ...quiet.abilities, lastSearchTimeWeak: true } },
		{ outcome: 'nothing_found', strength: 'weak' },
	],
	[
		'Whisparr 3: strong where releases were seen',
		{
			abilities: { ...quiet.abilities, lastSearchTimeWeak: true },
			messages: ['Total of 3 reports were found for [X] from 1 indexers'],
		},
		{ outcome: 'nothing_found', strength: 'strong', releasesSeen: 3 },
	],
	[
		'Whisparr 3: unmoved proves that nobody was asked',
		{ abilities: { ...quiet.abilities, lastSearchTimeWeak: true }, lastSearch: notMoved },
		{ outcome: 'not_searched', strength: 'strong' },
	],
	[
		'cancelled before it ran',
		{ command: { ...ended('cancelled'), started: null } },
		{ outcome: 'not_searched', proof: 'command' },
	],
	[
		'old version: the complaint read right at the end may be an old one',
		{
			abilities: oldKind,
			lastSearch: null,
			healthBefore: [indexersFail],
			healthAfter: [after(0, indexersFail)],
		},
		{ outcome: 'not_searched', strength: 'weak', provisional: true },
	],
	[
		'old version: an old complaint, which the search took away',
		{
			abilities: oldKind,
			lastSearch: null,
			healthBefore: [indexersFail],
			healthAfter: [after(0, indexersFail), after(8_100), after(120_500)],
		},
		{ outcome: 'nothing_found', strength: 'weak', provisional: false, closes: null },
	],
	[
		'an old complaint right at the end says nothing yet',
		{ healthBefore: [indexersFail], healthAfter: [after(0, indexersFail)] },
		{ outcome: 'nothing_found', provisional: true, closes: null },
	],
	[
		'an old complaint, which the search took away: it counts',
		{
			healthBefore: [indexersFail],
			healthAfter: [after(0, indexersFail), after(8_100), after(120_500)],
		},
		{ outcome: 'nothing_found', strength: 'strong', provisional: false },
	],
	[
		'inconclusive: the old complaint is still there when a good search had taken it away',
		{ healthBefore: [indexersFail], healthAfter: [after(8_100, indexersFail)] },
		{ outcome: 'inconclusive', cause: 'indexers_failed', closes: 'indexer' },
	],
];

test.each(rows)('%s', (_, facts, expected) => {
	expect(judge({ ...quiet, ...facts })).toMatchObject(expected);
});
