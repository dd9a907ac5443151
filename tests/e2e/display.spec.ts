// How a browser is shown things: density, the clock, single keys; and the keys themselves.
import { expect, test, type Page } from '@playwright/test';
import { startFakes, type Fakes } from '../fakes/arr/control.ts';
import { ADMIN, complaints, login, scripted } from './hand.ts';
import { startProduct, type Product } from './product.ts';

let fakes: Fakes;
let product: Product;

test.use({ locale: 'en-US', timezoneId: 'Europe/Berlin' });
test.describe.configure({ timeout: 60_000 });

test.beforeAll(async () => {
	fakes = await startFakes({ start: Date.now() });
	await fakes.clock.rate(1);
	product = await startProduct({ ADMIN_USER: ADMIN.username, ADMIN_PASS: ADMIN.password });
	const { url, apiKey } = await fakes.create({ kind: 'sonarr4', library: { preset: 'tiny' } });
	await product.api('POST', '/connectors', { kind: 'sonarr', name: 'TV', url, apiKey });
	await expect
		.poll(async () => (await product.api<{ items: unknown[] }>('GET', '/wanted?limit=3')).items.length, {
			timeout: 30_000,
		})
		.toBe(3);
});

test.afterAll(async () => {
	await product.stop();
	await fakes.stop();
});

async function open(page: Page, path: string): Promise<void> {
	await page.goto(product.url + path);
	await scripted(page);
}
const section = (page: Page, title: string) =>
	page.locator('form').filter({ has: page.getByRole('heading', { name: title }) });

test('density and the clock are chosen, seen at once, and kept', async ({ page }) => {
	const heard = complaints(page);
	await login(page, product.url);
	await open(page, '/wanted');
	const row = page.getByRole('row').nth(1);
	const tall = (await row.boundingBox())?.height ?? 0;
	expect(tall).toBeGreaterThanOrEqual(52);

	await open(page, '/settings/display');
	const density = section(page, 'Density');
	await expect(density.getByRole('button', { name: 'Save' })).toHaveCount(0);
	await density.getByText('Compact').click();
	await density.getByRole('button', { name: 'Save' }).click();
	await expect(density.getByRole('status')).toHaveText('Saved');
	const clock = section(page, 'Clock');
	await clock.getByText('24 hours').click();
	await clock.getByRole('button', { name: 'Save' }).click();
	await expect(clock.getByRole('status')).toHaveText('Saved');

	await open(page, '/wanted');
	expect((await row.boundingBox())?.height).toBeLessThanOrEqual(41);
	await open(page, '/activity?tab=events');
	const time = page.locator('main time').first();
	await expect(time).toHaveText(/^\d\d:\d\d$/);
	await open(page, '/settings/display');
	await section(page, 'Clock').getByText('12 hours').click();
	await section(page, 'Clock').getByRole('button', { name: 'Save' }).click();
	await expect(section(page, 'Clock').getByRole('status')).toHaveText('Saved');
	await open(page, '/activity?tab=events');
	await expect(time).toHaveText(/^\d{1,2}:\d\d [AP]M$/);
	expect(heard).toEqual([]);
});

test('? shows the keys, Esc closes them, and they can be switched off', async ({ page }) => {
	await login(page, product.url);
	await open(page, '/wanted');
	await page.keyboard.press('?');
	const keys = page.getByRole('dialog', { name: 'Keys' });
	await expect(keys).toContainText('Next row');
	await expect(keys).toContainText('Connectors');
	await page.keyboard.press('Escape');
	await expect(keys).toBeHidden();

	await page.keyboard.press('j');
	const rows = page.locator('a[data-row]');
	await expect(rows.first()).toBeFocused();
	await page.keyboard.press('j');
	await expect(rows.nth(1)).toBeFocused();
	await page.keyboard.press('k');
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/item=/);
	await page.keyboard.press('Escape');
	await expect(page).not.toHaveURL(/item=/);
	await expect(rows.first()).toBeFocused();

	// what is typed is text
	await page.getByLabel('Title in this list').fill('');
	await page.getByLabel('Title in this list').press('?');
	await expect(keys).toBeHidden();

	await open(page, '/settings/display');
	await section(page, 'Keyboard').getByText('Single keys').click();
	await section(page, 'Keyboard').getByRole('button', { name: 'Save' }).click();
	await expect(section(page, 'Keyboard').getByRole('status')).toHaveText('Saved');
	await open(page, '/wanted');
	for (const key of ['?', 'j', 'g', 'q']) await page.keyboard.press(key);
	await expect(keys).toBeHidden();
	await expect(page).toHaveURL(/\/wanted$/);
	await page.keyboard.press('Control+k');
	await expect(page.getByLabel('Find a title in all libraries')).toBeFocused();
});

test.describe('without script', () => {
	test.use({ javaScriptEnabled: false });

	test('display is set by its form', async ({ page }) => {
		await login(page, product.url, false);
		await page.goto(`${product.url}/settings/display`);
		const density = section(page, 'Density');
		await density.getByText('Compact').click();
		await density.getByRole('button', { name: 'Save' }).click();
		await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible();
		await expect(section(page, 'Density').getByRole('radio', { name: /Compact/ })).toBeChecked();
		await expect(page.locator('[data-density=compact]')).toHaveCount(1);
	});
});
