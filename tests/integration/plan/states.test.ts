// Search states on a real database: every move of the design works, every other move is refused.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FIRST_STATES, MOVES } from '../../../src/lib/domain/moves';
import { SEARCH_STATES } from '../../../src/lib/domain/words';
import { episodes, requestQueue, searchRegistry } from '../../../src/lib/server/db/schema';
import * as states from '../../../src/lib/server/services/queue/states';
import { entry, statesWorld, type StatesWorld } from './states-world';
import { addEpisode, DAY, HOUR, readRegistry } from './world';

let world: StatesWorld;
beforeAll(async () => {
	world = await statesWorld();
});
afterAll(() => world.close());

describe('the database keeps the table of moves', () => {
	const pairs = SEARCH_STATES.flatMap((from) => SEARCH_STATES.map((to) => [from, to] as const));
	test.each(pairs)('%s → %s', async (from, to) => {
		const { id } = await world.targetIn(from);
		const change = world.setState(id, to).then(
			() => true,
			() => false,
		);
		expect(await change).toBe(from === to || MOVES[from].includes(to));
	});
	test.each(SEARCH_STATES)('a row born as %s', async (state) => {
		const item = await addEpisode(world.ctx, world.show);
		const born = world.ctx.db
			.insert(searchRegistry)
			.values({
				connectorId: world.connector.id,
				targetKind: 'episode',
				targetKey: item.key,
				episodeId: item.id,
				state,
				stateSince: world.now(),
			})
			.then(
				() => true,
				() => false,
			);
		expect(await born).toBe(FIRST_STATES.includes(state));
	});
});

