// What must not keep a connector from searching: scenes that Whisparr 3 cannot search for, its cache of single movies,
// and a Sonarr whose only complaint is that no indexer takes interactive searches.
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DispatchRow } from '../../../src/lib/server/db/queries/dispatches';
import { rowsOf } from '../../../src/lib/server/db/rows';
import { dispatches } from '../../../src/lib/server/db/schema';
import { searchNow } from '../../../src/lib/server/jobs/search-now';
import type { TruthItem } from '../../fakes/arr/control';
import { containing } from './matchers';
import {
	addRunning,
	gateOf,
	memoryOf,
	MINUTE,
	rowId,
	sent,
	sentDispatches,
	SimulatedWorld,
	type Site,
} from './running';

/** The fake's own reasons why a search of an item would send no query. */
const UNSEARCHABLE = new Set(['scene-undated', 'no-query', 'year-unknown']);

let world: SimulatedWorld;
let scenes: Site;
let cached: Site;
let interactive: Site[];
/** The fake's reckoning of the first Whisparr 3 at the start, and the titles in it. */
let truth: TruthItem[];
let titles: Map<string, number>;

beforeAll(async () => {
	world = await SimulatedWorld.open();
	scenes = await addRunning(world, 'whisparr3', { library: { preset: 'edge' } });
	cached = await addRunning(world, 'whisparr3', { library: { preset: 'edge' }, cacheMovieApi: true });
	const indexers = [{ name: 'Alpha', interactive: false }];
	interactive = [
		await addRunning(world, 'sonarr4', { indexers }),
		await addRunning(world, 'sonarr5', { indexers }),
	];
	for (const site of [scenes, cached]) await moreScenes(site);
	({ items: truth } = await scenes.fake.truth());
	const movies = await scenes.fake.get<{ id: number; title: string }[]>('/api/v3/movie');
	titles = new Map(movies.map(({ id, title }) => [title, id]));
	for (const { id } of await cached.fake.get<{ id: number }[]>('/api/v3/movie'))
		await cached.fake.get(`/api/v3/movie/${String(id)}`);
	await cached.fake.script({ movieId: idOf('Many Names') }, { kind: 'grab' });
	await world.start();
	await surprises();
	// one that was taken back, since the application was busy, is put in line again by the sweep after half an hour
	await world.clock.advance(45 * MINUTE);
}, 120_000);
afterAll(async () => {
	await world.close();
});

const idOf = (title: string): number => titles.get(title) ?? 0;

async function moreScenes({ fake }: Site): Promise<void> {
	for (const title of ['One More', 'Two More', 'Three More'])
		await fake.addMovie({ title, scene: { studio: 'North Pier' } });
}

/** What the mirror does not know: one loses its year and is asked for by hand, one is skipped by the application. */
async function surprises(): Promise<void> {
	await scenes.fake.script({ movieId: idOf('One More') }, { kind: 'undated' });
	await scenes.fake.edit({ movieId: idOf('The Lighthouse Feature') }, { year: 0 });
	await searchNow(world.ctx, {
		kind: 'movie',
		id: await rowId(world, scenes, idOf('The Lighthouse Feature')),
	});
}

/** Gates that were ever closed, but for the one that waits while the application is busy with its own. */
async function everClosed(site: Site): Promise<string[]> {
	const rows = await rowsOf<{ gate: string }>(
		world.ctx.db,
		sql`select distinct data->>'gate' as gate from events
			where type = 'gate.closed' and connector_id = ${site.connector.id}`,
	);
	return rows.map((row) => row.gate).filter((gate) => gate !== 'lanes');
}

const outcomeOf = async (site: Site, arrId: number): Promise<DispatchRow | undefined> =>
	(await sentDispatches(world, site)).find((row) => row.target.items[0]?.arrId === arrId);

const gapsThat = (which: (item: TruthItem) => boolean): number[] =>
	truth.filter((item) => item.monitored && item.fileId === 0 && which(item)).map((item) => item.arrId);

