import { describe, expect, test } from 'vitest';
import { judgeItem, type ItemFacts, type WantedRules } from './wanted';

const now = new Date('2026-11-20T12:00:00Z');
const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);
const rules: WantedRules = {
	now,
	graceMs: 12 * 3_600_000,
	specials: false,
	kinds: { gap: true, quality: true, format: false },
};
const episode = (airDateUtc: Date | null, datesOnly = false) => ({
	kind: 'episode' as const,
	airDateUtc,
	seriesRuntime: 60,
	datesOnly,
});
const gap: ItemFacts = {
	presence: 'present',
	unreadable: false,
	monitored: true,
	seriesMonitored: true,
	special: false,
	filtered: false,
	timing: episode(hoursAgo(100)),
	notSearchable: null,
	hasFile: false,
	file: null,
	profile: { upgradeAllowed: true, effectiveCutoffRank: 5, cutoffFormatScore: 100 },
};
const withFile: ItemFacts = {
	...gap,
	hasFile: true,
	file: { rank: 3, formatScore: 0, arrCutoffNotMet: true, carriesFile: true },
};
const fileOf = (over: Partial<NonNullable<ItemFacts['file']>>): ItemFacts => ({
	...withFile,
	file: { rank: 3, formatScore: 0, arrCutoffNotMet: true, carriesFile: true, ...over },
});

describe('what is wanted', () => {
	test.each([
		['a gap', gap, rules, 'gap'],
		['below the cutoff', withFile, rules, 'quality'],
		['a quality the profile does not have, by the arr', fileOf({ rank: null }), rules, 'quality'],
		['below the score', fileOf({ rank: 5 }), { ...rules, kinds: { ...rules.kinds, format: true } }, 'format'],
		['a special where they are wanted', { ...gap, special: true }, { ...rules, specials: true }, 'gap'],
	] as const)('%s', (_, facts, by, wanted) => {
		expect(judgeItem(facts, by)).toMatchObject({ wanted, why: null });
	});
});

describe('why not, the first that holds', () => {
	test.each([
		['gone_from_arr', { ...gap, presence: 'deleted', monitored: false }],
		['unconfirmed', { ...gap, presence: 'unconfirmed' }],
		['unreadable', { ...gap, unreadable: true }],
		['unmonitored', { ...gap, monitored: false, seriesMonitored: false }],
		['series_unmonitored', { ...gap, seriesMonitored: false }],
		['special', { ...gap, special: true }],
		['filtered', { ...gap, filtered: true }],
		['no_air_date', { ...gap, timing: episode(null) }],
		['not_available', { ...gap, timing: episode(hoursAgo(0.5)) }],
		['in_grace', { ...gap, timing: episode(hoursAgo(12.5)) }],
		['not_searchable', { ...gap, notSearchable: 'undated' }],
		['upgrades_not_allowed', { ...withFile, profile: null }],
		['cutoff_met', fileOf({ rank: 5, formatScore: 100 })],
		['kind_off', fileOf({ rank: 5 })],
		['shared_file', fileOf({ carriesFile: false })],
	] as const)('%s', (why, facts) => {
		expect(judgeItem(facts, rules)).toMatchObject({ wanted: null, why });
	});
});

test('a scene of which only the date is known is out on the next day', () => {
	const dated = { ...gap, timing: episode(new Date('2026-11-20T00:00:00Z'), true) };
	expect(judgeItem(dated, { ...rules, graceMs: 0 })).toMatchObject({
		why: 'not_available',
		until: new Date('2026-11-21T00:00:00Z'),
	});
});

test('a movie counts from when it was seen to become available', () => {
	const timing = { kind: 'movie' as const, isAvailable: true, releaseDate: hoursAgo(1000), added: null };
	expect(judgeItem({ ...gap, timing: { ...timing, availableSince: hoursAgo(1) } }, rules)).toMatchObject({
		why: 'in_grace',
		until: new Date(now.getTime() + 11 * 3_600_000),
	});
	expect(judgeItem({ ...gap, timing: { ...timing, availableSince: null } }, rules).wanted).toBe('gap');
});
