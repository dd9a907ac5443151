// REST: connectors from their test to their deletion, their jobs and their figures.
import { describe, expect, test } from 'vitest';
import type { Truth } from '../../fakes/arr/control';
import {
	addAndSync,
	connectorOf,
	createFake,
	jobDone,
	refused,
	rest,
	until,
	useBed,
	type ConnectorBody,
	type ErrorBody,
	type JobBody,
	type Page,
} from './bed';

useBed();

const dead = { kind: 'sonarr', name: 'Nobody', url: 'http://127.0.0.1:9', apiKey: 'nobody-answers-here' };

interface Stats extends Record<string, unknown> {
	gaps: number | null;
	qualityUpgrades: number | null;
	formatUpgrades: number | null;
	arrMissing: number | null;
	arrCountedAt: string | null;
	arrDiffers: { missing: string[]; cutoffUnmet: string[] };
	mirrorComplete: boolean;
	lastSync: { mode: string; startedAt: string; error: unknown } | null;
}

interface TestBody extends Record<string, unknown> {
	ok: boolean;
	application: string | null;
	version: string | null;
	problem?: { code: string; message: string; hint: string | null };
}

describe('test', () => {
	test('a good address and key tell application and version, and save nothing', async () => {
		const fake = await createFake({ kind: 'sonarr4', library: { preset: 'tiny' } });
		const { url, apiKey } = fake;
		const { status, body } = await rest().post<TestBody>('/connectors/test', { kind: 'sonarr', url, apiKey });
		expect(status).toBe(200);
		expect(body).toMatchObject({ ok: true, application: 'Sonarr', kind: 'sonarr' });
		expect(body.version).toMatch(/^4\./);
		expect((await rest().get<Page<unknown>>('/connectors')).body.items).toEqual([]);
	});

	test('the kind may be left open', async () => {
		const { url, apiKey } = await createFake({ kind: 'radarr6', library: { preset: 'tiny' } });
		const { body } = await rest().post<TestBody>('/connectors/test', { url, apiKey });
		expect(body).toMatchObject({ ok: true, kind: 'radarr' });
	});

	test('what is wrong is told apart', async () => {
		const { url, apiKey } = await createFake({ kind: 'radarr6', library: { preset: 'tiny' } });
		const problemOf = async (body: object) => {
			const answer = await rest().post<TestBody>('/connectors/test', body);
			expect(answer.status).toBe(200);
			expect(answer.body.ok).toBe(false);
			expect(answer.body.problem?.message).not.toBe('');
			return answer.body.problem?.code;
		};
		const codes = {
			closedPort: await problemOf(dead),
			wrongKey: await problemOf({ kind: 'radarr', url, apiKey: 'f'.repeat(32) }),
			wrongApplication: await problemOf({ kind: 'sonarr', url, apiKey }),
			noHost: await problemOf({ ...dead, url: 'http://no-such-host.invalid' }),
			metadata: await problemOf({ ...dead, url: 'http://169.254.169.254/latest' }),
			noAddress: await problemOf({ ...dead, url: 'file:///etc/passwd' }),
		};
		expect(codes).toMatchObject({
			closedPort: 'refused',
			wrongKey: 'unauthorized',
			wrongApplication: 'wrong_application',
			metadata: 'address_forbidden',
			noAddress: 'address_invalid',
		});
		expect(['dns', 'timeout', 'unreachable']).toContain(codes.noHost);
	});

	test('what is wrong is said in the name of the application, with what to do', async () => {
		const fake = await createFake({ kind: 'radarr6', library: { preset: 'tiny' } });
		const { id } = await addAndSync(fake, { name: 'Movies', mode: 'active' });
		await fake.setOptions({ apiKey: 'f'.repeat(32) });
		await rest().post(`/connectors/${String(id)}/sync`, { mode: 'incremental' });
		interface Event {
			type: string;
			message: string;
		}
		// an answer that was on its way before may still tell that it is well
		const isUnhealthy = ({ type, message }: Event): boolean =>
			type === 'connector.health_changed' && message.includes('unhealthy');
		const events = await until(
			async () => (await rest().get<Page<Event>>('/events?limit=50')).body.items,
			(items) => items.some(isUnhealthy),
		);
		const told = events.find(isUnhealthy)?.message;
		expect(told).toBe(
			'Movies is unhealthy: Radarr refuses this API key. Copy the key from Settings, General in Radarr, and enter it in Comradarr.',
		);
		const [{ ref } = { ref: '' }] = (await rest().get<Page<{ ref: string }>>('/content?limit=1')).body.items;
		const why = await rest().get<{ gates: { gate: string; detail: string }[] }>(`/wanted/${ref}/explain`);
		const said = JSON.stringify([events, why.body, (await rest().get(`/connectors/${String(id)}`)).body]);

		expect(said).toContain('Radarr refuses the API key of Movies. Enter the new key there.');
		expect(said).not.toMatch(/the application/i);
		await rest().delete(`/connectors/${String(id)}`);
	});

	test('the saved key is used for the saved origin alone', async () => {
		const fake = await createFake({ kind: 'sonarr4', library: { preset: 'tiny' } });
		const other = await createFake({ kind: 'sonarr4', library: { preset: 'tiny' } });
		const saved = await rest().post<ConnectorBody>('/connectors', connectorOf(fake));
		const connectorId = saved.body.id;
		const same = await rest().post<TestBody>('/connectors/test', {
			kind: 'sonarr',
			url: fake.url,
			connectorId,
		});
		expect(same.body.ok).toBe(true);
		const moved = await rest().post('/connectors/test', { kind: 'sonarr', url: other.url, connectorId });
		expect(refused(moved, 422)).toBe('api_key_required');
		expect((await other.requests()).length).toBe(0);
		const unknown = await rest().post('/connectors/test', { url: fake.url, connectorId: 999_999 });
		expect(refused(unknown, 404)).toBe('not_found');
		await rest().delete(`/connectors/${String(connectorId)}`);
	});
});

