// What is wanted goes with its item, and its item with its series and connector: no foreign key sees to it.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectors, episodes, movies, series, wanted } from '../../../src/lib/server/db/schema';
import { lockForDiscovery } from '../../../src/lib/server/db/queries/discovery';
import { discover } from '../../../src/lib/server/services/discovery';
import { createTestContext, type TestContext } from '../../setup/context';
import { addConnector, addEpisode, addMovie, addSeries } from '../plan/world';

let world: TestContext;
beforeAll(async () => {
	world = await createTestContext();
});
afterAll(() => world.close());

const wantedOf = (connectorId: number): Promise<number> =>
	world.ctx.db.$count(wanted, eq(wanted.connectorId, connectorId));

test('an episode, a series, a movie: each takes along what was wanted of it, and nothing else', async () => {
	const { ctx } = world;
	const { id } = await addConnector(ctx);
	const [one, other] = [await addSeries(ctx, id), await addSeries(ctx, id)];
	const first = await addEpisode(ctx, one);
	for (const of of [one, other, other]) await addEpisode(ctx, of);
	const films = await addConnector(ctx, { kind: 'radarr' });
	const film = await addMovie(ctx, films.id);
	await addMovie(ctx, films.id);

	await ctx.db.delete(episodes).where(eq(episodes.id, first.id));
	expect(await wantedOf(id)).toBe(3);
	await ctx.db.delete(series).where(eq(series.id, other.id));
	expect(await wantedOf(id)).toBe(1);
	await ctx.db.delete(movies).where(eq(movies.id, film.id));
	expect(await wantedOf(films.id)).toBe(1);
	await ctx.db.delete(connectors).where(eq(connectors.id, films.id));
	expect(await wantedOf(films.id)).toBe(0);
	expect(await wantedOf(id)).toBe(1);
	await ctx.db.delete(connectors).where(eq(connectors.id, id));
	expect(await ctx.db.$count(wanted)).toBe(0);
});

test('a connector is not deleted while it is discovered for, and one that is gone leaves nothing behind', async () => {
	const { ctx } = world;
	const { id } = await addConnector(ctx);
	await addEpisode(ctx, await addSeries(ctx, id));
	// the lock that a deletion takes
	const deletable = () => ctx.sql`select id from connectors where id = ${id} for update nowait`;
	await ctx.bulk.begin(async (tx) => {
		expect(await lockForDiscovery(tx, id)).toBe(true);
		await expect(deletable()).rejects.toMatchObject({ errno: '55P03' });
	});
	expect(await deletable()).toHaveLength(1);
	await ctx.db.delete(connectors).where(eq(connectors.id, id));
	await ctx.bulk.begin(async (tx) => {
		expect(await lockForDiscovery(tx, id)).toBe(false);
	});
	expect(await discover(ctx, id)).toMatchObject({ gap: 0, added: 0 });
	expect(await ctx.db.$count(wanted)).toBe(0);
});
