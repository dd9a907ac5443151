// How things are shown survives its cookie; anything else is the default.
import { expect, test } from 'vitest';
import { CLOCKS, DEFAULT_DISPLAY, DENSITIES, displayCookie, displayOf, hour12Of } from './display';

test('every choice comes back from its cookie', () => {
	for (const density of DENSITIES)
		for (const clock of CLOCKS)
			for (const keys of [true, false])
				expect(displayOf(displayCookie({ density, clock, keys }))).toEqual({ density, clock, keys });
});

test('what is not known is the default', () => {
	for (const cookie of [undefined, '', 'x', 'compactor.25.', '<script>.1.2.3'])
		expect(displayOf(cookie)).toEqual(DEFAULT_DISPLAY);
});

test('hours', () => {
	expect(CLOCKS.map(hour12Of)).toEqual([null, false, true]);
});
