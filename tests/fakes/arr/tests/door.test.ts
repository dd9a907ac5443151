// fixtures-notes §2 and §3: the front door and the state.
import { describe, expect, it } from 'vitest';
import { ALL_KINDS } from '../kinds.ts';
import type { JsonObject } from '../json.ts';
import { first, MINUTE, status, useFakes } from './bench.ts';

const fake = useFakes();
const raw = (url: string, init: RequestInit = {}) => fetch(url, { redirect: 'manual', ...init });

describe('front door', () => {
	it('fn §2.1: the base is stripped in any case; without it 307 after the key check, ping without a key', async () => {
		const arr = await fake.create({ kind: 'sonarr5', urlBase: '/sonarr' });
		const root = `http://127.0.0.1:${arr.port}`;
		const key = { headers: { 'x-api-key': arr.apiKey } };
		expect((await raw(`${root}/SONARR/api/v3/tag`, key)).status).toBe(200);
		const away = await raw(`${root}/api/v3/tag?x=1`, key);
		expect([away.status, away.headers.get('location')]).toEqual([307, '/sonarr/api/v3/tag?x=1']);
		expect((await raw(`${root}/api/v3/tag`)).status).toBe(401);
		const ping = await raw(`${root}/ping`);
		expect([ping.status, ping.headers.get('location')]).toEqual([307, '/sonarr/ping']);
		const twice = await raw(`${root}/sonarr/sonarr/api/v3/tag`, key);
		expect(twice.headers.get('location')).toBe('/sonarr/login?returnUrl=%2Fsonarr%2Fsonarr%2Fapi%2Fv3%2Ftag');
	});

	it('fn §2.2: ping without a key, POST 401, HEAD where there is one', async () => {
		const arr = await fake.create({ kind: 'radarr6' });
		const ping = await raw(`${arr.url}/ping`, { headers: { 'x-api-key': 'wrong' } });
		expect([ping.status, await ping.json(), ping.headers.get('x-application-version')]).toEqual([
			200,
			{ status: 'OK' },
			null,
		]);
		expect((await raw(`${arr.url}/ping`, { method: 'POST' })).status).toBe(401);
		expect((await raw(`${arr.url}/ping`, { method: 'HEAD' })).status).toBe(200);
		await arr.lockDatabase(true);
		expect((await raw(`${arr.url}/ping`)).status).toBe(500);
	});

	it('fn §2.3: the key: query first, then header, then bearer or bare; 401 empty', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const at = `${arr.url}/api/v3/tag`;
		const codes = await Promise.all([
			raw(`${at}?apikey=`, { headers: { 'x-api-key': arr.apiKey } }),
			raw(`${at}?apiKey=${arr.apiKey}`, { headers: { 'x-api-key': 'wrong' } }),
			raw(at, { headers: { authorization: `Bearer ${arr.apiKey}` } }),
			raw(at, { headers: { authorization: arr.apiKey } }),
			raw(at, { headers: { 'x-api-key': 'wrong', authorization: `Bearer ${arr.apiKey}` } }),
			raw(at, { headers: { authorization: 'Basic dTpw' } }),
		]);
		expect(codes.map((one) => one.status)).toEqual([401, 200, 200, 200, 401, 401]);
		const refused = first(codes);
		expect(await refused.text()).toBe('');
		expect(refused.headers.get('content-length')).toBe('0');
		for (const name of ['content-type', 'location', 'www-authenticate', 'x-application-version']) {
			expect(refused.headers.get(name)).toBeNull();
		}
	});

	it('fn §2.4: other paths: a redirect to the login, 401 with Location, Basic, or the page', async () => {
		const expected = [
			[{ kind: 'sonarr5' }, 302],
			[{ kind: 'sonarr4' }, 302],
			[{ kind: 'radarr6' }, 401],
			[{ kind: 'radarr6', runtime: 'net8' }, 302],
			[{ kind: 'whisparr3' }, 401],
			[{ kind: 'sonarr4', auth: 'basic' }, 401],
			[{ kind: 'sonarr4', auth: 'none' }, 200],
		] as const;
		for (const [options, code] of expected) {
			const arr = await fake.create(options);
			const answer = await raw(`${arr.url}/wrong/api/v3/system/status`, {
				headers: { 'x-api-key': arr.apiKey },
			});
			expect([options, answer.status]).toEqual([options, code]);
			if (!('auth' in options))
				expect(answer.headers.get('location')).toBe('/login?returnUrl=%2Fwrong%2Fapi%2Fv3%2Fsystem%2Fstatus');
		}
	});

	it('fn §2.6: indented JSON, version header, caching headers, gzip when asked', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const answer = await arr.fetch('/api/v3/tag');
		expect(await answer.clone().text()).toContain('\n  {\n    "label"');
		expect(answer.headers.get('x-application-version')).toBe('4.0.19.2979');
		expect(answer.headers.get('cache-control')).toBe('no-cache, no-store');
		expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
		const packed = await arr.fetch('/api/v3/tag', { headers: { 'accept-encoding': 'gzip' } });
		expect(packed.headers.get('content-encoding')).toBe('gzip');
		const plain = await arr.fetch('/api/v3/tag', { headers: { 'accept-encoding': 'deflate' } });
		expect(plain.headers.get('content-encoding')).toBeNull();
	});

	it('fn §2.6: empty 404, 405, 406 and 415 carry the version; the error handler does not', async () => {
		const arr = await fake.create({ kind: 'sonarr5' });
		const answers = [
			await arr.fetch('/api/v3/nosuchthing'),
			await arr.fetch('/api/v3/tag', { method: 'DELETE' }),
			await arr.fetch('/api/v3/tag', { headers: { accept: 'text/html' } }),
			await arr.fetch('/api/v3/command', {
				method: 'POST',
				body: 'x',
				headers: { 'content-type': 'text/plain' },
			}),
		];
		expect(answers.map((one) => one.status)).toEqual([404, 405, 406, 415]);
		for (const answer of answers) {
			expect(await answer.text()).toBe('');
			expect(answer.headers.get('x-application-version')).not.toBeNull();
		}
		const handled = await arr.fetch('/api/v3/episode');
		expect(handled.status).toBe(400);
		expect(handled.headers.get('x-application-version')).toBeNull();
		expect(handled.headers.get('content-type')).toBe('application/json');
		expect(handled.headers.get('cache-control')).toBe('no-cache,no-store');
	});

	it('fn §2.7: an unknown id by kind', async () => {
		const expected = {
			sonarr4: 'application/json; charset=utf-8',
			whisparr2: 'application/json; charset=utf-8',
			radarr6: 'application/problem+json; charset=utf-8',
			sonarr5: null,
		} as const;
		for (const [kind, type] of Object.entries(expected)) {
			const arr = await fake.create({ kind: kind as keyof typeof expected });
			const answer = await arr.fetch('/api/v3/command/999999');
			expect([kind, answer.status, answer.headers.get('content-type')]).toEqual([kind, 404, type]);
			expect(answer.headers.get('x-application-version')).not.toBeNull();
		}
		const five = await fake.create({ kind: 'sonarr5' });
		expect((await five.fetch('/api/v3/series/9999')).headers.get('content-type')).toBe(
			'application/json; charset=utf-8',
		);
	});

	it('fn §2.7: a tag without label, a profile in use', async () => {
		const label = { method: 'POST', body: '{}' };
		const inUse = async (kind: 'sonarr4' | 'sonarr5' | 'radarr6') => {
			const arr = await fake.create({ kind });
			const profile = (await arr.snapshot()).profiles.find((one) => one.name === 'Plain');
			return [
				await status(arr, '/api/v3/tag', label),
				await status(arr, `/api/v3/qualityprofile/${profile?.id}`, { method: 'DELETE' }),
			];
		};
		expect(await inUse('sonarr4')).toEqual([500, 400]);
		expect(await inUse('sonarr5')).toEqual([400, 400]);
		expect((await inUse('radarr6'))[1]).toBe(500);
	});

	it('fn §2.8: paged history filters fail on .NET 10 in Radarr 6 and Whisparr 3', async () => {
		for (const [kind, runtime, code] of [
			['radarr6', 'net10', 500],
			['whisparr3', 'net10', 500],
			['radarr6', 'net8', 200],
			['sonarr5', 'net10', 200],
			['sonarr4', 'net8', 200],
		] as const) {
			const arr = await fake.create({ kind, runtime });
			expect([kind, await status(arr, '/api/v3/history?eventType=1')]).toEqual([kind, code]);
			expect(await status(arr, '/api/v3/history/since?date=2026-01-01T00:00:00Z&eventType=1')).toBe(200);
		}
	});

	it('fn §2.9: a request line over 8 KB is 414, empty', async () => {
		const arr = await fake.create({ kind: 'radarr6' });
		const ids = Array.from({ length: 1000 }, (_, index) => `movieId=${10_000 + index}`).join('&');
		expect(await status(arr, `/api/v3/moviefile?${ids}`)).toBe(414);
		expect(await status(arr, `/api/v3/moviefile?${ids.slice(0, 7900)}`)).toBe(200);
	});

	it('fn §2.10: unpaged lists are not in id order', async () => {
		const arr = await fake.create({ kind: 'radarr6', library: { preset: 'large', movies: 40 } });
		const ids = (await arr.get<{ id: number }[]>('/api/v3/movie')).map((one) => one.id);
		expect(ids).not.toEqual([...ids].sort((a, b) => a - b));
		expect(new Set(ids).size).toBe(40);
	});
});

