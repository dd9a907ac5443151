// fixtures-notes §6: after a grab.
import { describe, expect, it } from 'vitest';
import { first, grabOne, history, missing, MINUTE, queue, run, SECOND, sources, useFakes } from './bench.ts';
import type { JsonObject } from '../json.ts';
import { useReceiver } from './receiver.ts';

const fake = useFakes();
const hook = useReceiver(fake);

describe('grab and import', () => {
	it('fn §6: webhook Grab is answered before the history row; the row lies inside the command', async () => {
		const arr = await hook.with({ kind: 'sonarr4' });
		const { command } = await grabOne(fake.fakes, arr, 'sonarr4');
		expect(first(hook.received).body.eventType).toBe('Grab');
		expect(first(hook.received).historyRows).toBe(0);
		expect(first(hook.received).headers).toMatchObject({
			'x-token': 'abc',
			authorization: expect.stringMatching(/^Basic /) as string,
		});
		const row = first(await history(arr));
		expect(row.data.releaseSource).toBe('UserInvokedSearch');
		expect(Date.parse(row.date)).toBeGreaterThanOrEqual(Date.parse(command.started ?? ''));
		expect(Date.parse(row.date)).toBeLessThanOrEqual(Date.parse(command.ended ?? ''));
	});

	it('fn §6: queue refresh 1 to 5 s after the grab, then every 60 to 90 s; import; the item leaves missing', async () => {
		const arr = await hook.with({ kind: 'sonarr4' });
		const before = await arr.get<{ totalRecords: number }>('/api/v3/wanted/missing?pageSize=0');
		const { id } = await grabOne(fake.fakes, arr, 'sonarr4', { downloadSeconds: 300 });
		expect(await queue(arr)).toEqual([]);
		await fake.fakes.clock.advance(6 * SECOND);
		expect(first(await queue(arr))).toMatchObject({
			status: 'queued',
			trackedDownloadState: 'downloading',
			trackedDownloadStatus: 'ok',
			episodeId: id,
		});
		await fake.fakes.clock.advance(8 * MINUTE);
		expect(await queue(arr)).toEqual([]);
		const episode = await arr.get<{ hasFile: boolean; episodeFileId: number }>(`/api/v3/episode/${id}`);
		expect(episode.hasFile).toBe(true);
		const rows = await history(arr);
		expect(rows.map((row) => row.eventType)).toEqual(['grabbed', 'downloadFolderImported']);
		expect(rows[1]?.data.fileId).toBe(String(episode.episodeFileId));
		expect(rows[1]?.downloadId).toBe(rows[0]?.downloadId);
		const after = await arr.get<{ totalRecords: number }>('/api/v3/wanted/missing?pageSize=0');
		expect(after.totalRecords).toBe(before.totalRecords - 1);
		expect(hook.received.map((one) => one.body.eventType)).toEqual(['Grab', 'Download', 'Download']);
		expect(hook.received.at(-1)?.body).toHaveProperty('episodeFiles');
	});

	it('fn §6: an upgrade: old file gone, another file id, FileDelete before Download, reason Upgrade without downloadId', async () => {
		const arr = await hook.with({ kind: 'sonarr4' });
		const low = (await arr.truth()).items.find((one) => one.qualityUpgrade && one.season === 1);
		await grabOne(fake.fakes, arr, 'sonarr4', {}, low?.arrId);
		await fake.fakes.clock.advance(15 * MINUTE);
		const episode = await arr.get<{ episodeFileId: number }>(`/api/v3/episode/${low?.arrId}`);
		expect(episode.episodeFileId).not.toBe(low?.fileId);
		const rows = await history(arr);
		expect(rows.map((row) => row.eventType)).toEqual([
			'grabbed',
			'episodeFileDeleted',
			'downloadFolderImported',
		]);
		expect(rows[1]).not.toHaveProperty('downloadId');
		expect(rows[1]?.data.reason).toBe('Upgrade');
		expect(hook.received.map((one) => one.body.eventType)).toEqual([
			'Grab',
			'EpisodeFileDelete',
			'Download',
			'Download',
		]);
		expect(hook.received[2]?.body).toMatchObject({ isUpgrade: true, deletedFiles: [expect.anything()] });
	});

	it('fn §6: Radarr: one row, movieFileDeleted, no completion webhook', async () => {
		const arr = await hook.with({ kind: 'radarr6' });
		await grabOne(fake.fakes, arr, 'radarr6', {}, 2);
		await fake.fakes.clock.advance(15 * MINUTE);
		expect((await history(arr)).map((row) => row.eventType)).toEqual([
			'grabbed',
			'movieFileDeleted',
			'downloadFolderImported',
		]);
		expect(hook.received.map((one) => one.body.eventType)).toEqual(['Grab', 'MovieFileDelete', 'Download']);
		const six = await arr.get<unknown[]>('/api/v3/history/movie?movieId=2&eventType=6');
		expect(six).toHaveLength(1);
	});

	it('fn §6: a season pack: one history row and one queue row per episode, one downloadId; one row removed removes all', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{}] });
		const episodes = await missing(arr, 3, 2);
		for (const one of await arr.get<{ id: number; airDateUtc: string }[]>(
			'/api/v3/episode?seriesId=3&seasonNumber=2',
		)) {
			await arr.airEpisode(one.id, Date.parse('2026-01-01T00:00:00Z'));
		}
		await arr.edit({ seriesId: 3 }, { kind: 'standard' });
		await arr.script({ seriesId: 3, season: 2 }, { kind: 'grabPack' });
		const command = await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 3, seasonNumber: 2 });
		expect(command.message).toBe('Season search completed. 1 reports downloaded.');
		const rows = await history(arr);
		expect(rows.length).toBeGreaterThanOrEqual(episodes.length);
		expect(new Set(rows.map((row) => row.downloadId)).size).toBe(1);
		await fake.fakes.clock.advance(6 * SECOND);
		const queued = await queue(arr);
		expect(queued).toHaveLength(rows.length);
		await arr.fetch(`/api/v3/queue/${first(queued).id}`, { method: 'DELETE' });
		expect(await queue(arr)).toEqual([]);
	});

	it('fn §6: a stalled download is a warning of status, not of state', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		await grabOne(fake.fakes, arr, 'sonarr4', { fate: 'stall' });
		await fake.fakes.clock.advance(10 * MINUTE);
		expect(first(await queue(arr))).toMatchObject({
			status: 'warning',
			trackedDownloadState: 'downloading',
			trackedDownloadStatus: 'ok',
			errorMessage: 'The download is stalled with no connections',
		});
		expect(await arr.get('/api/v3/queue/status')).toMatchObject({
			totalCount: 1,
			warnings: false,
			errors: false,
		});
	});
});

