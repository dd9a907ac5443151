// REST: plan and queue, a search sent by hand and by the schedule, and what is told of it afterwards.
import { beforeAll, describe, expect, test } from 'vitest';
import type { FakeInstance } from '../../fakes/arr/control';
import {
	addAndSync,
	createFake,
	jobDone,
	refused,
	rest,
	until,
	useBed,
	type ConnectorBody,
	type ErrorBody,
	type Page,
} from './bed';

// a minute in a second, so that a search is asked, watched and concluded
useBed({ rate: 60 });

interface Row extends Record<string, unknown> {
	id: number;
	position: number;
	connector: { id: number };
	target: { kind: string; ref: string | null; title: string };
	reason: string;
	cost: number;
	pinned: boolean;
	why: string;
}

interface Dispatch extends Record<string, unknown> {
	id: string;
	connector: { id: number | null };
	target: { ref: string | null };
	state: string;
	outcome: string | null;
	strength: string | null;
	cost: number;
	byUser: boolean;
	command?: { id: number | null };
	proof: string[];
}

let sonarr: FakeInstance;
let radarr: FakeInstance;
let tv: ConnectorBody;
let films: ConnectorBody;

beforeAll(async () => {
	sonarr = await createFake({
		kind: 'sonarr4',
		library: { preset: 'large', series: 8, episodesPerSeries: 12, filesShare: 0.5 },
	});
	radarr = await createFake({ kind: 'radarr6', library: { preset: 'large', movies: 40, filesShare: 0.5 } });
	await radarr.setSearchDefault('grab');
	tv = await addAndSync(sonarr);
	films = await addAndSync(radarr);
});

const only = (connector: ConnectorBody, path: string): string => `${path}?connector=${String(connector.id)}`;
const rowsOf = async (path: string) => (await rest().get<Page<Row> & { total: number }>(path)).body;
const activate = (connector: ConnectorBody) =>
	rest().patch(`/connectors/${String(connector.id)}`, {
		mode: 'active',
		settings: { throttle: 'aggressive' },
	});

/** A whole sweep, followed to its end. */
async function sweep(connector: ConnectorBody): Promise<void> {
	const job = await rest().post<{ jobId: string }>(`/connectors/${String(connector.id)}/sweep`);
	await jobDone(job.body.jobId);
}

describe('while everything only observes', () => {
	test('the plan says what would be sent, with reason and cost, and sends nothing', async () => {
		const plan = await rowsOf(only(tv, '/plan'));
		expect(plan.items.length).toBeGreaterThan(3);
		expect(plan.items.map(({ position }) => position)).toEqual(plan.items.map((_, at) => at + 1));
		for (const row of plan.items) {
			expect(row.connector.id).toBe(tv.id);
			expect(row.cost).toBeGreaterThan(0);
			expect(row.why).not.toBe('');
		}
		expect((await rowsOf('/plan?limit=2')).items.length).toBe(2);
		const both = await rowsOf('/plan?limit=500');
		expect(new Set(both.items.map(({ connector }) => connector.id))).toEqual(new Set([tv.id, films.id]));
		expect((await rowsOf('/plan?connector=999999')).items).toEqual([]);
	});

	test('nothing is queued, and nothing was asked of the applications but reads', async () => {
		await sweep(tv);
		expect(await rowsOf('/queue')).toMatchObject({ items: [], total: 0 });
		for (const fake of [sonarr, radarr]) {
			const writes = (await fake.requests()).filter(({ method }) => method !== 'GET');
			expect(writes).toEqual([]);
		}
		expect((await rest().get<Page<Dispatch>>('/dispatches')).body.items).toEqual([]);
	});
});

