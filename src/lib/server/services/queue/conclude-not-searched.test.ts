/** Whose matter it is that nobody was asked. */
import { describe, expect, test } from 'vitest';
import { notSearchedInARow } from './conclude-not-searched';

const now = { registryId: 1, evidence: { proof: 'last_search_time' } };
const same = { ...now, outcome: 'not_searched' as const };
const two = { ...same, registryId: 2 };
const three = { ...same, registryId: 3 };
const found = { ...two, outcome: 'nothing_found' as const };
const explained = { ...two, evidence: { cause: 'no_indexer' } };

describe('notSearchedInARow', () => {
	test.each([
		['alone', [], { ownMatter: true, closes: false, proofMisleads: false }],
		['the same item again', [same, same], { ownMatter: true, closes: false, proofMisleads: false }],
		['another item before', [two], { ownMatter: false, closes: true, proofMisleads: false }],
		['another item, but one was searched in between', [found, two], { ownMatter: true, closes: false }],
		['what was explained does not count', [explained], { ownMatter: true, closes: false }],
		['three different items', [two, three], { ownMatter: false, closes: false, proofMisleads: true }],
	])('%s', (_, earlier, expected) => {
		expect(notSearchedInARow(now, earlier)).toMatchObject(expected);
	});

	test('only lastSearchTime can be marked unreliable', () => {
		expect(notSearchedInARow({ ...now, evidence: { proof: 'duration' } }, [two, three])).toMatchObject({
			closes: true,
			proofMisleads: false,
		});
	});
});
