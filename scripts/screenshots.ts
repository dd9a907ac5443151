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

/** What is done on a page before its picture is taken. */
interface Shot {
	path: string;
	act?: (page: Page) => Promise<void>;
	/** Only at this width. */
	width?: number;
	/** Scrolled to its end. */
	end?: boolean;
}
type Shots = Record<string, string | Shot>;

/** The pages by name, with an item and a connector that exist. */
async function addresses(product: Product): Promise<Shots> {
	const found = await product.api<{ items: { id: string }[] }>('GET', '/dispatches?outcome=grabbed&limit=1');
	const wanted = await product.api<{ items: { ref: string }[] }>('GET', '/wanted?state=cooldown&limit=1');
	const any = await product.api<{ items: { ref: string }[] }>('GET', '/wanted?limit=3');
	const item = wanted.items[0]?.ref ?? any.items[0]?.ref ?? 'episode-1';
	const searched = await searchedItem(product, found.items[0]?.id);
	const episodes = await product.api<{ items: { ref: string }[] }>('GET', '/wanted?kind=episode&limit=1');
	const episode = episodes.items[0]?.ref ?? item;
	const { series } = await product.api<{ series: { seasonId: number } | null }>('GET', `/wanted/${episode}`);
	const key = await product.api<{ id: number }>('POST', '/api-keys', { name: 'Homepage', scope: 'read' });
	return {
		dashboard: '/',
		wanted: '/wanted',
		'wanted-why': `/wanted?item=${item}`,
		'wanted-reset': `/wanted?item=${item}&confirm=reset`,
		'wanted-filtered': '/wanted?why=state&q=zzz',
		'wanted-selected': { path: '/wanted', width: 1440, act: selectTwo },
		content: '/content',
		item: `/items/${searched ?? item}`,
		'item-end': { path: `/items/${searched ?? item}`, end: true },
		...(series === null ? {} : { season: `/seasons/${String(series.seasonId)}` }),
		queue: '/queue',
		plan: '/queue?tab=plan',
		'queue-clear': '/queue?confirm=clear',
		activity: '/activity',
		'activity-open': {
			path: '/activity?outcome=grabbed',
			act: (page) => page.locator('details[name=dispatch] summary').first().click(),
		},
		events: '/activity?tab=events',
		connectors: '/connectors',
		'connectors-table': '/connectors?view=table',
		'connectors-add': '/connectors?panel=add',
		'connectors-add-failed': { path: '/connectors?panel=add', act: testInVain },
		connector: '/connectors/1',
		'connector-end': { path: '/connectors/1', end: true },
		'connector-delete': '/connectors/1?confirm=delete',
		'connector-trouble': '/connectors/2',
		settings: '/settings',
		'settings-account': '/settings/account',
		'settings-display': '/settings/display',
		'settings-keys': '/settings/keys',
		'settings-keys-revoke': `/settings/keys?revoke=${String(key.id)}`,
		'settings-pace': '/settings/pace',
		'not-found': '/no-such-page',
		keys: { path: '/', width: 1440, act: (page) => page.keyboard.press('?') },
		more: {
			path: '/',
			width: 390,
			act: (page) => page.getByRole('navigation', { name: 'Places' }).locator('summary').click(),
		},
		scope: { path: '/wanted', act: (page) => page.locator('header summary').first().click() },
		stale: { path: '/', act: loseServer },
	};
}

async function selectTwo(page: Page): Promise<void> {
	for (const at of [1, 2])
		await page
			.getByRole('checkbox', { name: /^Select (?!all)/ })
			.nth(at)
			.check();
}

async function testInVain(page: Page): Promise<void> {
	await page.getByLabel('Address', { exact: true }).fill('http://localhost:8989');
	await page.getByLabel(/^API key/).fill('0123456789abcdef0123456789abcdef');
	await page.getByRole('button', { name: 'Test only' }).click();
	await page.getByRole('alert', { name: 'Result of the test' }).waitFor();
}

/** The page is asked on, and nobody answers. */
async function loseServer(page: Page): Promise<void> {
	await page.route('**/health/live', (route) => route.abort());
	await page.getByRole('status').filter({ hasText: 'As of' }).first().waitFor({ state: 'attached' });
	await pause(300);
}

async function logInWrongly(page: Page): Promise<void> {
	await page.getByLabel('Name').fill('admin');
	await page.getByLabel('Password', { exact: true }).fill('not the password');
	await page.getByRole('button', { name: 'Log in' }).click();
	await page.getByRole('alert').waitFor();
}