describe('the queue', () => {
	test('a paused one is filled, sends nothing, and can be emptied and brought back', async () => {
		expect((await rest().post('/queue/pause', {})).body).toEqual({ done: true });
		await activate(tv);
		await sweep(tv);
		const filled = await rowsOf('/queue?limit=500');
		expect(filled.total).toBeGreaterThan(3);
		const [first, ...others] = filled.items.map(({ id }) => ({ id }));
		if (first === undefined) throw new Error('The queue is empty.');

		expect((await rest().delete(`/queue/${String(first.id)}`)).status).toBe(204);
		expect(refused(await rest().delete(`/queue/${String(first.id)}`), 404)).toBe('not_found');
		const shorter = await rowsOf('/queue?limit=500');
		// time goes on: what comes up meanwhile may have been put in line
		const ids = shorter.items.map(({ id }) => id);
		expect(ids).toEqual(expect.arrayContaining(others.map(({ id }) => id)));
		expect(ids).not.toContain(first.id);

		expect(refused(await rest().post('/queue/clear', { connector: 999_999 }), 404)).toBe('not_found');
		const cleared = await rest().post<{ count: number; undoId: string }>('/queue/clear', {
			connector: tv.id,
		});
		expect(cleared.body.count).toBeGreaterThanOrEqual(shorter.total);
		expect((await rowsOf('/queue')).total).toBe(0);
		const back = await rest().post<{ count: number }>('/queue/clear', { undo: cleared.body.undoId });
		expect(back.body.count).toBe(cleared.body.count);
		const again = await rest().post('/queue/clear', { undo: cleared.body.undoId });
		expect(again.status).toBeGreaterThanOrEqual(400);
		expect(again.status).toBeLessThan(500);
		const unknown = await rest().post<ErrorBody>('/queue/clear', { undo: crypto.randomUUID() });
		expect(refused(unknown, 409)).toBe('nothing_to_undo');
		expect(
			refused(await rest().post('/queue/clear', { undo: cleared.body.undoId, connector: tv.id }), 422),
		).toBe('invalid');
		expect((await rowsOf('/queue')).total).toBe(shorter.total);
		expect(await sonarr.commandsReceived()).toEqual([]);
	});

	test('one connector can be paused alone, and unknown ones cannot', async () => {
		await rest().post('/queue/pause', { connector: films.id });
		const paused = await rest().get<ConnectorBody>(`/connectors/${String(films.id)}`);
		expect(paused.body.paused).toBe(true);
		await rest().post('/queue/resume', { connector: films.id });
		expect((await rest().get<ConnectorBody>(`/connectors/${String(films.id)}`)).body.paused).toBe(false);
		expect(refused(await rest().post('/queue/pause', { connector: 999_999 }), 404)).toBe('not_found');
		expect(refused(await rest().post('/queue/resume', { connector: 999_999 }), 404)).toBe('not_found');
	});

	test('a search by hand waits behind what is closed, and says so', async () => {
		const { items } = (await rest().get<Page<{ ref: string }>>(`${only(tv, '/wanted')}&reason=gap&limit=200`))
			.body;
		const ref = items.at(-1)?.ref ?? '';
		const asked = await rest().post<{ sent: boolean; gate: { gate: string }; queueId: number }>(
			`/wanted/${ref}/search`,
		);
		expect(asked.status).toBe(202);
		expect(asked.body).toMatchObject({ sent: false, gate: { gate: 'not_paused', open: false } });
		const line = await rowsOf(only(tv, '/queue'));
		expect(line.items[0]).toMatchObject({ id: asked.body.queueId, pinned: true, target: { ref } });
		expect(await sonarr.commandsReceived()).toEqual([]);
	});
});

/** The dispatch of an item, as soon as there is one. */
async function dispatchOf(ref: string): Promise<string> {
	const { body } = await until(
		() => rest().get<Page<Dispatch>>('/dispatches?limit=50'),
		(answer) => answer.body.items.some(({ target }) => target.ref === ref),
	);
	return body.items.find(({ target }) => target.ref === ref)?.id ?? '';
}