describe('failure', () => {
	it('fn §6: failed: history, blocklist, the row leaves, and the application searches by itself', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{}] });
		const { id } = await grabOne(fake.fakes, arr, 'sonarr4', { fate: 'fail', downloadSeconds: 60 });
		await fake.fakes.clock.advance(3 * MINUTE);
		expect((await history(arr)).map((row) => row.eventType)).toEqual(['grabbed', 'downloadFailed']);
		expect(await queue(arr)).toEqual([]);
		const own = (await arr.get<JsonObject[]>('/api/v3/command')).find(
			(one) => one.name === 'EpisodeSearch' && one.trigger !== 'manual',
		);
		expect(own).toMatchObject({ trigger: 'unspecified', body: { episodeIds: [id] } });
		expect(own).not.toHaveProperty('clientUserAgent');
		expect(await arr.get('/api/v3/blocklist')).toMatchObject({ totalRecords: 1 });
	});

	it('fn §6: its grabs are marked Search', async () => {
		const arr = await fake.create({ kind: 'radarr6', indexers: [{}], searchDefault: 'grab' });
		await arr.script(
			{ movieId: 1 },
			{ kind: 'grabThenFail', release: { downloadSeconds: 60 } },
			{ times: 1 },
		);
		await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [1] });
		await fake.fakes.clock.advance(5 * MINUTE);
		expect(
			(await history(arr)).filter((row) => row.eventType === 'grabbed').map((row) => row.data.releaseSource),
		).toEqual(['UserInvokedSearch', 'Search']);
	});

	it('fn §6: POST /history/failed writes the row and searches, but the download stays', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{}] });
		await grabOne(fake.fakes, arr, 'sonarr4');
		await fake.fakes.clock.advance(6 * SECOND);
		const row = first(await history(arr));
		const response = await arr.fetch(`/api/v3/history/failed/${row.id}`, { method: 'POST' });
		expect([response.status, await response.json()]).toEqual([200, {}]);
		await fake.fakes.clock.advance(10 * SECOND);
		expect(await queue(arr)).toHaveLength(1);
		expect((await history(arr)).map((one) => one.eventType)).toEqual(['grabbed', 'downloadFailed']);
	});

	it('fn §6: DELETE /queue with blocklist searches again, unless skipRedownload', async () => {
		for (const skip of [false, true]) {
			const arr = await fake.create({ kind: 'sonarr4', indexers: [{}] });
			await grabOne(fake.fakes, arr, 'sonarr4');
			await fake.fakes.clock.advance(6 * SECOND);
			const before = (await arr.snapshot()).lastCommandId;
			await arr.fetch(`/api/v3/queue/${first(await queue(arr)).id}?blocklist=true&skipRedownload=${skip}`, {
				method: 'DELETE',
			});
			const own = (await arr.commands()).filter((one) => one.id > before && one.name === 'EpisodeSearch');
			expect(own).toHaveLength(skip ? 0 : 1);
			expect((await history(arr)).at(-1)?.eventType).toBe('downloadFailed');
		}
	});

	it('fn §6: removed from nowhere means ignored', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		await grabOne(fake.fakes, arr, 'sonarr4');
		await fake.fakes.clock.advance(6 * SECOND);
		await arr.fetch(`/api/v3/queue/${first(await queue(arr)).id}?removeFromClient=false`, {
			method: 'DELETE',
		});
		expect((await history(arr)).at(-1)?.eventType).toBe('downloadIgnored');
	});
});

