// `npm run screenshots`: the built product on a temporary database with the fake applications, some virtual hours
// lived through, and every page saved in both themes at 390 and 1440 px into `screenshots/` (ignored by git).
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { startProduct, type Product } from '../tests/e2e/product.ts';
import { startFakes, type FakeInstance, type Fakes } from '../tests/fakes/arr/control.ts';
import { launchOptions } from '../tests/setup/chromium.mjs';

const out = resolve(import.meta.dirname, '..', process.env.SCREENSHOTS_DIR ?? 'screenshots');
/** Virtual seconds per second while pages are looked at, and how long is lived before that. */
const RATE = Number(process.env.SCREENSHOTS_RATE ?? 240);
const LIVE_SECONDS = Number(process.env.SCREENSHOTS_LIVE ?? 120);
const ADMIN = { username: 'admin', password: 'correct horse battery' };
const only = process.env.SCREENSHOTS_ONLY?.split(',');

const say = (text: string) => process.stdout.write(`${text}\n`);
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

interface Connector {
	id: number;
}

async function addConnector(product: Product, fake: FakeInstance, kind: string, name: string, mode: string) {
	return product.api<Connector>('POST', '/connectors', {
		kind,
		name,
		url: fake.url,
		apiKey: fake.apiKey,
		mode,
		settings: {
			throttle: kind === 'sonarr' ? 'moderate' : 'conservative',
			group: kind === 'sonarr' ? 'TV' : null,
		},
	});
}

async function fillLibraries(product: Product, fakes: Fakes): Promise<void> {
	const finds = { grabChance: 0.35, rejectChance: 0.3, failChance: 0.1, downloadMinutes: 25 };
	const tv = await fakes.create({ kind: 'sonarr4', library: { preset: 'realistic' }, searchDefault: finds });
	const odd = await fakes.create({ kind: 'sonarr4', seed: 5, library: { preset: 'edge' } });
	const movies = await fakes.create({
		kind: 'radarr6',
		library: { preset: 'realistic' },
		searchDefault: finds,
	});
	const scenes = await fakes.create({ kind: 'whisparr3', library: { preset: 'realistic' } });
	await addConnector(product, tv, 'sonarr', 'Sonarr TV', 'active');
	const anime = await addConnector(product, odd, 'sonarr', 'Sonarr Anime', 'active');
	await addConnector(product, movies, 'radarr', 'Radarr', 'active');
	await addConnector(product, scenes, 'whisparr', 'Whisparr', 'observe');
	await pause(LIVE_SECONDS * 900);
	await odd.setOptions({ apiKey: 'ffffffffffffffffffffffffffffffff' });
	say(`Sonarr Anime (${String(anime.id)}) refuses its key from now on.`);
	await pause(LIVE_SECONDS * 100);
}

async function login(page: Page, product: Product): Promise<void> {
	await page.goto(`${product.url}/login`);
	await page.getByLabel('Name').fill(ADMIN.username);
	await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
	await page.getByRole('button', { name: 'Log in' }).click();
	await page.waitForURL(`${product.url}/`);
}

/** The pages by name, with an item and a connector that exist. */
async function addresses(product: Product): Promise<Record<string, string>> {
	const found = await product.api<{ items: { id: string }[] }>('GET', '/dispatches?outcome=grabbed&limit=1');
	const wanted = await product.api<{ items: { ref: string }[] }>('GET', '/wanted?state=cooldown&limit=1');
	const any = await product.api<{ items: { ref: string }[] }>('GET', '/wanted?limit=3');
	const item = wanted.items[0]?.ref ?? any.items[0]?.ref ?? 'episode-1';
	const searched = await searchedItem(product, found.items[0]?.id);
	return {
		dashboard: '/',
		wanted: '/wanted',
		'wanted-why': `/wanted?item=${item}`,
		content: '/content',
		item: `/items/${searched ?? item}`,
		queue: '/queue',
		plan: '/queue?tab=plan',
		'queue-clear': '/queue?confirm=clear',
		activity: '/activity',
		events: '/activity?tab=events',
		connectors: '/connectors',
		'connectors-table': '/connectors?view=table',
		'connectors-add': '/connectors?panel=add',
		connector: '/connectors/1',
		'connector-trouble': '/connectors/2',
		settings: '/settings',
		'settings-account': '/settings/account',
		'settings-keys': '/settings/keys',
		'settings-pace': '/settings/pace',
		'not-found': '/no-such-page',
	};
}

