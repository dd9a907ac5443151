// arr-api §16: version differences, one test per row.
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../json.ts';
import type { Kind } from '../kinds.ts';
import { first, history, missing, queue, run, SECOND, status, useFakes } from './bench.ts';

const fake = useFakes();

async function forKinds<T>(
	expected: Partial<Record<Kind, T>>,
	look: (arr: Awaited<ReturnType<typeof fake.create>>, kind: Kind) => Promise<T>,
) {
	for (const [kind, value] of Object.entries(expected) as [Kind, T][]) {
		const arr = await fake.create({ kind, indexers: [{}] });
		expect([kind, await look(arr, kind)]).toEqual([kind, value]);
		await arr.remove();
	}
}

const isMovie = (kind: Kind) => kind.startsWith('radarr') || kind === 'whisparr3';

async function oneGap(arr: Awaited<ReturnType<typeof fake.create>>, kind: Kind): Promise<number> {
	return isMovie(kind) ? 1 : kind === 'whisparr2' ? 3 : first(await missing(arr)).id;
}

async function searchOne(arr: Awaited<ReturnType<typeof fake.create>>, kind: Kind) {
	const id = await oneGap(arr, kind);
	await arr.script(isMovie(kind) ? { movieId: id } : { episodeId: id }, { kind: 'grab' });
	const body = isMovie(kind)
		? { name: 'MoviesSearch', movieIds: [id] }
		: { name: 'EpisodeSearch', episodeIds: [id] };
	return { id, command: await run(fake.fakes, arr, body) };
}

