// The last column of a list, in a sentence.
import { describe, expect, test } from 'vitest';
import type { WhyFacts } from '$lib/domain/views';
import { Format } from './format';
import { whyLine } from './why';

const format = new Format({ locale: 'en-US', timeZone: 'UTC', hour12: false });
const now = new Date('2026-11-21T14:32:00Z');
const later = new Date('2026-11-21T15:36:00Z');
const nothing = { gate: null, until: null, position: null, estimateAt: null, notWanted: null };
const line = (why: Partial<WhyFacts>): string => {
	const facts = { ...nothing, detail: null, progress: null, searchingSince: null, ...why };
	const connector = { id: 1, name: 'Sonarr TV', kind: 'sonarr' as const };
	return whyLine({ why: facts, connector, state: 'pending' }, format, now).text;
};

describe('while the connector keeps its distance', () => {
	test('what is not in line waits its turn: the next search is another', () => {
		expect(line({ gate: 'budget_and_spacing', until: later })).toBe('Waits its turn, next search 15:36');
	});
	test('what is in line has its place and its own time', () => {
		const why = { gate: 'budget_and_spacing', until: now, position: 3, estimateAt: later } as const;
		expect(line(why)).toBe('Third in line, about 15:36');
	});
});