async function searchedItem(product: Product, dispatchId: string | undefined): Promise<string | null> {
	if (dispatchId === undefined) return null;
	const dispatch = await product.api<Record<string, unknown>>('GET', `/dispatches/${dispatchId}`);
	return /"(episode-\d+|movie-\d+)"/.exec(JSON.stringify(dispatch))?.[1] ?? null;
}

interface As {
	loggedIn: boolean;
	cookies?: Record<string, string>;
}

async function shoot(browser: Browser, product: Product, pages: Shots, { loggedIn, cookies = {} }: As) {
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
			const kept = Object.entries(cookies).map(([name, value]) => ({ name, value, url: product.url }));
			await context.addCookies(kept);
			if (loggedIn) await login(page, product);
			for (const [name, shot] of Object.entries(pages)) {
				const { path, act, width: single, end }: Shot = typeof shot === 'string' ? { path: shot } : shot;
				if (only?.includes(name) === false || (single !== undefined && single !== width)) continue;
				await page.goto(product.url + path);
				await page.waitForSelector('html[data-hydrated]');
				await act?.(page);
				if (end === true) await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
				await pause(250);
				const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
				if (sideways > 0) say(`${name} ${String(width)} scrolls sideways by ${String(sideways)} px`);
				await page.screenshot({ path: join(out, `${name}-${theme}-${String(width)}.png`) });
				await page.unrouteAll();
			}
			await context.close();
		}
	}
}

const EMPTY: Shots = {
	'dashboard-empty': '/',
	'wanted-empty': '/wanted',
	'queue-empty': '/queue',
	'activity-empty': '/activity',
	'connectors-empty': '/connectors',
	'settings-pace-empty': '/settings/pace',
};

/** The first run on a product of its own: account, first connector, plan. */
async function shootFirstRun(browser: Browser, fakes: Fakes): Promise<void> {
	const fresh = await startProduct();
	try {
		const link = new URL(fresh.setupLink() ?? `${fresh.url}/setup`);
		await shoot(browser, fresh, { setup: link.pathname + link.search }, { loggedIn: false });
		const page = await browser.newPage();
		await page.goto(link.href);
		await page.waitForSelector('html[data-hydrated]');
		await page.getByLabel('Name', { exact: true }).fill(ADMIN.username);
		await page.getByLabel('Password', { exact: true }).fill(ADMIN.password);
		await page.getByRole('button', { name: 'Create' }).click();
		await page.waitForURL('**/setup/connector');
		await page.close();
		const inside = { loggedIn: true };
		await shoot(browser, fresh, { 'setup-connect': '/setup/connector', ...EMPTY }, inside);
		const library = { preset: 'realistic' } as const;
		const slow = await fakes.create({ kind: 'sonarr4', seed: 9, library, latencyMs: 2500 });
		const { id } = await addConnector(fresh, slow, 'sonarr', 'Sonarr TV', 'observe');
		const plan = `/setup/plan?connector=${String(id)}`;
		await shoot(
			browser,
			fresh,
			{ 'setup-reading': plan, 'dashboard-reading': '/', 'connectors-reading': '/connectors' },
			inside,
		);
		await slow.setOptions({ latencyMs: 0 });
		await pause(8000);
		await shoot(
			browser,
			fresh,
			{ 'setup-found': plan, 'dashboard-observe': '/', 'queue-observe': '/queue' },
			inside,
		);
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
	const wrong = { path: '/login', act: logInWrongly };
	await shoot(browser, product, { login: '/login', 'login-wrong': wrong }, { loggedIn: false });
	await shootFirstRun(browser, fakes);
	say('Living through some virtual hours …');
	await fillLibraries(product, fakes);
	await shoot(browser, product, await addresses(product), { loggedIn: true });
	const compact = { loggedIn: true, cookies: { comradarr_display: 'compact.24.keys' } };
	await shoot(browser, product, { 'wanted-compact': '/wanted', 'queue-compact': '/queue' }, compact);
	await product.api('POST', '/queue/pause', {});
	await shoot(browser, product, { 'dashboard-paused': '/', 'queue-paused': '/queue' }, { loggedIn: true });
	say(`Saved in ${out}`);
} catch (error) {
	say(product.log().slice(-4000));
	throw error;
} finally {
	await browser.close();
	await product.stop();
	await fakes.stop();
}
