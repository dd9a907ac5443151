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

test('what is refused on the page of a connector says which field, and keeps everything that was typed', async ({
	page,
}) => {
	const fake = await fakes.create({ kind: 'sonarr4', seed: 4, library: { preset: 'tiny' } });
	const { id } = await product.api<{ id: number }>('POST', '/connectors', {
		kind: 'sonarr',
		name: 'Typed twice',
		url: fake.url,
		apiKey: fake.apiKey,
	});
	await login(page, product.url, false);
	const address = `${product.url}/connectors/${String(id)}`;
	await page.goto(address);
	const form = (title: string) => page.locator('form', { has: page.getByRole('heading', { name: title }) });

	const certificates = form('Timeout and certificates');
	await certificates.getByLabel('Timeout, seconds').fill('45');
	await certificates.getByLabel('Allow its self-signed certificate').check({ force: true });
	await certificates.getByLabel(/^Own certificate authority/).fill('my authority');
	await certificates.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByRole('alert')).toHaveText(
		'Not saved: Own certificate authority. The old value still applies.',
	);
	await expect(certificates).toContainText('This is not a certificate: paste the whole text');
	await expect(certificates.getByLabel('Timeout, seconds')).toHaveValue('45');
	await expect(certificates.getByLabel('Allow its self-signed certificate')).toBeChecked();
	await expect(certificates.getByLabel(/^Own certificate authority/)).toHaveValue('my authority');

	const connection = form('Connection');
	await connection.getByLabel('Name').fill('Another name');
	await connection.getByLabel('Address').fill('http://127.0.0.1:9');
	await connection.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByRole('alert')).toContainText('enter the API key again');
	await expect(connection.getByLabel('Name')).toHaveValue('Another name');
	await expect(connection.getByLabel('Address')).toHaveValue('http://127.0.0.1:9');

	const searching = form('What is searched');
	// the browser itself holds back what lies outside the limits
	await searching.evaluate((node) => node.setAttribute('novalidate', ''));
	await searching.getByLabel('Grace time, hours').fill('1000');
	await searching.getByLabel('Attempts at most').fill('7');
	await searching.getByRole('button', { name: 'Save' }).click();
	await expect(page.getByRole('alert')).toContainText('Not saved: Grace time, hours.');
	await expect(searching).toContainText('Enter a number from 0 to 720.');
	await expect(searching.getByLabel('Grace time, hours')).toHaveValue('1000');
	await expect(searching.getByLabel('Attempts at most')).toHaveValue('7');
});
