/** The clients against canned answers: paths, bodies and headers that go out, records that come back. */
import { afterEach, describe, expect, it } from 'vitest';
import { httpAnswer } from './common/testing';
import { cannedClient, foreign, paths, requests, stopServer } from './testing';

afterEach(stopServer);

describe('search', () => {
	const sent = {
		id: 7,
		name: 'EpisodeSearch',
		status: 'queued',
		body: { episodeIds: [3] },
		duration: '00:00:01.5000000',
	};

	it('sends the command once, with both names of the sender', async () => {
		const sonarr = await cannedClient('sonarr', { command: httpAnswer(201, sent) });
		const command = await sonarr.search({ kind: 'episode', episodeArrId: 3 }, 'd-12');
		expect(command).toMatchObject({
			id: 7,
			status: 'queued',
			durationMs: 1500,
			body: { episodeIds: [3], movieIds: [] },
		});
		const [request = ''] = requests();
		expect(request).toContain('POST /api/v3/command HTTP/1.1');
		expect(request).toContain('\r\nUser-Agent: Comradarr/0.1.0 (d-12)\r\n');
		expect(request).toContain('\r\nUserAgent: Comradarr/0.1.0 (d-12)\r\n');
		expect(request).toContain('{"name":"EpisodeSearch","episodeIds":[3]}');
	});

	it('knows the words of each application', async () => {
		const radarr = await cannedClient('radarr', { command: httpAnswer(201, sent) });
		await radarr.search({ kind: 'movie', movieArrId: 5 }, 'd');
		expect(requests()[0]).toContain('{"name":"MoviesSearch","movieIds":[5]}');
		await expect(radarr.search({ kind: 'episode', episodeArrId: 5 }, 'd')).rejects.toMatchObject({
			code: 'not_this_shape',
		});
		const sonarr = await cannedClient('sonarr', { command: httpAnswer(201, sent) });
		await sonarr.search({ kind: 'season', seriesArrId: 2, seasonNumber: 0 }, 'd');
		expect(requests()[0]).toContain('{"name":"SeasonSearch","seriesId":2,"seasonNumber":0}');
	});

	it('never asks Whisparr 2 for the year 0', async () => {
		const whisparr = await cannedClient('whisparr', {}, { shape: 'series' });
		const search = whisparr.search({ kind: 'season', seriesArrId: 2, seasonNumber: 0 }, 'd');
		await expect(search).rejects.toMatchObject({ code: 'command_rejected', sent: 'no' });
		expect(requests()).toHaveLength(0);
	});

	it.each([
		['refused', httpAnswer(400, [{ propertyName: 'Name' }]), 'command_rejected', 'no'],
		[
			'failed',
			httpAnswer(500, { message: 'Sequence contains no matching element' }),
			'server_error',
			'unknown',
		],
		['answered with rubbish', httpAnswer(201, '{"id": "x"}'), 'bad_record', 'unknown'],
	])('is %s', async (_, answer, code, wasSent) => {
		const sonarr = await cannedClient('sonarr', { command: answer });
		await expect(sonarr.search({ kind: 'episode', episodeArrId: 3 }, 'd')).rejects.toMatchObject({
			code,
			sent: wasSent,
		});
		expect(requests()).toHaveLength(1);
	});
});

describe('one command, one record', () => {
	it('tells found, unknown and unreadable apart', async () => {
		const sonarr = await cannedClient('sonarr', {
			'command/1': { id: 1, status: 'completed', clientUserAgent: 'x' },
			'command/3': httpAnswer(
				500,
				{ message: 'Error parsing column 8 (Duration=00:00:02)' },
				{ 'x-application-version': '' },
			),
			'command/4': foreign,
			'command/5': httpAnswer(404, { message: 'NotFound' }, { 'x-application-version': '' }),
		});
		expect(await sonarr.command(1)).toMatchObject({ state: 'found', command: { clientUserAgent: 'x' } });
		expect(await sonarr.command(2)).toEqual({ state: 'unknown' });
		expect(await sonarr.command(3)).toEqual({ state: 'unreadable' });
		await expect(sonarr.command(4)).rejects.toMatchObject({ code: 'not_application' });
		await expect(sonarr.command(5)).rejects.toMatchObject({ code: 'not_application' });
	});

	it("takes only the application's word that something is gone", async () => {
		const sonarr = await cannedClient('sonarr', {
			'series/2': foreign,
			'series/3': httpAnswer(404, { message: 'no route' }, { 'x-application-version': '' }),
		});
		expect(await sonarr.getSeries(1)).toEqual({ found: false });
		await expect(sonarr.getSeries(2)).rejects.toMatchObject({ code: 'not_application' });
		await expect(sonarr.getSeries(3)).rejects.toMatchObject({ code: 'not_application' });
	});

	it('names endpoint and field of a record it cannot read', async () => {
		const sonarr = await cannedClient('sonarr', { 'series/1': { id: 1, tvdbId: '5' } });
		const error = { code: 'bad_record', field: 'tvdbId', decision: 'give_up_item' };
		await expect(sonarr.getSeries(1)).rejects.toMatchObject(error);
	});
});

describe('paged lists', () => {
	it('reads the queue by its total, past repeated pages', async () => {
		const row = (id: number) => ({ id, title: 't', status: 'Downloading', movieId: 0, episodeId: 4 });
		const queue = (page: number, records: unknown[]) => ({ page, totalRecords: 1001, records });
		const query =
			'&pageSize=1000&sortKey=timeleft&sortDirection=ascending&includeUnknownSeriesItems=true&includeUnknownMovieItems=true';
		const sonarr = await cannedClient('sonarr', {
			[`queue?page=1${query}`]: queue(
				1,
				Array.from({ length: 1000 }, (_, id) => row(id + 1)),
			),
			[`queue?page=2${query}`]: queue(1, [row(1)]),
		});
		const rows = await sonarr.queue();
		expect(rows).toHaveLength(1000);
		expect(rows[0]).toMatchObject({ status: 'downloading', itemArrId: 4 });
		expect(paths()).toHaveLength(2);
	});

	it('has no wanted totals where there are none', async () => {
		const radarr = await cannedClient('radarr', { 'wanted/missing': { totalRecords: 12 } });
		expect(await radarr.wantedTotals()).toEqual({ missing: 12, cutoffUnmet: null });
	});

	it('gives the grabs of a season, newest first', async () => {
		const row = (id: number, date: string, eventType: unknown = 'grabbed') => ({
			id,
			episodeId: 5,
			seriesId: 2,
			date,
			eventType,
			quality: { quality: { id: 3, name: 'WEBDL' } },
			data: { releaseSource: 'UserInvokedSearch', guid: 'http://x?apikey=SECRET', size: '12', fileId: null },
		});
		const sonarr = await cannedClient('sonarr', {
			'history/series': [
				row(1, '2026-01-01T00:00:00Z'),
				row(2, '2026-01-02T00:00:00Z', 1),
				row(3, '2026-01-03T00:00:00Z', 6),
			],
		});
		const rows = await sonarr.historyOfItem({ seriesArrId: 2, seasonNumber: 1 });
		expect(rows.map(({ arrId }) => arrId)).toEqual([2, 1]);
		expect(rows[0]).toMatchObject({
			event: 'grabbed',
			size: 12,
			fileArrId: null,
			releaseSource: 'UserInvokedSearch',
		});
		expect(JSON.stringify(rows)).not.toContain('SECRET');
		expect(paths()[0]).toBe('GET /api/v3/history/series?seriesId=2&seasonNumber=1&eventType=1');
	});
});