describe('parked releases', () => {
	it('fn §6: grabbed at a later RSS sync as Rss, under another queue id', async () => {
		const arr = await fake.create({ kind: 'sonarr5', indexers: [{}] });
		await arr.setDownloadClient(1, { reachable: false });
		await grabOne(fake.fakes, arr, 'sonarr5');
		const parked = first(await queue(arr));
		await arr.setDownloadClient(1, { reachable: true });
		await fake.fakes.clock.advance(16 * MINUTE);
		expect(first(await history(arr)).data.releaseSource).toBe('Rss');
		expect(first(await history(arr)).sourceTitle).toBe(parked.title);
	});

	it('fn §6: POST /queue/grab sends it as UserInvokedSearch in Sonarr 4; Sonarr 5 has no such route in v3', async () => {
		const four = await fake.create({ kind: 'sonarr4', downloadClients: [{ enabled: false }] });
		await grabOne(fake.fakes, four, 'sonarr4');
		await four.setDownloadClient(1, { enabled: true });
		const response = await four.fetch(`/api/v3/queue/grab/${first(await queue(four)).id}`, {
			method: 'POST',
		});
		expect([response.status, await response.json()]).toEqual([200, {}]);
		expect(await queue(four)).toEqual([]);
		await fake.fakes.clock.advance(10 * SECOND);
		expect(first(await history(four)).data.releaseSource).toBe('UserInvokedSearch');
		const five = await fake.create({ kind: 'sonarr5', downloadClients: [{ enabled: false }] });
		await grabOne(fake.fakes, five, 'sonarr5');
		expect(
			(await five.fetch(`/api/v3/queue/grab/${first(await queue(five)).id}`, { method: 'POST' })).status,
		).toBe(404);
	});

	it('fn §6: an API search grabs a delayed one at once', async () => {
		const arr = await fake.create({ kind: 'radarr6', indexers: [{}] });
		await arr.script({ movieId: 1 }, { kind: 'delayed', minutes: 600 });
		await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [1] });
		expect(first(await queue(arr)).status).toBe('delay');
		await grabOne(fake.fakes, arr, 'radarr6');
		await fake.fakes.clock.advance(6 * SECOND);
		expect((await queue(arr)).map((row) => row.status)).toEqual(['queued']);
	});
});