describe('add', () => {
	test('a new connector observes, is shown without its key, and its library is read at once', async () => {
		const fake = await createFake({ kind: 'sonarr4', library: { preset: 'tiny' } });
		const added = await rest().post<ConnectorBody>('/connectors', connectorOf(fake, { name: '  TV  ' }));
		expect(added.status).toBe(201);
		expect(added.body).toMatchObject({
			name: 'TV',
			kind: 'sonarr',
			mode: 'observe',
			enabled: true,
			application: 'Sonarr',
		});
		expect(JSON.stringify(added.body)).not.toContain(fake.apiKey);
		expect(added.body.apiKeySet).toMatchObject({ last4: fake.apiKey.slice(-4) });
		const path = `/connectors/${String(added.body.id)}`;
		expect((await rest().get<ConnectorBody>(path)).body).toMatchObject({ id: added.body.id, name: 'TV' });
		const first = await rest().get<Stats>(`${path}/stats`);
		if (!first.body.mirrorComplete) expect(first.body.gaps).toBeNull();
		const full = await until(
			() => rest().get<Stats>(`${path}/stats`),
			({ body }) => body.mirrorComplete,
		);
		expect(full.body.gaps).not.toBeNull();
		await rest().delete(path);
	});

	test('what fails its test is refused with the diagnosis; force saves it disabled', async () => {
		const no = await rest().post<ErrorBody>('/connectors', dead);
		expect(refused(no, 422)).toBe('connection_failed');
		expect(no.body.error.details).toMatchObject({ problem: { code: 'refused' } });
		const forced = await rest().post<ConnectorBody>('/connectors?force=true', { ...dead, enabled: true });
		expect(forced.status).toBe(201);
		expect(forced.body).toMatchObject({
			enabled: false,
			mode: 'observe',
			health: { lastError: { code: 'refused' } },
		});
		const path = `/connectors/${String(forced.body.id)}`;
		expect(refused(await rest().post(`${path}/sync`, { mode: 'full' }), 409)).toBe('connector_disabled');
		expect(refused(await rest().post(`${path}/sweep`), 409)).toBe('connector_disabled');
		expect((await rest().get<Stats>(`${path}/stats`)).body).toMatchObject({ gaps: null, lastSync: null });
		expect((await rest().delete(path)).status).toBe(204);
	});

	test('not even force saves an address that may never be asked', async () => {
		for (const url of [
			'http://169.254.169.254/',
			'ftp://host/',
			'javascript:alert(1)',
			'http://user:word@host/',
			'x',
		]) {
			const answer = await rest().post('/connectors?force=true', { ...dead, url });
			expect(refused(answer, 422), url).toBe('connection_failed');
		}
	});

	test('names are unique whatever their case', async () => {
		const fake = await createFake({ kind: 'radarr6', library: { preset: 'tiny' } });
		const first = await rest().post<ConnectorBody>('/connectors', connectorOf(fake, { name: 'Films' }));
		expect(refused(await rest().post('/connectors', connectorOf(fake, { name: 'FILMS' })), 409)).toBe(
			'name_taken',
		);
		const other = await createFake({ kind: 'radarr6', library: { preset: 'tiny' } });
		const second = await rest().post<ConnectorBody>('/connectors', connectorOf(other, { name: 'Other' }));
		const renamed = await rest().patch(`/connectors/${String(second.body.id)}`, { name: 'fIlMs' });
		expect(refused(renamed, 409)).toBe('name_taken');
		for (const { body } of [first, second]) await rest().delete(`/connectors/${String(body.id)}`);
	});

	test('bad fields are named', async () => {
		const bad = async (body: unknown) => refused(await rest().post('/connectors', body), 422);
		for (const change of [
			{ kind: 'plex' },
			{ name: '' },
			{ name: 'x'.repeat(101) },
			{ name: 7 },
			{ apiKey: '' },
			{ apiKey: null },
			{ mode: 'turbo' },
			{ settings: { graceHours: -1 } },
			{ settings: { throttle: 'none' } },
			{ settings: { kinds: null } },
			{ enabled: 'yes' },
		])
			expect(await bad({ ...dead, ...change }), JSON.stringify(change)).toBe('invalid');
		const { url: _, ...noUrl } = dead;
		expect(await bad(noUrl)).toBe('invalid');
	});
});

