// The process itself: start, refusals in one sentence, stop, and recovery after a kill.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { explainWriteFailure } from '../../server/start-error';
import { isAlive, newBench, type Bench, type Started } from './process';

let bench: Bench;
beforeEach(() => {
	bench = newBench();
});
afterEach(() => bench.clear());

/** The process id of the embedded server. */
function databasePid(): number {
	return Number(readFileSync(join(bench.dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
}

async function expectRefusal(started: Started, sentence: RegExp): Promise<void> {
	expect(await started.exited).toBe(1);
	expect(started.output.stderr).toMatch(sentence);
	expect(started.output.stderr.trim().split('\n')).toHaveLength(1);
}

describe('stopping', () => {
	test('a signal ends requests under way, streams, work, pools and the database, in this order', async () => {
		const started = await bench.start();
		await started.ready();
		const pid = databasePid();
		const stream = await fetch(`${started.url}/stream`);
		const slow = fetch(`${started.url}/slow`);
		await Bun.sleep(100);
		started.signal('SIGTERM');
		await Bun.sleep(50);
		expect((await fetch(`${started.url}/health`)).status).toBe(503);
		expect(await (await slow).text()).toBe('done');
		expect(await stream.text()).toBe(': hello\n\n');
		expect(await started.exited).toBe(0);
		const steps = [...started.output.stdout.matchAll(/fixture: (\w+)/g)].map((match) => match[1]);
		expect(steps).toEqual(['scheduler', 'work', 'database']);
		expect(isAlive(pid)).toBe(false);
	});

	test('a signal during the start leaves nothing behind', async () => {
		const started = await bench.start({ FIXTURE_START_MS: '1500' });
		while (!existsSync(join(bench.dataDir, 'postgres/postmaster.pid'))) await Bun.sleep(20);
		const pid = databasePid();
		started.signal('SIGTERM');
		expect(await started.exited).toBe(0);
		expect(isAlive(pid)).toBe(false);
	});
});

describe('starting', () => {
	test('the port answers "starting" before the app is there', async () => {
		const started = await bench.start({ FIXTURE_START_MS: '600' });
		let response: Response | undefined;
		while (response === undefined) response = await fetch(`${started.url}/anything`).catch(() => undefined);
		expect(response.status).toBe(503);
		expect(await response.json()).toEqual({ status: 'starting' });
		expect((await fetch(`${started.url}/health/live`)).status).toBe(200);
		await started.ready();
	});

	test('after a kill the database lives on, is taken over, and nothing is lost', async () => {
		const first = await bench.start();
		await first.ready();
		await fetch(`${first.url}/write`);
		const pid = databasePid();
		first.signal('SIGKILL');
		await first.exited;
		expect(isAlive(pid)).toBe(true);
		const second = await bench.start();
		await second.ready();
		expect(await (await fetch(`${second.url}/count`)).json()).toEqual([{ rows: 1 }]);
		expect(databasePid()).not.toBe(pid);
	});

	test('an external database needs no database of its own', async () => {
		const started = await bench.start({
			DATABASE_URL: inject('pgUrl').replace('/postgres?', `/${inject('pgTemplate')}?`),
		});
		await started.ready();
		expect(existsSync(join(bench.dataDir, 'postgres'))).toBe(false);
	});
});

describe('refusing', () => {
	test('a second instance, by data directory and by port; the first is not disturbed', async () => {
		const first = await bench.start();
		await first.ready();
		await expectRefusal(await bench.start(), /already running with the data directory .* \(process \d+\)/);
		const elsewhere = join(bench.dataDir, 'other');
		const port = new URL(first.url).port;
		await expectRefusal(await bench.start({ DATA_DIR: elsewhere, PORT: port }), /Port \d+ is already in use/);
		expect((await fetch(`${first.url}/health`)).status).toBe(200);
	});

	test('a mistake in the configuration, without showing a secret', async () => {
		const started = await bench.start({ LOG_LEVEL: 'loud', SECRET_KEY: 'planted-secret-key-value' });
		await expectRefusal(started, /^Comradarr cannot start: LOG_LEVEL must be one of/);
		expect(started.output.stdout + started.output.stderr).not.toContain('planted');
	});

	test('the database of another PostgreSQL version', async () => {
		mkdirSync(join(bench.dataDir, 'postgres'));
		writeFileSync(join(bench.dataDir, 'postgres/PG_VERSION'), '15\n');
		await expectRefusal(await bench.start(), /made by PostgreSQL 15, but this version brings PostgreSQL 18/);
	});

	test('a data directory that cannot be one', async () => {
		const file = join(bench.dataDir, 'file');
		writeFileSync(file, '');
		await expectRefusal(
			await bench.start({ DATA_DIR: join(file, 'data') }),
			/DATA_DIR \(.*\) cannot be written/,
		);
	});

	test('an external database without a place for the key', async () => {
		const file = join(bench.dataDir, 'file');
		writeFileSync(file, '');
		const env = { DATA_DIR: join(file, 'data'), DATABASE_URL: 'postgres://u:planted-pw@127.0.0.1:1/x' };
		const started = await bench.start(env);
		await expectRefusal(
			started,
			/SECRET_KEY is not set, and no key can be kept beside the external database/,
		);
		expect(started.output.stderr).not.toContain('planted');
	});

	test('an app that does not start; the database stops again', async () => {
		const started = await bench.start({ FIXTURE_FAILS: '1' });
		expect(await started.exited).toBe(1);
		expect(started.output.stderr).toMatch(
			/^Comradarr cannot start: an unexpected error: the app does not start/,
		);
		expect(existsSync(join(bench.dataDir, 'postgres/postmaster.pid'))).toBe(false);
	});

	test('a full disk is named as one', () => {
		const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
		expect(String(explainWriteFailure(full, '/data'))).toMatch(
			/disk that holds the data directory \/data is full/,
		);
		expect(String(explainWriteFailure(new Error('initdb: No space left on device'), '/data'))).toMatch(
			/is full/,
		);
	});
});

describe('behind a proxy', () => {
	test('BASE_URL is stripped, kept in redirects, and nothing outside it exists', async () => {
		const started = await bench.start({ BASE_URL: '/comradarr' });
		await started.ready();
		const get = (path: string): Promise<Response> => fetch(`${started.url}${path}`, { redirect: 'manual' });
		expect(await (await get('/comradarr/echo?x=1')).json()).toMatchObject({
			url: expect.stringMatching(/\/echo\?x=1$/) as string,
		});
		expect((await get('/comradarr')).headers.get('location')).toBe('/comradarr/');
		expect((await get('/comradarr/echo/')).headers.get('location')).toBe('/comradarr/echo');
		expect((await get('/comradarr//evil.example/')).headers.get('location')).toBe('/comradarr/evil.example');
		expect((await get('/echo')).status).toBe(404);
		expect((await get('/comradarrx')).status).toBe(404);
		expect((await get('/health')).status).toBe(200);
	});

	test('private headers are ours alone; a trusted proxy is believed', async () => {
		const started = await bench.start({ TRUSTED_PROXIES: '127.0.0.0/8' });
		await started.ready();
		const headers = {
			'x-comradarr-peer': '10.0.0.1',
			'x-forwarded-for': '9.9.9.9',
			'x-forwarded-proto': 'https',
		};
		const answer = (await (await fetch(`${started.url}/echo`, { headers })).json()) as {
			headers: Record<string, string>;
		};
		expect(answer.headers).toMatchObject({
			'x-comradarr-peer': '127.0.0.1',
			'x-comradarr-client': '9.9.9.9',
			'x-comradarr-proto': 'https',
		});
	});
});