describe('arr-api §16', () => {
	it('/wanted/*', () =>
		forKinds(
			{
				sonarr3: 200,
				'sonarr4-old': 200,
				radarr3: 404,
				radarr4: 404,
				radarr5: 200,
				radarr6: 200,
				whisparr2: 200,
				whisparr3: 200,
			},
			(arr) => status(arr, '/api/v3/wanted/missing'),
		));

	it('lastSearchTime in the API', () =>
		forKinds(
			{
				sonarr3: false,
				'sonarr4-old': false,
				sonarr4: true,
				sonarr5: true,
				radarr4: false,
				radarr5: true,
				radarr6: true,
				whisparr2: false,
				whisparr3: true,
			},
			async (arr, kind) => {
				const { id } = await searchOne(arr, kind);
				const path = isMovie(kind) ? `/api/v3/movie/${id}` : `/api/v3/episode/${id}`;
				return 'lastSearchTime' in (await arr.get<JsonObject>(path));
			},
		));

	it('sort-key whitelist', () =>
		forKinds({ 'sonarr4-old': 500, sonarr4: 200, radarr5: 200, whisparr2: 500, whisparr3: 200 }, (arr) =>
			status(arr, '/api/v3/wanted/missing?sortKey=nonsense'),
		));

	it('includeEpisodeFile on /episode', () =>
		forKinds({ 'sonarr4-old': false, sonarr4: true, whisparr2: false }, async (arr) => {
			const episodes = await arr.get<JsonObject[]>('/api/v3/episode?seriesId=1&includeEpisodeFile=true');
			return episodes.some((one) => one.episodeFile !== undefined);
		}));

	it('informative final command message', () =>
		forKinds(
			{
				'sonarr4-old': 'Completed',
				sonarr4: 'Episode search completed. 1 reports downloaded.',
				radarr4: 'Completed',
				radarr6: 'Completed search for 1 movies. 1 reports downloaded.',
				whisparr2: 'Completed',
			},
			async (arr, kind) => (await searchOne(arr, kind)).command.message ?? '',
		));

	it('command result', () =>
		forKinds(
			{
				sonarr3: undefined,
				'sonarr4-old': 'successful',
				radarr3: undefined,
				radarr4: 'successful',
				whisparr2: 'successful',
			},
			async (arr, kind) => (await searchOne(arr, kind)).command.result,
		));

	it('several eventType in /history', () =>
		forKinds({ 'sonarr4-old': 1, sonarr4: 2, whisparr2: 1 }, async (arr, kind) => {
			const { id } = await searchOne(arr, kind);
			const file = (await arr.truth()).items.find((one) => one.fileId > 0 && one.arrId !== id);
			await arr.deleteFile(file?.fileId ?? 0);
			return (await arr.get<{ totalRecords: number }>('/api/v3/history?eventType=1&eventType=5'))
				.totalRecords;
		}));

	it('releaseSource in history', () =>
		forKinds(
			{
				sonarr3: false,
				'sonarr4-old': true,
				radarr3: false,
				radarr6: true,
				whisparr2: true,
				whisparr3: true,
			},
			async (arr, kind) => {
				await searchOne(arr, kind);
				return 'releaseSource' in first(await history(arr)).data;
			},
		));

	it('secrets masked', () =>
		forKinds(
			{ sonarr3: false, sonarr4: true, radarr4: false, radarr5: true, whisparr2: true, whisparr3: true },
			async (arr) => {
				const text = await (await arr.fetch('/api/v3/downloadclient')).text();
				return text.includes('********') && !text.includes('CLIENTSECRET');
			},
		));

	it('importBlocked', () =>
		forKinds(
			{
				'sonarr4-old': 'importPending',
				sonarr4: 'importBlocked',
				radarr4: 'importPending',
				radarr6: 'importBlocked',
				whisparr2: 'importPending',
				whisparr3: 'importBlocked',
			},
			async (arr, kind) => {
				const id = await oneGap(arr, kind);
				const item = isMovie(kind) ? { movieId: id } : { episodeId: id };
				await arr.script(item, { kind: 'grabThenManual', release: { downloadSeconds: 20 } });
				const body = isMovie(kind)
					? { name: 'MoviesSearch', movieIds: [id] }
					: { name: 'EpisodeSearch', episodeIds: [id] };
				await run(fake.fakes, arr, body);
				await fake.fakes.clock.advance(200 * SECOND);
				return first(await queue(arr)).trackedDownloadState;
			},
		));

	it('skipRedownload', () =>
		forKinds(
			{ sonarr3: 1, sonarr4: 0, radarr3: 1, radarr6: 0, whisparr2: 0, whisparr3: 0 },
			async (arr, kind) => {
				await searchOne(arr, kind);
				await fake.fakes.clock.advance(6 * SECOND);
				const before = (await arr.snapshot()).lastCommandId;
				const name = kind === 'radarr3' ? 'blacklist' : 'blocklist';
				await arr.fetch(`/api/v3/queue/${first(await queue(arr)).id}?${name}=true&skipRedownload=true`, {
					method: 'DELETE',
				});
				return (await arr.commands()).filter((one) => one.id > before && one.name.endsWith('Search')).length;
			},
		));

	it('changeCategory', () =>
		forKinds(
			{
				'sonarr4-old': 'downloadIgnored',
				sonarr4: 'grabbed',
				radarr6: 'grabbed',
				whisparr2: 'downloadIgnored',
			},
			async (arr, kind) => {
				await searchOne(arr, kind);
				await fake.fakes.clock.advance(6 * SECOND);
				await arr.fetch(
					`/api/v3/queue/${first(await queue(arr)).id}?removeFromClient=false&changeCategory=true`,
					{ method: 'DELETE' },
				);
				return (await history(arr)).at(-1)?.eventType;
			},
		));

	it('webhook headers', () =>
		forKinds(
			{
				'sonarr4-old': false,
				sonarr4: true,
				radarr4: false,
				radarr6: true,
				whisparr2: false,
				whisparr3: true,
			},
			async (arr) => {
				const schema = first(await arr.get<{ fields: { name: string }[] }[]>('/api/v3/notification/schema'));
				return schema.fields.some((field) => field.name === 'headers');
			},
		));

	it('UI Basic authentication', async () => {
		for (const [kind, has] of [
			['sonarr4', true],
			['sonarr5', false],
			['radarr5', true],
			['radarr6', false],
			['whisparr2', true],
			['whisparr3', false],
		] as const) {
			const arr = await fake.create({ kind, auth: 'basic' });
			expect([kind, (await arr.fetch('/')).headers.get('www-authenticate') !== null]).toEqual([kind, has]);
		}
	});

	it('list of ids on /moviefile?movieId=', () =>
		forKinds({ radarr4: 1, radarr6: 2, whisparr3: 2 }, async (arr) => {
			const ids = (await arr.truth()).items.filter((one) => one.fileId > 0).map((one) => one.arrId);
			return (await arr.get<unknown[]>(`/api/v3/moviefile?movieId=${ids[0]}&movieId=${ids[1]}`)).length;
		}));

	it('clientUserAgent on commands', () =>
		forKinds(
			{
				sonarr3: 'normal',
				sonarr4: 'own',
				sonarr5: 'own',
				radarr3: 'normal',
				radarr6: 'own',
				whisparr2: 'own',
				whisparr3: 'own',
			},
			async (arr) => {
				const response = await arr.fetch('/api/v3/command', {
					method: 'POST',
					body: JSON.stringify({ name: 'RssSync' }),
					headers: { 'user-agent': 'normal', UserAgent: 'own' },
				});
				return ((await response.json()) as { clientUserAgent?: string }).clientUserAgent;
			},
		));

	it('unknown id on GET by id', () =>
		forKinds(
			{
				sonarr4: 'application/json; charset=utf-8',
				sonarr5: null,
				radarr6: 'application/problem+json; charset=utf-8',
				whisparr2: 'application/json; charset=utf-8',
				whisparr3: 'application/problem+json; charset=utf-8',
			},
			async (arr) => (await arr.fetch('/api/v3/command/999999')).headers.get('content-type'),
		));

	it('release found while qBittorrent refuses, and POST /queue/grab', () =>
		forKinds({ sonarr4: 0, sonarr5: 1, radarr6: 0, whisparr2: 0, whisparr3: 0 }, async (arr, kind) => {
			await arr.setDownloadClient(1, { reachable: false });
			await searchOne(arr, kind);
			return (await queue(arr)).length;
		}));

	it('Sonarr 3: comma lists, language profiles, no custom formats', async () => {
		const arr = await fake.create({ kind: 'sonarr3' });
		expect(await arr.get('/api/v3/episode?episodeIds=1,2')).toHaveLength(2);
		const file = first(await arr.get<JsonObject[]>('/api/v3/episodefile?seriesId=1'));
		expect(file).toHaveProperty('languageCutoffNotMet');
		expect(file).not.toHaveProperty('customFormats');
		const shown = await arr.get<JsonObject>('/api/v3/system/status');
		expect(shown).not.toHaveProperty('databaseType');
	});

	it('Radarr 3 and 4: MoviesSearch loops ids and fails at the first unknown one', async () => {
		const arr = await fake.create({ kind: 'radarr4', indexers: [{}] });
		const command = await run(fake.fakes, arr, { name: 'MoviesSearch', movieIds: [1, 99_999, 5] });
		expect(command.status).toBe('failed');
		expect(first(await arr.indexerSearches()).units).toBe(1);
	});

	it('Sonarr 5: /api/v5', async () => {
		const arr = await fake.create({ kind: 'sonarr5' });
		expect(await status(arr, '/api/v5/connection')).toBe(200);
		expect(await status(arr, '/api/v5/notification')).toBe(404);
		await arr.rssGrab({ episodeId: first(await missing(arr)).id });
		await fake.fakes.clock.advance(6 * SECOND);
		const rows = await arr.get<{ records: JsonObject[] }>('/api/v5/queue');
		expect(first(rows.records)).toHaveProperty('episodeIds');
	});
});
