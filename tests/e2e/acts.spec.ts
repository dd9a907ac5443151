// Every act is asked about first or can be taken back: reset, give up, exclude, take out of line, clear, revoke.
import { expect, test, type Page } from '@playwright/test';
import { startFakes, type Fakes } from '../fakes/arr/control.ts';
import { ADMIN, complaints, login, scripted } from './hand.ts';
import { startProduct, type Product } from './product.ts';

let fakes: Fakes;
let product: Product;

interface Row {
	ref: string;
	state: string;
	excluded: boolean;
}
interface List<T> {
	items: T[];
}

test.describe.configure({ timeout: 60_000 });

test.beforeAll(async () => {
	fakes = await startFakes({ start: Date.now() });
	await fakes.clock.rate(1);
	product = await startProduct({ ADMIN_USER: ADMIN.username, ADMIN_PASS: ADMIN.password });
	await product.api('POST', '/queue/pause', {});
	const fake = await fakes.create({ kind: 'sonarr4', library: { preset: 'tiny' } });
	const { url, apiKey } = fake;
	await product.api('POST', '/connectors', { kind: 'sonarr', name: 'TV', url, apiKey, mode: 'active' });
	await expect
		.poll(async () => (await queue()).length, { message: 'a filled queue', timeout: 30_000 })
		.toBeGreaterThan(2);
});

test.afterAll(async () => {
	await product.stop();
	await fakes.stop();
});

const queue = async () => (await product.api<List<{ id: number }>>('GET', '/queue')).items;
const wanted = async (query = '') =>
	(await product.api<List<Row>>('GET', `/wanted?limit=500&${query}`)).items;
const rowOf = (ref: string) => product.api<Row>('GET', `/wanted/${ref}`);
/** The n-th gap, so that each test has an item of its own. */
async function gap(at: number): Promise<string> {
	const ref = (await wanted('reason=gap&sort=title'))[at]?.ref;
	if (ref === undefined) throw new Error('There are too few gaps.');
	return ref;
}

async function open(page: Page, path: string): Promise<void> {
	await page.goto(product.url + path);
	await scripted(page);
}

test('give up and reset ask first, with what they change; a key leaves the question, not the panel', async ({
	page,
}) => {
	const heard = complaints(page);
	const ref = await gap(0);
	await login(page, product.url);
	await open(page, `/wanted?reason=gap&item=${ref}`);
	const panel = page.getByRole('complementary').filter({ hasText: 'Why is it not searched now?' });
	await panel.getByLabel('More acts').click();
	await panel.getByRole('link', { name: 'Give up' }).click();
	const question = page.getByRole('dialog', { name: /^Give up / });
	await expect(question).toContainText('until you reset it');
	await expect(question.getByRole('link', { name: 'Cancel' })).toBeFocused();
	await page.keyboard.press('Escape');
	await expect(question).toBeHidden();
	await expect(panel).toBeVisible();
	expect((await rowOf(ref)).state).not.toBe('exhausted');

	await panel.getByLabel('More acts').click();
	await panel.getByRole('link', { name: 'Give up' }).click();
	await question.getByRole('button', { name: 'Give up' }).click();
	await expect(question).toBeHidden();
	await expect(page.getByRole('status').filter({ hasText: 'given up' })).toBeVisible();
	await expect(page).toHaveURL(new RegExp(`reason=gap.*item=${ref}$`));
	expect((await rowOf(ref)).state).toBe('exhausted');

	await open(page, `/items/${ref}`);
	await page.getByRole('link', { name: 'Reset', exact: true }).first().click();
	const reset = page.getByRole('dialog', { name: /^Reset / });
	await expect(reset).toContainText('Forgets its rest');
	await expect(reset).toContainText('The history of its searches stays.');
	await reset.getByRole('button', { name: 'Reset' }).click();
	await expect(reset).toBeHidden();
	expect((await rowOf(ref)).state).toBe('pending');
	expect(heard).toEqual([]);
});

test('excluding is taken back from where it is told', async ({ page }) => {
	const ref = await gap(1);
	await login(page, product.url);
	await open(page, `/items/${ref}`);
	await page.getByRole('button', { name: 'Exclude', exact: true }).first().click();
	const told = page.getByRole('status').filter({ hasText: 'excluded from searches' });
	await expect(told).toBeVisible();
	expect((await rowOf(ref)).excluded).toBe(true);
	await told.getByRole('button', { name: 'Undo' }).click();
	await expect.poll(async () => (await rowOf(ref)).excluded).toBe(false);
});

