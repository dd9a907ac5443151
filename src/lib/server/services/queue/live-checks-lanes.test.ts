/** Whether the application has a worker to spare. */
import { describe, expect, test } from 'vitest';
import type { CommandRecord } from '../../connectors/common/types';
import { judgeLanes } from './live-checks-lanes';

const START = new Date('2026-01-05T06:00:00Z');
const later = new Date('2026-01-05T12:00:00Z');
const one = (name: string, status: CommandRecord['status'], started: Date | null = later): CommandRecord => ({
	id: 1,
	name,
	status,
	message: null,
	exception: null,
	clientUserAgent: null,
	trigger: null,
	queued: later,
	started: status === 'queued' ? null : started,
	ended: null,
	durationMs: null,
	body: { episodeIds: [], movieIds: [], seriesId: null, seasonNumber: null },
});
const refresh = one('RefreshMonitoredDownloads', 'started');

describe('judgeLanes', () => {
	test.each<[string, CommandRecord[], string[], string[]]>([
		['idle', [], [], []],
		['ended commands do not count', [one('EpisodeSearch', 'completed')], ['EpisodeSearch'], []],
		['one of its own is started', [refresh], [], []],
		['two are started', [refresh, one('RssSync', 'started')], [], ['RefreshMonitoredDownloads', 'RssSync']],
		['a search of somebody else', [one('EpisodeSearch', 'started')], ['EpisodeSearch'], ['EpisodeSearch']],
		['a search of somebody else waits', [one('SeasonSearch', 'queued')], ['SeasonSearch'], ['SeasonSearch']],
		['a search of ours does not hold us', [one('EpisodeSearch', 'started')], [], []],
		['an import waits', [one('ProcessMonitoredDownloads', 'queued')], [], ['ProcessMonitoredDownloads']],
		['an import runs', [one('ManualImport', 'started')], [], []],
		['dead since the restart', [one('EpisodeSearch', 'started', new Date(0))], ['EpisodeSearch'], []],
	])('%s', (_, commands, foreign, busy) => {
		const strangers = commands.filter((command) => foreign.includes(command.name));
		const lanes = judgeLanes(commands, strangers, START);
		expect(lanes.busy).toEqual(busy);
		expect(lanes.free).toBe(busy.length === 0);
	});

	test('three started leave no worker to spare', () => {
		expect(judgeLanes([refresh, refresh], [], START).spare).toBe(true);
		expect(judgeLanes([refresh, refresh, refresh], [], START).spare).toBe(false);
	});
});
