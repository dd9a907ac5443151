/** What became of a grab, from history and queue. */
import { describe, expect, test } from 'vitest';
import { decideGrab, UNJOINED_MS, VANISHED_MS, type GrabNow } from './follow-grab';

const NOW = new Date('2026-01-05T12:00:00Z');
const ago = (ms: number): Date => new Date(NOW.getTime() - ms);
const HOUR = 3_600_000;
const grab = {
	downloadId: 'ABC',
	title: 'A.Show.S01E01',
	lastSeenAt: ago(HOUR),
	result: 'following' as const,
};
const quiet: GrabNow = { history: [], queue: [], clientsWell: true, now: NOW };
const event = (name: string, downloadId: string | null = 'ABC', sourceTitle = 'A.Show.S01E01') => ({
	event: name,
	date: ago(1000),
	downloadId,
	sourceTitle,
	fileArrId: 9,
	qualityName: 'WEBDL-1080p',
	formatScore: 0,
	reason: name === 'download_failed' ? 'unpack failed' : null,
});
const row = (change: Partial<GrabNow['queue'][number]> = {}) => ({
	downloadId: 'ABC',
	title: 'A.Show.S01E01',
	trackedState: 'downloading',
	trackedStatus: 'ok',
	statusMessages: [],
	lastSeenAt: NOW,
	...change,
});

const rows: [string, { downloadId?: null; lastSeenAt?: Date }, Partial<GrabNow>, object][] = [
	['imported', {}, { history: [event('imported')] }, { step: 'end', result: 'imported' }],
	[
		'the id in other letters',
		{},
		{ history: [event('imported', 'abc')] },
		{ step: 'end', result: 'imported' },
	],
	[
		'another download of the item was imported',
		{},
		{ history: [event('imported', 'XYZ')] },
		{ step: 'wait', result: 'following' },
	],
	[
		'failed, with the reason',
		{},
		{ history: [event('download_failed')] },
		{ step: 'end', result: 'failed', detail: 'unpack failed' },
	],
	[
		'imported after all',
		{},
		{ history: [event('download_failed'), event('imported')] },
		{ step: 'end', result: 'imported' },
	],
	['ignored in the application', {}, { history: [event('ignored')] }, { step: 'end', result: 'vanished' }],
	['downloading', {}, { queue: [row()] }, { step: 'wait', result: 'following', seenAt: NOW }],
	[
		'blocked import',
		{},
		{ queue: [row({ trackedState: 'importBlocked', statusMessages: ['by ID'] })] },
		{ result: 'manual', detail: 'by ID' },
	],
	[
		'import pending with a warning',
		{},
		{ queue: [row({ trackedState: 'importPending', trackedStatus: 'warning' })] },
		{ result: 'manual' },
	],
	[
		'stalled is no trouble of the import',
		{},
		{ queue: [row({ trackedStatus: 'ok', statusMessages: [] })] },
		{ result: 'following' },
	],
	['nowhere for less than a day', { lastSeenAt: ago(VANISHED_MS - 1) }, {}, { step: 'wait' }],
	['nowhere for a day', { lastSeenAt: ago(VANISHED_MS) }, {}, { step: 'end', result: 'vanished' }],
	[
		'nowhere, but a client is in trouble: the time does not count',
		{ lastSeenAt: ago(3 * VANISHED_MS) },
		{ clientsWell: false },
		{ step: 'wait', seenAt: NOW },
	],
	[
		'without an id: by its title',
		{ downloadId: null },
		{ history: [event('imported', 'Blackhole_A.Show.S01E01_1', 'x')] },
		{ step: 'end', result: 'imported' },
	],
	['without an id: a week', { downloadId: null, lastSeenAt: ago(UNJOINED_MS - 1) }, {}, { step: 'wait' }],
];

describe('decideGrab', () => {
	test.each(rows)('%s', (_, change, now, expected) => {
		expect(decideGrab({ ...grab, ...change }, { ...quiet, ...now })).toMatchObject(expected);
	});
});
