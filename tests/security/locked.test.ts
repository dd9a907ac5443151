// A key that does not fit the database: pages work, nothing is sent, nothing sealed is lost; the right key heals, and so
// does entering every API key again.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFakes, type FakeInstance, type Fakes } from '../fakes/arr/control';
import { startApp, type TestApp } from '../setup/app';
import { createTestDatabase, type TestDatabase } from '../setup/database';
import { Browser } from './browser';

let fakes: Fakes;
let sonarr: FakeInstance;
let radarr: FakeInstance;
let database: TestDatabase;
let secretKey: string;
let adminPass: string;
let sealed: unknown;
let app: TestApp;

const keys = async (): Promise<unknown> =>
	database.sql`select id, api_key_encrypted, api_key_last4, url from connectors order by id`;
const ask = (path: string, method = 'GET', body?: unknown): Promise<Response> =>
	fetch(`${app.url}/api/v1${path}`, {
		method,
		headers: { 'x-api-key': app.apiKey, 'content-type': 'application/json' },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});

beforeAll(async () => {
	fakes = await startFakes({ start: Date.now() });
	await fakes.clock.rate(1);
	sonarr = await fakes.create({ kind: 'sonarr4', library: { preset: 'tiny' } });
	radarr = await fakes.create({ kind: 'radarr6', library: { preset: 'tiny' } });
	database = await createTestDatabase();
	app = await startApp({ database });
	({ secretKey, adminPass } = app);
	for (const [kind, { url, apiKey }] of [['sonarr', sonarr] as const, ['radarr', radarr] as const]) {
		const added = await ask('/connectors', 'POST', { kind, name: kind, url, apiKey, mode: 'active' });
		expect(added.status).toBe(201);
	}
	await app.halt();
	sealed = await keys();
	await startLocked();
});
afterAll(async () => {
	await app.halt();
	await database.drop();
	await fakes.stop();
});

/** With a master key that is not the database's. */
async function startLocked(): Promise<void> {
	await sonarr.clearRequests();
	await radarr.clearRequests();
	app = await startApp({ database, env: { SECRET_KEY: 'another key than the one before' } });
}
const isLocked = async (): Promise<unknown> => {
	const answer = await fetch(`${app.url}/health`, { headers: { 'x-api-key': app.apiKey } });
	return ((await answer.json()) as { parts: { secrets: { locked: boolean } } }).parts.secrets.locked;
};
const asked = async (fake: FakeInstance): Promise<string[]> =>
	(await fake.requests()).map(({ path }) => path);

test('it says so, and still shows everything', async () => {
	const health = (await (
		await fetch(`${app.url}/health`, { headers: { 'x-api-key': app.apiKey } })
	).json()) as object;
	expect(health).toMatchObject({ status: 'degraded', parts: { secrets: { locked: true } } });
	for (const path of ['/connectors', '/wanted', '/queue', '/plan', '/events', '/dispatches'])
		expect((await ask(path)).status, path).toBe(200);
});

test('nothing is asked of the applications, nothing sealed is written over', async () => {
	for (const mode of ['full', 'incremental']) {
		const answer = await ask('/connectors/1/sync', 'POST', { mode });
		expect([202, 409]).toContain(answer.status);
	}
	await ask('/connectors/1/sweep', 'POST');
	await ask('/connectors/test', 'POST', { kind: 'sonarr', url: sonarr.url, connectorId: 1 });
	const { url, apiKey } = sonarr;
	const refusals = [
		await ask('/connectors', 'POST', { kind: 'sonarr', name: 'More', url, apiKey }),
		await ask('/connectors?force=true', 'POST', { kind: 'sonarr', name: 'More', url, apiKey }),
	];
	for (const answer of refusals) {
		expect(answer.status).toBe(409);
		expect(await answer.json()).toMatchObject({ error: { code: 'locked' } });
	}
	await Bun.sleep(500);
	expect([...(await asked(sonarr)), ...(await asked(radarr))]).toEqual([]);
	expect(await keys()).toEqual(sealed);
});

test('a setting can be changed meanwhile, the sealed key stays', async () => {
	expect((await ask('/connectors/1', 'PATCH', { name: 'Television' })).status).toBe(200);
	expect(await keys()).toEqual(sealed);
});

test('login and pages work', async () => {
	const browser = new Browser({ ...app, adminPass });
	expect((await browser.login()).status).toBe(303);
	for (const path of ['/', '/connectors', '/connectors/1', '/wanted', '/queue', '/settings/account'])
		expect((await browser.get(path)).status, path).toBe(200);
});

test('what the pages advise can be done: a key that was entered again is used', async () => {
	const browser = new Browser({ ...app, adminPass });
	await browser.login();
	const page = async (path: string) => (await (await browser.get(path)).text()).replace(/\s+/g, ' ');
	expect(await page('/')).toContain('or enter each key again');
	expect(await page('/connectors/1')).toContain('Enter it again.');
	const { url, apiKey } = sonarr;
	const entered = await browser.form('/connectors/1?/connection', { name: 'Television', url, apiKey });
	expect(entered.status).toBe(200);
	expect(await page('/connectors/1')).not.toContain('Enter it again.');
	expect(await (await ask('/connectors/1')).json()).toMatchObject({ health: { status: 'healthy' } });
	expect(await asked(sonarr)).not.toEqual([]);
	expect(await asked(radarr)).toEqual([]);
	expect(await isLocked()).toBe(true);
});

test('the right key heals it, and takes back what was sealed with a wrong one', async () => {
	await app.halt();
	app = await startApp({ database, env: { SECRET_KEY: secretKey } });
	for (const [id, kind, { url }] of [[1, 'sonarr', sonarr] as const, [2, 'radarr', radarr] as const]) {
		const answer = await ask('/connectors/test', 'POST', { kind, url, connectorId: id });
		expect(await answer.json()).toMatchObject({ ok: true });
	}
	expect(await keys()).toEqual(sealed);
});

test('with every key entered again, the new master key is the right one', async () => {
	await app.halt();
	await startLocked();
	for (const [id, { apiKey }] of [[1, sonarr] as const, [2, radarr] as const]) {
		expect(await isLocked()).toBe(true);
		expect((await ask(`/connectors/${String(id)}`, 'PATCH', { apiKey })).status).toBe(200);
	}
	expect(await isLocked()).toBe(false);
	await app.halt();
	await startLocked();
	expect(await isLocked()).toBe(false);
	const answer = await ask('/connectors/test', 'POST', { kind: 'radarr', url: radarr.url, connectorId: 2 });
	expect(await answer.json()).toMatchObject({ ok: true });
});