describe('download client away', () => {
	it('fn §6: rows stay up to 90 s, then are missing without a word; back with the same ids', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		await grabOne(fake.fakes, arr, 'sonarr4', { fate: 'stall' });
		await fake.fakes.clock.advance(3 * MINUTE);
		const ids = (await queue(arr)).map((row) => row.id);
		await run(fake.fakes, arr, { name: 'RefreshMonitoredDownloads' });
		await arr.setDownloadClient(1, { reachable: false });
		await fake.fakes.clock.advance(10 * SECOND);
		expect(await queue(arr)).toHaveLength(1);
		expect(await sources(arr)).toEqual([]);
		await fake.fakes.clock.advance(90 * SECOND);
		expect(await queue(arr)).toEqual([]);
		expect(await arr.get('/api/v3/queue/status')).toMatchObject({
			totalCount: 0,
			errors: false,
			warnings: false,
		});
		expect(await sources(arr)).toEqual(['DownloadClientCheck error']);
		await arr.setDownloadClient(1, { reachable: true });
		await fake.fakes.clock.advance(100 * SECOND);
		expect((await queue(arr)).map((row) => row.id)).toEqual(ids);
	});

	it('fn §6: after five minutes a back-off, during which the rows stay away although the client is back', async () => {
		const arr = await fake.create({ kind: 'radarr6' });
		await grabOne(fake.fakes, arr, 'radarr6', { fate: 'stall' });
		await fake.fakes.clock.advance(3 * MINUTE);
		await arr.setDownloadClient(1, { reachable: false });
		await fake.fakes.clock.advance(8 * MINUTE);
		expect(await sources(arr)).toContain('DownloadClientStatusCheck error');
		await arr.setDownloadClient(1, { reachable: true });
		await run(fake.fakes, arr, { name: 'RefreshMonitoredDownloads' });
		expect(await queue(arr)).toEqual([]);
		await fake.fakes.clock.advance(30 * MINUTE);
		expect(await queue(arr)).toHaveLength(1);
		expect(await sources(arr)).toEqual([]);
	});
});

describe('imports that do not happen', () => {
	it('fn §6: blocked: warning, importBlocked (older kinds importPending), told once', async () => {
		for (const [kind, state] of [
			['radarr6', 'importBlocked'],
			['whisparr2', 'importPending'],
			['sonarr4-old', 'importPending'],
		] as const) {
			const arr = await hook.with({ kind });
			await grabOne(fake.fakes, arr, kind, { fate: 'blockedById', matchedById: true, downloadSeconds: 60 });
			await fake.fakes.clock.advance(10 * MINUTE);
			expect(first(await queue(arr))).toMatchObject({
				trackedDownloadStatus: 'warning',
				trackedDownloadState: state,
			});
			expect(hook.received.filter((one) => one.body.eventType === 'ManualInteractionRequired')).toHaveLength(
				1,
			);
		}
	});

	it('fn §6: a pack imported in part stays with a warning', async () => {
		const arr = await fake.create({ kind: 'sonarr4', indexers: [{}] });
		await arr.edit({ seriesId: 3 }, { kind: 'standard' });
		for (const one of await arr.get<{ id: number }[]>('/api/v3/episode?seriesId=3&seasonNumber=2')) {
			await arr.airEpisode(one.id, Date.parse('2026-01-01T00:00:00Z'));
		}
		await arr.script(
			{ seriesId: 3, season: 2 },
			{ kind: 'grabPack', release: { fate: 'partial', downloadSeconds: 30 } },
		);
		await run(fake.fakes, arr, { name: 'SeasonSearch', seriesId: 3, seasonNumber: 2 });
		await fake.fakes.clock.advance(10 * MINUTE);
		const episodes = await arr.get<{ hasFile: boolean }[]>('/api/v3/episode?seriesId=3&seasonNumber=2');
		expect(episodes.filter((one) => one.hasFile).length).toBe(5);
		expect(first(await queue(arr))).toMatchObject({
			trackedDownloadStatus: 'warning',
			trackedDownloadState: 'importPending',
		});
	});
});
