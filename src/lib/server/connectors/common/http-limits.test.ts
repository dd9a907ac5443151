/** What the HTTP core repeats and never repeats, how many requests it has in flight, and how it reads lists. */
import { describe, expect, it } from 'vitest';
import type { Socket } from 'node:net';
import type { HttpCore } from './http';
import type { Call } from './http';
import { ListReader } from './reading';
import { httpAnswer, hurriedClock } from './testing';
import { failure, say, serve } from './testing-http';
import type { Act } from './testing-http';

const post: Call = { method: 'POST', body: {} };

describe('trying again', () => {
	it('repeats a read twice, with growing waits', async () => {
		const slept: number[] = [];
		const { http, served } = await serve(
			(socket, _, nth) => {
				socket.write(nth < 3 ? httpAnswer(500, {}) : httpAnswer(200, {}));
			},
			{ clock: hurriedClock(slept) },
		);
		await http.json('a');
		expect(served.requests).toHaveLength(3);
		expect(slept).toEqual([500, 1000]);
		expect(http.requestCount).toBe(3);
	});

	it('gives up after the third time', async () => {
		const { http, served } = await serve((socket) => void socket.destroy());
		expect(await failure(http.json('a'))).toMatchObject({ code: 'reset' });
		expect(served.requests).toHaveLength(3);
	});

	it('waits as long as it is asked to, within reason', async () => {
		const slept: number[] = [];
		const { http } = await serve(
			(socket, _, nth) => {
				socket.write(
					nth === 1
						? httpAnswer(503, {}, { 'retry-after': '7' })
						: httpAnswer(429, {}, { 'retry-after': '3600' }),
				);
			},
			{ clock: hurriedClock(slept) },
		);
		expect(await failure(http.json('a'))).toMatchObject({ code: 'rate_limited', retryAfterMs: 3_600_000 });
		expect(slept).toEqual([7000]);
	});

	it.each<[string, Act, string]>([
		['an error', say(500, {}), 'unknown'],
		["a proxy's error", say(502, {}), 'unknown'],
		['a closed connection', (socket) => void socket.destroy(), 'unknown'],
		['a refused key', say(401, '', { 'content-type': '', 'x-application-version': '' }), 'no'],
		['a redirect', say(307, '', { location: '/sonarr/api' }), 'no'],
	])('never sends a command twice: %s', async (_, act, sent) => {
		const { http, served } = await serve(act);
		expect(await failure(http.ask('api', post))).toMatchObject({ sent });
		expect(served.requests).toHaveLength(1);
	});

	it('sends a command over a connection of its own', async () => {
		const { http, served } = await serve(say(200, {}));
		await http.json('a');
		await http.json('a');
		expect(served.connections()).toBe(1);
		await http.ask('a', post);
		expect(served.connections()).toBe(2);
	});

	it('returns what the caller accepts', async () => {
		const { http, served } = await serve(say(500, { message: 'Error parsing column 8' }));
		expect(await http.ask('a', { accept: ({ status }) => status === 500 })).toMatchObject({ status: 500 });
		expect(served.requests).toHaveLength(1);
	});
});

describe('requests in flight', () => {
	it('are two, one of them a list', async () => {
		const held: Socket[] = [];
		const { http } = await serve((socket) => void held.push(socket));
		const settle = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 40));
		const all = [
			http.stream('list1', { lane: 'list' }),
			http.stream('list2', { lane: 'list' }),
			http.json('a'),
			http.json('b'),
		];
		await settle();
		expect(held).toHaveLength(2);
		for (let round = 0; round < 4; round += 1) {
			held.shift()?.write(httpAnswer(200, []));
			await settle();
			expect(held.length).toBeLessThanOrEqual(2);
			// a list gives its place back when it is read to its end
			if (round === 0) await ((await all[0]) as Awaited<ReturnType<HttpCore['stream']>>).text(100);
			await settle();
		}
		await Promise.all(all.slice(2));
		await all[1];
	});

	it('leave a command unsent that cannot begin in time', async () => {
		const { http, served } = await serve(() => undefined, { timeoutMs: 2000 });
		const waiting = [http.json('a'), http.json('b')].map(failure);
		const error = await failure(http.ask('c', { ...post, lane: 'urgent', beginWithinMs: 50 }));
		expect(error).toMatchObject({ code: 'not_started', sent: 'no' });
		await served.close();
		await Promise.all(waiting);
	});
});

describe('reading a list', () => {
	const read = async (http: HttpCore) => {
		const list = new ListReader({ open: () => http.stream('list', { lane: 'list' }), map: (raw) => raw });
		const items: unknown[] = [];
		for await (const page of list) items.push(...page);
		return { items, summary: list.summary() };
	};

	it('knows which records it could not read, and whether the list was whole', async () => {
		const { http } = await serve(say(200, [{ id: 1 }, 'rubbish', { id: 2 }]));
		expect(await read(http)).toMatchObject({ summary: { whole: false, count: 2, unreadable: 1 } });
	});

	it('does not take a broken connection for an end', async () => {
		const { http } = await serve((socket) => {
			socket.end(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n[{"id": 1},`);
		});
		expect(await failure(read(http))).toMatchObject({ code: 'cut_off' });
	});

	it('asks again for a list that broke off before anything of it was given out', async () => {
		const { http, served } = await serve((socket, _, nth) => {
			if (nth > 1) socket.write(httpAnswer(200, [{ id: 1 }]));
			else socket.end(httpAnswer(200, '[{"id": 1},', { 'content-length': '99' }));
		});
		expect(await read(http)).toMatchObject({ items: [{ ok: true }], summary: { whole: true } });
		expect(served.requests).toHaveLength(2);
	});

	it('streams what is large', async () => {
		const rows = Array.from({ length: 40_000 }, (_, index) => ({ id: index + 1, title: 'x'.repeat(60) }));
		const { http } = await serve(say(200, rows));
		const { items, summary } = await read(http);
		expect(items).toHaveLength(40_000);
		expect(summary).toMatchObject({ whole: true, count: 40_000, unreadable: 0 });
		expect(summary.bytes).toBeGreaterThan(3_000_000);
	});

	it('gives its place back when the reader stops', async () => {
		const rows = Array.from({ length: 40_000 }, (_, index) => ({ id: index + 1, title: 'x'.repeat(60) }));
		const { http } = await serve(say(200, rows));
		for (let round = 0; round < 3; round += 1) {
			const list = new ListReader({ open: () => http.stream('list', { lane: 'list' }), map: (raw) => raw });
			for await (const [item] of list) if (item?.ok === true) break;
			expect(list.summary().whole).toBe(false);
		}
		expect(await http.stream('list', { lane: 'list' })).toBeDefined();
	});
});
