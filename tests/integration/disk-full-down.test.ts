// A disk so full that the embedded database cannot run: the process stays, says so, and the database starts by itself
// when there is room. PostgreSQL is kept down by a setting it refuses, in the words of a full disk.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Browser } from '../security/browser';
import { startApp, type TestApp } from '../setup/app';

const dataDir = mkdtempSync(join(tmpdir(), 'comradarr-no-room-'));
const settings = join(dataDir, 'postgres', 'postgresql.auto.conf');
const ROOM_WITHIN_MS = 20_000;

let app: TestApp;
beforeAll(async () => {
	app = await startApp({ env: { DATABASE_URL: undefined, DATA_DIR: dataDir } });
});
afterAll(async () => {
	await app.stop();
	rmSync(dataDir, { recursive: true, force: true });
});

interface Told {
	httpStatus: number;
	status: string;
	parts: { database: { status: string; message?: string } };
}
async function health(): Promise<Told> {
	const response = await fetch(`${app.url}/health`, { headers: { 'x-api-key': app.apiKey } });
	return { httpStatus: response.status, ...((await response.json()) as Omit<Told, 'httpStatus'>) };
}
async function until(is: (told: Told) => boolean): Promise<void> {
	const deadline = performance.now() + ROOM_WITHIN_MS;
	for (let told = await health(); !is(told); told = await health()) {
		if (performance.now() > deadline) throw new Error(`in vain: ${JSON.stringify(told)}`);
		await Bun.sleep(20);
	}
}

test('told in health, by REST and on the page; over by itself when there is room', async () => {
	const browser = new Browser(app);
	await browser.login();
	writeFileSync(settings, "client_min_messages = 'No space left on device'\n");
	const [pid] = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
	process.kill(Number(pid), 'SIGQUIT');

	await until(({ parts }) => parts.database.message?.includes('its disk is full') === true);
	expect(await health()).toMatchObject({ httpStatus: 503, status: 'failing' });
	const refused = await fetch(`${app.url}/api/v1/connectors`, { headers: { 'x-api-key': app.apiKey } });
	expect(refused.status).toBe(503);
	const told = 'The database cannot run: its disk is full. Nothing is lost. Make room on it';
	expect(await refused.json()).toMatchObject({
		error: { code: 'database_unavailable', message: expect.stringContaining(told) as string },
	});
	expect((await (await browser.get('/wanted')).text()).includes(told)).toBe(true);

	writeFileSync(settings, '');
	await until(({ status }) => status === 'ok');
	expect((await browser.get('/wanted')).status).toBe(200);
});
