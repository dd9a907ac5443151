// Reset, giving up, rebuild and purge: each touches its scope and nothing else.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SEARCH_STATES } from '../../../src/lib/domain/words';
import { searchRegistry } from '../../../src/lib/server/db/schema';
import * as states from '../../../src/lib/server/services/queue/states';
import { statesWorld, type StatesWorld } from './states-world';
import { addEpisode, addSeries, DAY, readRegistry, register, registerSeason } from './world';

let world: StatesWorld;
beforeAll(async () => {
	world = await statesWorld();
});
afterAll(() => world.close());

describe('scopes', () => {
	test.each(SEARCH_STATES)('reset from %s', async (state) => {
		const row = await world.targetIn(state);
		await world.ctx.db
			.update(searchRegistry)
			.set({ attempts: 5, nextEligibleAt: world.later(DAY) })
			.where(eq(searchRegistry.id, row.id));
		await states.resetScope(world.ctx.db, { kind: 'episode', id: row.episodeId ?? 0 }, { at: world.now() });
		const after = await readRegistry(world.ctx, row.id);
		expect(after).toMatchObject({
			state: state === 'searching' ? 'searching' : 'pending',
			attempts: 0,
			nextEligibleAt: null,
		});
		expect(await world.inLine(row.id)).toHaveLength(0);
	});
	test('a reset touches its scope only', async () => {
		const { ctx } = world;
		const [one, two] = [await addSeries(ctx, world.connector.id), await addSeries(ctx, world.connector.id)];
		const inside = await world.targetIn('cooldown', await addEpisode(ctx, one, { seasonNumber: 1 }));
		const other = await world.targetIn('cooldown', await addEpisode(ctx, one, { seasonNumber: 2 }));
		const outside = await world.targetIn('cooldown', await addEpisode(ctx, two));
		const season = await registerSeason(ctx, one, 1);
		await states.resetScope(ctx.db, { kind: 'season', id: season.seasonId ?? 0 }, { at: world.now() });
		expect((await readRegistry(ctx, inside.id)).state).toBe('pending');
		expect((await readRegistry(ctx, other.id)).state).toBe('cooldown');
		await states.resetScope(ctx.db, { kind: 'series', id: one.id }, { at: world.now() });
		expect((await readRegistry(ctx, other.id)).state).toBe('pending');
		expect((await readRegistry(ctx, outside.id)).state).toBe('cooldown');
	});
	test.each(SEARCH_STATES)('given up from %s', async (state) => {
		const item = await addEpisode(world.ctx, world.show);
		const row = await world.targetIn(state, item);
		const target = {
			connectorId: world.connector.id,
			kind: 'episode' as const,
			key: item.key,
			rowId: item.id,
		};
		await states.giveUpTargets(world.ctx.db, [target], { at: world.now() });
		const expected = { state: 'exhausted', exhaustedBy: 'user', nextEligibleAt: null };
		expect(await readRegistry(world.ctx, row.id)).toMatchObject(expected);
		expect(await world.inLine(row.id)).toHaveLength(0);
	});
	test('after a rebuild of the mirror targets find their rows by key', async () => {
		const { ctx } = world;
		const item = await addEpisode(ctx, world.show);
		const row = await register(ctx, item);
		const season = await registerSeason(ctx, world.show, 1);
		await ctx.db.update(searchRegistry).set({ episodeId: 999_999 }).where(eq(searchRegistry.id, row.id));
		await ctx.db.update(searchRegistry).set({ seasonId: 999_999 }).where(eq(searchRegistry.id, season.id));
		expect(await states.rebindTargets(ctx.db, world.connector.id)).toBe(2);
		expect((await readRegistry(ctx, row.id)).episodeId).toBe(item.id);
		expect((await readRegistry(ctx, season.id)).seasonId).toBe(season.seasonId);
	});
	test('what is purged is forgotten, what is under way is not', async () => {
		const gone = await world.targetIn('cooldown');
		const busy = await world.targetIn('searching');
		const ids = [gone.episodeId ?? 0, busy.episodeId ?? 0];
		expect(await states.forgetGone(world.ctx.db, { episodes: ids, seasons: [], movies: [] })).toBe(1);
		expect((await readRegistry(world.ctx, busy.id)).state).toBe('searching');
	});
});