describe('change', () => {
	test('settings are merged, and checked as a whole', async () => {
		const fake = await createFake({ kind: 'sonarr4', library: { preset: 'tiny' } });
		const { body: added } = await rest().post<ConnectorBody>('/connectors', connectorOf(fake));
		const path = `/connectors/${String(added.id)}`;
		const one = await rest().patch<ConnectorBody>(path, { settings: { kinds: { quality: { share: 35 } } } });
		expect(one.body.settings.kinds.quality).toEqual({ enabled: true, share: 35 });
		const two = await rest().patch<ConnectorBody>(path, { settings: { throttle: 'moderate' }, paused: true });
		expect(two.body.settings).toMatchObject({
			throttle: 'moderate',
			kinds: { quality: { share: 35 } },
			graceHours: 12,
		});
		for (const settings of [
			{ kinds: null },
			{ graceHours: 'x' },
			{ kinds: { quality: { share: 0 } } },
			{ schedule: 5 },
			[],
		])
			expect(refused(await rest().patch(path, { settings }), 422), JSON.stringify(settings)).toBe('invalid');
		expect((await rest().get<ConnectorBody>(path)).body.settings).toEqual(two.body.settings);
		await rest().delete(path);
	});

	test('a schedule or zone that cannot be read is refused, not stored', async () => {
		const fake = await createFake({ kind: 'sonarr4', library: { preset: 'tiny' } });
		const { body: added } = await rest().post<ConnectorBody>('/connectors', connectorOf(fake));
		const path = `/connectors/${String(added.id)}`;
		for (const schedule of [{ fullSyncCron: 'every now and then' }, { timezone: 'Mars/Olympus' }])
			expect(refused(await rest().patch(path, { settings: { schedule } }), 422)).toBe('invalid');
		const good = { fullSyncCron: '0 5 * * *', timezone: 'Europe/Berlin' };
		expect((await rest().patch(path, { settings: { schedule: good } })).status).toBe(200);
		await rest().delete(path);
	});

	test('a new address needs the key again, and is tested', async () => {
		const fake = await createFake({ kind: 'sonarr4', library: { preset: 'tiny' } });
		const other = await createFake({ kind: 'sonarr4', library: { preset: 'tiny' } });
		const { body: added } = await rest().post<ConnectorBody>('/connectors', connectorOf(fake));
		const path = `/connectors/${String(added.id)}`;
		expect(refused(await rest().patch(path, { url: other.url }), 422)).toBe('api_key_required');
		expect((await other.requests()).length).toBe(0);
		const wrong = await rest().patch(path, { url: other.url, apiKey: 'e'.repeat(32) });
		expect(refused(wrong, 422)).toBe('connection_failed');
		const moved = await rest().patch<ConnectorBody>(path, { url: `${other.url}/`, apiKey: other.apiKey });
		expect(moved.body).toMatchObject({ url: other.url, enabled: true });
		const off = await rest().patch<ConnectorBody>(`${path}?force=true`, {
			url: dead.url,
			apiKey: 'whatever-it-is',
		});
		expect(off.body).toMatchObject({ url: dead.url, enabled: false });
		await rest().delete(path);
	});

	test('unknown ids are not found', async () => {
		for (const id of [
			'999999',
			'2147483647',
			'2147483648',
			'99999999999999999999',
			'0',
			'-1',
			'1.5',
			'x',
			'%00',
		])
			for (const call of [
				() => rest().get(`/connectors/${id}`),
				() => rest().patch(`/connectors/${id}`, { name: 'x' }),
				() => rest().delete(`/connectors/${id}`),
				() => rest().get(`/connectors/${id}/stats`),
				() => rest().post(`/connectors/${id}/sync`, {}),
				() => rest().post(`/connectors/${id}/sweep`),
			])
				expect(refused(await call(), 404)).toBe('not_found');
	});
});

