// Deny by default: every route, method, form action and data request is refused without a session or key.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRoutes } from '../../src/lib/server/access';
import { startApp, type TestApp } from '../setup/app';
import { Browser, isRefusal } from './browser';
import { readRoutes } from './route-table';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** All that may be reached by anybody. A new name here is a decision about security, not a repair of this test. */
const OPEN = ['/health', '/health/live', '/(auth)/login', '/(auth)/setup', '/webhooks/[token]'];

const routes = readRoutes();
const closed = routes.filter(({ id }) => !OPEN.includes(id));
let app: TestApp;
beforeAll(async () => {
	app = await startApp();
});
afterAll(() => app.stop());

/** What must be the same after all these requests. */
async function stateOf(): Promise<unknown> {
	return app.database.sql`
		select (select count(*)::int from connectors) as connectors, (select count(*)::int from api_keys) as keys,
			(select count(*)::int from sessions) as sessions, (select count(*)::int from events) as events,
			(select count(*)::int from jobs) as jobs, (select string_agg(password_hash, '') from users) as users,
			(select string_agg(key || value::text, ',' order by key) from app_settings) as settings`;
}

/** The same place, written otherwise. */
const spellings = (path: string): string[] => [
	path,
	`${path}/`,
	`${path}//`,
	`//${path.slice(1)}`,
	`/.${path}`,
	`/x/..${path}`,
	path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
	path.replace(/^\/(\w)/, (_, letter: string) => `/%${letter.charCodeAt(0).toString(16).toUpperCase()}`),
	path.replaceAll('/', '%2f').replace('%2f', '/'),
	path.toUpperCase(),
	`${path};a=b`,
	`${path}?key=${'a'.repeat(40)}&api_key=1`,
	`${path}%00`,
	`${path}.json`,
];

async function assertRefused(address: string, init: RequestInit): Promise<void> {
	const response = await fetch(`${app.url}${address}`, { redirect: 'manual', ...init });
	const told = `${init.method ?? 'GET'} ${address} → ${String(response.status)} ${response.headers.get('location') ?? ''}`;
	expect(await isRefusal(response), told).toBe(true);
}

test('the table is whole, and what is open is what the product calls open', () => {
	expect(routes.length).toBeGreaterThan(30);
	for (const id of openRoutes) expect(['/login', '/setup', ...OPEN], id).toContain(id);
	const open = routes.filter(({ id }) => openRoutes.includes(id)).map(({ id }) => id);
	for (const id of open) expect(OPEN).toContain(id);
});

test('every route refuses every method, however it is written', async () => {
	const before = await stateOf();
	for (const { path } of closed) {
		await Promise.all(
			spellings(path).flatMap((address) => METHODS.map((method) => assertRefused(address, { method }))),
		);
	}
	expect(await stateOf()).toEqual(before);
});

test('the REST interface answers 401, pages go to the login', async () => {
	for (const { path, id, methods, isPage } of closed) {
		for (const method of methods.filter((name) => name !== 'fallback')) {
			const response = await fetch(`${app.url}${path}`, { method, redirect: 'manual' });
			expect(response.status, `${method} ${path}`).toBe(id.startsWith('/api/') ? 401 : 303);
			if (response.status === 401)
				expect(await response.json()).toMatchObject({ error: { code: 'not_authenticated' } });
		}
		if (!isPage) continue;
		const page = await fetch(`${app.url}${path}`, { redirect: 'manual' });
		expect(page.status, path).toBe(303);
		expect(page.headers.get('location')).toMatch(/^\/login/);
	}
});

test('data requests and form actions are refused, with and without script', async () => {
	const before = await stateOf();
	const names = [...new Set(routes.flatMap(({ actions }) => actions)), 'default', 'nonsense'];
	expect(names.length).toBeGreaterThan(15);
	for (const { path } of closed.filter(({ isPage }) => isPage)) {
		const data = path === '/' ? '/__data.json' : `${path}/__data.json`;
		for (const address of [
			data,
			`${data}?x-sveltekit-invalidated=11`,
			`${path}?x-sveltekit-trailing-slash=1`,
		])
			await assertRefused(address, {});
		await Promise.all(
			names.flatMap((name) =>
				[{}, { 'x-sveltekit-action': 'true', accept: 'application/json' }].map((more) =>
					assertRefused(`${path}${name === 'default' ? '' : `?/${name}`}`, {
						method: 'POST',
						body: 'id=1&connector=1&name=x&ref=movie-1',
						headers: { 'content-type': 'application/x-www-form-urlencoded', origin: app.url, ...more },
					}),
				),
			),
		);
	}
	expect(await stateOf()).toEqual(before);
});

