// Each page in both themes: an automated accessibility check, and no scrolling sideways from 320 to 1440 px, which
// covers 200 % zoom of a desktop (720 px) and of a phone held upright.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test, type Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';
import { startFakes, type Fakes } from '../fakes/arr/control.ts';
import { ADMIN, complaints, sidewaysScroll, login, scripted } from './hand.ts';
import { startProduct, type Product } from './product.ts';

const RATE = 120;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

let fakes: Fakes;
let product: Product;
let item: string;
let season: string;

test.describe.configure({ timeout: 240_000 });

test.beforeAll(async () => {
	test.setTimeout(90_000);
	const start = Date.now();
	fakes = await startFakes({ start });
	await fakes.clock.rate(RATE);
	product = await startProduct({
		ADMIN_USER: ADMIN.username,
		ADMIN_PASS: ADMIN.password,
		COMRADARR_CLOCK_RATE: String(RATE),
		COMRADARR_CLOCK_START: String(start),
	});
	const tv = await fakes.create({ kind: 'sonarr4', library: { preset: 'tiny' }, searchDefault: 'grab' });
	const odd = await fakes.create({ kind: 'sonarr4', seed: 5, library: { preset: 'edge' } });
	const movies = await fakes.create({ kind: 'radarr6', library: { preset: 'tiny' } });
	const add = (fake: typeof tv, kind: string, name: string, mode: string) =>
		product.api('POST', '/connectors', { kind, name, url: fake.url, apiKey: fake.apiKey, mode });
	await add(tv, 'sonarr', 'Sonarr TV', 'active');
	await add(odd, 'sonarr', 'Sonarr with a long and hostile <b>name</b>', 'active');
	await add(movies, 'radarr', 'Radarr', 'observe');
	const listed = async (path: string) => (await product.api<{ items: { ref: string }[] }>('GET', path)).items;
	await expect
		.poll(async () => (await listed('/dispatches?outcome=grabbed&limit=1')).length, { timeout: 60_000 })
		.toBeGreaterThan(0);
	await odd.setOptions({ apiKey: 'ffffffffffffffffffffffffffffffff' });
	item = (await listed('/wanted?kind=episode&limit=1'))[0]?.ref ?? '';
	const { series } = await product.api<{ series: { seasonId: number } }>('GET', `/wanted/${item}`);
	season = String(series.seasonId);
	await product.api('POST', '/api-keys', { name: 'Homepage', scope: 'read' });
});

test.afterAll(async () => {
	await product.stop();
	await fakes.stop();
});

const paths = () => [
	'/',
	'/?tracks=table',
	'/wanted',
	'/wanted?why=turn&q=zzz',
	`/wanted?item=${item}`,
	'/content',
	`/wanted?item=${item}&confirm=reset`,
	`/items/${item}`,
	`/items/${item}?confirm=giveUp`,
	`/seasons/${season}`,
	'/queue',
	'/queue?tab=plan',
	'/queue?confirm=clear',
	'/activity',
	'/activity?tab=events',
	'/connectors',
	'/connectors?view=table',
	'/connectors?panel=add',
	'/connectors/1',
	'/connectors/2',
	'/connectors/3?confirm=start',
	'/connectors/1?confirm=delete',
	'/settings',
	'/settings/account',
	'/settings/display',
	'/settings/keys',
	'/settings/keys?revoke=1',
	'/settings/pace',
	'/setup/connector',
	'/setup/plan?connector=1',
	'/no-such-page',
];

async function violations(page: Page, options: RunOptions): Promise<string[]> {
	await page.evaluate(axe);
	const results = await page.evaluate(
		(given) => (window as unknown as { axe: { run(o: unknown): Promise<AxeResults> } }).axe.run({ ...given }),
		{ resultTypes: ['violations'], ...options } as RunOptions,
	);
	return results.violations.flatMap(({ id, nodes }) =>
		nodes.map(({ html, failureSummary }) =>
			[page.url().slice(product.url.length), id, html.slice(0, 160), failureSummary ?? ''].join(': '),
		),
	);
}

for (const theme of ['light', 'dark'] as const) {
	test.describe(theme, () => {
		test.use({ colorScheme: theme, reducedMotion: 'reduce', viewport: { width: 1440, height: 900 } });

		test('every page passes the accessibility check at every width', async ({ page }) => {
			const heard = complaints(page);
			const found: string[] = [];
			await page.goto(`${product.url}/login`);
			await scripted(page);
			found.push(...(await violations(page, { runOnly: TAGS })));
			await login(page, product.url);
			for (const path of paths()) {
				await page.setViewportSize({ width: 1440, height: 900 });
				await page.goto(product.url + path);
				await scripted(page);
				// what a theme changes is color; the rest is looked at once
				found.push(...(await violations(page, { runOnly: theme === 'light' ? TAGS : ['color-contrast'] })));
				for (const width of theme === 'light' ? [1024, 768, 720, 320, 390] : [390]) {
					await page.setViewportSize({ width, height: 844 });
					found.push(...[await sidewaysScroll(page)].filter((line) => line !== null));
				}
				const narrow = theme === 'light' ? ['target-size', 'aria-hidden-focus'] : ['color-contrast'];
				found.push(...(await violations(page, { runOnly: narrow })));
			}
			expect(found).toEqual([]);
			// the page that does not exist is answered with its status, and a browser notes that
			expect(heard.filter((line) => !line.includes('404'))).toEqual([]);
		});
	});
}
