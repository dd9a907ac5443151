/** The HTTP core against servers that misbehave: what it sends, and what it says of each answer. */
import { describe, expect, it } from 'vitest';
import { HttpCore } from './http';
import type { Call } from './http';
import { httpAnswer, optionsFor, rawServer } from './testing';
import { failure, say, serve } from './testing-http';
import type { Act } from './testing-http';

const post: Call = { method: 'POST', body: {} };

describe('a request', () => {
	it('joins base and path with one slash and sends the key in its header only', async () => {
		const { http, served } = await serve(say(200, { ok: true }), {}, '/sonarr/');
		expect(await http.json('api/v3/tag?x=1')).toEqual({ ok: true });
		const [request = ''] = served.requests;
		expect(request).toContain('GET /sonarr/api/v3/tag?x=1 HTTP/1.1\r\n');
		expect(request.toLowerCase()).toContain('x-api-key: secret-key\r\n');
		expect(request).toContain(`Host: 127.0.0.1:${served.port}\r\n`);
		expect(request).toContain('Accept-Encoding: gzip\r\n');
		expect(request).toContain('Accept: application/json, */*\r\n');
		expect(request).toContain('User-Agent: Comradarr/0.1.0\r\n');
		expect(request.match(/secret-key/g)).toHaveLength(1);
	});

	it('goes past a proxy of the environment, which would be handed the key', async () => {
		const proxy = await rawServer((socket) => void socket.write(httpAnswer(200, { by: 'proxy' })));
		const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]);
		for (const name of names) process.env[name] = proxy.url;
		try {
			const { http, served } = await serve(say(200, { by: 'application' }));
			expect(await http.json('api/v3/tag')).toEqual({ by: 'application' });
			const secure = new HttpCore(optionsFor(served.url.replace('http:', 'https:'), { once: true }));
			await failure(secure.ask('api/v3/tag'));
			expect(proxy.connections()).toBe(0);
		} finally {
			for (const name of names) Reflect.deleteProperty(process.env, name);
			await proxy.close();
		}
	});

	it('goes to the address that was checked, with the name in Host', async () => {
		const { served } = await serve(say(200, {}));
		const asked: string[] = [];
		const resolve = async (host: string): Promise<string[]> => {
			asked.push(host);
			return ['127.0.0.1'];
		};
		const http = new HttpCore(optionsFor(`http://arr.example:${served.port}`, { resolve }));
		await http.json('a');
		await http.json('b');
		expect(asked).toEqual(['arr.example']);
		expect(served.requests[0]).toContain(`Host: arr.example:${served.port}\r\n`);
	});

	it('tries the next address if nothing listens at the first', async () => {
		const { served } = await serve(say(200, {}));
		const resolve = async (): Promise<string[]> => ['127.0.0.2', '127.0.0.1'];
		const http = new HttpCore(optionsFor(`http://arr.example:${served.port}`, { resolve }));
		await http.ask('api', post);
		expect(served.requests).toHaveLength(1);
	});

	it('keeps a byte order mark out of the JSON', async () => {
		const { http } = await serve(say(200, '\uFEFF{"a": 1}'));
		expect(await http.json('a')).toEqual({ a: 1 });
	});
});

