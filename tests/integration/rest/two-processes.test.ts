// Two processes of the product on one database: whichever is asked, the work is done once and told truthfully.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startApp, type TestApp } from '../../setup/app';
import { restClient, type RestClient } from './client';
import {
	addAndSync,
	bed,
	createFake,
	rest,
	until,
	useBed,
	type ConnectorBody,
	type JobBody,
	type Page,
} from './bed';

/** A minute of the product takes a second. */
const RATE = 60;
useBed({ rate: RATE });

interface Item {
	ref: string;
	has: string | null;
	why: { notWanted: string | null };
}

let second: { app: TestApp; rest: RestClient };

async function startSecond(): Promise<void> {
	const { app, fakes } = bed();
	const start = {
		COMRADARR_CLOCK_RATE: String(RATE),
		COMRADARR_CLOCK_START: String(await fakes.clock.now()),
	};
	const { secretKey: SECRET_KEY, apiKey: API_KEY } = app;
	const other = await startApp({ database: app.database, env: { ...start, SECRET_KEY, API_KEY } });
	second = { app: other, rest: await restClient(other.url, API_KEY) };
}

beforeEach(startSecond);
afterEach(() => second.app.halt());

const isOver = ({ body }: { body: JobBody }): boolean => body.status === 'done' || body.status === 'failed';
const ended = (client: RestClient, jobId: string) =>
	until(() => client.get<JobBody>(`/jobs/${jobId}`), isOver);
const ask = async (client: RestClient, path: string, body?: object): Promise<string> => {
	const answer = await client.post<{ jobId: string }>(path, body);
	expect(answer.status, JSON.stringify(answer.body)).toBe(202);
	return answer.body.jobId;
};

test('sync, sweep and search are asked of either; the one that works for the connector does them', async () => {
	const fake = await createFake({ kind: 'sonarr4', library: { preset: 'tiny' } });
	const off = { enabled: false };
	const settings = { kinds: { gap: off, quality: off, format: off } };
	const { id } = await addAndSync(fake, { mode: 'active', settings });
	const path = `/connectors/${String(id)}`;
	for (const client of [second.rest, rest()]) {
		const sync = await ended(client, await ask(client, `${path}/sync`, { mode: 'full' }));
		expect(sync.body).toMatchObject({ status: 'done', error: null, result: { mode: 'full' } });
		const sweep = await ended(client, await ask(client, `${path}/sweep`));
		expect(sweep.body).toMatchObject({ status: 'done', error: null });
	}
	const { body } = await rest().get<Page<Item>>(`/content?connector=${String(id)}`);
	const item = body.items.find(({ has, why }) => has === null && why.notWanted === 'kind_off');
	const asked = await second.rest.post(`/wanted/${item?.ref ?? ''}/search`);
	// The other one may have sent it before this one answers: then that is what is told.
	expect([200, 202]).toContain(asked.status);
	expect(asked.body).toMatchObject({ sent: asked.status === 200 });
	const sent = await until(
		() => fake.commandsReceived(),
		(commands) => commands.length > 0,
		5_000,
	);
	expect(sent).toMatchObject([{ name: 'EpisodeSearch' }]);
	await rest().delete(path);
});

test('one that starts leaves the sync of the other alone, and takes over when that is killed', async () => {
	const fake = await createFake({ kind: 'radarr6', library: { preset: 'tiny' } });
	const { id } = await addAndSync(fake);
	const path = `/connectors/${String(id)}`;
	const hold = await fake.hold({ path: '/api/v3/movie', at: 'request', times: 100 });
	// who works for it now is the second: the first is stopped as an administrator would
	const before = second.app;
	const job = await ask(rest(), `${path}/sync`, { mode: 'full' });
	await fake.waitHeld(hold);
	await before.halt();
	await startSecond();
	expect((await second.rest.get<JobBody>(`/jobs/${job}`)).body).toMatchObject({
		status: 'running',
		error: null,
	});
	await bed().app.kill();
	const told = await ended(second.rest, job);
	expect(told.body).toMatchObject({ status: 'failed', error: { code: 'interrupted' } });
	const stats = () => second.rest.get<{ lastSync: { error: object | null } }>(`${path}/stats`);
	expect((await stats()).body.lastSync.error).toMatchObject({ code: 'interrupted' });
	await fake.release(hold);
	const again = await ended(second.rest, await ask(second.rest, `${path}/sync`, { mode: 'full' }));
	expect(again.body).toMatchObject({ status: 'done' });
	expect((await stats()).body.lastSync.error).toBeNull();
	expect((await second.rest.get<ConnectorBody>(path)).body).toMatchObject({ enabled: true });
});
