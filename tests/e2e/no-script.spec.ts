// Every act works by forms alone: login, add, start, search an item, many items, pause, logout.
import { expect, test } from '@playwright/test';
import { startFakes, type Fakes } from '../fakes/arr/control.ts';
import { ADMIN, login } from './hand.ts';
import { startProduct, type Product } from './product.ts';

let fakes: Fakes;
let product: Product;

test.use({ javaScriptEnabled: false });

test.beforeAll(async () => {
	fakes = await startFakes({ start: Date.now() });
	await fakes.clock.rate(1);
	product = await startProduct({ ADMIN_USER: ADMIN.username, ADMIN_PASS: ADMIN.password });
});

test.afterAll(async () => {
	await product.stop();
	await fakes.stop();
});

test('from login to logout without script', async ({ page }) => {
	const fake = await fakes.create({ kind: 'sonarr4', library: { preset: 'tiny' }, searchDefault: 'grab' });
	await page.goto(`${product.url}/connectors`);
	await expect(page).toHaveURL(/\/login\?next=%2Fconnectors$/);
	await login(page, product.url, false);

	// an address where nothing answers is told apart, and what was typed stays
	await page.goto(`${product.url}/connectors`);
	await page.getByRole('link', { name: 'Add connector' }).first().click();
	await page.getByLabel('Address', { exact: true }).fill('http://127.0.0.1:9');
	await page.getByLabel(/^API key/).fill('0123456789abcdef0123456789abcdef');
	await page.getByRole('button', { name: 'Test only' }).click();
	const result = page.getByRole('alert', { name: 'Result of the test' });
	await expect(result).toContainText('The port answers');
	await expect(result.getByText('failed: ')).toHaveCount(1);
	await expect(page.getByLabel('Address', { exact: true })).toHaveValue('http://127.0.0.1:9');

	// add
	await page.getByLabel('Address', { exact: true }).fill(fake.url);
	await page.getByLabel(/^API key/).fill(fake.apiKey);
	await page.getByRole('button', { name: 'Test and add' }).click();
	await expect(page).toHaveURL(/\/connectors\/\d+$/);
	const id = /\d+$/.exec(page.url())?.[0] ?? '';
	await expect
		.poll(
			async () =>
				(await product.api<{ mirrorComplete: boolean }>('GET', `/connectors/${id}/stats`)).mirrorComplete,
			{ timeout: 20_000 },
		)
		.toBe(true);

	// pause, then start: nothing is sent while paused
	await page.getByRole('button', { name: 'Pause all searches' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'Paused.' })).toBeVisible();
	await page.goto(`${product.url}/connectors/${id}`);
	await page.getByRole('link', { name: 'Start searching' }).click();
	const question = page.getByRole('dialog');
	await expect(question).toContainText('at most');
	await question.getByRole('button', { name: 'Start searching' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'searches now' })).toBeVisible();
	expect(await fake.commandsReceived()).toHaveLength(0);

	// search one item: the panel is an address, and stays one after the act
	await page.goto(`${product.url}/wanted?reason=gap`);
	await page.locator('a[data-row]').first().click();
	const panel = page.getByRole('complementary').filter({ hasText: 'Why is it not searched now?' });
	await expect(panel).not.toContainText('Search now is not possible');
	await panel.getByRole('button', { name: 'Search now' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'put first in line' })).toBeVisible();
	await expect(page).toHaveURL(/reason=gap/);
	await expect(page).toHaveURL(/item=episode-/);

	// exclude two: previewed, then done
	await page.goto(`${product.url}/wanted?reason=gap`);
	await page
		.getByRole('checkbox', { name: /^Select (?!all)/ })
		.nth(2)
		.check();
	await page
		.getByRole('checkbox', { name: /^Select (?!all)/ })
		.nth(3)
		.check();
	await page.getByRole('button', { name: 'Exclude', exact: true }).click();
	await expect(page.getByRole('dialog', { name: 'Exclude 2 items?' })).toContainText('not searched until');
	await page.getByRole('button', { name: 'Exclude 2 items' }).click();
	await expect(page.getByRole('status').filter({ hasText: '2 items excluded' })).toBeVisible();

	await page.getByRole('button', { name: 'Resume searches' }).click();
	await expect(page.getByRole('status').filter({ hasText: 'goes on' })).toBeVisible();
	await page.locator('summary', { hasText: ADMIN.username }).click();
	await page.getByRole('button', { name: 'Log out' }).click();
	await expect(page).toHaveURL(/\/login/);
	await page.goto(`${product.url}/wanted`);
	await expect(page).toHaveURL(/\/login/);
});
