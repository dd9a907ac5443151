// Every bad answer the fake can give: what the client says of it, and that a damaged list never passes for a whole one.
import { describe, expect, it } from 'vitest';
import { testConnection, type ArrErrorCode } from '../../../src/lib/server/connectors';
import type { FaultKind } from '../../fakes/arr/control';
import { clientFor, create, failureOf, readAll, settingsFor, useFakes } from './support';

useFakes();

describe('reading a list', () => {
	const faults: [FaultKind, ArrErrorCode][] = [
		['html', 'not_json'],
		['401', 'unauthorized'],
		['404', 'not_application'],
		['proxy404', 'not_application'],
		['proxy404json', 'not_application'],
		['429', 'rate_limited'],
		['500', 'server_error'],
		['502', 'server_error'],
		['504', 'server_error'],
		['503starting', 'starting'],
		['databaseLocked', 'database_locked'],
		['loginPage', 'proxy_login'],
		['redirect', 'proxy_login'],
		['reset', 'reset'],
		['cutBody', 'cut_off'],
		['resetAfterHeaders', 'cut_off'],
	];
	it.each(faults)('%s', async (kind, code) => {
		const fake = await create({ kind: 'sonarr4' });
		await fake.fault({ kind, match: { path: '/series' } });
		const list = clientFor(fake).listSeries();
		const error = await failureOf(readAll(list));
		expect(error).toMatchObject({ code });
		expect(String(error)).not.toContain(fake.apiKey);
		expect(list.summary().whole).toBe(false);
	});

	it('recovers from what passes', async () => {
		const fake = await create({ kind: 'radarr6' });
		for (const kind of ['500', 'reset', 'cutBody', '502', 'databaseLocked', '429'] as const) {
			await fake.fault({ kind, times: 2, match: { path: '/movie' } });
			expect((await readAll(clientFor(fake).listMovies())).summary).toMatchObject({ whole: true });
			await fake.clearFaults();
		}
	});

	it('counts a bad record as present', async () => {
		const fake = await create({ kind: 'sonarr4' });
		await fake.fault({ kind: 'badRecord', match: { path: '/series' }, ids: [2] });
		const { bad, records, summary } = await readAll(clientFor(fake).listSeries());
		expect({ bad, summary }).toMatchObject({
			bad: [2],
			summary: { whole: true, unreadable: 1, count: records.length + 1 },
		});
	});

	it('is not whole with a record that has no id', async () => {
		const fake = await create({ kind: 'radarr6' });
		await fake.fault({ kind: 'badId', match: { path: '/movie' } });
		expect((await readAll(clientFor(fake).listMovies())).summary).toMatchObject({
			whole: false,
			unreadable: 1,
		});
	});

	it('gives up on a list without end', async () => {
		const fake = await create({ kind: 'sonarr4' });
		await fake.fault({ kind: 'endless', match: { path: '/series' } });
		const client = clientFor(fake, { listLimitBytes: 20_000_000 });
		expect(await failureOf(readAll(client.listSeries()))).toMatchObject({ code: 'list_too_large' });
	});
});

describe('gone or not', () => {
	it.each(['404', 'proxy404', 'proxy404json', 'html'] as const)(
		'%s says nothing about an item',
		async (kind) => {
			const fake = await create({ kind: 'sonarr5' });
			const client = clientFor(fake);
			expect(await client.getSeries(987_654)).toEqual({ found: false });
			await fake.fault({ kind });
			expect(await failureOf(client.getSeries(1))).toMatchObject({ decision: 'hold_connector' });
			expect(await failureOf(client.command(1))).toMatchObject({ decision: 'hold_connector' });
		},
	);
});

describe('test connection', () => {
	it.each(['sonarr3', 'sonarr4', 'sonarr5', 'radarr3', 'radarr6', 'whisparr2', 'whisparr3'] as const)(
		'%s',
		async (kind) => {
			const fake = await create({ kind });
			const result = await testConnection(settingsFor(fake));
			expect(result).toMatchObject({ ok: true, shape: /sonarr|r2$/.test(kind) ? 'series' : 'movies' });
		},
	);

	it('tells a wrong key', async () => {
		for (const kind of ['sonarr4', 'radarr6', 'whisparr3'] as const) {
			for (const urlBase of ['', '/arr']) {
				const fake = await create({ kind, urlBase });
				const { problem } = await testConnection(settingsFor(fake, { apiKey: 'wrong' }));
				expect(problem?.code).toBe('unauthorized');
			}
		}
	});

	it.each(['net8', 'net10'] as const)('names the right base (%s)', async (runtime) => {
		for (const auth of ['forms', 'none', 'external'] as const) {
			const fake = await create({ kind: 'radarr6', urlBase: '/radarr', runtime, auth });
			const origin = new URL(fake.url).origin;
			for (const wrong of ['', '/sonarr', '/radarr/radarr']) {
				const { problem } = await testConnection(settingsFor(fake, { url: `${origin}${wrong}` }));
				expect(problem, `${auth} ${wrong}`).toMatchObject({
					code: 'wrong_base',
					suggestedUrl: `${origin}/radarr`,
				});
			}
			const plain = await create({ kind: 'radarr6', runtime, auth });
			const { problem } = await testConnection(settingsFor(plain, { url: `${plain.url}/radarr` }));
			expect(problem, auth).toMatchObject({ code: 'wrong_base', suggestedUrl: new URL(plain.url).origin });
		}
	});

	it('names the application that answers instead', async () => {
		const radarr = await create({ kind: 'radarr6' });
		const result = await testConnection(settingsFor(radarr, { kind: 'sonarr' }));
		expect(result).toMatchObject({ application: 'Radarr', problem: { code: 'wrong_application' } });
		const sonarr = await create({ kind: 'sonarr4' });
		await sonarr.fault({ kind: 'wrongApp' });
		expect((await testConnection(settingsFor(sonarr))).problem?.message).toContain('Lidarr');
	});

	it.each([
		['html', 'not_json'],
		['loginPage', 'proxy_login'],
		['503starting', 'starting'],
		['500', 'server_error'],
		['502', 'server_error'],
		['404', 'not_application'],
		['reset', 'reset'],
		['429', 'rate_limited'],
	] as const)('%s', async (kind, code) => {
		const fake = await create({ kind: 'sonarr4' });
		await fake.fault({ kind });
		expect((await testConnection(settingsFor(fake))).problem?.code).toBe(code);
	});

	it('tells a silent application from one that is not there', async () => {
		const fake = await create({ kind: 'sonarr4' });
		await fake.fault({ kind: 'delay', delayMs: 2000 });
		expect((await testConnection(settingsFor(fake, { timeoutMs: 100 }))).problem?.code).toBe('timeout');
		await fake.stop();
		expect((await testConnection(settingsFor(fake))).problem?.code).toBe('refused');
	});
});
