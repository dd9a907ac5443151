// REST: whatever is sent, the answer is a clear 4xx in the usual form; never 500, and nothing is kept of it.
import { beforeAll, expect, test } from 'vitest';
import { readRoutes } from '../../security/route-table';
import { addAndSync, bed, createFake, rest, useBed, type ErrorBody } from './bed';

useBed();

let connector = 0;
beforeAll(async () => {
	connector = (await addAndSync(await createFake({ kind: 'sonarr4', library: { preset: 'tiny' } }))).id;
});

/** Operations with a body, and a good one. */
const takers = (): readonly (readonly ['POST' | 'PATCH', string, Record<string, unknown>])[] => [
	[
		'POST',
		'/connectors',
		{ kind: 'sonarr', name: 'x', url: 'http://127.0.0.1:9', apiKey: 'some-key-or-other' },
	],
	['PATCH', `/connectors/${String(connector)}`, { name: 'renamed' }],
	['POST', '/connectors/test', { kind: 'sonarr', url: 'http://127.0.0.1:9', apiKey: 'some-key-or-other' }],
	['POST', `/connectors/${String(connector)}/sync`, { mode: 'incremental' }],
	['POST', '/queue/pause', {}],
	['POST', '/queue/resume', {}],
	['POST', '/queue/clear', {}],
	['POST', '/api-keys', { name: 'x' }],
];

const codeOf = (body: Partial<ErrorBody>): string | undefined => body.error?.code;

async function send(
	method: 'POST' | 'PATCH',
	path: string,
	raw: string | Uint8Array<ArrayBuffer>,
	type = 'application/json',
) {
	const call = { raw, headers: { 'content-type': type } };
	const answer =
		method === 'POST'
			? await rest().post<ErrorBody>(path, undefined, call)
			: await rest().patch<ErrorBody>(path, undefined, call);
	return { status: answer.status, code: codeOf(answer.body) };
}

/** The rows of every table that a request could have written to. */
async function kept(): Promise<unknown> {
	return bed().app.database.sql`
		select (select count(*)::int from connectors) as connectors, (select count(*)::int from api_keys) as keys,
			(select string_agg(name, ',') from connectors) as names,
			(select count(*)::int from events where type like 'queue.%' or type = 'connector.changed') as events`;
}

test('broken, foreign and endless bodies', async () => {
	const before = await kept();
	const million = `[${'0,'.repeat(400_000)}0]`;
	const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
	for (const [method, path, good] of takers()) {
		const told = `${method} ${path}`;
		const text = JSON.stringify(Object.keys(good).length === 0 ? { x: 1 } : good);
		expect(await send(method, path, '{"broken"'), told).toEqual({ status: 400, code: 'bad_json' });
		expect(await send(method, path, 'undefined'), told).toEqual({ status: 400, code: 'bad_json' });
		expect(await send(method, path, new Uint8Array([0xff, 0xfe, 0, 1])), told).toEqual({
			status: 400,
			code: 'bad_json',
		});
		expect(await send(method, path, text, 'text/plain'), told).toEqual({
			status: 415,
			code: 'unsupported_media_type',
		});
		expect(await send(method, path, text, 'application/xml'), told).toMatchObject({ status: 415 });
		expect(await send(method, path, 'a=1', 'application/x-www-form-urlencoded'), told).toMatchObject({
			status: 415,
		});
		expect(await send(method, path, million), told).toEqual({ status: 422, code: 'too_large' });
		expect((await send(method, path, deep)).status, told).toBeGreaterThanOrEqual(400);
		expect((await send(method, path, deep)).status, told).toBeLessThan(500);
		expect(await send(method, path, `"${'x'.repeat(1_100_000)}"`), told).toEqual({
			status: 413,
			code: 'too_large',
		});
		for (const value of ['null', '5', '"text"', 'true', '[]', '[{}]'])
			expect(await send(method, path, value), `${told} ${value}`).toEqual({ status: 422, code: 'invalid' });
	}
	expect(await kept()).toEqual(before);
});

test('hostile texts in every field', async () => {
	const before = await kept();
	const texts = ['\0', 'a\0b', 'x'.repeat(50_000), "'; drop table connectors; --"];
	for (const [method, path, good] of takers()) {
		for (const field of Object.keys(good)) {
			for (const text of texts) {
				const { status } = await send(method, path, JSON.stringify({ ...good, [field]: text }));
				const harmless = text.startsWith("'") && ['name', 'apiKey'].includes(field);
				if (harmless && status < 300) continue;
				expect(status, `${path} ${field} ${text.slice(0, 20)}`).toBeGreaterThanOrEqual(200);
				expect(status, `${path} ${field} ${text.slice(0, 20)}`).toBeLessThan(500);
				if (text.includes('\0')) expect(status).toBe(422);
			}
		}
		const names = { __proto__: { admin: true }, constructor: 1, 'a\0b': 1 };
		expect((await send(method, path, JSON.stringify(names))).status).toBe(422);
		expect(
			(await send(method, path, '{"__proto__":{"enabled":false},"a":{"constructor":{}}}')).status,
		).toBeLessThan(500);
	}
	const after = (await bed().app.database.sql`select name from connectors`) as { name: string }[];
	expect(after.length).toBe((before as { connectors: number }[])[0]?.connectors);
});

