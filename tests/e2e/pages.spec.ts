// Pages without script, wrong doors and the way out, against the process that the configuration starts.
import { expect, test } from '@playwright/test';

const ADMIN = { username: 'admin', password: 'correct horse battery' };

test.describe('without script', () => {
	test.use({ javaScriptEnabled: false });

	test('login, the add form with its diagnosis, and logout work by forms alone', async ({ page }) => {
		await page.goto('/connectors');
		await expect(page).toHaveURL(/\/login\?next=%2Fconnectors$/);
		await page.getByLabel('Name').fill(ADMIN.username);
		await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
		await page.getByRole('button', { name: 'Log in' }).click();
		await expect(page).toHaveURL(/\/connectors$/);

		await page.getByRole('link', { name: 'Add connector' }).first().click();
		await page.getByLabel('Address', { exact: true }).fill('http://127.0.0.1:9');
		await page.getByLabel(/^API key/).fill('0123456789abcdef0123456789abcdef');
		await page.getByRole('button', { name: 'Test only' }).click();
		const result = page.getByRole('alert', { name: 'Result of the test' });
		await expect(result).toContainText('The port answers');
		await expect(result.getByText('failed: ')).toHaveCount(1);
		await expect(page.getByLabel('Address', { exact: true })).toHaveValue('http://127.0.0.1:9');
	});
});

test('a wrong password is said, and kept apart from the name', async ({ page }) => {
	await page.goto('/login');
	await page.waitForSelector('html[data-hydrated]');
	await page.getByLabel('Name').fill(ADMIN.username);
	await page.getByLabel('Password', { exact: true }).fill('not the password');
	await page.getByRole('button', { name: 'Log in' }).click();
	await expect(page.getByRole('alert')).toContainText('Name or password is wrong.');
	await expect(page.getByLabel('Name')).toHaveValue(ADMIN.username);
});

test('what does not exist has a way out', async ({ page }) => {
	await page.goto('/login');
	await page.waitForSelector('html[data-hydrated]');
	await page.getByLabel('Name').fill(ADMIN.username);
	await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
	await page.getByRole('button', { name: 'Log in' }).click();
	await page.waitForURL('**/');
	await page.goto('/items/episode-999999');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page does not exist');
	await page.getByRole('link', { name: 'Dashboard' }).click();
	await expect(page.getByText('No connector yet.')).toBeVisible();
});
