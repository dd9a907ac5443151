// The database goes away and comes back: every surface says so in its own form, and goes on by itself.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbedded } from '../../server/embedded-pg';
import { startApp, type TestApp } from '../setup/app';
import { Browser } from '../security/browser';

const dataDir = mkdtempSync(join(tmpdir(), 'comradarr-away-'));
const startDatabase = () => startEmbedded({ dataDir, settings: { fsync: 'off' } });

let database: Awaited<ReturnType<typeof startDatabase>>;
let app: TestApp;
beforeAll(async () => {
	database = await startDatabase();
	app = await startApp({ env: { DATABASE_URL: database.url } });
});
afterAll(async () => {
	await app.stop();
	await database.stop();
	rmSync(dataDir, { recursive: true, force: true });
});

const rest = () => fetch(`${app.url}/api/v1/connectors`, { headers: { 'x-api-key': app.apiKey } });
const words = 'The database cannot be reached';

test('told as what it is, and over when it is over', async () => {
	const browser = new Browser(app);
	await browser.login();
	expect((await rest()).status).toBe(200);
	await database.stop();

	const refused = await rest();
	expect(refused.status).toBe(503);
	expect(await refused.json()).toMatchObject({ error: { code: 'database_unavailable' } });
	const byWrongKey = await fetch(`${app.url}/api/v1/connectors`, { headers: { 'x-api-key': 'wrong' } });
	expect(byWrongKey.status).toBe(503);

	const page = await browser.get('/wanted');
	expect(page.status).toBe(503);
	expect(page.headers.get('content-type')).toContain('text/html');
	expect(page.headers.get('content-security-policy')).not.toBeNull();
	const text = await page.text();
	expect(text).toContain(words);
	expect(text).toContain('href="/wanted"');
	expect(await (await browser.get('/login')).text()).toContain(words);
	// public, so that it is looked at; what it needs is told to be away
	const login = await new Browser(app).form('/login', { username: 'admin', password: 'whatever-it-was' });
	expect(login.status).toBe(503);
	expect(login.headers.get('retry-after')).not.toBeNull();
	expect(await login.text()).toContain(words);

	const data = await browser.get('/wanted/__data.json', { accept: '*/*' });
	expect(data.status).toBe(503);
	expect(await data.json()).toMatchObject({ message: expect.stringContaining(words) as string });
	const byScript = { 'x-sveltekit-action': 'true', accept: 'application/json' };
	const act = await browser.form('/wanted?/reset', { ref: 'movie-1' }, { headers: byScript });
	expect(await act.json()).toMatchObject({ type: 'error', status: 503 });

	expect((await fetch(`${app.url}/health`)).status).toBe(503);
	expect((await fetch(`${app.url}/health/live`)).status).toBe(200);

	database = await startDatabase();
	expect((await rest()).status).toBe(200);
	expect((await browser.get('/wanted')).status).toBe(200);
	expect((await fetch(`${app.url}/health`)).status).toBe(200);
});
