// A search that was taken back stands in line again with the next sync that changed anything, even one after which
// nothing is newly wanted: planning is what puts it there, and a sweep may be far away.
import { and, desc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { events, requestQueue, searchRegistry } from '../../../src/lib/server/db/schema';
import { takeOutOfLine } from '../../../src/lib/server/services/queue/states';
import { addRunning, MINUTE, SimulatedWorld, type Site } from './running';

let world: SimulatedWorld;
let site: Site;

beforeAll(async () => {
	world = await SimulatedWorld.open();
	site = await addRunning(world, 'radarr6');
	await world.start();
}, 120_000);
afterAll(() => world.close());

test('what was taken back is planned after a sync that only took something away', async () => {
	const { ctx, clock } = world;
	await clock.advance(4 * MINUTE);
	const [last, other] = await ctx.db
		.select({ id: searchRegistry.id, movieId: searchRegistry.movieId, key: searchRegistry.targetKey })
		.from(requestQueue)
		.innerJoin(searchRegistry, eq(searchRegistry.id, requestQueue.registryId))
		.orderBy(requestQueue.score, desc(requestQueue.id));
	if (last === undefined || other === undefined) throw new Error('too short a line');
	await ctx.db.transaction((tx) =>
		takeOutOfLine(tx, [last.id], { at: clock.date(), notBefore: null, reason: 'lanes_busy' }),
	);
	const movies = await site.fake.get<{ id: number; tmdbId: number }[]>('/api/v3/movie');
	const gone = movies.find(({ tmdbId }) => other.key === `tmdb:${String(tmdbId)}`);
	if (gone === undefined) throw new Error('the application does not have it');
	await site.fake.edit({ movieId: gone.id }, { monitored: false });

	await clock.advance(17 * MINUTE);

	const [told] = await ctx.db
		.select({ message: events.message })
		.from(events)
		.where(and(eq(events.connectorId, site.connector.id), eq(events.type, 'discovery.changed')))
		.orderBy(desc(events.id))
		.limit(1);
	expect(told?.message).toMatch(/0 newly wanted, 1 no longer/);
	const [row] = await ctx.db
		.select({ state: searchRegistry.state })
		.from(searchRegistry)
		.where(eq(searchRegistry.id, last.id));
	expect(row?.state).not.toBe('pending');
});