describe('into the line and out of it', () => {
	test('pending → queued with its row, and not a second time', async () => {
		const row = await world.targetIn('pending');
		expect(await states.queueTargets(world.ctx.db, [entry(row)], { at: world.now() })).toHaveLength(1);
		expect(await states.queueTargets(world.ctx.db, [entry(row)], { at: world.now() })).toHaveLength(0);
		expect(await world.inLine(row.id)).toHaveLength(1);
	});
	test('queued → searching takes the row out, once', async () => {
		const row = await world.targetIn('queued');
		const take = () => states.takeForSearch(world.ctx.db, row.id, { at: world.now(), dispatchId: 'd7' });
		expect((await take())?.registryId).toBe(row.id);
		expect(await take()).toBeNull();
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'searching', lastDispatchId: 'd7' });
		expect(await world.inLine(row.id)).toHaveLength(0);
	});
	test.each(['queued', 'searching'] as const)('%s → pending, not before', async (state) => {
		const row = await world.targetIn(state);
		const notBefore = world.later(HOUR);
		expect(
			await states.returnTarget(world.ctx.db, row.id, { at: world.now(), notBefore, reason: 'removed' }),
		).toBe(true);
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({
			state: 'pending',
			attempts: 0,
			nextEligibleAt: notBefore,
			restReason: 'removed',
		});
		expect(await world.inLine(row.id)).toHaveLength(0);
		expect(await states.returnTarget(world.ctx.db, row.id, { at: world.now(), notBefore, reason: 'x' })).toBe(
			false,
		);
	});
	test('a return never shortens a rest', async () => {
		const row = await world.targetIn('searching');
		await world.ctx.db
			.update(searchRegistry)
			.set({ nextEligibleAt: world.later(9 * DAY) })
			.where(eq(searchRegistry.id, row.id));
		await states.returnTarget(world.ctx.db, row.id, {
			at: world.now(),
			notBefore: world.later(HOUR),
			reason: 'returned',
		});
		expect((await readRegistry(world.ctx, row.id)).nextEligibleAt).toEqual(world.later(9 * DAY));
	});
	test('a postponed search goes back in line with its term', async () => {
		const row = await world.targetIn('queued');
		const taken = await states.takeForSearch(world.ctx.db, row.id, { at: world.now(), dispatchId: 'd' });
		if (taken === null) throw new Error('not taken');
		await states.putBackInLine(world.ctx.db, taken, {
			at: world.now(),
			notBefore: world.later(60_000),
			postponed: 1,
		});
		expect(await world.inLine(row.id)).toMatchObject([{ postponed: 1, notBefore: world.later(60_000) }]);
		expect((await readRegistry(world.ctx, row.id)).state).toBe('queued');
	});
	test.each(SEARCH_STATES)('a user pins from %s', async (state) => {
		const row = await world.targetIn(state);
		const pinned = await states.pinTarget(world.ctx.db, entry(row), { at: world.now() });
		expect(pinned?.pinned ?? null).toBe(state === 'searching' ? null : true);
		expect((await readRegistry(world.ctx, row.id)).state).toBe(
			state === 'searching' ? 'searching' : 'queued',
		);
		expect(await world.inLine(row.id)).toHaveLength(state === 'searching' ? 0 : 1);
	});
	test.each(['cooldown', 'failed', 'exhausted'] as const)(
		'%s → pending when its rest is over',
		async (state) => {
			const row = await world.targetIn(state);
			const rest = (nextEligibleAt: Date | null) =>
				world.ctx.db.update(searchRegistry).set({ nextEligibleAt }).where(eq(searchRegistry.id, row.id));
			await rest(world.later(1000));
			await states.wakeRested(world.ctx.db, world.connector.id, { at: world.now() });
			expect((await readRegistry(world.ctx, row.id)).state).toBe(state);
			await rest(null);
			await states.wakeRested(world.ctx.db, world.connector.id, { at: world.now() });
			expect((await readRegistry(world.ctx, row.id)).state).toBe(state);
			await rest(world.now());
			await states.wakeRested(world.ctx.db, world.connector.id, { at: world.now() });
			expect((await readRegistry(world.ctx, row.id)).state).toBe('pending');
		},
	);
	test('a failed target whose mirror row changed is tried again', async () => {
		const row = await world.targetIn('searching');
		const id = row.episodeId ?? 0;
		await world.ctx.db
			.update(searchRegistry)
			.set({ consecutiveNotSearched: 2 })
			.where(eq(searchRegistry.id, row.id));
		await states.recordNotSearched(world.ctx.db, row.id, { ...world.of(), ownMatter: true });
		const revive = async () => {
			await states.reviveFailed(world.ctx.db, world.connector.id, { at: world.now() });
			return (await readRegistry(world.ctx, row.id)).state;
		};
		expect(await revive()).toBe('failed');
		// Time and another's search change the row, but not what a search of it is made of.
		await world.ctx.db.update(episodes).set({ lastSearchTime: world.now() }).where(eq(episodes.id, id));
		expect(await revive()).toBe('failed');
		await world.ctx.db.update(episodes).set({ title: 'Another title' }).where(eq(episodes.id, id));
		expect(await revive()).toBe('pending');
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({
			nextEligibleAt: null,
			consecutiveNotSearched: 0,
		});
	});
	test('another reason counts anew, and what the user gave up stays given up', async () => {
		const rows = [
			await world.targetIn('cooldown'),
			await world.targetIn('exhausted'),
			await world.targetIn('done'),
		];
		for (const row of rows) {
			const set = { countedFor: 'quality', attempts: 4, nextEligibleAt: world.later(9 * DAY) };
			await world.ctx.db.update(searchRegistry).set(set).where(eq(searchRegistry.id, row.id));
		}
		const given = await world.targetIn('exhausted');
		await world.ctx.db
			.update(searchRegistry)
			.set({ countedFor: 'quality', exhaustedBy: 'user' })
			.where(eq(searchRegistry.id, given.id));
		await states.recountChanged(world.ctx.db, world.connector.id, { at: world.now() });
		for (const row of rows) {
			const expected = { state: 'pending', attempts: 0, nextEligibleAt: null, countedFor: 'gap' };
			expect(await readRegistry(world.ctx, row.id)).toMatchObject(expected);
		}
		expect((await readRegistry(world.ctx, given.id)).state).toBe('exhausted');
	});
	test('what stands in line for another reason leaves it; what the user put there stays, and counts anew', async () => {
		const own = await world.targetIn('queued');
		const pinned = await world.targetIn('queued');
		await world.ctx.db
			.update(requestQueue)
			.set({ pinned: true })
			.where(eq(requestQueue.registryId, pinned.id));
		for (const row of [own, pinned])
			await world.ctx.db
				.update(searchRegistry)
				.set({ countedFor: 'quality', attempts: 4 })
				.where(eq(searchRegistry.id, row.id));
		await states.recountChanged(world.ctx.db, world.connector.id, { at: world.now() });
		const anew = { attempts: 0, countedFor: 'gap' };
		expect(await readRegistry(world.ctx, own.id)).toMatchObject({ ...anew, state: 'pending' });
		expect(await readRegistry(world.ctx, pinned.id)).toMatchObject({ ...anew, state: 'queued' });
	});
});
