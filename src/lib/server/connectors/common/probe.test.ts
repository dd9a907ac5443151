/** Test connection: every way in which an address can be wrong is told apart, with a hint that helps. */
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectorKind } from '$lib/domain/words';
import { testConnection } from './probe';
import type { ProbeResult } from './probe';
import { httpAnswer, optionsFor, rawServer } from './testing';
import type { RawServer } from './testing';

let server: RawServer | undefined;
afterEach(async () => {
	await server?.close();
	server = undefined;
});

type Pages = Record<string, string>;
const status = (appName: string, version: string, more: object = {}): string =>
	httpAnswer(
		200,
		{ appName, version, startTime: '2026-11-21T08:00:00Z', ...more },
		{ date: 'Sat, 21 Nov 2026 10:00:00 GMT' },
	);
const noKey = httpAnswer(401, '', { 'content-type': '', 'x-application-version': '' });
const loginPage = httpAnswer(302, '', { location: '/login?returnUrl=%2F', 'x-application-version': '' });
const ok = httpAnswer(200, { status: 'OK' }, { 'x-application-version': '' });
const ownNotFound = httpAnswer(404, '', { 'content-type': '' });

/** Answers by path; `*` is anything else. */
async function probe(pages: Pages, base = '', kind: ConnectorKind = 'sonarr'): Promise<ProbeResult> {
	server = await rawServer((socket, request) => {
		const path = request.split(' ')[1]?.split('?')[0] ?? '';
		socket.write(pages[path] ?? pages['*'] ?? ownNotFound);
	});
	return testConnection({ ...optionsFor(`${server.url}${base}`), kind });
}
const STATUS = '/api/v3/system/status';

