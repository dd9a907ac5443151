// One application is connected once, however many ask at the same time; what looks like another is told of.
import { createServer, connect, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { FakeInstance } from '../../fakes/arr/control';
import { connectorOf, createFake, refused, rest, useBed, type ConnectorBody, type ErrorBody } from './bed';

useBed();

const open: Server[] = [];
afterEach(async () => {
	for (const server of open.splice(0)) server.close();
	const { items } = (await rest().get<{ items: ConnectorBody[] }>('/connectors')).body;
	for (const { id } of items) await rest().delete(`/connectors/${String(id)}`);
});

/** Another way to the same application, as a reverse proxy or a second name gives it. */
async function detourTo(fake: FakeInstance): Promise<string> {
	const server = createServer((socket) => {
		const onward = connect(fake.port, '127.0.0.1');
		socket.pipe(onward).pipe(socket);
		for (const [one, other] of [
			[socket, onward],
			[onward, socket],
		] as const)
			one.on('error', () => other.destroy()).on('close', () => other.destroy());
	});
	open.push(server);
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	const address = server.address();
	return `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : '')}`;
}

const series = { kind: 'sonarr4', library: { preset: 'tiny' } } as const;
const add = (fake: FakeInstance, more: Record<string, unknown> = {}, query = '') =>
	rest().post<ConnectorBody & ErrorBody>(`/connectors${query}`, connectorOf(fake, more));

interface EventBody {
	type: string;
	severity: string;
	message: string;
}

async function noticesOf(connector: number): Promise<EventBody[]> {
	const { body } = await rest().get<{ items: EventBody[] }>(`/events?connector=${String(connector)}`);
	return body.items.filter(({ type }) => type === 'connector.notice');
}

test('the same address is refused with the name of the other, by force too', async () => {
	const fake = await createFake(series);
	const { body: first } = await add(fake, { name: 'TV' });
	const url = fake.url.replace('127.0.0.1', 'localhost');
	for (const query of ['', '?force=true']) {
		const again = await add(fake, { name: 'Again', url }, query);
		expect(refused(again, 409)).toBe('already_connected');
		expect(again.body.error.message).toContain('"TV"');
		expect(again.body.error.details).toMatchObject({ connector: { id: first.id, name: 'TV' } });
	}
	const dead = { name: 'Dead', url: 'http://127.0.0.1:9' };
	expect((await add(fake, dead, '?force=true')).status).toBe(201);
	expect(refused(await add(fake, { ...dead, name: 'Dead again' }, '?force=true'), 409)).toBe(
		'already_connected',
	);
});

test('what answers just as another does is connected, and told of', async () => {
	const fake = await createFake(series);
	const first = (await add(fake, { name: 'TV' })).body;
	const { status, body } = await add(fake, { name: 'Detour', url: await detourTo(fake) });
	expect(status).toBe(201);
	expect(body.id).not.toBe(first.id);
	const told = await noticesOf(body.id);
	expect(told).toMatchObject([{ severity: 'warning' }]);
	expect(told[0]?.message).toContain('Detour seems to be the same application as TV');
});

test('two instances are two, even where one was made as a copy of the other', async () => {
	const one = await createFake(series);
	const other = await createFake(series);
	const copy = await createFake({ ...series, apiKey: one.apiKey, startedAgoMs: 3_600_000 });
	expect((await add(one)).status).toBe(201);
	expect((await add(other)).status).toBe(201);
	const { status, body } = await add(copy);
	expect(status).toBe(201);
	expect(await noticesOf(body.id)).toEqual([]);
});

test('a connector does not move to where another is; its own address with a new key is no move', async () => {
	const [one, other] = [await createFake(series), await createFake(series)];
	const first = (await add(one, { name: 'One' })).body;
	const second = (await add(other, { name: 'Other' })).body;
	const path = `/connectors/${String(second.id)}`;
	const moved = await rest().patch<ErrorBody>(path, { url: one.url, apiKey: one.apiKey });
	expect(refused(moved, 409)).toBe('already_connected');
	expect(moved.body.error.message).toContain('"One"');
	const detour = { url: await detourTo(one), apiKey: one.apiKey };
	expect((await rest().patch(`/connectors/${String(first.id)}`, detour)).status).toBe(200);
	expect((await rest().patch(path, { url: `${other.url}/`, apiKey: other.apiKey })).status).toBe(200);
});

test('of many who add it at once, one does', async () => {
	const fake = await createFake(series);
	const local = fake.url.replace('127.0.0.1', 'localhost');
	const answers = await Promise.all(
		[fake.url, local, fake.url, local].map((url, at) => add(fake, { name: `Name ${String(at)}`, url })),
	);
	expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409, 409]);
});
