// A day in `observe`: everything is found and explained, and nothing is ever sent.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DAY, HOUR, SimulatedWorld } from './world';
import { differences } from './compare';

let world: SimulatedWorld;

beforeAll(async () => {
	world = await SimulatedWorld.open();
	const sonarr = { preset: 'large', series: 200, episodesPerSeries: 20 } as const;
	await world.add('sonarr', { kind: 'sonarr4', seed: 11, library: sonarr });
	const radarr = { preset: 'large', movies: 500 } as const;
	await world.add('radarr', { kind: 'radarr6', seed: 12, library: radarr }, { by: 'page' });
	const two = { preset: 'large', series: 20, episodesPerSeries: 40 } as const;
	await world.add('whisparr', { kind: 'whisparr2', seed: 13, library: two }, { by: 'page' });
	const three = { preset: 'large', scenes: 300 } as const;
	await world.add('whisparr', { kind: 'whisparr3', seed: 14, library: three });
	await world.clock.idle();
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
	expect(await world.rows('select id from dispatches')).toEqual([]);
	expect(await world.rows('select id from request_queue')).toEqual([]);
	const plan = await world.rest.get<{ items: unknown[] }>('/plan?limit=20');
	expect(plan.body.items).toHaveLength(20);
	for (const site of world.sites) expect(await differences(world, site), site.connector.name).toEqual([]);
}, 300_000);