describe('testConnection', () => {
	it('tells what answered', async () => {
		const result = await probe({ [STATUS]: status('Sonarr', '4.0.19.2979', { authentication: 'none' }) });
		expect(result).toMatchObject({
			ok: true,
			application: 'Sonarr',
			version: '4.0.19.2979',
			kind: 'sonarr',
			shape: 'series',
		});
		expect(result.instance?.now).toEqual(new Date('2026-11-21T10:00:00Z'));
		expect(result.instance?.notices.map(({ code }) => code)).toEqual(['no_authentication']);
	});

	it('finds the shape of a Whisparr by its version, or by asking', async () => {
		const asked = '/api/v3/history/movie';
		const cases: [string, Pages, string][] = [
			['2.0.0.548', {}, 'series'],
			['3.2.1.5', {}, 'movies'],
			['10.0.0.1', { [asked]: httpAnswer(200, []) }, 'movies'],
			['10.0.0.1', { [asked]: ownNotFound }, 'series'],
		];
		for (const [version, pages, shape] of cases) {
			const result = await probe({ [STATUS]: status('Whisparr', version), ...pages }, '', 'whisparr');
			expect(result).toMatchObject({ ok: true, shape });
			await server?.close();
		}
	});

	it('names another application of the three', async () => {
		const result = await probe({ [STATUS]: status('Radarr', '6.1.0.1') });
		expect(result).toMatchObject({ ok: false, application: 'Radarr', version: '6.1.0.1' });
		expect(result.problem).toMatchObject({
			code: 'wrong_application',
			message: 'Radarr answers at this address, not Sonarr.',
		});
	});

	it.each(['Prowlarr', 'Lidarr', 'Readarr'])('names %s, which has another API', async (name) => {
		const result = await probe({ '/api/v1/system/status': status(name, '1.2.3.4') });
		expect(result).toMatchObject({ application: name, problem: { code: 'wrong_application' } });
		expect(result.problem?.message).toContain(name);
	});

	it('says that a version is too old', async () => {
		const result = await probe({ '/api/system/status': httpAnswer(200, { version: '2.0.0.5344' }) });
		expect(result.problem?.code).toBe('unsupported');
		const whisparr = await probe({ [STATUS]: status('Whisparr', '1.0.0.0') }, '', 'whisparr');
		expect(whisparr.problem?.code).toBe('unsupported');
	});

	it('tells a wrong key from a wrong base by /ping', async () => {
		expect((await probe({ '*': noKey, '/ping': ok })).problem?.code).toBe('unauthorized');
		await server?.close();
		const wrong = await probe({ '*': noKey, '/ping': ok }, '/wrong');
		expect(wrong.problem).toMatchObject({ code: 'wrong_base', suggestedUrl: server?.url });
	});

	it('takes a 401 for the key where there is no /ping', async () => {
		expect(
			(await probe({ '*': noKey, '/ping': httpAnswer(404, 'no', { 'content-type': 'text/html' }) })).problem
				?.code,
		).toBe('unauthorized');
	});

	it('names the right base', async () => {
		const missing = await probe({ [STATUS]: httpAnswer(307, '', { location: `/sonarr${STATUS}` }) });
		expect(missing.problem).toMatchObject({
			code: 'wrong_base',
			suggestedUrl: `${server?.url ?? ''}/sonarr`,
		});
		await server?.close();
		const other = await probe(
			{ '*': loginPage, '/ping': httpAnswer(307, '', { location: '/sonarr/ping' }) },
			'/tv',
		);
		expect(other.problem).toMatchObject({ code: 'wrong_base', suggestedUrl: `${server?.url ?? ''}/sonarr` });
		await server?.close();
		const keyed = await probe({ '*': noKey, '/ping': httpAnswer(307, '', { location: '/sonarr/ping' }) });
		expect(keyed.problem).toMatchObject({ code: 'wrong_base', suggestedUrl: `${server?.url ?? ''}/sonarr` });
		await server?.close();
		const none = await probe({ '*': loginPage, '/ping': ok }, '/tv');
		expect(none.problem).toMatchObject({ code: 'wrong_base', suggestedUrl: server?.url });
	});

	it('finds more than the base in the address, such as a copied /api/v3', async () => {
		for (const path of ['/api', '/api/v3']) {
			const rooted = await probe({ '/ping': ok }, path);
			expect(rooted.problem).toMatchObject({ code: 'wrong_base', suggestedUrl: server?.url });
			await server?.close();
			const based = await probe(
				{ '/ping': httpAnswer(307, '', { location: '/sonarr/ping' }) },
				`/sonarr${path}`,
			);
			expect(based.problem).toMatchObject({
				code: 'wrong_base',
				suggestedUrl: `${server?.url ?? ''}/sonarr`,
			});
			await server?.close();
		}
		expect((await probe({}, '/api')).problem?.code).toBe('not_found');
	});

	it("tells a proxy's login, a page, a foreign 404 and a start apart", async () => {
		const page = { 'content-type': 'text/html', 'x-application-version': '' };
		const cases: [string, string][] = [
			[httpAnswer(302, '', { location: 'https://auth.example/login' }), 'proxy_login'],
			[httpAnswer(403, 'no', page), 'proxy_login'],
			[httpAnswer(200, '<html>router</html>', page), 'not_json'],
			[httpAnswer(404, '<html>nginx</html>', page), 'not_application'],
			[httpAnswer(503, { errorMessage: 'Sonarr is starting up, please try again later' }), 'starting'],
			[httpAnswer(500, { message: 'no' }), 'server_error'],
			[httpAnswer(200, { nothing: 'known' }), 'bad_record'],
		];
		for (const [answer, code] of cases) {
			expect((await probe({ '*': answer })).problem?.code).toBe(code);
			await server?.close();
		}
	});

	it('tells address, name, port and protocol apart', async () => {
		const kind = 'sonarr';
		const problem = async (url: string) => (await testConnection({ ...optionsFor(url), kind })).problem;
		expect((await problem('sonarr'))?.code).toBe('address_invalid');
		expect((await problem('http://nosuch.invalid'))?.code).toBe('dns');
		expect((await problem('http://169.254.169.254'))?.code).toBe('address_forbidden');
		const refused = await problem('http://localhost:1');
		expect(refused?.code).toBe('refused');
		expect(refused?.hint).toContain('In a container, "localhost" is the container itself');
		server = await rawServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
		const tls = await problem(server.url.replace('http', 'https'));
		expect(tls).toMatchObject({
			code: 'tls',
			hint: expect.stringContaining('http instead of https') as string,
		});
	});

	it('asks nothing twice and writes nothing', async () => {
		await probe({ '*': httpAnswer(500, {}) });
		expect(server?.requests).toHaveLength(1);
		expect(server?.requests.every((request) => request.startsWith('GET '))).toBe(true);
	});
});
