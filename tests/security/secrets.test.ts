// Secrets planted everywhere they can come from appear in no answer, page, log line, event, error or plain column.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SESSION_COOKIE } from '../../src/lib/server/services/auth/sessions';
import { startFakes, type FakeInstance, type Fakes } from '../fakes/arr/control';
import { startApp, type TestApp } from '../setup/app';
import { Browser } from './browser';
import { readRoutes } from './route-table';

let fakes: Fakes;
let app: TestApp;
let radarr: FakeInstance;
const browser = (): Browser => new Browser(app);
let owner: Browser;
/** Name of each secret and its value. */
const planted = new Map<string, string>();
/** What was answered, by address. */
const answers = new Map<string, string>();

const wrongPassword = `wrong${crypto.randomUUID()}`;
const typedKey = `typed${crypto.randomUUID()}`;
const urlPassword = `inurl${crypto.randomUUID()}`;

async function rest<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
	const response = await fetch(`${app.url}/api/v1${path}`, {
		method,
		headers: { 'x-api-key': app.apiKey, 'content-type': 'application/json' },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	// the one answer that shows a key, and the words a caller sent back to the caller, are none of these
	if (!path.startsWith('/api-keys') || method !== 'POST') answers.set(`${method} ${path}`, text);
	return JSON.parse(text === '' ? 'null' : text) as T;
}

async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
	const deadline = performance.now() + 30_000;
	for (;;) {
		const answer = await ask();
		if (isSo(answer)) return answer;
		if (performance.now() > deadline)
			throw new Error(`It did not come to that: ${JSON.stringify(answer).slice(0, 300)}`);
		await Bun.sleep(80);
	}
}

interface List {
	items: { id: string; ref: string; outcome: string | null }[];
}

/** Two libraries, a search that grabs, and everything that can go wrong with a key. */
beforeAll(async () => {
	const start = Date.UTC(2026, 10, 20, 12, 0, 0);
	const rate = { COMRADARR_CLOCK_RATE: '60', COMRADARR_CLOCK_START: String(start) };
	[fakes, app] = await Promise.all([
		startFakes({ start }),
		startApp({ env: { ...rate, LOG_LEVEL: 'debug' } }),
	]);
	await fakes.clock.rate(60);
	const sonarr = await fakes.create({
		kind: 'sonarr4',
		apiKey: `key${'a1'.repeat(15)}`,
		library: { preset: 'tiny' },
	});
	radarr = await fakes.create({
		kind: 'radarr6',
		apiKey: `key${'b2'.repeat(15)}`,
		library: { preset: 'tiny' },
		searchDefault: 'grab',
	});
	for (const { kind, url, apiKey } of [sonarr, radarr]) {
		const { id } = await rest<{ id: number }>('/connectors', 'POST', {
			kind: kind.replace(/\d/, ''),
			name: `my ${kind}`,
			url,
			apiKey,
			mode: kind === 'radarr6' ? 'active' : 'observe',
			settings: { throttle: 'aggressive' },
		});
		await rest(`/connectors/${String(id)}/sync`, 'POST', { mode: 'full' });
		await until(
			() => rest<{ mirrorComplete: boolean }>(`/connectors/${String(id)}/stats`),
			({ mirrorComplete }) => mirrorComplete,
		);
		await rest(`/connectors/${String(id)}/sweep`, 'POST');
	}
	await until(
		() => rest<List>('/dispatches'),
		({ items }) => items.some(({ outcome }) => outcome === 'grabbed'),
	);
	await goWrong();
	planted.set('key of Sonarr', sonarr.apiKey).set('key of Radarr', radarr.apiKey);
	planted.set('key of an indexer', 'INDEXERSECRET').set('passkey of a tracker', 'SECRETPASSKEY');
	planted.set('SECRET_KEY', app.secretKey).set('ADMIN_PASS', app.adminPass).set('API_KEY', app.apiKey);
	planted.set('session', owner.session ?? 'none').set('wrong password', wrongPassword);
	planted.set('key typed wrongly', typedKey).set('password in an address', urlPassword);
	const { hostname, password } = new URL(app.database.url);
	if (password.length > 6 && hostname !== '') planted.set('password of the database', password);
}, 90_000);
afterAll(async () => {
	await app.stop();
	await fakes.stop();
});

