/** Each row of "outcome, with evidence": facts in, verdict out. */
import { describe, expect, test } from 'vitest';
import {
	at,
	quiet,
	grab,
	oldKind,
	notMoved,
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
