/** Ranks of qualities and cutoffs, and what can be relied on by version. */
import { describe, expect, it } from 'vitest';
import { readDuration } from './commands';
import { capabilitiesOf } from './capabilities';
import { readProfiles } from './profiles';
import { readFormats } from './resources';
import { withoutLinks } from './schema';
import { instanceOf, readStatus } from './status';
import { isAtLeast, parseVersion } from './version';

const quality = (id: number, allowed: boolean) => ({ quality: { id, name: `Q${id}` }, items: [], allowed });
const group = { id: 1000, name: 'WEB', allowed: true, items: [quality(5, true), quality(14, false)] };
const profile = (more: object) => ({
	id: 1,
	name: 'HD',
	upgradeAllowed: true,
	cutoff: 7,
	items: [quality(0, false), quality(4, true), group, quality(7, true), quality(3, false)],
	...more,
});
const read = (more: object) => readProfiles('/qualityprofile', [profile(more)])[0];

describe('readProfiles', () => {
	it('ranks by position; the members of a group are equal', () => {
		const found = read({});
		expect(found?.qualities.map(({ id, rank, allowed }) => [id, rank, allowed])).toEqual([
			[0, 0, false],
			[4, 1, true],
			[5, 2, true],
			[14, 2, true],
			[7, 3, true],
			[3, 4, false],
		]);
	});

	it.each([
		[{ cutoff: 7 }, 3, 3, 'Q7'],
		[{ cutoff: 1000 }, 2, 2, 'WEB'],
		[{ cutoff: 14 }, 2, 2, 'WEB'],
		[{ cutoff: 7, upgradeAllowed: false }, 3, 1, 'Q7'],
		[{ cutoff: 99 }, 0, 0, ''],
		[{ items: [] }, 0, 0, ''],
	])('finds the cutoff of %j', (more, cutoffRank, effectiveCutoffRank, cutoffName) => {
		expect(read(more)).toMatchObject({ cutoffRank, effectiveCutoffRank, cutoffName });
	});

	it('notices changed scores, not their order', () => {
		const a = { format: 1, name: 'a', score: 5 };
		const b = { format: 2, name: 'b', score: 0 };
		const hash = (formatItems: object[]) => read({ formatItems })?.formatsHash;
		expect(hash([a, b])).toBe(hash([b, a]));
		expect(hash([a, b])).not.toBe(hash([a, { ...b, score: 1 }]));
		expect(read({})).toMatchObject({ minUpgradeFormatScore: 1, cutoffFormatScore: 0 });
	});

	it('names endpoint and field of what it cannot read', () => {
		const error = { code: 'bad_record', endpoint: '/qualityprofile', field: '0.items.0.quality.id' };
		const items = [{ quality: { id: '4' }, allowed: true }];
		expect(() => read({ items })).toThrow(expect.objectContaining(error));
		expect(() => readFormats('/customformat', {})).toThrow(expect.objectContaining({ field: '(all)' }));
	});
});

describe('versions', () => {
	it('are compared as numbers', () => {
		expect(isAtLeast(parseVersion('4.0.10.2'), '4.0.9.2332')).toBe(true);
		expect(isAtLeast(parseVersion('4.0.9.2331'), '4.0.9.2332')).toBe(false);
		expect(isAtLeast(parseVersion('nonsense'), '3.0')).toBe(false);
		expect(isAtLeast(parseVersion('5.0'), '5.0.0.0')).toBe(true);
	});

	it('decide what can be relied on', () => {
		const of = (kind: 'sonarr' | 'radarr', text: string, newest = false) =>
			capabilitiesOf(kind, kind === 'sonarr' ? 'series' : 'movies', parseVersion(text), newest);
		expect(of('sonarr', '3.0.10.1567')).toMatchObject({
			releaseSource: false,
			commandIdentity: 'User-Agent',
		});
		expect(of('sonarr', '4.0.11.2680')).toMatchObject({ endedCommandsReadable: false, lastSearchTime: true });
		expect(of('sonarr', '5.0.0.1', true)).toMatchObject({ dropsWhileClientAway: false });
		expect(of('radarr', '5.5.0.1')).toMatchObject({ wantedTotals: false, movieFilesByManyIds: true });
		expect(of('radarr', '4.5.0.1')).toMatchObject({ releaseSource: false, commandIdentity: 'UserAgent' });
		expect(capabilitiesOf('whisparr', 'series', [2], false)).toMatchObject({
			durationProof: true,
			lastSearchTime: false,
		});
		expect(capabilitiesOf('whisparr', 'movies', [3], false)).toMatchObject({ lastSearchTimeWeak: true });
	});

	it.each([
		['sonarr', 'Sonarr', '3.0.10.1567', 'weak_evidence'],
		['sonarr', 'Sonarr', '4.0.15.2941', 'vulnerable_version'],
		['sonarr', 'Sonarr', '6.0.0.1', 'unsupported_version'],
		['radarr', 'Radarr', '3.2.2.5080', 'weak_evidence'],
		['radarr', 'Radarr', '2.0.0.1', 'unsupported_version'],
		['sonarr', 'Sonarr', '4.0.19.2979', undefined],
		['sonarr', 'Sonarr', '10.0.0.1', undefined],
	] as const)('%s %s %s is pointed out as %s', (kind, appName, version, code) => {
		const status = readStatus('/system/status', { appName, version, authentication: 'forms' });
		const shape = kind === 'sonarr' ? 'series' : 'movies';
		expect(instanceOf(kind, shape, status, new Date(0), false).notices[0]?.code).toBe(code);
	});
});

describe('texts of applications', () => {
	it('lose their links and keys', () => {
		expect(withoutLinks('GET http://idx.example/api?apikey=abc failed, apikey=abc')).toBe(
			'GET (link) failed, apikey=(hidden)',
		);
		expect(withoutLinks('Indexers unavailable: Alpha')).toBe('Indexers unavailable: Alpha');
	});

	it('hold durations', () => {
		expect(readDuration('00:00:02.0283373')).toBe(2028);
		expect(readDuration('1.02:03:04')).toBe(93_784_000);
		expect(readDuration('soon')).toBeNull();
	});
});
