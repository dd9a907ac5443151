// A connection test says exactly how far it came, and proposes what is worth a try.
import { expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { page } from 'vitest/browser';
import { scripted } from '$lib/stores/scripted.svelte';
import TestResult from './TestResult.svelte';

const hostile = '<img src=x onerror=alert(1)>'.repeat(20);

test('a refused port stops at the third check and proposes the container name', async () => {
	const propose = vi.fn();
	scripted.came();
	await render(TestResult, {
		kind: 'sonarr',
		url: 'http://localhost:8989',
		propose,
		test: {
			ok: false,
			application: null,
			version: null,
			problem: { code: 'refused', message: 'Nothing answers at localhost:8989', hint: hostile },
		},
	});
	const checks = page.getByRole('listitem').elements();
	expect(checks.map((check) => /^(met|failed)/.exec(check.textContent.trim())?.[0] ?? 'unreached')).toEqual([
		'met',
		'met',
		'failed',
		'unreached',
		'unreached',
	]);
	// words from outside stay text
	await expect.element(page.getByText(hostile)).toBeVisible();
	expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(innerWidth);
	await page.getByRole('button', { name: 'http://sonarr:8989' }).click();
	expect(propose).toHaveBeenCalledWith('http://sonarr:8989');
});

test('success names application and version', async () => {
	await render(TestResult, {
		kind: 'radarr',
		url: 'http://radarr:7878',
		test: { ok: true, application: 'Radarr', version: '6.1.0', problem: null },
	});
	await expect.element(page.getByText('Radarr 6.1.0 answers')).toBeVisible();
	expect(page.getByText('met: ').elements()).toHaveLength(5);
});
