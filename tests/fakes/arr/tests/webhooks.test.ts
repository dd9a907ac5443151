// fixtures-notes §6 and §8: webhooks.
import { describe, expect, it } from 'vitest';
import { grabOne, history, MINUTE, queue, SECOND, send, sources, useFakes } from './bench.ts';
import { useReceiver } from './receiver.ts';

const fake = useFakes();
const hook = useReceiver(fake);
const madeOf = (id = ''): string => id.slice(id.lastIndexOf('_') + 1);

describe('webhooks', () => {
	it('fn §6: no Health in the first 15 minutes after a start; then the pending ones at once', async () => {
		hook.listening = 'young';
		const arr = await fake.create({
			kind: 'radarr6',
			startedAgoMs: 0,
			indexers: [],
			instanceName: hook.listening,
		});
		hook.received = [];
		hook.watched = null;
		await hook.register(arr);
		await fake.fakes.clock.advance(14 * MINUTE);
		expect(hook.received.map((one) => one.body.eventType)).toEqual(['Test']);
		await fake.fakes.clock.advance(2 * MINUTE);
		expect(hook.received.filter((one) => one.body.eventType === 'Health').length).toBeGreaterThan(0);
	});

	it('fn §6: applicationUrl is empty, and absent in HealthRestored (Sonarr 5: in Health too)', async () => {
		const arr = await hook.with({ kind: 'sonarr5' });
		await arr.setDownloadClient(1, { enabled: false });
		await fake.fakes.clock.advance(30 * SECOND);
		await arr.setDownloadClient(1, { enabled: true });
		await fake.fakes.clock.advance(30 * SECOND);
		const bodies = hook.received.map((one) => one.body);
		expect(bodies.map((one) => one.eventType)).toEqual(['Health', 'HealthRestored']);
		for (const body of bodies) expect(body).not.toHaveProperty('applicationUrl');
	});

	it('fn §8: a slow receiver holds up the command and the history row', async () => {
		const arr = await hook.with({ kind: 'sonarr4' });
		await arr.slowWebhooks(8);
		const { command } = await grabOne(fake.fakes, arr, 'sonarr4');
		expect(command.duration).toMatch(/^00:00:1\d/);
	});

	it('fn §8: test on save: a failing receiver is 400, one that is down 500, and nothing is saved; a redirect is fine', async () => {
		const arr = await fake.create({ kind: 'radarr6' });
		hook.watched = null;
		hook.answerWith = 500;
		const refused = await hook.register(arr);
		expect(refused.status).toBe(400);
		expect(await refused.json()).toMatchObject([{ propertyName: 'Url' }]);
		const down = await hook.register(arr, { fields: [{ name: 'url', value: 'http://127.0.0.1:9/x' }] });
		expect(down.status).toBe(500);
		expect(await arr.get('/api/v3/notification')).toEqual([]);
		expect((await hook.register(arr, {}, '?forceSave=true')).status).toBe(400);
		hook.answerWith = 301;
		expect((await hook.register(arr)).status).toBe(201);
		hook.answerWith = 200;
	});

	it('fn §8: back-off after more than five minutes of failing, also when the receiver is well again', async () => {
		const arr = await hook.with({ kind: 'radarr6', library: { preset: 'large', movies: 60 } });
		hook.watched = null;
		hook.answerWith = 500;
		const ids = (await arr.snapshot()).movies.map((one) => one.id);
		for (const id of ids.slice(0, 20)) {
			await arr.deleteMovie(id);
			await fake.fakes.clock.advance(37 * SECOND);
		}
		const deliveries = (await arr.deliveries()).filter((one) => one.event === 'Deleted');
		expect(deliveries.slice(0, 9).every((one) => !one.dropped)).toBe(true);
		expect(deliveries.some((one) => one.dropped)).toBe(true);
		await fake.fakes.clock.advance(20 * SECOND);
		expect(await sources(arr)).toContain('NotificationStatusCheck error');
		hook.answerWith = 200;
	});

	it('fn §6: a blackhole client has no id at the grab; queue and import have one that is made up', async () => {
		const arr = await fake.create({
			kind: 'radarr6',
			indexers: [{}],
			downloadClients: [{ name: 'Hole', implementation: 'TorrentBlackhole' }],
		});
		await grabOne(fake.fakes, arr, 'radarr6', { downloadSeconds: 60 });
		expect(await queue(arr)).toEqual([]);
		await fake.fakes.clock.advance(10 * MINUTE);
		const rows = await history(arr);
		expect(rows[0]).not.toHaveProperty('downloadId');
		expect(rows[1]?.downloadId).toBe(`Hole_${String(rows[0]?.sourceTitle)}_${madeOf(rows[1]?.downloadId)}`);
		await grabOne(fake.fakes, arr, 'radarr6', { downloadSeconds: 60, fate: 'manual' }, 2);
		await fake.fakes.clock.advance(10 * MINUTE);
		expect((await queue(arr)).map((row) => row.downloadId)).toEqual([expect.stringMatching(/^Hole_.+_\d+$/)]);
		await send(arr, { name: 'MessagingCleanup' });
	});
});
