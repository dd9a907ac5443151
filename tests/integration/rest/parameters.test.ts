// REST: a parameter that nobody knows is refused by its name, before anything is done. A misspelt filter would
// otherwise list, or clear, what it was to leave out.
import { expect, test } from 'vitest';
import { addAndSync, bed, createFake, jobDone, rest, useBed, type ErrorBody, type Page } from './bed';

useBed();

type Method = 'get' | 'post' | 'patch' | 'delete';

async function call(method: Method, path: string, body?: unknown): Promise<string> {
	const send = rest();
	const answer =
		method === 'get' || method === 'delete'
			? await send[method]<ErrorBody>(path)
			: await send[method]<ErrorBody>(path, body);
	const { error } = answer.body as Partial<ErrorBody>;
	return [answer.status, error?.code, error?.message].join(' ');
}

/** Every described operation at an address of its form. */
const operations = (): [Method, string][] =>
	rest().described.map((name) => {
		const [method = '', path = ''] = name.split(' ');
		const id = path.startsWith('/wanted')
			? 'movie-1'
			: /^\/(jobs|dispatches)/.test(path)
				? crypto.randomUUID()
				: '1';
		return [method.toLowerCase() as Method, path.replace(/\{\w+\}/, id)];
	});

/** The rows of every table that such a request could have written to. */
const kept = async (): Promise<unknown> =>
	await bed().app.database.sql`
	select (select count(*)::int from connectors) as connectors, (select count(*)::int from api_keys) as keys,
		(select count(*)::int from events) as events, (select count(*)::int from jobs) as jobs`;

test('every operation refuses one, reads as well as acts', async () => {
	const before = await kept();
	expect(operations().length).toBeGreaterThan(30);
	for (const [method, path] of operations()) {
		const told = await call(method, `${path}?nonsense=1`);
		expect(told, `${method} ${path}`).toMatch(
			/^400 invalid nonsense: is no parameter of this request; it takes /,
		);
	}
	expect(await kept()).toEqual(before);
});

test('what is meant is told: what there is, where it belongs, and that once is enough', async () => {
	expect(await call('get', '/plan?conector=1')).toBe(
		'400 invalid conector: is no parameter of this request; it takes connector, limit',
	);
	expect(await call('post', '/queue/resume?conector=1')).toBe(
		'400 invalid conector: is no parameter of this request; it takes none',
	);
	expect(await call('post', '/queue/resume?connector=1')).toBe(
		'400 invalid connector: belongs into the body of this request',
	);
	expect(await call('get', '/wanted?connector=1&connector=2')).toBe(
		'400 invalid connector: is given more than once',
	);
	expect(await call('get', '/wanted?__proto__=1&constructor=2')).toContain('400 invalid __proto__: is no');
});

test('a queue that was to be cleared for one connector keeps all its searches', async () => {
	await rest().post('/queue/pause', {});
	const fake = await createFake({ kind: 'radarr6', library: { preset: 'tiny' } });
	const { id } = await addAndSync(fake, { mode: 'active' });
	const sweep = await rest().post<{ jobId: string }>(`/connectors/${String(id)}/sweep`);
	await jobDone(sweep.body.jobId);
	const line = async (): Promise<number> => (await rest().get<Page<unknown>>('/queue')).body.items.length;
	const before = await line();
	expect(before).toBeGreaterThan(0);
	for (const query of ['conector=1', `connector=${String(id + 1)}`])
		expect(await call('post', `/queue/clear?${query}`)).toMatch(/^400 /);
	expect(await line()).toBe(before);
});
