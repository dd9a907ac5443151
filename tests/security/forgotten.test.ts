// A forgotten password: who may set the environment gets back in, and whoever was in before is out.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../setup/app';
import { createTestDatabase, type TestDatabase } from '../setup/database';
import { Browser } from './browser';

let database: TestDatabase;
let app: TestApp;
beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(async () => {
	await app.halt();
	await database.drop();
});

const isIn = async (browser: Browser): Promise<boolean> => (await browser.get('/wanted')).status === 200;
async function start(env: Record<string, string>): Promise<Browser> {
	app = await startApp({ database, env });
	return new Browser(app);
}
async function restart(env: Record<string, string>): Promise<Browser> {
	await app.halt();
	return start(env);
}

const NEW = { ADMIN_PASS: 'the new one', RESET_ADMIN: 'true' };

test('another ADMIN_PASS alone changes nothing; with RESET_ADMIN it is the password from then on', async () => {
	const before = await start({ ADMIN_USER: 'owner', ADMIN_PASS: 'the forgotten one' });
	await before.login({ username: 'owner', password: 'the forgotten one' });
	expect(await isIn(before)).toBe(true);

	const ignored = await restart({ ADMIN_PASS: 'the new one', ADMIN_USER: '' });
	await ignored.login({ username: 'owner', password: 'the new one' });
	expect(await isIn(ignored)).toBe(false);

	const after = await restart({ ...NEW, ADMIN_USER: '' });
	expect(app.log()).toContain('The password of \\"owner\\" was set anew');
	expect(app.log()).not.toContain('the new one');
	await after.login({ username: 'owner', password: 'the new one' });
	expect(await isIn(after)).toBe(true);
	const old = new Browser(app);
	for (const [name, value] of before.cookies) old.cookies.set(name, value);
	expect(await isIn(old)).toBe(false);
	await old.login({ username: 'owner', password: 'the forgotten one' });
	expect(await isIn(old)).toBe(false);
	expect(await told()).toEqual(['The password was set anew at the start; every session was ended.']);
});

test('left on it ends no login and brings back no password that was changed meanwhile', async () => {
	const left = await restart({ ...NEW, ADMIN_USER: '' });
	expect(app.log()).toContain('RESET_ADMIN is still set');
	await left.login({ username: 'owner', password: 'the new one' });
	const changed = await left.form('/settings/account?/password', {
		current: 'the new one',
		next: 'a third one',
	});
	expect(changed.status).toBe(200);

	const again = await restart({ ...NEW, ADMIN_USER: '' });
	await again.login({ username: 'owner', password: 'the new one' });
	expect(await isIn(again)).toBe(false);
	for (const [name, value] of left.cookies) again.cookies.set(name, value);
	expect(await isIn(again)).toBe(true);
});

test('a start without it makes it ready for the next time; a name is changed only where one is given', async () => {
	await restart({ ADMIN_PASS: '', ADMIN_USER: '' });
	const renamed = await restart({ ...NEW, ADMIN_USER: 'somebody' });
	await renamed.login({ username: 'somebody', password: 'the new one' });
	expect(await isIn(renamed)).toBe(true);
	expect(await told()).toHaveLength(3);
});

async function told(): Promise<string[]> {
	const rows: { message: string }[] = await database.sql`
		select message from events where type = 'access.password_changed' order by id`;
	return rows.map((row) => row.message);
}