/** A file of several episodes is one upgrade; one that could be better in both ways counts as quality. */
function figuresOf({ items, gaps }: Truth) {
	const files = (which: (item: Truth['items'][number]) => boolean): number =>
		new Set(items.filter(which).map((item) => item.fileId)).size;
	return {
		gaps,
		qualityUpgrades: files((item) => item.qualityUpgrade),
		formatUpgrades: files((item) => item.formatUpgrade && !item.qualityUpgrade),
	};
}

/** By how many the arr's count is larger, as the reasons tell. */
const explained = (reasons: readonly string[]): number =>
	reasons.reduce((sum, reason) => {
		const count = Number(/\d+/.exec(reason)?.[0]);
		return reason.includes('leaves out') ? sum - count : sum + count;
	}, 0);

describe('work', () => {
	test.each(['sonarr4', 'radarr6'] as const)(
		'%s: a full sync is followed to its end; the figures are the fake’s own',
		async (kind) => {
			const fake = await createFake({ kind, library: { preset: 'edge' } });
			const settings = { kinds: { format: { enabled: true } } };
			const added = await addAndSync(fake, { settings });
			const path = `/connectors/${String(added.id)}`;
			const truth = await fake.truth();
			const { body } = await rest().get<Stats>(`${path}/stats`);
			expect(body).toMatchObject({ ...figuresOf(truth), mirrorComplete: true });
			expect(body.arrMissing).toBe(truth.wantedMissing);
			const theirs = (truth.wantedMissing ?? 0) - explained(body.arrDiffers.missing);
			expect({ ours: body.gaps, why: body.arrDiffers }).toEqual({ ours: theirs, why: body.arrDiffers });
			expect(body.arrDiffers.missing.length).toBeGreaterThan(0);
			expect(body.lastSync).toMatchObject({ mode: 'full', error: null });
			const countedAfterMs = Date.parse(body.arrCountedAt ?? '') - Date.parse(body.lastSync?.startedAt ?? '');
			expect(countedAfterMs).toBeGreaterThanOrEqual(0);
			const sweep = await rest().post<{ jobId: string }>(`${path}/sweep`);
			expect(sweep.status).toBe(202);
			const done = await jobDone(sweep.body.jobId);
			expect(done.progress.done).toBeLessThanOrEqual(Math.max(done.progress.total, done.progress.done));
			const unknown = await rest().get(`/jobs/${crypto.randomUUID()}`);
			expect(refused(unknown, 404)).toBe('not_found');
			expect(refused(await rest().get('/jobs/%27or%201=1'), 404)).toBe('not_found');
			expect(refused(await rest().post(`${path}/sync`, { mode: 'sideways' }), 422)).toBe('invalid');
			expect((await fake.commandsReceived()).length).toBe(0);
			await rest().delete(path);
			const later = await rest().get<JobBody>(`/jobs/${sweep.body.jobId}`);
			expect(later.body).toMatchObject({ status: 'done', connectorId: null });
		},
	);

	test('work under way when its connector is deleted is told as that', async () => {
		const fake = await createFake({ kind: 'sonarr4', library: { preset: 'tiny' }, latencyMs: 1_000 });
		const added = await rest().post<ConnectorBody>('/connectors', connectorOf(fake));
		const path = `/connectors/${String(added.body.id)}`;
		const { body } = await rest().post<{ jobId: string }>(`${path}/sync`, { mode: 'full' });
		expect((await rest().delete(path)).status).toBe(204);
		const job = await rest().get<JobBody>(`/jobs/${body.jobId}`);
		expect(job.body).toMatchObject({
			status: 'failed',
			error: { code: 'connector_deleted' },
			connectorId: null,
		});
		expect(job.body.endedAt).not.toBeNull();
	});
});