async function searchedItem(product: Product, dispatchId: string | undefined): Promise<string | null> {
	if (dispatchId === undefined) return null;
	const dispatch = await product.api<Record<string, unknown>>('GET', `/dispatches/${dispatchId}`);
	return /"(episode-\d+|movie-\d+)"/.exec(JSON.stringify(dispatch))?.[1] ?? null;
}

async function shoot(browser: Browser, product: Product, pages: Record<string, string>, loggedIn: boolean) {
	for (const theme of ['dark', 'light'] as const) {
		for (const width of [1440, 390] as const) {
			const context = await browser.newContext({
				viewport: { width, height: width === 1440 ? 900 : 844 },
				colorScheme: theme,
				locale: 'en-US',
				timezoneId: 'Europe/Berlin',
				reducedMotion: 'reduce',
			});
			const page = await context.newPage();
			page.on('console', (line) => line.type() === 'error' && say(`console: ${line.text()}`));
			page.on('pageerror', (error) => say(`page error: ${error.message}`));
			if (loggedIn) await login(page, product);
			for (const [name, path] of Object.entries(pages)) {
				if (only !== undefined && !only.includes(name)) continue;
				await page.goto(product.url + path);
				await page.waitForSelector('html[data-hydrated]');
				await pause(250);
				const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
				if (sideways > 0) say(`${name} ${String(width)} scrolls sideways by ${String(sideways)} px`);
				await page.screenshot({ path: join(out, `${name}-${theme}-${String(width)}.png`) });
			}
			await context.close();
		}
	}
}

/** The first run on a product of its own: account, first connector, plan. */
async function shootFirstRun(browser: Browser, fakes: Fakes): Promise<void> {
	const fresh = await startProduct();
	try {
		const link = new URL(fresh.setupLink() ?? `${fresh.url}/setup`);
		await shoot(browser, fresh, { setup: link.pathname + link.search }, false);
		const page = await browser.newPage();
		await page.goto(link.href);
		await page.waitForSelector('html[data-hydrated]');
		await page.getByLabel('Name', { exact: true }).fill(ADMIN.username);
		await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
		await page.getByRole('button', { name: 'Create' }).click();
		await page.waitForURL('**/setup/connector');
		await page.close();
		await shoot(browser, fresh, { 'setup-connect': '/setup/connector' }, true);
		const fake = await fakes.create({ kind: 'sonarr4', seed: 9, library: { preset: 'realistic' } });
		const { id } = await addConnector(fresh, fake, 'sonarr', 'Sonarr TV', 'observe');
		await shoot(browser, fresh, { 'setup-reading': `/setup/plan?connector=${String(id)}` }, true);
		await pause(8000);
		await shoot(browser, fresh, { 'setup-found': `/setup/plan?connector=${String(id)}` }, true);
	} finally {
		await fresh.stop();
	}
}

mkdirSync(out, { recursive: true });
const start = Date.now();
const fakes = await startFakes({ start });
const clock = { COMRADARR_CLOCK_RATE: String(RATE), COMRADARR_CLOCK_START: String(start) };
const product = await startProduct({ ...clock, ADMIN_USER: ADMIN.username, ADMIN_PASS: ADMIN.password });
const browser = await chromium.launch(launchOptions());
try {
	await fakes.clock.rate(RATE);
	await shoot(browser, product, { login: '/login' }, false);
	await shootFirstRun(browser, fakes);
	say('Living through some virtual hours …');
	await fillLibraries(product, fakes);
	await shoot(browser, product, await addresses(product), true);
	say(`Saved in ${out}`);
} catch (error) {
	say(product.log().slice(-4000));
	throw error;
} finally {
	await browser.close();
	await product.stop();
	await fakes.stop();
}
