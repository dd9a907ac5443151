import { expect, test } from 'vitest';
import { listFingerprint, type SeasonFigures } from './fingerprint';

const season = (over: Partial<SeasonFigures>): SeasonFigures => ({
	number: 1,
	episodeFileCount: 1,
	episodeCount: 2,
	totalEpisodeCount: 3,
	sizeOnDisk: 10,
	nextAiring: new Date('2026-01-02T20:30:00.900Z'),
	previousAiring: null,
	...over,
});

test('seasons in order, without those that have no episodes; sizes summed', () => {
	const seasons = [
		season({ number: 2 }),
		season({ number: 0, totalEpisodeCount: 0, sizeOnDisk: 99 }),
		season({}),
	];
	expect(listFingerprint(seasons, 'seconds')).toBe('1:3:2:1:1767385800:;2:3:2:1:1767385800:|20');
});

test('days hide the time of day', () => {
	const noon = season({ nextAiring: new Date('2026-01-02T12:00:00Z') });
	expect(listFingerprint([noon], 'days')).toBe(listFingerprint([season({})], 'days'));
	expect(listFingerprint([noon], 'seconds')).not.toBe(listFingerprint([season({})], 'seconds'));
});

test('a series without episodes', () => {
	expect(listFingerprint([], 'seconds')).toBe('|0');
});
