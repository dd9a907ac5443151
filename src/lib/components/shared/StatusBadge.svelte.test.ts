// Every state says its word; nothing hangs on colour alone.
import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { page } from 'vitest/browser';
import { SEARCH_STATES } from '$lib/domain/words';
import StatusBadge from './StatusBadge.svelte';
import { stateSigns } from './vocabulary';

for (const state of SEARCH_STATES) {
	test(`${state} is a word with an icon`, async () => {
		const { container } = await render(StatusBadge, { state });
		await expect.element(page.getByText(stateSigns[state].word, { exact: true })).toBeVisible();
		expect(container.querySelectorAll('svg')).toHaveLength(1);
	});
}

test('what lacks nothing is complete, what has no file is not', async () => {
	const { rerender } = await render(StatusBadge, { state: 'pending', idle: true, hasFile: true });
	await expect.element(page.getByText('Complete')).toBeVisible();
	await rerender({ hasFile: false });
	await expect.element(page.getByText('Not wanted')).toBeVisible();
	await rerender({ excluded: true });
	await expect.element(page.getByText('Excluded')).toBeVisible();
});
