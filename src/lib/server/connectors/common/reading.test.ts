/** Lists in parts: the next part is asked for in advance, and never two at once. */
import { afterEach, expect, it } from 'vitest';
import { HttpCore } from './http';
import { ListReader, chained } from './reading';
import { httpAnswer, optionsFor, rawServer } from './testing';
import type { RawServer } from './testing';
import type { ListReading } from './types';

let server: RawServer | undefined;
afterEach(async () => {
	await server?.close();
	server = undefined;
});

interface Told {
	/** Paths in the order of their requests. */
	asked: string[];
	/** Requests that came while another was not yet answered. */
	atOnce: number;
}

/** Parts of two records each; `failing` meets a login page. */
async function threeParts(failing?: string): Promise<{
	told: Told;
	reading: ListReading<number>;
	/** Another list of the same application. */
	again: ListReading<number>;
}> {
	const told: Told = { asked: [], atOnce: 0 };
	let open = 0;
	server = await rawServer((socket, request) => {
		const path = /^GET \/(\S+)/.exec(request)?.[1] ?? '';
		told.asked.push(path);
		if (open > 0) told.atOnce += 1;
		open += 1;
		const first = Number(path) * 10;
		socket.write(
			path === failing ? httpAnswer(401, {}) : httpAnswer(200, [{ id: first }, { id: first + 1 }]),
		);
		open -= 1;
	});
	const http = new HttpCore(optionsFor(server.url, {}));
	const part = (path: string): ListReading<number> =>
		new ListReader({
			open: (signal) => http.stream(path, { lane: 'list', signal }),
			map: (raw) => Number(raw['id']),
		});
	return { told, reading: chained(() => ['1', '2', '3'].map(part)), again: part('9') };
}

async function idsOf(reading: ListReading<number>, onPage?: () => void): Promise<number[]> {
	const ids: number[] = [];
	for await (const page of reading) {
		onPage?.();
		for (const item of page) if (item.ok) ids.push(item.record);
	}
	return ids;
}

it('asks for the next part before the records of the last were taken, one at a time', async () => {
	const { told, reading } = await threeParts();
	const askedByPage: number[] = [];
	expect(await idsOf(reading, () => askedByPage.push(told.asked.length))).toEqual([10, 11, 20, 21, 30, 31]);
	expect(told).toEqual({ asked: ['1', '2', '3'], atOnce: 0 });
	expect(askedByPage[0]).toBeLessThanOrEqual(2);
	expect(reading.summary()).toMatchObject({ whole: true, count: 6 });
});

it('asks for nothing more once it is given up', async () => {
	const { told, reading, again } = await threeParts();
	for await (const page of reading) {
		expect(page).toHaveLength(2);
		break;
	}
	// the second may have been on its way; the lane is free again, and nobody stands in it
	for await (const page of again) expect(page).toHaveLength(2);
	expect(told.asked.filter((path) => path !== '2')).toEqual(['1', '9']);
	expect(reading.summary().whole).toBe(false);
});

it('fails with the part that fails, and reads none behind it', async () => {
	const { told, reading } = await threeParts('2');
	await expect(idsOf(reading)).rejects.toMatchObject({ code: 'proxy_login' });
	expect(told.asked).not.toContain('3');
});