describe('what an answer means', () => {
	const own = { 'x-application-version': '4.0' };
	const stranger = { 'x-application-version': '' };
	const html = { 'content-type': 'text/html', ...stranger };
	const cases: [string, Act, string, string][] = [
		['a page', say(200, '<html>hello</html>', html), 'not_json', 'hold_connector'],
		["the application's own page", say(200, '<title>Sonarr</title>', html), 'wrong_base', 'ask_user'],
		['a login page', say(200, '<input type="password">', html), 'proxy_login', 'ask_user'],
		[
			'its own login page',
			say(302, '', { location: '/login?returnUrl=%2F', ...stranger }),
			'wrong_base',
			'ask_user',
		],
		[
			'a login elsewhere',
			say(302, '', { location: 'https://auth.example/?rd=x', ...stranger }),
			'proxy_login',
			'ask_user',
		],
		[
			'a login beside it',
			say(302, '', { location: '/oauth2/start', ...stranger }),
			'proxy_login',
			'ask_user',
		],
		['a wrong key', say(401, '', { 'content-type': '', ...stranger }), 'unauthorized', 'ask_user'],
		[
			'a wrong base as 401',
			say(401, '', { location: '/login?returnUrl=x', ...stranger }),
			'wrong_base',
			'ask_user',
		],
		[
			"a proxy's 401",
			say(401, '<html>', { 'www-authenticate': 'Basic', ...stranger }),
			'proxy_login',
			'ask_user',
		],
		['403', say(403, 'no', html), 'proxy_login', 'ask_user'],
		['its own 404', say(404, '', { 'content-type': '', ...own }), 'not_found', 'give_up_item'],
		['its own 404 by message', say(404, { message: 'NotFound' }, stranger), 'not_found', 'give_up_item'],
		["a proxy's 404", say(404, '<html>nginx</html>', html), 'not_application', 'hold_connector'],
		['400', say(400, [{ propertyName: 'x' }], stranger), 'bad_request', 'give_up_item'],
		[
			'http at an https port',
			say(400, 'The plain HTTP request was sent to HTTPS port', html),
			'tls',
			'ask_user',
		],
		['429', say(429, 'slow', html), 'rate_limited', 'retry_later'],
		[
			'starting',
			say(503, { errorMessage: 'Sonarr is starting up, please try again later' }),
			'starting',
			'retry_later',
		],
		['500', say(500, { message: 'NullReference', description: '/home/x' }), 'server_error', 'retry_later'],
		[
			'a locked database',
			say(500, { message: 'database is locked\r\ndatabase is locked' }),
			'database_locked',
			'retry_later',
		],
		['502', say(502, '<html>', html), 'server_error', 'retry_later'],
		['broken JSON', say(200, '{"a":'), 'bad_json', 'hold_connector'],
		['no HTTP', (socket) => void socket.end('SSH-2.0-OpenSSH\r\n\r\n'), 'not_application', 'hold_connector'],
		['a closed connection', (socket) => void socket.destroy(), 'reset', 'retry_later'],
		[
			'half an answer',
			(socket) => void socket.end(httpAnswer(200, '[1', { 'content-length': '99' })),
			'cut_off',
			'retry_later',
		],
	];
	it.each(cases)('%s', async (_, act, code, decision) => {
		const { http } = await serve(act);
		const error = await failure(http.json('api/v3/tag'));
		expect(error).toMatchObject({ code, decision });
		expect(error.message + error.hint).not.toMatch(/secret-key|home|NullReference/);
	});

	it('names the base that a redirect adds', async () => {
		const { http, served } = await serve(say(307, '', { location: '/sonarr/api/v3/tag?x=1' }));
		const error = await failure(http.json('api/v3/tag?x=1'));
		expect(error).toMatchObject({ code: 'wrong_base', suggestedUrl: `${served.url}/sonarr` });
		expect(error.hint).toContain('/sonarr');
		expect(served.requests).toHaveLength(1);
	});

	it('names the address that a redirect to https leads to, and does not go there', async () => {
		const { http, served } = await serve(
			(socket) => {
				socket.write(httpAnswer(301, '', { location: 'https://127.0.0.1/sonarr/api' }));
			},
			{},
			'/sonarr',
		);
		expect(await failure(http.json('api'))).toMatchObject({
			code: 'redirected',
			suggestedUrl: 'https://127.0.0.1/sonarr',
		});
		expect(served.requests).toHaveLength(1);
	});

	it('refuses a small answer that is not small', async () => {
		const { http } = await serve((socket) => {
			socket.write(httpAnswer(200, `"${'x'.repeat(33 * 1024 * 1024)}"`));
		});
		expect(await failure(http.json('a'))).toMatchObject({ code: 'record_too_large' });
	});
});

describe('when nobody answers', () => {
	it.each([
		['http://127.0.0.1:1', {}, 'refused'],
		['http://nosuch.invalid', {}, 'dns'],
		['http://metadata.example', { resolve: async () => ['169.254.169.254'] }, 'address_forbidden'],
		['http://169.254.169.254', {}, 'address_forbidden'],
	])('%s', async (url, more, code) => {
		const http = new HttpCore(optionsFor(url, { ...more, once: true }));
		expect(await failure(http.ask('api', post))).toMatchObject({ code, sent: 'no' });
		expect(http.requestCount).toBeLessThan(2);
	});

	it('waits for the first byte no longer than told, and does not ask twice', async () => {
		const { http, served } = await serve(() => undefined, { timeoutMs: 80 });
		expect(await failure(http.json('a'))).toMatchObject({ code: 'timeout', sent: 'unknown' });
		expect(served.requests).toHaveLength(1);
	});

	it('gives a list more time', async () => {
		const { http } = await serve((socket) => void setTimeout(() => socket.write(httpAnswer(200, [])), 200), {
			timeoutMs: 80,
		});
		const body = await http.stream('a', { lane: 'list' });
		expect(await body.text(100)).toBe('[]');
	});

	it('gives up where no byte comes any more, but not while bytes come', async () => {
		const { http } = await serve(
			(socket) => {
				socket.write(httpAnswer(200, '[1', { 'content-length': '12' }));
				setTimeout(() => socket.write(',2'), 90);
				setTimeout(() => socket.write(',3'), 180);
			},
			{ timeoutMs: 150 },
		);
		const begin = performance.now();
		expect(await failure(http.json('a'))).toMatchObject({ code: 'timeout' });
		expect(performance.now() - begin).toBeGreaterThan(300);
	});

	it('stops when the caller does', async () => {
		const { http } = await serve(() => undefined);
		const caller = new AbortController();
		setTimeout(() => caller.abort(), 30);
		expect(await failure(http.json('a', { signal: caller.signal }))).toMatchObject({ code: 'cancelled' });
		expect(await failure(http.ask('a', { ...post, signal: caller.signal }))).toMatchObject({ sent: 'no' });
	});
});
