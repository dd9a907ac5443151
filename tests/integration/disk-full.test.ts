// The disk of the database is full: it runs on, and refuses to write. Refused here by triggers, in PostgreSQL's own
// words; what is shown for it, and that it is over by itself.
import { SQL } from 'bun';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { virtualClock } from '../../src/lib/server/clock';
import { Browser } from '../security/browser';
import { startInProcess, type InProcess } from '../setup/in-process';

const ASKED_AGAIN_MS = 10_000;
const NO_SPACE = 'could not extend file "base/5/16384": No space left on device';
const TOLD = 'The disk of the database is full';
const FULL = { code: '53100', says: NO_SPACE };

const clock = virtualClock(Date.UTC(2026, 10, 20, 12));
let app: InProcess;
let database: SQL;
let browser: Browser;
beforeAll(async () => {
	app = await startInProcess({ clock, random: () => 0.5 });
	database = new SQL(app.database.url, { max: 1 });
	browser = new Browser(app);
	await browser.login();
});
afterAll(async () => {
	await database.close({ timeout: 1 });
	await app.stop();
});
beforeEach(async () => {
	await makeRoom();
	await clock.advance(ASKED_AGAIN_MS);
	expect(await health()).toMatchObject({ httpStatus: 200, status: 'ok' });
	expect((await act('resume')).status).toBe(200);
});

/** Every write into these tables is refused. */
async function fill(tables: string[], { code, says }: { code: string; says: string }): Promise<void> {
	await database.unsafe(`create or replace function refuse() returns trigger language plpgsql as
		$$ begin raise exception '${says}' using errcode = '${code}'; end $$`);
	for (const table of tables)
		await database.unsafe(
			`create trigger refused before insert or update or delete on ${table} for each statement execute function refuse()`,
		);
}
const makeRoom = async (): Promise<void> => {
	await database.unsafe('drop function if exists refuse() cascade');
};

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
	fetch(`${app.url}${path}`, { ...init, headers: { 'x-api-key': app.apiKey } });
async function health(): Promise<Record<string, unknown>> {
	const response = await ask('/health');
	return { httpStatus: response.status, ...((await response.json()) as object) };
}
const act = (word: 'pause' | 'resume'): Promise<Response> => ask(`/api/v1/queue/${word}`, { method: 'POST' });
const says = async (path: string, text: string): Promise<boolean> =>
	(await (await browser.get(path)).text()).includes(text);

test('a refused act makes health and every page say so, until there is room again', async () => {
	await fill(['events'], FULL);
	expect(await health()).toMatchObject({ status: 'ok' });
	const refused = await act('pause');
	expect(refused.status).toBe(503);
	expect(await refused.json()).toMatchObject({ error: { code: 'disk_full' } });

	const told = { status: 'degraded', code: 'disk_full', message: expect.stringContaining(TOLD) as string };
	// a container is not to be started anew for it: that makes no room
	expect(await health()).toMatchObject({ httpStatus: 200, status: 'degraded', parts: { database: told } });
	const anonymous = await fetch(`${app.url}/health`);
	expect([anonymous.status, await anonymous.json()]).toEqual([200, { status: 'degraded' }]);
	expect(await says('/wanted', `${TOLD}: nothing can be stored. Make room on it`)).toBe(true);

	await clock.advance(ASKED_AGAIN_MS);
	expect(await health()).toMatchObject({ status: 'degraded', parts: { database: told } });
	await makeRoom();
	await clock.advance(ASKED_AGAIN_MS);
	expect(await says('/wanted', TOLD)).toBe(false);
	expect(await health()).toMatchObject({ httpStatus: 200, status: 'ok' });
	expect(await says('/activity?tab=events', 'The database can store again.')).toBe(true);
	expect((await act('pause')).status).toBe(200);
});

test('what a job could not store counts too', async () => {
	await fill(['hourly_aggregates', 'schedule_runs', 'events'], FULL);
	await clock.advance(24 * 3_600_000);
	expect(await health()).toMatchObject({ status: 'degraded', parts: { database: { code: 'disk_full' } } });
});

test.each([
	['a quota', { code: 'XX000', says: 'could not write to file: Disk quota exceeded' }, 'disk_full'],
	['a broken disk', { code: '58030', says: 'could not read blocks: Input/output error' }, 'disk_failing'],
])('%s is told as what it is', async (_, refusal, code) => {
	await fill(['events'], refusal);
	const refused = await act('pause');
	expect(refused.status).toBe(503);
	expect(await refused.json()).toMatchObject({ error: { code } });
	expect(await health()).toMatchObject({ status: 'degraded', parts: { database: { code } } });
});

test('another refusal is none of the disk', async () => {
	await fill(['events'], { code: 'P0001', says: 'no' });
	expect((await act('pause')).status).toBe(500);
	expect(await health()).toMatchObject({ status: 'ok' });
});
