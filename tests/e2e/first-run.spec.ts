// From an empty folder to the first search with its outcome, through the pages alone, on a desktop and on a phone.
import { expect, test, type Page } from '@playwright/test';
import { startFakes, type Fakes } from '../fakes/arr/control.ts';
import { ADMIN, complaints, expectNoSidewaysScroll, scripted } from './hand.ts';
import { startProduct, type Product } from './product.ts';

test.describe.configure({ mode: 'serial', timeout: 180_000 });

let fakes: Fakes;
let product: Product;

test.beforeAll(async () => {
	fakes = await startFakes({ start: Date.now() });
	await fakes.clock.rate(1);
	product = await startProduct();
});

test.afterAll(async () => {
	await product.stop();
	await fakes.stop();
});

/** Counts what a user does: every click, and every field that is filled. */
class Hand {
	acts = 0;
	constructor(readonly page: Page) {}

	async fill(label: string, value: string): Promise<void> {
		this.acts++;
		await this.page.getByLabel(label, { exact: true }).fill(value);
	}

	async press(name: string): Promise<void> {
		this.acts++;
		await this.page.getByRole('button', { name, exact: true }).click();
	}
}

async function ready(page: Page): Promise<void> {
	await scripted(page);
	await expectNoSidewaysScroll(page);
}

test('an empty installation reaches its first outcome in at most 12 clicks and fields', async ({ page }) => {
	const heard = complaints(page);
	const sonarr = await fakes.create({ kind: 'sonarr4', library: { preset: 'tiny' }, searchDefault: 'grab' });
	const hand = new Hand(page);

	await page.goto(product.setupLink() ?? '');
	await ready(page);
	await expect(page, 'the token leaves the address').toHaveURL(/\/setup$/);
	await hand.fill('Name', ADMIN.username);
	await hand.fill('Password', ADMIN.password);
	await hand.press('Create');

	await page.waitForURL('**/setup/connector');
	await ready(page);
	await hand.fill('Address', sonarr.url);
	await hand.fill('API key', sonarr.apiKey);
	await hand.press('Add and look inside');

	await page.waitForURL('**/setup/plan?*');
	const added = Date.now();
	await ready(page);
	const truth = await sonarr.truth();
	await expect(page.getByRole('heading', { level: 1 })).toContainText(/lacks|counts/, { timeout: 10_000 });
	expect(Date.now() - added, "the application's numbers within ten seconds").toBeLessThan(10_000);
	await expect(page.getByText('done in')).toBeVisible({ timeout: 30_000 });
	const gaps = Object.values(truth.items).filter((item) => item.gap).length;
	await expect(page.getByRole('heading', { level: 1 })).toContainText(String(gaps));
	const first = page.getByRole('region', { name: 'First in the plan' }).getByRole('listitem').first();
	await expect(first).toContainText(/missing|released|aired|season/i);
	expect(await sonarr.commandsReceived(), 'nothing is sent before start').toHaveLength(0);
	await hand.press('Start searching');

	await page.waitForURL('**/queue');
	await ready(page);
	const concluded = page.getByRole('region', { name: 'Just concluded' });
	await expect(concluded.getByRole('listitem').first()).toContainText(/grabbed|downloading|imported/, {
		timeout: 90_000,
	});
	expect(hand.acts, 'clicks and fields').toBeLessThanOrEqual(12);
	await expectNoSidewaysScroll(page);

	for (const path of ['/', '/wanted', '/content', '/activity', '/connectors', '/settings']) {
		await page.goto(product.url + path);
		await ready(page);
	}
	expect(heard).toEqual([]);
});

test('every step of the first run pressed twice is one step', async ({ page }) => {
	const heard = complaints(page);
	const fresh = await startProduct();
	try {
		const sonarr = await fakes.create({ kind: 'sonarr4', seed: 2, library: { preset: 'tiny' } });
		await page.goto(fresh.setupLink() ?? '');
		await ready(page);
		await page.getByLabel('Name', { exact: true }).fill(ADMIN.username);
		await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
		await page.getByRole('button', { name: 'Create' }).dblclick();
		await page.waitForURL('**/setup/connector');
		await ready(page);
		// as it is typed by hand: without http
		await page.getByLabel('Address', { exact: true }).fill(sonarr.url.replace('http://', ''));
		await page.getByLabel('API key', { exact: true }).fill(sonarr.apiKey);
		await page.getByRole('button', { name: 'Add and look inside' }).dblclick();
		await page.waitForURL('**/setup/plan?*');
		await ready(page);
		const { items } = await fresh.api<{ items: unknown[] }>('GET', '/connectors');
		expect(items).toHaveLength(1);
		expect(heard).toEqual([]);
	} finally {
		await fresh.stop();
	}
});