describe('state', () => {
	it('fn §3: ids grow and are never reused', async () => {
		const arr = await fake.create({ kind: 'sonarr4' });
		const one = await arr.addSeries({ title: 'One' });
		await arr.deleteSeries(one);
		expect(await arr.addSeries({ title: 'Two' })).toBe(one + 1);
	});

	it('fn §3: a fresh installation has profiles without upgrades', async () => {
		const arr = await fake.create({ kind: 'sonarr4', library: { preset: 'empty' } });
		const profiles = (await arr.get<JsonObject[]>('/api/v3/qualityprofile')).sort(
			(a, b) => Number(a.id) - Number(b.id),
		);
		expect(profiles.slice(0, 6).map((one) => one.name)).toEqual([
			'Any',
			'SD',
			'HD-720p',
			'HD-1080p',
			'Ultra-HD',
			'HD - 720p/1080p',
		]);
		expect(
			profiles.slice(0, 6).every((one) => one.upgradeAllowed === false && one.cutoffFormatScore === 0),
		).toBe(true);
		expect(await arr.get('/api/v3/delayprofile')).toMatchObject([
			{ id: 1, usenetDelay: 0, preferredProtocol: 'usenet', bypassIfHighestQuality: true },
		]);
	});

	it('fn §3: statistics are computed; absent without episodes in the list, zeros by id', async () => {
		const arr = await fake.create({ kind: 'sonarr4', library: { preset: 'edge' } });
		const all = await arr.get<(JsonObject & { id: number; title: string })[]>('/api/v3/series');
		const empty = all.find((one) => one.title === 'Empty Page');
		expect(empty).not.toHaveProperty('statistics');
		expect(empty).not.toHaveProperty('lastAired');
		expect(await arr.get(`/api/v3/series/${empty?.id}`)).toMatchObject({
			statistics: { totalEpisodeCount: 0, episodeCount: 0 },
		});
		expect((empty?.seasons as JsonObject[])[0]).not.toHaveProperty('statistics');
		const double = all.find((one) => one.title === 'Double Bill');
		expect(double?.statistics).toMatchObject({ episodeFileCount: 4, totalEpisodeCount: 5 });
		const coming = all.find((one) => one.title === "Tomorrow's Coast");
		expect(coming).not.toHaveProperty('nextAiring');
		expect(Date.parse(coming?.lastAired as string)).toBeGreaterThan(await fake.fakes.clock.now());
	});

	it('fn §9: every preset of every kind answers its lists, with records of real size', async () => {
		for (const kind of ALL_KINDS) {
			for (const preset of ['tiny', 'edge', 'realistic', 'large'] as const) {
				const library = { preset, series: 12, episodesPerSeries: 20, movies: 12, scenes: 12 };
				const arr = await fake.create({ kind, library });
				const isMovie = kind.startsWith('radarr') || kind === 'whisparr3';
				const list = await arr.fetch(isMovie ? '/api/v3/movie' : '/api/v3/series');
				expect([kind, preset, list.status]).toEqual([kind, preset, 200]);
				const records = JSON.parse(await list.text()) as JsonObject[];
				expect(records.length).toBeGreaterThan(0);
				await arr.remove();
			}
		}
	}, 60_000);

	it('fn §9: records of large libraries: series 6 KB, episode 700 B, file 1.2 KB, movie 4 KB', async () => {
		const size = async (arr: Awaited<ReturnType<typeof fake.create>>, path: string) => {
			const text = await (await arr.fetch(path)).text();
			return text.length / (JSON.parse(text) as unknown[]).length;
		};
		const sonarr = await fake.create({ kind: 'sonarr4', library: { preset: 'large', series: 60 } });
		expect(await size(sonarr, '/api/v3/series')).toBeGreaterThan(6000);
		expect(await size(sonarr, '/api/v3/episode?seriesId=3')).toBeGreaterThan(700);
		expect(await size(sonarr, '/api/v3/episodefile?seriesId=3')).toBeGreaterThan(1200);
		const radarr = await fake.create({ kind: 'radarr6', library: { preset: 'large', movies: 80 } });
		expect(await size(radarr, '/api/v3/movie')).toBeGreaterThan(4000);
		const scenes = await fake.create({ kind: 'whisparr3', library: { preset: 'large', scenes: 80 } });
		expect(await size(scenes, '/api/v3/movie')).toBeGreaterThan(3000);
		await fake.fakes.clock.advance(MINUTE);
	});
});
