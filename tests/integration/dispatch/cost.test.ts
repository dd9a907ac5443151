// The cost that is booked, by the running product, equals the searches that one indexer of the fake counted.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../src/lib/server/db/rows';
import { DAY, MINUTE, SimulatedWorld, type Site } from './running-world';

/** All of it is due within half an hour of the most eager preset. */
const settings = { throttle: 'aggressive', specials: true } as const;

interface Booked extends Record<string, unknown> {
	command: number;
	kind: 'episode' | 'season' | 'movie';
	cost: number;
	title: string;
}

let world: SimulatedWorld;
const sites: Record<string, Site> = {};

function siteOf(name: string): Site {
	const site = sites[name];
	if (site === undefined) throw new Error(`no site ${name}`);
	return site;
}

beforeAll(async () => {
	world = await SimulatedWorld.open();
	const empty = { preset: 'empty' } as const;
	const active = { mode: 'active', settings } as const;
	sites.sonarr = await world.add('sonarr', { kind: 'sonarr4', library: empty }, active);
	sites.anime = await world.add(
		'sonarr',
		{
			kind: 'sonarr5',
			library: empty,
			indexers: [{ name: 'Alpha', animeStandardFormatSearch: true }, { name: 'Beta' }],
		},
		active,
	);
	sites.whisparr2 = await world.add('whisparr', { kind: 'whisparr2', library: { preset: 'edge' } }, active);
	sites.whisparr3 = await world.add('whisparr', { kind: 'whisparr3', library: { preset: 'edge' } }, active);
	sites.radarr = await world.add(
		'radarr',
		{ kind: 'radarr6', library: { preset: 'large', movies: 12, filesShare: 0.3 } },
		active,
	);
	await fillLibraries();
	await world.start();
	await world.clock.advance(30 * MINUTE);
}, 120_000);
afterAll(async () => {
	await world.close();
});

async function fillLibraries(): Promise<void> {
	const now = world.clock.now();
	const [sonarr, anime] = [siteOf('sonarr'), siteOf('anime')];
	await sonarr.fake.addSeries({ title: 'Whole', seasons: [{ number: 1, episodes: 8 }] });
	await sonarr.fake.addSeries({ title: 'Two', seasons: [{ number: 1, episodes: 2 }] });
	await sonarr.fake.addSeries({ title: 'Extras', seasons: [{ number: 0, episodes: 2 }] });
	await sonarr.fake.addSeries({ title: 'Nightly', kind: 'daily', seasons: [{ number: 0, episodes: 1 }] });
	await sonarr.fake.addSeries({ title: 'Kites', kind: 'anime', seasons: [{ number: 1, episodes: 5 }] });
	// Eight weeks over a new year; of one show the weeks of the second year are not monitored.
	const firstAired = Date.UTC(2025, 11, 2, 20);
	const season = [{ number: 2025, episodes: 8 }];
	await sonarr.fake.addSeries({ title: 'Two Years', kind: 'daily', seasons: season, firstAired });
	const one = await sonarr.fake.addSeries({ title: 'One Year', kind: 'daily', seasons: season, firstAired });
	for (const episode of await sonarr.fake.get<{ id: number; airDate: string }[]>(
		`/api/v3/episode?seriesId=${String(one)}`,
	)) {
		if (episode.airDate.startsWith('2026')) await sonarr.fake.setMonitored({ episodeId: episode.id }, false);
	}
	const both = [
		{ number: 1, episodes: 4 },
		{ number: 2, episodes: 2 },
	];
	const old = now - 300 * DAY;
	await anime.fake.addSeries({ title: 'Lanterns', kind: 'anime', seasons: both, firstAired: old });
}

/** What was booked for each command, in the order in which they were sent. */
const booked = (site: Site): Promise<Booked[]> =>
	rowsOf<Booked>(
		world.ctx.db,
		sql`select command_id as command, target_kind as kind, cost, target->>'title' as title from dispatches
			where connector_id = ${site.connector.id} and command_id is not null and not cost_returned
				and state = 'concluded' order by claimed_at`,
	);

/** By command: the searches of it that reached the first indexer. */
async function counted(site: Site): Promise<Map<number, number>> {
	const [report] = await site.fake.indexerSearches();
	const found = new Map<number, number>();
	for (const { commandId, requests } of report?.searches ?? []) {
		if (commandId !== null && requests > 0) found.set(commandId, (found.get(commandId) ?? 0) + 1);
	}
	return found;
}

/** One line per thing searched: whose, what kind of search, at what price. */
async function prices(name: string): Promise<string[]> {
	const rows = await booked(siteOf(name));
	return [
		...new Set(rows.map((row) => `${row.title.split(' · ')[0] ?? ''}: ${row.kind} ${String(row.cost)}`)),
	];
}

test.each(['sonarr', 'anime', 'whisparr2', 'whisparr3', 'radarr'])(
	'%s: every command cost what the indexer counted',
	async (name) => {
		const rows = await booked(siteOf(name));
		const searches = await counted(siteOf(name));
		expect(rows.length).toBeGreaterThanOrEqual(3);
		expect(rows.filter((row) => row.cost !== (searches.get(row.command) ?? 0))).toEqual([]);
	},
);

test('single searches, whole seasons, anime, daily shows and specials were among them', async () => {
	expect((await prices('sonarr')).sort()).toEqual([
		'Extras: episode 2',
		'Kites: season 5',
		'Nightly: episode 1',
		'One Year: season 1',
		'Two Years: season 2',
		'Two: episode 1',
		'Whole: season 1',
	]);
	// With the season asked for too, a search of it is dearer than those of its four episodes.
	expect(await prices('anime')).toEqual(['Lanterns: episode 1']);
	expect(await prices('whisparr2')).toEqual(expect.arrayContaining([expect.stringContaining('season 1')]));
});

test.each([
	['sonarr', 'Kites', 1, 5],
	['sonarr', 'Two Years', 2025, 2],
	['sonarr', 'One Year', 2025, 1],
	['sonarr', 'Extras', 0, 4],
	['anime', 'Lanterns', 1, 5],
] as const)("%s: another's search of %s, season %i, is booked at %i", async (name, title, number, cost) => {
	const { fake, connector } = siteOf(name);
	const all = await fake.get<{ id: number; title: string }[]>('/api/v3/series');
	const seriesId = all.find((one) => one.title === title)?.id ?? 0;
	const body = { seriesId, seasonNumber: number };
	const { commandId } = await fake.otherToolSearch('SeasonSearch', body, 'OtherTool/1.0');
	await world.clock.advance(5 * MINUTE);
	const [row] = await rowsOf<{ cost: number }>(
		world.ctx.db,
		sql`select cost from foreign_commands where connector_id = ${connector.id} and command_id = ${commandId}`,
	);
	expect(row?.cost).toBe(cost);
	expect((await counted(siteOf(name))).get(commandId)).toBe(cost);
});