describe('sending', () => {
	test('what is resumed is sent, one command at a time, and followed to its outcome', async () => {
		await rest().post('/queue/resume', {});
		const list = only(tv, '/dispatches');
		const concluded = await until(
			() => rest().get<Page<Dispatch>>(list),
			({ body }) => body.items.some(({ outcome }) => outcome !== null && outcome !== 'withdrawn'),
			40_000,
		);
		const done = concluded.body.items.find(({ outcome }) => outcome !== null && outcome !== 'withdrawn');
		if (done === undefined) throw new Error('Nothing was concluded.');
		expect(done.cost).toBeGreaterThan(0);
		expect(done.proof.length).toBeGreaterThan(0);
		const one = await rest().get<Dispatch>(`/dispatches/${done.id}`);
		expect(one.body.command?.id).not.toBeNull();
		const received = await sonarr.commandsReceived();
		expect(received.length).toBeGreaterThan(0);
		const outcome = String(done.outcome);
		const same = await rest().get<Page<Dispatch>>(`${list}&outcome=${outcome}&limit=1`);
		expect(same.body.items.every((row) => row.outcome === outcome)).toBe(true);
		expect(refused(await rest().get(`${list}&outcome=perhaps`), 400)).toBe('invalid');
		for (const id of [crypto.randomUUID(), 'x', '%27'])
			expect(refused(await rest().get(`/dispatches/${id}`), 404)).toBe('not_found');
	});

	test('a search by hand is sent at once where nothing is closed', async () => {
		await activate(films);
		const { items } = (
			await rest().get<Page<{ ref: string }>>(`${only(films, '/wanted')}&reason=gap&limit=5`)
		).body;
		const ref = items.at(-1)?.ref ?? '';
		const sent = await rest().post<{ sent: boolean; dispatchId: string }>(`/wanted/${ref}/search`);
		// the dispatch loop may have taken it up before the answer was made; then it is named by the list
		expect([200, 202]).toContain(sent.status);
		const dispatchId = sent.body.sent ? sent.body.dispatchId : await dispatchOf(ref);
		if (sent.status === 200) {
			const twice = await rest().post(`/wanted/${ref}/search`);
			expect(refused(twice, 409)).toBe('already_in_flight');
		}
		const path = `/dispatches/${dispatchId}`;
		const over = await until(
			() => rest().get<Dispatch>(path),
			({ body }) => body.outcome !== null,
			30_000,
		);
		expect(over.body).toMatchObject({ outcome: 'grabbed', byUser: true, target: { ref } });
		const { body } = await rest().get<Page<{ type: string }>>(`/events?item=${ref}&limit=50`);
		const types = body.items.map(({ type }) => type);
		expect(types).toEqual(expect.arrayContaining(['search.requested', 'search.concluded']));
		const item = await rest().get<{ state: string }>(`/wanted/${ref}`);
		expect(['grabbed', 'done', 'pending']).toContain(item.body.state);
		const stats = await rest().get<Record<string, unknown>>(`/connectors/${String(films.id)}/stats`);
		expect(Number(stats.body.searchedToday)).toBeGreaterThan(0);
		expect(Number(stats.body.costToday)).toBeGreaterThan(0);
	});

	test('asked for by several at once it is sent once', async () => {
		interface Item {
			ref: string;
			state: string;
		}
		const { items } = (await rest().get<Page<Item>>(`${only(films, '/wanted')}&limit=50`)).body;
		const ref = items.find(({ state }) => ['pending', 'queued'].includes(state))?.ref ?? '';
		const answers = await Promise.all(
			Array.from({ length: 6 }, () => rest().post<Record<string, unknown>>(`/wanted/${ref}/search`)),
		);
		expect(answers.map(({ status }) => status).filter((status) => ![200, 202, 409].includes(status))).toEqual(
			[],
		);
		const named = (field: string) => new Set(answers.flatMap(({ body }) => body[field] ?? []));
		expect(named('queueId').size).toBeLessThanOrEqual(1);
		expect(named('dispatchId').size).toBeLessThanOrEqual(1);
		const id = await dispatchOf(ref);
		await until(
			() => rest().get<Dispatch>(`/dispatches/${id}`),
			({ body }) => body.outcome !== null,
			30_000,
		);
		const { body } = await rest().get<Page<Dispatch>>(`${only(films, '/dispatches')}&limit=500`);
		const sent = body.items.filter(({ target, outcome }) => target.ref === ref && outcome !== 'withdrawn');
		expect(sent.map((one) => one.id)).toEqual([id]);
	});

	test('history outlives its connector', async () => {
		const before = (await rest().get<Page<Dispatch>>('/dispatches?limit=500')).body.items.length;
		await rest().patch(`/connectors/${String(films.id)}`, { mode: 'observe' });
		expect((await rest().delete(`/connectors/${String(films.id)}`)).status).toBe(204);
		const after = (await rest().get<Page<Dispatch>>('/dispatches?limit=500')).body.items;
		expect(after.length).toBeGreaterThanOrEqual(before);
		expect(after.some(({ connector }) => connector.id === null)).toBe(true);
	});
});
