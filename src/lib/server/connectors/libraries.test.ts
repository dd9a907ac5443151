/** What the clients of movies do otherwise: files in chunks, libraries in bulk, items that cannot be searched. */
import { afterEach, describe, expect, it } from 'vitest';
import { cannedClient, movie, paths, recordsOf, status, stopServer } from './testing';

afterEach(stopServer);

describe('Radarr', () => {
	it('asks for files in URLs of bounded length, or one by one', async () => {
		const ids = Array.from({ length: 2000 }, (_, index) => 10_000 + index);
		const radarr = await cannedClient('radarr', {
			'system/status': status('Radarr', '6.1.0.1'),
			moviefile: [],
		});
		await recordsOf(radarr.listMovieFiles(ids));
		const [first = '', ...files] = paths();
		expect(first).toContain('/system/status');
		expect(files.length).toBeGreaterThan(3);
		expect(Math.max(...files.map((path) => path.length))).toBeLessThan(8000);
		expect(files.join('&').match(/movieId=\d+/g)).toHaveLength(2000);
		const old = await cannedClient('radarr', { 'system/status': status('Radarr', '4.7.5.1'), moviefile: [] });
		await recordsOf(old.listMovieFiles([1, 2]));
		expect(paths().slice(1)).toEqual(['GET /api/v3/moviefile?movieId=1', 'GET /api/v3/moviefile?movieId=2']);
	});

	it('asks for nothing when there is nothing to ask for', async () => {
		const radarr = await cannedClient('radarr', { 'system/status': status('Radarr', '6.1.0.1') });
		expect(await recordsOf(radarr.listMovieFiles([]))).toEqual([]);
		expect(paths().filter((path) => path.includes('moviefile'))).toEqual([]);
	});

	it('reads movies one by one, and leaves out what is gone', async () => {
		const radarr = await cannedClient('radarr', {
			'movie/1': movie(1),
			'movie/3': { ...movie(3), monitored: 'yes' },
		});
		const list = radarr.getMovies([1, 2, 3]);
		const items = (await Array.fromAsync(list)).flat();
		expect(items.map((item) => (item.ok ? item.record.arrId : item.problem))).toEqual([
			1,
			expect.stringContaining('monitored'),
		]);
		expect(list.summary()).toMatchObject({ whole: true, count: 2, unreadable: 1 });
	});
});

describe('Whisparr', () => {
	it('asks for its shape once, and offers only what that has', async () => {
		const whisparr = await cannedClient('whisparr', {
			'system/status': status('Whisparr', '2.0.0.548'),
			series: [],
		});
		expect(await recordsOf(whisparr.listSeries())).toEqual([]);
		expect(await recordsOf(whisparr.listSeries())).toEqual([]);
		await expect(whisparr.listMovieIds()).rejects.toMatchObject({ code: 'not_this_shape' });
		expect(paths().filter((path) => path.includes('system/status'))).toHaveLength(1);
	});

	it('refuses another application', async () => {
		const whisparr = await cannedClient('whisparr', { 'system/status': status('Radarr', '5.0.0.1') });
		await expect(whisparr.health()).rejects.toMatchObject({
			code: 'wrong_application',
			decision: 'ask_user',
		});
	});

	const settings = {
		'system/status': status('Whisparr', '3.2.0.1'),
		'config/indexer': { searchStudioDate: true, searchTitleOnly: false },
		studio: [{ id: 1, foreignId: 'elsewhere', title: 'KnownLoved' }],
	};

	it('reads a large library by ids in bulk, and says what cannot be searched', async () => {
		const ids = Array.from({ length: 1500 }, (_, index) => index + 1);
		const scenes = [
			movie(1),
			movie(2, { studioTitle: 'Other' }),
			movie(3, { releaseDate: undefined }),
			movie(4, { itemType: 'movie', year: 0 }),
			movie(5, { studioTitle: undefined }),
		];
		const whisparr = await cannedClient('whisparr', { ...settings, 'movie/list': ids, 'movie/bulk': scenes });
		const list = whisparr.listMovies();
		const found = await recordsOf(list);
		expect(found).toHaveLength(10);
		expect(found.slice(0, 5).map(({ notSearchable }) => notSearchable)).toEqual([
			null,
			'unknown_studio',
			'undated',
			'no_year',
			'unknown_studio',
		]);
		expect(found[0]).toMatchObject({ naturalKey: 'foreign:f1', itemType: 'scene' });
		expect(list.summary()).toMatchObject({ whole: true, count: 10 });
		expect(paths().filter((path) => path.includes('bulk'))).toHaveLength(2);
		expect(paths().filter((path) => path.includes('studio'))).toHaveLength(1);
	});

	it('finds scenes searchable by title whatever their studio', async () => {
		const answers = {
			...settings,
			'config/indexer': { searchTitleOnly: true },
			'movie/bulk': [movie(2, { studioTitle: 'Other' })],
		};
		const whisparr = await cannedClient('whisparr', answers);
		expect((await recordsOf(whisparr.getMovies([2])))[0]?.notSearchable).toBeNull();
	});

	it('knows a studio by each of its names, as Whisparr does, and never by its id', async () => {
		const names = ['MÜLLER films', 'Search-Name', 'Old Alias', 'Nobody', undefined];
		const answers = {
			...settings,
			studio: [
				{
					id: 1,
					foreignId: 'a',
					title: 'Mueller Films',
					searchTitle: 'Search Name',
					aliases: ['OldAlias', 7],
				},
				{ id: 2, foreignId: 'b', title: '!' },
			],
			'movie/bulk': names.map((studioTitle, id) => movie(id + 1, { studioForeignId: 'b', studioTitle })),
		};
		const whisparr = await cannedClient('whisparr', answers);
		const found = await recordsOf(whisparr.getMovies([1, 2, 3, 4, 5]));
		expect(found.map((one) => one.notSearchable)).toEqual([
			null,
			null,
			null,
			'unknown_studio',
			'unknown_studio',
		]);
	});

	it('finds nothing searchable that the search settings make no query for', async () => {
		const scenes = [movie(1), movie(2, { code: 'C-2' }), movie(3, { itemType: 'movie' })];
		const of = async (options: object) => {
			const answers = { ...settings, 'config/indexer': options, 'movie/bulk': scenes };
			const whisparr = await cannedClient('whisparr', answers);
			return (await recordsOf(whisparr.getMovies([1, 2, 3]))).map((one) => one.notSearchable);
		};
		const off = { searchStudioDate: false, searchStudioTitle: false, searchStudioCode: false };
		expect(await of(off)).toEqual(['no_query', 'no_query', null]);
		expect(await of({ ...off, searchStudioCode: true })).toEqual(['no_query', null, null]);
		expect(await of({ ...off, searchStudioTitle: true })).toEqual([null, null, null]);
		expect(await of({})).toEqual([null, null, null]);
	});

	it('reads single items by their foreign id, whatever it names', async () => {
		const answers = {
			...settings,
			'movie?stashId=s1': [movie(1)],
			'movie?stashId=s2': [],
			'movie?stashId=tpdbId%3A9': [movie(9)],
		};
		const whisparr = await cannedClient('whisparr', answers);
		const get = (arrId: number, naturalKey: string) => whisparr.getMovie({ arrId, naturalKey });
		expect(await get(1, 'foreign:s1')).toMatchObject({ found: true });
		expect(await get(2, 'foreign:s2')).toEqual({ found: false });
		expect(await get(9, 'foreign:tpdbId:9')).toMatchObject({ found: true });
	});
});
