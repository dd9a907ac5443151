// REST: API keys, the throttle profiles, and the OpenAPI document itself.
import { expect, test } from 'vitest';
import { bed, refused, rest, useBed, type Page } from './bed';

useBed();

interface KeyBody extends Record<string, unknown> {
	id: number;
	name: string;
	key: string;
	last4: string;
	scope: string;
	uses: number;
}

const make = async (body: Record<string, unknown>): Promise<KeyBody> => {
	const answer = await rest().post<KeyBody>('/api-keys', body);
	expect(answer.status).toBe(201);
	return answer.body;
};

test('a key is shown once; afterwards only its end is known', async () => {
	const made = await make({ name: 'dashboard' });
	expect(made).toMatchObject({
		name: 'dashboard',
		scope: 'read',
		last4: made.key.slice(-4),
		expiresAt: null,
		uses: 0,
	});
	expect(made.key.length).toBeGreaterThan(30);
	const listed = await rest().get<Page<KeyBody>>('/api-keys');
	expect(listed.body.items.map(({ name }) => name)).toContain('dashboard');
	expect(JSON.stringify(listed.body)).not.toContain(made.key);
	const rows = (await bed().app.database.sql`select key_hash from api_keys`) as { key_hash: string }[];
	expect(rows.every(({ key_hash }) => /^[0-9a-f]{64}$/.test(key_hash))).toBe(true);
});

test('read may not change anything, full may, a revoked one nothing at once', async () => {
	const read = await make({ name: 'reader', scope: 'read' });
	const full = await make({ name: 'writer', scope: 'full' });
	expect((await rest().get('/queue', { key: read.key })).status).toBe(200);
	expect(refused(await rest().post('/queue/pause', {}, { key: read.key }), 403)).toBe('read_only_key');
	expect(refused(await rest().post('/api-keys', { name: 'more' }, { key: read.key }), 403)).toBe(
		'read_only_key',
	);
	expect((await rest().post('/queue/resume', {}, { key: full.key })).status).toBe(200);
	expect((await rest().delete(`/api-keys/${String(full.id)}`)).status).toBe(204);
	expect(refused(await rest().get('/queue', { key: full.key }), 401)).toBe('not_authenticated');
	expect(refused(await rest().delete(`/api-keys/${String(full.id)}`), 404)).toBe('not_found');
});

test('a key ends by itself', async () => {
	const made = await make({ name: 'short', expiresAt: new Date(Date.now() + 1_200).toISOString() });
	expect((await rest().get('/queue', { key: made.key })).status).toBe(200);
	await Bun.sleep(1_300);
	expect(refused(await rest().get('/queue', { key: made.key }), 401)).toBe('not_authenticated');
});

test('its use is known', async () => {
	const made = await make({ name: 'counted' });
	await rest().get('/queue', { key: made.key });
	const { body } = await rest().get<Page<KeyBody>>('/api-keys');
	const seen = body.items.find(({ id }) => id === made.id);
	expect(seen).toMatchObject({ uses: 1, lastUsedPeer: '127.0.0.1' });
});

test('bad requests for a key are named', async () => {
	const bad = [
		{},
		{ name: '' },
		{ name: '   ' },
		{ name: 'x'.repeat(101) },
		{ name: 'x', scope: 'root' },
		{ name: 'x', expiresAt: 'tomorrow' },
		{ name: 'x', expiresAt: '2031-02-30T00:00:00Z' },
		{ name: 'x', expiresAt: 5 },
	];
	for (const body of bad)
		expect(refused(await rest().post('/api-keys', body), 422), JSON.stringify(body)).toBe('invalid');
	const past = await rest().post('/api-keys', { name: 'x', expiresAt: '2001-01-01T00:00:00Z' });
	expect(refused(past, 422)).toBe('already_expired');
});

