// The first run: only who can read the log may take the installation, once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../setup/app';
import { Browser, isRefusal } from './browser';

let app: TestApp;
beforeAll(async () => {
	app = await startApp({ env: { ADMIN_PASS: undefined, ADMIN_USER: undefined } });
});
afterAll(() => app.stop());

const tokenOf = (log: string): string => /setup token[^:]*: (\S+)/i.exec(log)?.[1] ?? '';
const admins = async () => (await app.database.sql`select username from users`) as { username: string }[];

test('until then every page leads to the setup, and nobody can log in', async () => {
	const browser = new Browser(app);
	const login = await browser.get('/login');
	expect(login.headers.get('location')).toBe('/setup');
	expect((await browser.get('/setup')).status).toBe(200);
	const tried = await browser.login({ username: 'admin', password: '' });
	expect(tried.headers.get('location')).toBe('/setup');
	expect(browser.session).toBeUndefined();
	for (const path of ['/', '/setup/connector', '/setup/plan', '/connectors', '/api/v1/connectors'])
		expect(await isRefusal(await browser.get(path)), path).toBe(true);
});

test('without the token of the log nothing is made', async () => {
	const token = tokenOf(app.log());
	expect(token.length).toBeGreaterThanOrEqual(16);
	const browser = new Browser(app);
	const page = await (await browser.get('/setup')).text();
	expect(page).not.toContain(token);
	for (const wrong of [
		'',
		'x',
		token.slice(0, -1),
		`${token}x`,
		token.toUpperCase() === token ? 'y' : token.toUpperCase(),
		'\0',
	]) {
		const answer = await browser.form('/setup', {
			token: wrong,
			username: 'mallory',
			password: 'long-enough-to-pass',
		});
		expect([400, 403], wrong).toContain(answer.status);
	}
	const foreign = await browser.form(
		'/setup',
		{ token, username: 'mallory', password: 'long-enough-to-pass' },
		{ origin: 'http://evil.example' },
	);
	expect(foreign.status).toBe(403);
	const weak = await browser.form('/setup', { token, username: 'owner', password: 'short' });
	expect(weak.status).toBe(422);
	expect((await admins()).length).toBe(0);
});

test('of many at once one succeeds, and it cannot be repeated', async () => {
	const token = tokenOf(app.log());
	const people = Array.from({ length: 6 }, () => new Browser(app));
	await Promise.all(
		people.map((browser, at) =>
			browser.form('/setup', {
				token,
				username: `owner ${String(at)}`,
				password: `a good password ${String(at)}`,
			}),
		),
	);
	expect((await admins()).length).toBe(1);
	expect(people.filter(({ session }) => session !== undefined).length).toBe(1);
	const late = new Browser(app);
	expect((await late.get('/setup')).headers.get('location')).toBe('/login');
	const again = await late.form('/setup', { token, username: 'late', password: 'a good password' });
	expect(again.headers.get('location')).toBe('/login');
	expect((await admins()).length).toBe(1);
});

test('a later start prints no token, and ADMIN_PASS changes nothing any more', async () => {
	await app.halt();
	const again = await startApp({ database: app.database, env: { SECRET_KEY: app.secretKey } });
	try {
		expect(tokenOf(again.log())).toBe('');
		expect((await admins()).length).toBe(1);
		expect((await new Browser(again).login()).status).toBe(401);
	} finally {
		await again.halt();
	}
});
