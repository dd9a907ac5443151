// The why panel's facts: all in order, the first closed one boxed with its reason and time.
import '@unocss/reset/tailwind.css';
import '../ui/base.css';
import 'virtual:uno.css';
import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { page } from 'vitest/browser';
import type { ExplanationView, ItemRow } from '$lib/domain/views';
import { Present, PRESENT } from '$lib/stores/present.svelte';
import GateList from './GateList.svelte';

const now = new Date('2026-11-21T14:32:00Z');
const item: ItemRow = {
	ref: 'episode-1',
	kind: 'episode',
	connector: { id: 1, name: 'Sonarr TV', kind: 'sonarr' },
	title: 'Understory · S04E02',
	subtitle: 'Root and Wire',
	reason: 'gap',
	has: null,
	state: 'cooldown',
	excluded: false,
	pinned: false,
	unconfirmed: false,
	unreadable: false,
	airedAt: null,
	why: {
		gate: 'state',
		until: null,
		position: null,
		estimateAt: null,
		notWanted: null,
		detail: null,
		progress: null,
		searchingSince: null,
	},
};
const explanation: ExplanationView = {
	gates: [
		{ gate: 'connector_enabled', open: true, detail: 'Sonarr TV is enabled' },
		{
			gate: 'state',
			open: false,
			detail: 'Attempt 2 of 10 found nothing on 2026-11-14 14:10 UTC.',
			until: new Date('2026-11-28T14:10:00Z'),
		},
		{ gate: 'usable_indexer', open: false, detail: 'No indexer answers' },
		{ gate: 'turn', open: false, detail: 'Its turn, after that', until: new Date('2026-11-28T16:00:00Z') },
	],
	estimatedCost: 1,
};

const show = () =>
	render(GateList, {
		props: { explanation, item },
		context: new Map([[PRESENT, new Present(now, { locale: 'en-US', timeZone: 'UTC', hour12: false })]]),
	});

const shown = (element: Element | null | undefined): boolean => element?.checkVisibility() ?? false;

test('the first closed fact is boxed with its word and time, the others are lines', async () => {
	await page.viewport(1440, 900);
	const { container } = await show();
	const facts = [...(container.querySelectorAll('ul')[0]?.children ?? [])];
	expect(facts.map((fact) => fact.textContent.includes('not met'))).toEqual([false, true, true, true]);
	const boxed = facts.filter((fact) => fact.classList.contains('border'));
	expect(boxed).toHaveLength(1);
	expect(shown(boxed[0])).toBe(true);
	expect(boxed[0]?.textContent).toContain('Cooldown');
	expect(boxed[0]?.textContent).toContain('until Nov 28, 14:10');
	expect(boxed[0]?.textContent).toContain('Attempt 2 of 10 found nothing on Sat, Nov 14, 14:10.');
});

test('a phone shows the closed ones and folds the rest', async () => {
	await page.viewport(390, 844);
	const { container } = await show();
	expect(shown(container.querySelector('ul'))).toBe(false);
	const rest = container.querySelector('details');
	const met = rest?.querySelector('li');
	expect(rest?.querySelector('summary')?.textContent).toContain('1 other condition is met');
	expect(shown(met)).toBe(false);
	await page.getByText('1 other condition is met').click();
	expect(shown(met)).toBe(true);
});
