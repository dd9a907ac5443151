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

test('the first closed fact is boxed with its word and time, the others are lines', async () => {
	await page.viewport(1440, 900);
	await show();
	const list = page.getByRole('list').first();
	await expect.element(list.getByText('Cooldown')).toBeVisible();
	await expect.element(list.getByText('until Nov 28, 14:10')).toBeVisible();
	await expect.element(list.getByText('Attempt 2 of 10 found nothing on Sat, Nov 14, 14:10.')).toBeVisible();
	const facts = list.element().querySelectorAll(':scope > li');
	expect([...facts].map((fact) => fact.textContent.includes('not met'))).toEqual([false, true, true, true]);
});

test('a phone shows the closed ones and folds the rest', async () => {
	await page.viewport(390, 844);
	await show();
	await expect.element(page.getByText('1 other condition is met')).toBeVisible();
	await expect.element(page.getByText('Sonarr TV is enabled').last()).not.toBeVisible();
	await page.getByText('1 other condition is met').click();
	await expect.element(page.getByText('Sonarr TV is enabled').last()).toBeVisible();
});
