// Sessions and passwords: rotation, end, cookie, and a login that slows guessing but shuts nobody out for ever.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../setup/app';
import { createTestDatabase } from '../setup/database';
import { Browser } from './browser';

let app: TestApp;
beforeAll(async () => {
	app = await startApp({ env: { TRUSTED_PROXIES: '127.0.0.0/8' } });
});
afterAll(() => app.stop());

/** Each test comes from an address of its own. */
let peers = 0;
const fromSomewhere = () => ({ headers: { 'x-forwarded-for': `203.0.113.${String(++peers)}` } });
const isIn = async (browser: Browser): Promise<boolean> =>
	(await browser.get('/settings/account')).status === 200;

describe('sessions', () => {
	test('the cookie is for this site alone and out of reach of scripts', async () => {
		const browser = new Browser(app);
		const answer = await browser.login({}, fromSomewhere());
		expect(answer.status).toBe(303);
		const [line = ''] = answer.headers.getSetCookie().filter((one) => one.startsWith('comradarr_session='));
		expect(line).toMatch(/; HttpOnly/i);
		expect(line).toMatch(/; SameSite=Lax/i);
		expect(line).toMatch(/; Path=\//i);
		expect(line).not.toMatch(/; Domain=/i);
		const secure = new Browser(app);
		const { headers } = fromSomewhere();
		const behindTls = await secure.login({}, { headers: { ...headers, 'x-forwarded-proto': 'https' } });
		expect(behindTls.headers.getSetCookie().join()).toMatch(/; Secure/i);
		expect(behindTls.headers.get('strict-transport-security')).not.toBeNull();
		const expires = Date.parse(/expires=([^;]+)/i.exec(line)?.[1] ?? '');
		expect((expires - Date.now()) / 86_400_000).toBeCloseTo(7, 1);
	});

	test('each login gives another token; only hashes are stored', async () => {
		const [one, two] = [new Browser(app), new Browser(app)];
		await one.login({}, fromSomewhere());
		await two.login({}, fromSomewhere());
		expect(one.session).not.toBe(two.session);
		const rows = (await app.database.sql`select sessions::text as line from sessions`) as { line: string }[];
		for (const { line } of rows) {
			expect(line).not.toContain(one.session ?? '-');
			expect(line).not.toContain(two.session ?? '-');
		}
	});

	test('a token that somebody planted does not survive the login', async () => {
		const browser = new Browser(app);
		browser.cookies.set('comradarr_session', 'planted-by-somebody-else');
		await browser.login({}, fromSomewhere());
		expect(browser.session).not.toBe('planted-by-somebody-else');
		const planted = new Browser(app);
		planted.cookies.set('comradarr_session', 'planted-by-somebody-else');
		expect(await isIn(planted)).toBe(false);
	});

	test('a new login in the same browser ends the session it had', async () => {
		const browser = new Browser(app);
		await browser.login({}, fromSomewhere());
		const old = new Browser(app);
		old.cookies.set('comradarr_session', browser.session ?? '');
		await browser.login({}, fromSomewhere());
		expect(await isIn(browser)).toBe(true);
		expect(await isIn(old)).toBe(false);
	});

	test('logout ends it on the server', async () => {
		const browser = new Browser(app);
		await browser.login({}, fromSomewhere());
		const copy = new Browser(app);
		copy.cookies.set('comradarr_session', browser.session ?? '');
		expect(await isIn(copy)).toBe(true);
		await browser.form('/logout', {});
		expect(browser.session).toBeUndefined();
		expect(await isIn(copy)).toBe(false);
	});

	test('one that is over opens nothing', async () => {
		const browser = new Browser(app);
		await browser.login({}, fromSomewhere());
		await app.database.sql`update sessions set expires_at = now() - interval '1 second'`;
		expect(await isIn(browser)).toBe(false);
	});

	test('a change of password needs the old one and ends every other session', async () => {
		const [mine, other] = [new Browser(app), new Browser(app)];
		await mine.login({}, fromSomewhere());
		await other.login({}, fromSomewhere());
		const next = `next${crypto.randomUUID()}`;
		const wrong = await mine.form('/settings/account?/password', { current: 'not-it-at-all', next });
		expect(wrong.status).toBe(422);
		const weak = await mine.form('/settings/account?/password', { current: app.adminPass, next: 'short' });
		expect(weak.status).toBe(422);
		expect(await isIn(other)).toBe(true);
		const changed = await mine.form('/settings/account?/password', { current: app.adminPass, next });
		expect(changed.status).toBe(200);
		expect(await isIn(mine)).toBe(true);
		expect(await isIn(other)).toBe(false);
		expect((await new Browser(app).login({}, fromSomewhere())).status).toBe(401);
		expect((await new Browser(app).login({ password: next }, fromSomewhere())).status).toBe(303);
		await mine.form('/settings/account?/password', { current: next, next: app.adminPass });
	});
});

test('whoever uses it stays in; whoever stays away is out after the length that was set', async () => {
	const DAY_MS = 86_400_000;
	const began = Date.UTC(2026, 10, 20, 12, 0, 0);
	const database = await createTestDatabase();
	const admin = { adminUser: 'admin', adminPass: `pass${crypto.randomUUID()}` };
	/** The product as it is so many days later. */
	const after = (days: number): Promise<TestApp> =>
		startApp({
			database,
			env: {
				ADMIN_PASS: admin.adminPass,
				SESSION_DAYS: '3',
				COMRADARR_CLOCK_START: String(began + days * DAY_MS),
			},
		});
	const later: TestApp[] = [];
	try {
		let [now, daily, away] = [await after(0), new Map<string, string>(), new Map<string, string>()];
		later.push(now);
		const browserWith = (cookies: Map<string, string>): Browser => {
			const browser = new Browser({ ...now, ...admin });
			for (const [name, value] of cookies) browser.cookies.set(name, value);
			return browser;
		};
		const [used, unused] = [browserWith(daily), browserWith(away)];
		await used.login();
		await unused.login();
		[daily, away] = [used.cookies, unused.cookies];
		for (const day of [2, 4, 6]) {
			await now.halt();
			now = await after(day);
			later.push(now);
			const browser = browserWith(daily);
			const answer = await browser.get('/settings/account');
			expect(answer.status, `day ${String(day)}`).toBe(200);
			const [line = ''] = answer.headers.getSetCookie().filter((one) => one.startsWith('comradarr_session='));
			const expires = Date.parse(/expires=([^;]+)/i.exec(line)?.[1] ?? '');
			expect((expires - began) / DAY_MS).toBeCloseTo(day + 3, 1);
			expect(line).toMatch(/; HttpOnly/i);
			expect(browser.session).toBe(daily.get('comradarr_session'));
			// once in a while is enough
			expect((await browser.get('/')).headers.getSetCookie().join()).not.toContain('comradarr_session');
		}
		expect((await browserWith(away).get('/settings/account')).status).toBe(303);
	} finally {
		for (const app of later) await app.halt();
		await database.drop();
	}
}, 60_000);

describe('login', () => {
	test('after three failures a peer waits, longer each time, and only that peer', async () => {
		const peer = fromSomewhere();
		const attempt = (password: string) => new Browser(app).login({ password }, peer);
		const skip = () =>
			app.database
				.sql`update login_attempts set next_allowed_at = now() - interval '1 ms' where peer = ${peer.headers['x-forwarded-for']}`;
		const waits: number[] = [];
		for (let round = 0; round < 3; round++) expect((await attempt('wrong')).status).toBe(401);
		for (let round = 0; round < 12; round++) {
			expect((await attempt('wrong')).status).toBe(401);
			expect((await attempt(app.adminPass)).status).toBe(429);
			const [row] = (await app.database.sql`
				select extract(epoch from next_allowed_at - last_at)::float8 as wait from login_attempts
				where peer = ${peer.headers['x-forwarded-for']}`) as { wait: number }[];
			waits.push(row?.wait ?? 0);
			await skip();
		}
		expect(waits.slice(0, 4)).toEqual([2, 4, 8, 16]);
		expect(Math.max(...waits)).toBe(300);
		expect((await new Browser(app).login({}, fromSomewhere())).status).toBe(303);
		expect((await attempt(app.adminPass)).status).toBe(303);
		expect((await attempt('wrong')).status).toBe(401);
	});

	test('many at once get no further than one after the other', async () => {
		const peer = fromSomewhere();
		const answers = await Promise.all(
			Array.from({ length: 25 }, (_, at) =>
				new Browser(app).login({ password: `guess ${String(at)}` }, peer),
			),
		);
		const looked = answers.filter(({ status }) => status === 401).length;
		expect(looked).toBeLessThanOrEqual(4);
		expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
	});

	test('names and passwords of any form are no error of ours', async () => {
		for (const fields of [
			{ password: '' },
			{ password: 'x'.repeat(100_000) },
			{ username: 'x'.repeat(100_000) },
			{ username: '\0', password: '\0' },
			{ username: "admin' --" },
			{ username: 'ＡＤＭＩＮ' },
		]) {
			const { status } = await new Browser(app).login({ password: 'wrong', ...fields }, fromSomewhere());
			expect([400, 401], JSON.stringify(fields).slice(0, 60)).toContain(status);
		}
	});

	test('after a login one stays on this site', async () => {
		for (const next of [
			'//evil.example',
			'https://evil.example',
			'/\\evil.example',
			'/%09/evil.example',
			'javascript:1',
		]) {
			const browser = new Browser(app);
			const { adminUser: username, adminPass: password } = app;
			const path = `/login?next=${encodeURIComponent(next)}`;
			const answer = await browser.form(path, { username, password }, fromSomewhere());
			const location = answer.headers.get('location') ?? '';
			expect(new URL(location, app.url).origin, `${next} → ${location}`).toBe(app.url);
		}
	});
});
