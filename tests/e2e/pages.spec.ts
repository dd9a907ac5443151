// Wrong doors and the way out, keys alone, and acts that are previewed, against the process that the configuration
// starts.
import { expect, test } from '@playwright/test';
import { ADMIN, login, scripted } from './hand.ts';

test('a wrong password is said, and kept apart from the name', async ({ page }) => {
	await page.goto('/login');
	await scripted(page);
	await page.getByLabel('Name').fill(ADMIN.username);
	await page.getByLabel('Password', { exact: true }).fill('not the password');
	await page.getByRole('button', { name: 'Log in' }).click();
	await expect(page.getByRole('alert')).toContainText('Name or password is wrong.');
	await expect(page.getByLabel('Name')).toHaveValue(ADMIN.username);
});

test('what does not exist has a way out', async ({ page, baseURL }) => {
	await login(page, baseURL ?? '');
	await page.goto('/items/episode-999999');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page does not exist');
	await page.getByRole('link', { name: 'Dashboard' }).click();
	await expect(page.getByText('No connector yet.')).toBeVisible();
});

test('keys alone lead from place to place, and focus is seen', async ({ page, baseURL }) => {
	await login(page, baseURL ?? '');
	await scripted(page);
	await page.keyboard.press('Tab');
	const skip = page.getByRole('link', { name: 'Skip to the content' });
	await expect(skip).toBeFocused();
	expect(await skip.evaluate((link) => getComputedStyle(link).outlineStyle)).toBe('solid');
	await page.keyboard.press('Enter');
	await expect(page.locator('main')).toBeFocused();
	await page.keyboard.press('g');
	await page.keyboard.press('c');
	await expect(page).toHaveURL(/\/content$/);
	await page.keyboard.press('g');
	await page.keyboard.press('q');
	await expect(page).toHaveURL(/\/queue$/);
});
