// Requests of other sites, invented hosts and invented proxies.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../setup/app';
import { Browser } from './browser';

let app: TestApp;
let browser: Browser;
beforeAll(async () => {
	app = await startApp();
	browser = new Browser(app);
	await browser.login();
});
afterAll(() => app.stop());

const json = { 'content-type': 'application/json' };
const pausedAt = async () =>
	(await app.database.sql`select value from app_settings where key like '%paused%'`) as unknown[];

describe('other sites', () => {
	test('cannot make a browser change anything: not by forms, not by JSON, not by disguised JSON', async () => {
		const before = await pausedAt();
		const foreign: Record<string, string>[] = [
			{ origin: 'http://evil.example' },
			{ origin: 'null' },
			{ origin: `${app.url}.evil.example` },
			{ origin: app.url.replace(/\d+$/, '1') },
			{ 'sec-fetch-site': 'cross-site' },
			{ 'sec-fetch-site': 'same-site', origin: app.url },
		];
		for (const headers of foreign) {
			const told = JSON.stringify(headers);
			const asJson = await browser.send('/api/v1/queue/pause', {
				method: 'POST',
				body: '{}',
				headers: { ...json, ...headers },
			});
			expect(asJson.status, told).toBe(403);
			const disguised = await browser.send('/api/v1/queue/pause', {
				method: 'POST',
				body: '{}',
				headers: { 'content-type': 'text/plain', ...headers },
			});
			expect(disguised.status, told).toBe(403);
			const form = await browser.form('/queue?/pause', {}, { origin: null, headers });
			expect(form.status, told).toBe(403);
			const login = await new Browser(app).login({}, { origin: null, headers });
			expect(login.status, told).toBe(403);
			const out = await browser.form('/logout', {}, { origin: null, headers });
			expect(out.status, told).toBe(403);
		}
		expect(await pausedAt()).toEqual(before);
		expect((await browser.get('/settings/account')).status).toBe(200);
	});

	test('the own site can, and so can a script with a key', async () => {
		const own = await browser.send('/api/v1/queue/pause', {
			method: 'POST',
			body: '{}',
			headers: { ...json, origin: app.url },
		});
		expect(own.status).toBe(200);
		const script = await fetch(`${app.url}/api/v1/queue/resume`, {
			method: 'POST',
			body: '{}',
			headers: { ...json, 'x-api-key': app.apiKey },
		});
		expect(script.status).toBe(200);
		expect((await browser.form('/queue?/pause', {})).status).toBe(200);
		expect((await browser.form('/queue?/resume', {})).status).toBe(200);
	});

	test('no answer invites another site', async () => {
		for (const path of ['/', '/login', '/api/v1/connectors', '/health']) {
			const { headers } = await browser.get(path, { origin: 'http://evil.example' });
			for (const name of headers.keys()) expect(name, path).not.toMatch(/^access-control-/);
			expect(headers.get('x-content-type-options')).toBe('nosniff');
			expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
			expect(headers.get('referrer-policy')).not.toBeNull();
			expect(headers.get('content-security-policy')).not.toBeNull();
		}
	});
});

describe('hosts', () => {
	test('one that is no host is refused, another is never put into an answer', async () => {
		for (const host of ['', 'evil example', 'a b', '<script>', 'evil.example/path', 'x:y'])
			expect((await rawStatus(`GET /login HTTP/1.1\r\nHost: ${host}\r\n`)).status, host).toBe(400);
		const { status, text } = await rawStatus('GET / HTTP/1.1\r\nHost: evil.example\r\n');
		expect(status).toBe(303);
		expect(text).not.toContain('evil.example');
		const page = await rawStatus('GET /login HTTP/1.1\r\nHost: evil.example\r\n');
		expect(page.text).not.toContain('evil.example');
	});
});

describe('proxies', () => {
	test('headers of a peer that is none are not believed', async () => {
		const headers = {
			'x-forwarded-for': '203.0.113.77',
			'x-real-ip': '203.0.113.77',
			forwarded: 'for=203.0.113.77;proto=https;host=evil.example',
			'x-forwarded-proto': 'https',
			'x-forwarded-host': 'evil.example',
			'x-comradarr-client': '203.0.113.77',
			'x-comradarr-peer': '203.0.113.77',
			'x-comradarr-host': 'evil.example',
			'x-comradarr-proto': 'https',
			'x-comradarr-untrusted-forward': '0',
		};
		const other = new Browser(app);
		const answer = await other.login({ password: 'wrong' }, { headers });
		expect(answer.status).toBe(401);
		const rows = (await app.database.sql`select peer from login_attempts`) as { peer: string }[];
		expect(rows.map(({ peer }) => peer)).toEqual(['127.0.0.1']);
		const good = await other.login({}, { headers });
		expect(good.status).toBe(303);
		expect(good.headers.getSetCookie().join()).not.toMatch(/secure/i);
		expect(good.headers.get('strict-transport-security')).toBeNull();
		expect(good.headers.get('location')).not.toContain('evil.example');
	});
});

/** A request as bytes: `fetch` would mend the host. */
async function rawStatus(head: string): Promise<{ status: number; text: string }> {
	const { hostname, port } = new URL(app.url);
	const parts: string[] = [];
	await new Promise<void>((resolve, reject) => {
		void Bun.connect({
			hostname,
			port: Number(port),
			socket: {
				open: (socket) => void socket.write(`${head}Connection: close\r\n\r\n`),
				data: (_, bytes) => void parts.push(bytes.toString('utf8')),
				close: () => resolve(),
				error: (_, error) => reject(error),
			},
		}).catch(reject);
	});
	const text = parts.join('');
	return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text };
}
