/** What the browser tests do with a page, and what they listen for. */
import { expect, type Page } from '@playwright/test';

export const ADMIN = { username: 'admin', password: 'correct horse battery' };

/** Everything a browser complains about. */
export function complaints(page: Page): string[] {
	const lines: string[] = [];
	page.on('console', (line) => {
		if (line.type() === 'error' || line.type() === 'warning') lines.push(line.text());
	});
	page.on('pageerror', (error) => lines.push(error.message));
	return lines;
}

/** The page has its script. */
export const scripted = (page: Page) => page.waitForSelector('html[data-hydrated]');

/** How far the page scrolls sideways, in words; null if it does not. */
export async function sidewaysScroll(page: Page): Promise<string | null> {
	const pixels = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	if (pixels <= 0) return null;
	const { pathname, search } = new URL(page.url());
	return `${pathname}${search} scrolls sideways by ${String(pixels)} px at ${String(page.viewportSize()?.width)} px`;
}

export async function expectNoSidewaysScroll(page: Page): Promise<void> {
	expect(await sidewaysScroll(page)).toBeNull();
}

/** Fills and sends the login form; `hydrated` is false where script is off. */
export async function login(page: Page, base: string, hydrated = true): Promise<void> {
	await page.goto(`${base}/login`);
	if (hydrated) await scripted(page);
	await page.getByLabel('Name').fill(ADMIN.username);
	await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
	await page.getByRole('button', { name: 'Log in' }).click();
	await page.waitForURL(`${base}/`);
}