describe('with something that is not enough', () => {
	test('made-up sessions and keys open nothing', async () => {
		const headers: Record<string, string>[] = [
			{ cookie: 'comradarr_session=' },
			{ cookie: `comradarr_session=${'a'.repeat(43)}` },
			{ cookie: "comradarr_session=' or 1=1 --" },
			{ cookie: 'comradarr_session=%00' },
			{ 'x-api-key': "' or 1=1 --" },
			{ 'x-api-key': 'undefined' },
			{ authorization: `Bearer ${app.apiKey}` },
			{ authorization: `Basic ${btoa(`${app.adminUser}:${app.adminPass}`)}` },
			{ 'x-comradarr-client': '127.0.0.1', 'x-comradarr-peer': '127.0.0.1', 'x-forwarded-user': 'admin' },
		];
		for (const header of headers) {
			await assertRefused('/api/v1/connectors', { headers: header });
			await assertRefused('/', { headers: header });
		}
	});

	test('a key that may only read changes nothing; no key opens a page', async () => {
		const made = await fetch(`${app.url}/api/v1/api-keys`, {
			method: 'POST',
			headers: { 'x-api-key': app.apiKey, 'content-type': 'application/json' },
			body: JSON.stringify({ name: 'reader', scope: 'read' }),
		});
		const { key } = (await made.json()) as { key: string };
		const before = await stateOf();
		for (const { path, id, methods } of closed.filter((route) => !route.isPage && route.methods.length > 0)) {
			for (const method of methods.filter((name) => name !== 'GET' && name !== 'fallback')) {
				const response = await fetch(`${app.url}${path}`, {
					method,
					headers: { 'x-api-key': key },
					redirect: 'manual',
				});
				expect(response.status, `${method} ${path}`).toBe(403);
				const code = id.startsWith('/api/') ? 'read_only_key' : 'key_not_for_pages';
				expect(await response.json()).toMatchObject({ error: { code } });
			}
		}
		for (const { path } of closed.filter(({ isPage }) => isPage)) {
			for (const own of [key, app.apiKey]) {
				const response = await fetch(`${app.url}${path}`, {
					headers: { 'x-api-key': own },
					redirect: 'manual',
				});
				expect(response.status, path).toBe(403);
			}
		}
		expect(await stateOf()).toEqual(before);
	});
});

test('with a session every page opens, under a policy that lets no inline script run', async () => {
	const browser = new Browser(app);
	expect((await browser.login()).status).toBe(303);
	for (const { path, isPage, id } of closed) {
		if (!isPage) continue;
		const page = await browser.get(path);
		expect([200, 303, 404], `${path} → ${String(page.status)}`).toContain(page.status);
		if (!/\[/.test(id) && page.status === 303)
			expect(page.headers.get('location'), path).not.toMatch(/^\/login/);
		if (!(page.headers.get('content-type') ?? '').startsWith('text/html')) continue;
		const policy = page.headers.get('content-security-policy') ?? '';
		const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? '';
		expect(scripts, path).toContain("'self'");
		expect(scripts, path).not.toMatch(/unsafe-inline|unsafe-eval|\*/);
		expect(policy).toMatch(/frame-ancestors/);
		const html = await page.text();
		const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)([^>]*)>/g)];
		for (const [, attributes = ''] of inline)
			if (!/type="application\/(json|ld\+json)"/.test(attributes))
				expect(/nonce=/.test(attributes) || /sha256-/.test(scripts)).toBe(true);
		expect(html, path).not.toMatch(/<[^>]+\son(click|load|error|submit)=/i);
	}
});
