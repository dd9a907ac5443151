// A day in `observe`: everything is found and explained, and nothing is ever sent.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { rowsOf } from '../../src/lib/server/db/rows';
import { planNext } from '../../src/lib/server/services/queue/planner';
import { DAY, HOUR, SimulatedWorld } from './world';
import { differences } from './compare';

let world: SimulatedWorld;

beforeAll(async () => {
	world = await SimulatedWorld.open();
	await world.add('sonarr', {
		kind: 'sonarr4',
		seed: 11,
		library: { preset: 'large', series: 200, episodesPerSeries: 20 },
	});
	await world.add('radarr', { kind: 'radarr6', seed: 12, library: { preset: 'large', movies: 500 } });
	await world.add('whisparr', {
		kind: 'whisparr2',
		seed: 13,
		library: { preset: 'large', series: 20, episodesPerSeries: 40 },
	});
	await world.add('whisparr', { kind: 'whisparr3', seed: 14, library: { preset: 'large', scenes: 300 } });
	await world.start();
}, 180_000);

afterAll(async () => {
	await world.close();
});

it('finds what the fakes reckon themselves, item by item', async () => {
	await world.clock.advance(2 * 60_000);
	for (const site of world.sites) expect(await differences(world, site), site.connector.name).toEqual([]);
}, 60_000);

it('plans, and sends not one POST in 24 hours', async () => {
	await world.pass(DAY, HOUR, async () => undefined);
	for (const { fake } of world.sites) {
		const posts = (await fake.requests()).filter(
			(request) => request.method === 'POST' && !request.path.endsWith('/movie/bulk'),
		);
		expect(posts).toEqual([]);
	}
	expect(await rowsOf(world.ctx.db, sql`select id from dispatches`)).toEqual([]);
	expect(await rowsOf(world.ctx.db, sql`select id from request_queue`)).toEqual([]);
	const plan = await planNext(world.ctx, { limit: 20 });
	expect(plan.length).toBe(20);
	for (const site of world.sites) expect(await differences(world, site), site.connector.name).toEqual([]);
}, 300_000);