describe('Whisparr 3 with scenes that cannot be searched', () => {
	test('they are not asked for, and the page says why', async () => {
		const never = gapsThat((item) => UNSEARCHABLE.has(item.why.gap));
		expect(never.length).toBeGreaterThanOrEqual(4);
		const asked = (await sent(scenes)).map(({ arrId }) => arrId);
		expect(asked.filter((arrId) => never.includes(arrId))).toEqual([]);
		for (const arrId of never) {
			const wanted = await gateOf(world, scenes, arrId, 'wanted');
			expect(wanted).toMatchObject({ open: false });
		}
	});

	test('one that lost its year since the sync is taken back, and closes nothing', async () => {
		const [row] = await world.ctx.db
			.select()
			.from(dispatches)
			.where(and(eq(dispatches.connectorId, scenes.connector.id), eq(dispatches.outcome, 'withdrawn')));
		expect(row).toMatchObject({ targetKind: 'movie', costReturned: true, commandId: null });
		expect(row?.evidence).toMatchObject({ cause: 'not_searchable' });
		expect(row?.target.items[0]?.arrId).toBe(idOf('The Lighthouse Feature'));
	});

	test('one that the application skips is its own matter: not searched, a day of rest, nothing closed', async () => {
		const row = await outcomeOf(scenes, idOf('One More'));
		expect(row).toMatchObject({ outcome: 'not_searched', strength: 'strong', costReturned: true });
		expect(row?.evidence).toMatchObject({ proof: 'last_search_time', cause: null });
		expect(await memoryOf(world, scenes, idOf('One More'))).toMatchObject({
			state: 'pending',
			attempts: 0,
			restReason: 'not_searched',
			consecutiveNotSearched: 1,
		});
	});

	test('all others were searched, and no gate was ever closed', async () => {
		const others = gapsThat((item) => item.gap && item.arrId !== idOf('One More')).filter(
			(arrId) => arrId !== idOf('The Lighthouse Feature'),
		);
		expect(others.length).toBeGreaterThanOrEqual(4);
		for (const arrId of others) {
			const row = await outcomeOf(scenes, arrId);
			expect(row).toMatchObject({ outcome: 'nothing_found', strength: 'weak', costReturned: false });
			expect(row?.evidence).toMatchObject({ proof: 'last_search_time' });
		}
		expect(await everClosed(scenes)).toEqual([]);
	});
});

test('Whisparr 3 with its movie cache on: scenes and movies are searched, found and held by nothing', async () => {
	const rows = await sentDispatches(world, cached);
	const outcomes = new Map(rows.map((row) => [row.target.items[0]?.arrId, row.outcome]));
	expect(outcomes.get(idOf('Many Names'))).toBe('grabbed');
	expect(outcomes.get(idOf('The Lighthouse Feature'))).toBe('nothing_found');
	expect(outcomes.get(idOf('Evening Tide'))).toBe('nothing_found');
	expect(outcomes.get(idOf('Film Of Another Source'))).toBe('nothing_found');
	expect(outcomes.get(idOf('Known By Name'))).toBe('nothing_found');
	expect(new Set(outcomes.values())).toEqual(new Set(['grabbed', 'nothing_found']));
	expect(await everClosed(cached)).toEqual([]);
});

test.each(['sonarr4', 'sonarr5'])('%s that only complains of no interactive search', async (kind) => {
	const site = interactive.find(({ fake }) => fake.kind === kind);
	if (site === undefined) throw new Error('no such site');
	const health = await site.fake.get<{ source: string; wikiUrl: string }[]>('/api/v3/health');
	expect(health).toMatchObject([{ source: 'IndexerSearchCheck', wikiUrl: containing('interactive') }]);
	const rows = (await sentDispatches(world, site)).filter(({ state }) => state === 'concluded');
	expect(rows.length).toBeGreaterThanOrEqual(5);
	expect(new Set(rows.map((row) => row.outcome))).toEqual(new Set(['nothing_found']));
	expect(new Set(rows.map((row) => row.strength))).toEqual(new Set(['strong']));
	expect(await everClosed(site)).toEqual([]);
});
