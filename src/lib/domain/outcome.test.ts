/** Each row of "outcome, with evidence": facts in, verdict out. */
import { describe, expect, test } from 'vitest';
import {
	at,
	indexersFail,
	someFail,
	noAutomatic,
	noInteractive,
	clientAway,
	clientsBlocked,
	quiet,
	grab,
	oldKind,
	whisparr2,
	notMoved,
	completed,
	ended,
	other,
	type Expected,
} from '../../../tests/factories/outcome-facts';
import { judge, type OutcomeFacts } from './outcome';
import { releasesSeen } from './outcome-messages';

const rows: [string, Partial<OutcomeFacts>, Expected][] = [
	[
		'grabbed: a row of ours within the command',
		{ grabs: [grab] },
		{ outcome: 'grabbed', strength: 'strong', proof: 'history', provisional: false },
	],
	[
		'grabbed: two seconds before the start still count',
		{ grabs: [{ ...grab, date: at(8) }] },
		{ outcome: 'grabbed' },
	],
	[
		'grabbed: two seconds and a fraction after the end still count',
		{ grabs: [{ ...grab, date: at(16.9) }] },
		{ outcome: 'grabbed' },
	],
	[
		'not ours: three seconds before the start',
		{ grabs: [{ ...grab, date: at(7.9) }] },
		{ outcome: 'nothing_found' },
	],
	[
		'not ours: three seconds after the end',
		{ grabs: [{ ...grab, date: at(17) }] },
		{ outcome: 'nothing_found' },
	],
	['not ours: an RSS grab', { grabs: [{ ...grab, releaseSource: 'Rss' }] }, { outcome: 'nothing_found' }],
	[
		'not ours: an interactive grab',
		{ grabs: [{ ...grab, releaseSource: 'InteractiveSearch' }] },
		{ outcome: 'nothing_found' },
	],
	['not ours: a grab of another item', { grabs: [{ ...grab, itemArrId: 2 }] }, { outcome: 'nothing_found' }],
	[
		'not ours: no source where there should be one',
		{ grabs: [{ ...grab, releaseSource: null }] },
		{ outcome: 'nothing_found' },
	],
	[
		'grabbed without releaseSource is weak',
		{ abilities: oldKind, lastSearch: null, grabs: [{ ...grab, releaseSource: null }] },
		{ outcome: 'grabbed', strength: 'weak' },
	],
	[
		'shared: another search ran at the same time',
		{ grabs: [grab], others: [other(11, 20)] },
		{ outcome: 'grabbed', strength: 'shared' },
	],
	[
		'shared: another one still runs',
		{ grabs: [grab], others: [other(0, null)] },
		{ outcome: 'grabbed', strength: 'shared' },
	],
	[
		'ours: another search was over before',
		{ grabs: [grab], others: [other(0, 5)] },
		{ outcome: 'grabbed', strength: 'strong' },
	],
	[
		'ours: another search came after',
		{ grabs: [grab], others: [other(20, 25)] },
		{ outcome: 'grabbed', strength: 'strong' },
	],
	[
		'shared: dated in the margin, while another one ran',
		{ grabs: [{ ...grab, date: at(8) }], others: [other(4, 8)] },
		{ outcome: 'grabbed', strength: 'shared' },
	],
	[
		'grabbed, although the command failed later',
		{ grabs: [grab], command: ended('failed') },
		{ outcome: 'grabbed' },
	],
	[
		'grabbed, although the application restarted',
		{ grabs: [grab], command: ended('orphaned') },
		{ outcome: 'grabbed', strength: 'strong' },
	],
	[
		'by-catch is no success',
		{
			grabs: [{ ...grab, itemArrId: 2 }],
			items: [
				{ arrId: 1, wanted: true },
				{ arrId: 2, wanted: false },
			],
		},
		{ outcome: 'nothing_found' },
	],
	[
		'merged: the command was there already',
		{ merged: true, grabs: [grab] },
		{ outcome: 'merged', provisional: false },
	],
	[
		'pending: parked by a delay',
		{ parked: [{ itemArrId: 1, title: 'x', status: 'delay' }] },
		{ outcome: 'pending', proof: 'queue', cause: 'parked_delay', closes: null },
	],
	[
		'pending: parked while the client is away',
		{ parked: [{ itemArrId: 1, title: 'x', status: 'downloadClientUnavailable' }] },
		{ outcome: 'pending', cause: 'parked_client', closes: 'download_client' },
	],
	[
		'error: the command failed',
		{ command: ended('failed') },
		{ outcome: 'error', cause: 'command_failed', proof: 'command' },
	],
	[
		'inconclusive: the application restarted',
		{ command: ended('orphaned'), lastSearch: notMoved },
		{ outcome: 'inconclusive', cause: 'interrupted', closes: null },
	],
	[
		'lost: nothing is known of it',
		{ command: { ...ended('gone'), ended: null } },
		{ outcome: 'lost', cause: 'no_answer', strength: 'weak' },
	],
	[
		'not lost: its grab is known',
		{ command: { ...ended('gone'), ended: null }, grabs: [grab] },
		{ outcome: 'grabbed', strength: 'weak' },
	],
	[
		'lost: another search explains the grab',
		{ command: { ...ended('gone'), ended: null }, grabs: [grab], others: [other(11, 13)] },
		{ outcome: 'lost' },
	],
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
			healthAfter: [{ afterMs: 8_000, issues: [indexersFail] }],
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
			healthAfter: [{ afterMs: 8_000, issues: [indexersFail] }],
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
			healthAfter: [{ afterMs: 9000, issues: [indexersFail] }],
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
		{ healthAfter: [{ afterMs: 8_100, issues: [indexersFail] }] },
		{ outcome: 'inconclusive', cause: 'indexers_failed', closes: 'indexer', provisional: false },
	],
	[
		'some indexers failed: it counts',
		{
			healthAfter: [
				{ afterMs: 8_100, issues: [someFail] },
				{ afterMs: 120_500, issues: [someFail] },
			],
		},
		{ outcome: 'nothing_found', closes: null },
	],
	[
		'inconclusive: the client went away',
		{
			healthAfter: [
				{ afterMs: 8_100, issues: [] },
				{ afterMs: 121_000, issues: [clientAway] },
			],
		},
		{ outcome: 'inconclusive', cause: 'client_away', closes: 'download_client' },
	],
	[
		'inconclusive: the only client is still away',
		{ healthBefore: [clientAway], healthAfter: [{ afterMs: 9_000, issues: [clientAway] }] },
		{ outcome: 'inconclusive', cause: 'client_away' },
	],
	[
		'one of two clients was away before and still is: it counts',
		{
			enabledClients: 2,
			healthBefore: [clientAway],
			healthAfter: [{ afterMs: 121_000, issues: [clientAway] }],
		},
		{ outcome: 'nothing_found' },
	],
	[
		'one of two clients went away meanwhile',
		{ enabledClients: 2, healthAfter: [{ afterMs: 121_000, issues: [clientAway] }] },
		{ outcome: 'inconclusive' },
	],
	[
		'it became worse: all clients are blocked',
		{
			enabledClients: 2,
			healthBefore: [clientAway],
			healthAfter: [{ afterMs: 121_000, issues: [clientAway, clientsBlocked] }],
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
		{ healthAfter: [{ afterMs: 119_000, issues: [] }] },
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
];

describe('judge', () => {
	test.each(rows)('%s', (_, facts, expected) => {
		expect(judge({ ...quiet, ...facts })).toMatchObject(expected);
	});

	test('a pack is several rows of one download', () => {
		const items = [1, 2, 3].map((arrId) => ({ arrId, wanted: arrId < 3 }));
		const grabs = items.map((item, n) => ({
			...grab,
			historyId: n,
			itemArrId: item.arrId,
			date: at(12.01 + n / 100),
		}));
		const verdict = judge({ ...quiet, items, grabs });
		expect(verdict.outcome).toBe('grabbed');
		expect(verdict.grabs.map((one) => one.claim)).toEqual(['ours', 'ours', 'by_catch']);
		expect(new Set(verdict.grabs.map((one) => one.downloadId)).size).toBe(1);
	});

	test('the grabs of a merged command are finds', () => {
		expect(judge({ ...quiet, merged: true, grabs: [grab] }).grabs.map((one) => one.claim)).toEqual(['find']);
	});
});

describe('releasesSeen', () => {
	test.each([
		[[], null],
		[['Searching indexers for [X]. 1 active indexers'], null],
		[['Total of 1 reports were found for [X] from 1 indexers', 'Processing release 1/4'], 4],
		[['No results found'], 0],
		[['Completed'], null],
		[['Episode search completed. 0 reports downloaded.'], null],
	])('%j → %j', (messages, count) => {
		expect(releasesSeen(messages)).toBe(count);
	});
});