test('what is taken out of the queue comes back by its undo, one or all', async ({ page }) => {
	const before = (await queue()).length;
	await login(page, product.url);
	await open(page, '/queue');
	await page.getByRole('row').nth(1).hover();
	await page
		.getByRole('row')
		.nth(1)
		.getByRole('button', { name: /out of the queue$/ })
		.click();
	await expect.poll(async () => (await queue()).length).toBe(before - 1);
	await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
	await expect.poll(async () => (await queue()).length).toBe(before);

	await page.getByRole('link', { name: 'Clear the queue' }).click();
	const question = page.getByRole('dialog', { name: 'Clear the queue?' });
	await expect(question).toContainText(`${String(before)} searches go back to pending`);
	await question.getByRole('button', { name: 'Clear the queue' }).click();
	await expect(question).toBeHidden();
	expect(await queue()).toHaveLength(0);
	// the toast goes after a while; the page keeps the way back
	await page.reload();
	await expect(page.getByText(`You took ${String(before)} searches out of the queue`)).toBeVisible();
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect.poll(async () => (await queue()).length).toBe(before);
});

test('an API key is revoked only after a yes', async ({ page, request }) => {
	const { key } = await product.api<{ key: string }>('POST', '/api-keys', {
		name: 'Homepage',
		scope: 'read',
	});
	const asks = async () =>
		(await request.get(`${product.url}/api/v1/queue`, { headers: { 'x-api-key': key } })).status();
	await login(page, product.url);
	await open(page, '/settings/keys');
	await page.getByRole('link', { name: 'Revoke Homepage' }).click();
	const question = page.getByRole('dialog', { name: 'Revoke the key “Homepage”?' });
	await expect(question).toContainText('is refused from now on');
	await question.getByRole('link', { name: 'Cancel' }).click();
	await expect(question).toBeHidden();
	expect(await asks()).toBe(200);
	await page.getByRole('link', { name: 'Revoke Homepage' }).click();
	await question.getByRole('button', { name: 'Revoke the key' }).click();
	await expect(question).toBeHidden();
	await expect(page.getByRole('link', { name: 'Revoke Homepage' })).toHaveCount(0);
	expect(await asks()).toBe(401);
});

test('a season says how it is searched, and is excluded as a whole', async ({ page }) => {
	const ref = await gap(2);
	await login(page, product.url);
	await open(page, `/wanted?item=${ref}`);
	await page.getByRole('link', { name: 'the whole season' }).click();
	await expect(page).toHaveURL(/\/seasons\/\d+$/);
	await expect(page.getByRole('heading', { level: 2 })).toHaveText(/^(Season \d+|Specials)$/);
	await expect(page.getByText('Season search, or one by one?')).toBeVisible();
	await page.getByRole('button', { name: 'Exclude' }).click();
	await expect(page.getByRole('button', { name: 'Include' })).toBeVisible();
	expect((await rowOf(ref)).excluded).toBe(true);
	await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
	await expect.poll(async () => (await rowOf(ref)).excluded).toBe(false);
});

test('lists are narrowed by why', async ({ page }) => {
	const ref = await gap(3);
	await product.api('POST', `/wanted/${ref}/exclude`);
	await login(page, product.url);
	await open(page, '/wanted');
	const rows = page.locator('a[data-row]');
	expect(await rows.count()).toBeGreaterThan(1);
	await page.getByLabel('Why', { exact: true }).selectOption('Excluded');
	await expect(page.getByText('No item matches Excluded.')).toBeVisible();
	// while everything is paused, that is what each item waits for first
	await product.api('POST', '/queue/resume', {});
	await page.reload();
	await expect(page).toHaveURL(/why=not_excluded/);
	await expect(rows).toHaveCount(1);
	await page.getByLabel('Why', { exact: true }).selectOption('No download client');
	await expect(page.getByText('No item matches No download client.')).toBeVisible();
	await page.getByRole('link', { name: 'Clear the filters' }).click();
	await expect(rows.nth(1)).toBeVisible();
	await product.api('POST', '/queue/pause', {});
	await product.api('POST', `/wanted/${ref}/include`);
});

test.describe('without script', () => {
	test.use({ javaScriptEnabled: false });

	test('the same questions, by their addresses', async ({ page }) => {
		const ref = await gap(0);
		await login(page, product.url, false);
		await page.goto(`${product.url}/wanted?item=${ref}`);
		const panel = page.getByRole('complementary').filter({ hasText: 'Why is it not searched now?' });
		await panel.locator('summary').filter({ hasNotText: 'other' }).last().click();
		await panel.getByRole('link', { name: 'Give up' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Give up' }).click();
		await expect(page.getByRole('status').filter({ hasText: 'given up' })).toBeVisible();
		await expect(page.getByRole('dialog')).toHaveCount(0);
		expect((await rowOf(ref)).state).toBe('exhausted');
		await panel.getByRole('link', { name: 'Reset' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
		await expect(page.getByRole('status').filter({ hasText: 'forgotten' })).toBeVisible();
		expect((await rowOf(ref)).state).toBe('pending');

		await panel.getByRole('button', { name: 'Exclude' }).click();
		await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
		expect((await rowOf(ref)).excluded).toBe(false);
	});
});