async function goWrong(): Promise<void> {
	const read = await rest<{ key: string }>('/api-keys', 'POST', { name: 'reader', scope: 'read' });
	const full = await rest<{ key: string }>('/api-keys', 'POST', { name: 'writer', scope: 'full' });
	planted.set('read key', read.key).set('full key', full.key);
	for (const { key } of [read, full])
		await fetch(`${app.url}/api/v1/queue`, { headers: { 'x-api-key': key } });
	await rest('/connectors/1', 'PATCH', { apiKey: typedKey });
	await rest('/connectors/test', 'POST', { kind: 'sonarr', url: radarr.url, apiKey: typedKey });
	await rest('/connectors?force=true', 'POST', {
		kind: 'radarr',
		name: 'off',
		url: 'http://127.0.0.1:9',
		apiKey: typedKey,
	});
	const url = `http://user:${urlPassword}@127.0.0.1:9/?apikey=${urlPassword}`;
	await rest('/connectors?force=true', 'POST', { kind: 'radarr', name: 'inside', url, apiKey: typedKey });
	await rest('/connectors/test', 'POST', { url, apiKey: typedKey });
	const stranger = browser();
	answers.set('login refused', await (await stranger.login({ password: wrongPassword })).text());
	owner = browser();
	await owner.login();
	answers.set('wrong address', await (await owner.get(`/nothing/here`)).text());
	await radarr.fault({ kind: '500', match: { path: '/api/v3/movie' }, times: 1 });
	await rest('/connectors/2/sync', 'POST', { mode: 'full' });
}

/** Where a secret is to be found, as `secret in place`. */
function leaks(places: Iterable<[string, string]>): string[] {
	const found: string[] = [];
	for (const [place, text] of places)
		for (const [name, value] of planted)
			if (text.includes(value) || text.includes(encodeURIComponent(value))) found.push(`${name} in ${place}`);
	return found;
}

test('there is something to find', async () => {
	expect([...planted.values()].every((value) => value.length >= 12)).toBe(true);
	const history = await radarr.get<{ records: unknown[] }>('/api/v3/history?pageSize=50');
	expect(JSON.stringify(history)).toContain('SECRETPASSKEY');
});

describe('no secret', () => {
	test('in any answer of the REST interface', async () => {
		const lists = [
			'/wanted',
			'/content',
			'/dispatches',
			'/events',
			'/queue',
			'/plan',
			'/connectors',
			'/api-keys',
		];
		for (const path of [...lists, '/throttle-profiles', '/openapi.json']) await rest(path);
		for (const path of lists.slice(0, 5)) await rest(`${path}?limit=500`);
		for (const id of [1, 2, 3])
			for (const more of ['', '/stats']) await rest(`/connectors/${String(id)}${more}`);
		for (const { ref } of (await rest<List>('/content?limit=20')).items)
			for (const more of ['', '/explain']) await rest(`/wanted/${ref}${more}`);
		for (const { id } of (await rest<List>('/dispatches')).items) await rest(`/dispatches/${id}`);
		answers.set(
			'health',
			await (await fetch(`${app.url}/health`, { headers: { 'x-api-key': app.apiKey } })).text(),
		);
		expect(answers.size).toBeGreaterThan(40);
		expect(leaks(answers)).toEqual([]);
	});

	test('in any page or its data', async () => {
		const pages = new Map<string, string>();
		const { items } = await rest<List>('/content?limit=4');
		const variants = new Map([
			['/connectors', ['', '?panel=add', '?view=table']],
			['/queue', ['', '?tab=plan']],
			['/activity', ['', '?tab=events']],
			['/wanted', ['', `?item=${items[0]?.ref ?? ''}`]],
		]);
		for (const { id, path } of readRoutes().filter(({ isPage }) => isPage)) {
			const addresses = id.includes('[ref]')
				? items.map(({ ref }) => `/items/${ref}`)
				: id.includes('[id]')
					? ['1', '2', '3'].map((one) => path.replace(/1$/, one))
					: (variants.get(path) ?? ['']).map((variant) => `${path}${variant}`);
			for (const address of addresses) {
				const [place = '', query = ''] = address.split('?');
				const data = `${place === '/' ? '' : place}/__data.json${query === '' ? '' : `?${query}`}`;
				for (const each of [address, data]) {
					const answer = await owner.get(each);
					// the session's own cookie is set anew while it is used
					const cookies = answer.headers
						.getSetCookie()
						.filter((one) => !one.startsWith(`${SESSION_COOKIE}=`));
					pages.set(each, `${await answer.text()} ${cookies.join()}`);
				}
			}
		}
		const page = pages.get('/settings/keys') ?? '';
		expect(page).toContain('reader');
		expect(leaks(pages)).toEqual([]);
	});

	test('in the log, at its most talkative', () => {
		expect(app.log().split('\n').length).toBeGreaterThan(50);
		expect(leaks([['the log', app.log()]])).toEqual([]);
	});

	test('in the database, but sealed or hashed', async () => {
		const { sql } = app.database;
		const tables = (await sql`
			select table_name as name from information_schema.tables where table_schema = 'public'`) as {
			name: string;
		}[];
		expect(tables.length).toBeGreaterThan(20);
		const dump = new Map<string, string>();
		for (const { name } of tables) {
			const rows = (await sql.unsafe(`select t::text as line from "${name}" t`)) as { line: string }[];
			dump.set(name, rows.map(({ line }) => line).join('\n'));
		}
		expect(dump.get('arr_history')?.length).toBeGreaterThan(0);
		expect(leaks(dump)).toEqual([]);
	});
});
