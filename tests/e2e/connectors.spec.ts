// Connectors of all four kinds are added through the pages, each in a browser of its own; one is deleted again.
import { expect, test } from '@playwright/test';
import { startFakes, type Fakes } from '../fakes/arr/control.ts';
import { ADMIN, complaints, expectNoSidewaysScroll, login, scripted } from './hand.ts';
import { startProduct, type Product } from './product.ts';

let fakes: Fakes;
let product: Product;

test.beforeAll(async () => {
	fakes = await startFakes({ start: Date.now() });
	await fakes.clock.rate(1);
	product = await startProduct({ ADMIN_USER: ADMIN.username, ADMIN_PASS: ADMIN.password });
});

test.afterAll(async () => {
	await product.stop();
	await fakes.stop();
});

const kinds = [
	{ kind: 'sonarr4', name: 'Sonarr' },
	{ kind: 'radarr6', name: 'Radarr' },
	{ kind: 'whisparr2', name: 'Whisparr two' },
	{ kind: 'whisparr3', name: 'Whisparr three' },
] as const;

for (const { kind, name } of kinds) {
	test(`${kind} is added, put right by the probe, and read`, async ({ page }) => {
		const heard = complaints(page);
		const fake = await fakes.create({ kind, library: { preset: 'tiny' } });
		await login(page, product.url);
		await page.goto(`${product.url}/connectors`);
		await scripted(page);
		await page.getByRole('link', { name: 'Add connector' }).first().click();
		const sheet = page.getByRole('dialog', { name: 'Add a connector' });
		await sheet.getByLabel('Address', { exact: true }).fill(fake.url);
		await sheet.getByLabel('Name', { exact: true }).fill(name);
		await sheet.getByLabel(/^API key/).fill(fake.apiKey);
		await expectNoSidewaysScroll(page);
		// the kind stays as it was preselected: the application says what it is
		await sheet.getByRole('button', { name: 'Test and add' }).click();
		await page.waitForURL(/\/connectors\/\d+$/);
		await expect(page.getByRole('heading', { level: 2, name })).toBeVisible();
		await expect(page.getByText(/^Synced/)).toBeVisible({ timeout: 20_000 });
		await expectNoSidewaysScroll(page);
		expect(await fake.commandsReceived(), 'observe sends nothing').toHaveLength(0);
		expect(heard).toEqual([]);
	});
}

test('deleting one says what goes, asks for its name, and can be left', async ({ page }) => {
	const fake = await fakes.create({ kind: 'sonarr4', seed: 3, library: { preset: 'tiny' } });
	const { id } = await product.api<{ id: number }>('POST', '/connectors', {
		kind: 'sonarr',
		name: 'Short-lived',
		url: fake.url,
		apiKey: fake.apiKey,
	});
	await login(page, product.url);
	await page.goto(`${product.url}/connectors/${String(id)}`);
	await scripted(page);
	await page.getByRole('link', { name: 'Delete' }).click();
	const question = page.getByRole('dialog', { name: 'Delete Short-lived?' });
	await expect(question).toContainText('search memory go');
	await page.keyboard.press('Escape');
	await expect(question).toBeHidden();
	await page.getByRole('link', { name: 'Delete' }).click();
	await question.getByRole('button', { name: 'Delete Short-lived' }).click();
	await expect(question).toContainText('Type the name');
	await question.getByLabel('Type its name to confirm').fill('Short-lived');
	await question.getByRole('button', { name: 'Delete Short-lived' }).click();
	await page.waitForURL(/\/connectors$/);
	await expect(page.getByRole('article', { name: 'Short-lived' })).toHaveCount(0);
});
