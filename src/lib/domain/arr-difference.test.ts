import { expect, test } from 'vitest';
import { arrDifference } from './arr-difference';
import { defaultConnectorSettings } from './settings';

const detail = {
	comparison: {
		reasons: { notAvailable: 1200, inGrace: 0, yearless: 2, upgradesNotAllowed: 3, unheardOf: 4 },
	},
};

test('what a full sync counted is told, and nothing about none', () => {
	expect(arrDifference(detail, defaultConnectorSettings())).toEqual({
		missing: ['1,200 not available yet', 'it leaves out 2 without a year'],
		cutoffUnmet: ['3 in profiles without upgrades'],
	});
});

test('what the settings leave out is told as that', () => {
	const settings = defaultConnectorSettings();
	settings.kinds.gap.enabled = false;
	settings.filters.excludeTags = ['held'];
	expect(arrDifference(detail, settings)).toEqual({
		missing: ['not searched here'],
		cutoffUnmet: ['3 in profiles without upgrades', 'some left out by your filters'],
	});
});

test('before the first full sync nothing is told', () => {
	expect(arrDifference(undefined, defaultConnectorSettings())).toEqual({ missing: [], cutoffUnmet: [] });
});
