// Behind a prefix the cookies of a browser go to that prefix alone: beside it other applications answer.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../setup/app';
import { Browser } from './browser';

let app: TestApp;
beforeAll(async () => {
	app = await startApp({ env: { BASE_URL: '/comradarr' } });
});
afterAll(() => app.stop());

test('session, scope and display', async () => {
	const browser = new Browser(app);
	const { adminUser: username, adminPass: password } = app;
	const answers = [
		await browser.form('/comradarr/login', { username, password }),
		await browser.get('/comradarr/?scope=all'),
		await browser.form('/comradarr/settings/display', { density: 'compact' }),
		await browser.form('/comradarr/logout', {}),
	];
	const lines = answers.flatMap((answer) => answer.headers.getSetCookie());
	const names = new Set(lines.map((line) => line.split('=', 1)[0]));
	expect(names).toEqual(new Set(['comradarr_session', 'comradarr_scope', 'comradarr_display']));
	for (const line of lines) expect(line).toMatch(/; path=\/comradarr(;|$)/i);
});
