import { expect, test } from 'vitest';
import { MOST, MOST_WRITTEN, rowsAsked, STEP } from './rows';

test('a page that is written has fewer rows than one that grew in the browser', () => {
	expect(rowsAsked('500', true)).toBe(MOST_WRITTEN);
	expect(rowsAsked('500', false)).toBe(MOST);
	expect(rowsAsked('9999', false)).toBe(MOST);
	expect([rowsAsked('100', true), rowsAsked('100', false)]).toEqual([100, 100]);
});

test.each([null, '', ' ', 'x', '-1', '1', '60.5', 'NaN', '1e99', 'Infinity'])(
	'%j is no more than there is',
	(limit) => {
		const rows = rowsAsked(limit, false);
		expect(rows).toBe(limit === '1e99' ? MOST : STEP);
	},
);
