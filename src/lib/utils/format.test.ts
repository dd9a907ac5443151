// Numbers, dates and durations as the pages show them.
import { describe, expect, test } from 'vitest';
import { Format, ordinal, plural } from './format';

const format = new Format({ locale: 'en-US', timeZone: 'UTC', hour12: false });
const at = (text: string) => new Date(text);
const now = at('2026-11-21T14:32:00Z');

describe('numbers', () => {
	test('are grouped, short from 100,000, and a dash when unknown', () => {
		expect(format.count(1498)).toBe('1,498');
		expect(format.count(null)).toBe('–');
		expect(format.short(99_999)).toBe('99,999');
		expect(format.short(128_400)).toBe('128k');
		expect(format.short(1_250_000)).toBe('1.3M');
	});
	test('100% only if it is exactly all', () => {
		expect(format.percent(9997, 10_000)).toBe('99.9%');
		expect(format.percent(99_999, 100_000)).toBe('99.9%');
		expect(format.percent(7, 7)).toBe('100%');
		expect(format.percent(0, 0)).toBe('–');
	});
	test('sizes count in 1024', () => {
		expect(format.size(2_254_857_830)).toBe('2.1 GiB');
		expect(format.size(0)).toBe('0 B');
	});
});

describe('times', () => {
	test('say as much as is needed', () => {
		expect(format.moment(at('2026-11-21T09:12:00Z'), now)).toBe('09:12');
		expect(format.moment(at('2026-11-27T14:10:00Z'), now)).toBe('Fri 14:10');
		expect(format.moment(at('2026-12-28T14:10:00Z'), now)).toBe('Dec 28, 14:10');
		expect(format.moment(at('2027-02-03T14:10:00Z'), now)).toBe('Feb 3, 2027');
		expect(format.long(at('2026-11-28T14:10:00Z'), now)).toBe('Sat, Nov 28, 14:10');
	});
	test('the past and the future have a distance', () => {
		expect(format.ago(at('2026-11-21T14:31:22Z'), now)).toBe('38 s ago');
		expect(format.ago(at('2026-11-21T12:30:00Z'), now)).toBe('2 h ago');
		expect(format.ago(at('2026-11-19T12:30:00Z'), now)).toBe('Thu 12:30');
		expect(format.distance(at('2026-11-21T14:38:00Z'), now)).toBe('in 6 min');
		expect(format.distance(at('2026-11-21T14:00:00Z'), now)).toBe('now');
	});
	test('durations', () => {
		expect(format.duration(38_000)).toBe('38 s');
		expect(format.duration(71 * 60_000)).toBe('1 h 11 min');
		expect(format.duration(22 * 86_400_000)).toBe('22 days');
		expect(format.duration(122 * 86_400_000)).toBe('4 months');
		expect(format.duration(700 * 86_400_000)).toBe('23 months');
		expect(format.duration(4050 * 86_400_000)).toBe('11 years');
	});
});

test('words of counting', () => {
	expect(plural(1, 'gap')).toBe('1 gap');
	expect(plural(1498, 'gap')).toBe('1,498 gaps');
	expect([1, 3, 11, 21, 112].map(ordinal)).toEqual(['First', 'Third', '11th', '21st', '112th']);
});