test('a field that nobody knows is refused by its name, and the rest of the body is not done', async () => {
	const before = await kept();
	for (const [method, path, good] of takers()) {
		const body = { ...good, surprise: 1 };
		const answer =
			method === 'POST'
				? await rest().post<ErrorBody>(path, body)
				: await rest().patch<ErrorBody>(path, body);
		expect(answer.status, `${method} ${path}`).toBe(422);
		expect(answer.body.error.message, `${method} ${path}`).toContain('surprise');
	}
	const inner = await rest().patch<ErrorBody>(`/connectors/${String(connector)}`, {
		name: 'renamed',
		settings: { kinds: { gap: { enabeld: false } } },
	});
	expect(inner.status).toBe(422);
	expect(inner.body.error.details).toMatchObject({ issues: [{ field: 'settings.kinds.gap.enabeld' }] });
	const bodiless = await rest().post<ErrorBody>('/wanted/episode-1/exclude', { until: '2030-01-01' });
	expect(bodiless.status).toBe(422);
	expect(bodiless.body.error.message).toContain('until');
	expect(await kept()).toEqual(before);
});

test('half a character is refused, where settings keep it as well', async () => {
	const path = `/connectors/${String(connector)}`;
	const half = String.fromCharCode(0xd800);
	for (const body of [
		{ name: half },
		{ settings: { group: half } },
		{ settings: { filters: { includeTags: [half] } } },
	])
		expect((await send('PATCH', path, JSON.stringify(body))).status, JSON.stringify(body)).toBe(422);
});

test('numbers out of every range', async () => {
	for (const id of [-1, 0, 1.5, 1e10, 1e300, '1', null, {}, [1]]) {
		const paused = await rest().post<ErrorBody>('/queue/pause', { connector: id });
		expect(paused.status, JSON.stringify(id)).toBeGreaterThanOrEqual(400);
		expect(paused.status, JSON.stringify(id)).toBeLessThan(500);
		const tested = await rest().post<ErrorBody>('/connectors/test', {
			url: 'http://127.0.0.1:9',
			connectorId: id,
		});
		expect(tested.status, JSON.stringify(id)).toBeGreaterThanOrEqual(400);
		expect(tested.status, JSON.stringify(id)).toBeLessThan(500);
	}
	for (const path of ['/queue/99999999999', '/queue/0', '/api-keys/99999999999', '/queue/1e3'])
		expect((await rest().delete(path)).status, path).toBe(404);
	for (const path of [
		'/plan?limit=0',
		'/plan?limit=-5',
		'/queue?limit=501',
		'/dispatches?limit=1e9',
		'/events?limit=0x10',
	])
		expect((await rest().get(path)).status, path).toBe(400);
	for (const query of [
		'connector=2147483648',
		'connector=1&connector=%00',
		'outcome=%00',
		'q=%00',
		'cursor=%00',
	])
		expect([200, 400], query).toContain((await rest().get(`/dispatches?${query}`)).status);
});

test('settings that would not fit are refused, whole', async () => {
	const path = `/connectors/${String(connector)}`;
	const before = (await rest().get<{ settings: unknown }>(path)).body.settings;
	const many = Array.from({ length: 5_000 }, (_, at) => `tag ${String(at)}`);
	for (const settings of [
		{ graceHours: 1e300 },
		{ graceHours: 'NaN' },
		{ maxAttempts: 1.5 },
		{ filters: { includeTags: 'x' } },
		{ filters: { includeTags: [1] } },
		{ filters: { includeTags: many.map((tag) => tag.repeat(100)) } },
		{ connection: { ca: 'x'.repeat(100_001) } },
		{ connection: [] },
		{ group: 'g'.repeat(51) },
		{ seasonSearch: { minWanted: -1 } },
	]) {
		const { status } = await rest().patch(path, { settings });
		expect([413, 422], JSON.stringify(settings).slice(0, 60)).toContain(status);
	}
	expect((await rest().get<{ settings: unknown }>(path)).body.settings).toEqual(before);
});

test('an address that cannot be read is refused in the usual form, and no error of ours', async () => {
	const { url, apiKey } = bed().app;
	for (const path of ['/api/v1/connectors/%', '/api/v1/wanted/%zz', '/api/v1/jobs/%ED%A0%80', '/api/%']) {
		const answer = await fetch(`${url}${path}`, { headers: { 'x-api-key': apiKey } });
		expect(answer.status, path).toBe(400);
		expect(await answer.json(), path).toMatchObject({ error: { code: 'bad_address' } });
	}
	const page = await fetch(`${url}/%`, { redirect: 'manual' });
	expect(page.status).toBeLessThan(500);
});

test('nothing of all this was an error of ours', () => {
	const errors = bed()
		.app.log()
		.split('\n')
		.filter((line) => line.includes('"level":"error"'));
	expect(errors).toEqual([]);
});

test('a method that an address does not know is refused in the usual form, with those that it knows', async () => {
	const { url, apiKey } = bed().app;
	const routes = readRoutes().filter(({ id, methods }) => id.startsWith('/api/v1/') && methods.length > 0);
	expect(routes.length).toBeGreaterThan(20);
	for (const { path, methods } of routes) {
		for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'].filter(
			(name) => !methods.includes(name),
		)) {
			const answer = await fetch(`${url}${path}`, { method, headers: { 'x-api-key': apiKey } });
			const told = `${method} ${path}`;
			expect(answer.status, told).toBe(405);
			const allowed = (answer.headers.get('allow') ?? '').split(', ').filter((name) => name !== 'HEAD');
			expect(allowed.sort(), told).toEqual([...methods].sort());
			const body = (await answer.json()) as ErrorBody;
			expect(body, told).toMatchObject({ error: { code: 'method_not_allowed' } });
			expect(body.error.message, told).toContain(methods[0]);
			expect(body.requestId, told).toBe(answer.headers.get('x-request-id'));
		}
	}
});