test('keys stand in the header only, whole, and a wrong one is not rescued by anything', async () => {
	const { url, apiKey } = bed().app;
	const status = async (path: string, headers: Record<string, string> = {}) =>
		(await fetch(`${url}/api/v1${path}`, { headers })).status;
	expect(await status(`/queue?apikey=${apiKey}`)).toBe(401);
	expect(await status(`/queue?X-Api-Key=${apiKey}`)).toBe(401);
	expect(await status('/queue', { authorization: `Bearer ${apiKey}` })).toBe(401);
	expect(await status('/queue', { 'x-api-key': '' })).toBe(401);
	expect(await status('/queue', { 'x-api-key': apiKey.slice(0, -1) })).toBe(401);
	expect(await status('/queue', { 'x-api-key': `${apiKey}, ${apiKey}` })).toBe(401);
	expect(await status('/queue', { 'x-api-key': 'x'.repeat(8_000) })).toBe(401);
});

test('a key that asks without end is slowed down, alone', async () => {
	const made = await make({ name: 'busy' });
	let limited: Response | undefined;
	for (let round = 0; round < 40 && limited === undefined; round++) {
		const answers = await Promise.all(
			Array.from({ length: 20 }, () =>
				fetch(`${bed().app.url}/api/v1/throttle-profiles`, { headers: { 'x-api-key': made.key } }),
			),
		);
		limited = answers.find(({ status }) => status === 429);
	}
	expect(limited?.status).toBe(429);
	expect(Number(limited?.headers.get('retry-after'))).toBeGreaterThan(0);
	expect(refused(await rest().get('/throttle-profiles', { key: made.key }), 429)).toBe('rate_limited');
	expect((await rest().get('/throttle-profiles')).status).toBe(200);
});

test('the throttle profiles and their floor', async () => {
	const { body } = await rest().get<Page<Record<string, unknown>>>('/throttle-profiles');
	expect(body.items.map(({ id }) => id)).toEqual(['conservative', 'moderate', 'aggressive']);
	expect(body.items[0]).toMatchObject({ spacingSeconds: 600, costPerHour: 4, costPerDay: 40, warning: null });
	expect(body.items[2]?.warning).not.toBeNull();
	expect(body.floor).toMatchObject({
		spacingSeconds: 60,
		itemSpacingSeconds: 90,
		costPerHour: 30,
		costPerDay: 500,
	});
});

test('every operation that scripts may rely on is described', () => {
	const names = [
		'GET /connectors',
		'POST /connectors',
		'GET /connectors/{id}',
		'PATCH /connectors/{id}',
		'DELETE /connectors/{id}',
		'POST /connectors/test',
		'POST /connectors/{id}/sync',
		'POST /connectors/{id}/sweep',
		'GET /connectors/{id}/stats',
		'GET /jobs/{id}',
		'GET /content',
		'GET /wanted',
		'GET /wanted/{id}',
		'GET /wanted/{id}/explain',
		'POST /wanted/{id}/search',
		'POST /wanted/{id}/reset',
		'POST /wanted/{id}/exclude',
		'POST /wanted/{id}/include',
		'POST /wanted/{id}/give-up',
		'GET /plan',
		'GET /queue',
		'DELETE /queue/{id}',
		'POST /queue/pause',
		'POST /queue/resume',
		'POST /queue/clear',
		'GET /dispatches',
		'GET /dispatches/{id}',
		'GET /throttle-profiles',
		'GET /api-keys',
		'POST /api-keys',
		'DELETE /api-keys/{id}',
		'GET /events',
	];
	expect([...rest().described].sort()).toEqual(names.sort());
});

test('what is not there is told in the same form', async () => {
	const { url, apiKey } = bed().app;
	for (const path of ['/nothing', '/wanted/episode-1/nothing', '/', '/connectors/1/stats/more']) {
		const answer = await fetch(`${url}/api/v1${path}`, { headers: { 'x-api-key': apiKey } });
		expect(answer.status, path).toBe(404);
		expect(await answer.json()).toMatchObject({ error: { code: 'not_found' } });
	}
	const method = await fetch(`${url}/api/v1/queue`, { method: 'PUT', headers: { 'x-api-key': apiKey } });
	expect(method.status).toBe(405);
	expect(method.headers.get('allow')).toContain('GET');
});

test('health tells one word to strangers', async () => {
	const open = await fetch(`${bed().app.url}/health`);
	expect(await open.json()).toEqual({ status: 'ok' });
	const live = await fetch(`${bed().app.url}/health/live`);
	expect(live.status).toBe(200);
});
