// Two acts at the same time: what was claimed meanwhile is under way, whoever read the line before.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findConnector } from '../../../src/lib/server/db/queries/connectors';
import { advanceDispatch, findDispatch, insertDispatch } from '../../../src/lib/server/db/queries/dispatches';
import { connectors, events, searchRegistry } from '../../../src/lib/server/db/schema';
import { mayTake } from '../../../src/lib/server/services/queue/dispatcher-budget';
import { withdraw } from '../../../src/lib/server/services/queue/conclude-withdrawn';
import { fillQueue } from '../../../src/lib/server/services/queue/fill';
import { takeForSearch, takeOutOfLine } from '../../../src/lib/server/services/queue/states';
import { clearQueue, pauseQueue, resumeQueue } from '../../../src/lib/server/services/queue/user-acts-queue';
import { statesWorld, type StatesWorld } from './states-world';
import { addConnector, addEpisode, addSeries, readRegistry } from './world';

let world: StatesWorld;
beforeAll(async () => {
	world = await statesWorld();
});
afterAll(() => world.close());

/** Claims the target in a transaction that is still open while `act` runs, and commits then. */
async function claimedDuring(registryId: number, act: () => Promise<unknown>): Promise<void> {
	let going: Promise<unknown> = Promise.resolve();
	await world.ctx.db.transaction(async (tx) => {
		await takeForSearch(tx, registryId, { at: world.now(), dispatchId: 'racing' });
		going = act();
		await new Promise((resolve) => setTimeout(resolve, 300));
	});
	await going;
}

describe('claimed while the line is being changed', () => {
	test('a sweep that found no place for it leaves it under way', async () => {
		const row = await world.targetIn('queued', await addEpisode(world.ctx, world.show, { reason: null }));
		await claimedDuring(row.id, () => fillQueue(world.ctx, world.connector.id));
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({
			state: 'searching',
			lastDispatchId: 'racing',
		});
	});

	test('clearing the line leaves it under way', async () => {
		const row = await world.targetIn('queued');
		await claimedDuring(row.id, () => clearQueue(world.ctx, world.connector.id));
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'searching', nextEligibleAt: null });
	});

	test('a line that is cleared twice at once is cleared once', async () => {
		const row = await world.targetIn('queued');
		// both stand before the same row until this transaction ends
		let clearing: Promise<{ undoId: string | null; count: number }[]> = Promise.resolve([]);
		await world.ctx.db.transaction(async (tx) => {
			await tx.select().from(searchRegistry).where(eq(searchRegistry.id, row.id)).for('update');
			clearing = Promise.all([clearQueue(world.ctx, null), clearQueue(world.ctx, null)]);
			await new Promise((resolve) => setTimeout(resolve, 300));
		});
		const done = await clearing;
		expect(done.filter(({ undoId }) => undoId !== null)).toHaveLength(1);
		expect(done.filter(({ count }) => count === 0)).toHaveLength(1);
	});

	test('a search under way cannot be taken out of the line', async () => {
		const row = await world.targetIn('searching');
		const options = { at: world.now(), notBefore: world.later(1000), reason: 'removed' };
		expect(await takeOutOfLine(world.ctx.db, [row.id], options)).toBe(0);
	});
});

async function claimedDispatch(byUser = false) {
	const row = await world.targetIn('searching');
	return await world.ctx.db.transaction((tx) =>
		insertDispatch(tx, {
			id: Bun.randomUUIDv7(),
			connectorId: null,
			connectorName: 'racing',
			connectorKind: 'sonarr',
			registryId: row.id,
			targetKind: 'episode',
			targetKey: row.targetKey,
			target: {
				...{ title: 'A', subtitle: null, seriesTitle: null, seasonNumber: null },
				...{ items: [], seriesId: null, seriesArrId: null },
			},
			reason: 'gap',
			byUser,
			state: 'claimed',
			cost: 1,
			claimedAt: world.now(),
			messages: [],
		}),
	);
}

test('what was claimed when it was read, and is being sent by now, is not taken back', async () => {
	const connector = await findConnector(world.ctx.db, world.connector.id);
	if (connector === undefined) throw new Error('no connector');
	const claimed = await claimedDispatch();
	await advanceDispatch(world.ctx.db, claimed.id, ['claimed'], { state: 'sending', sendingAt: world.now() });
	const taken = await withdraw(world.ctx, connector, claimed, { reason: 'interrupted', notBefore: null });
	expect(taken).toBe(false);
	expect(await findDispatch(world.ctx.db, claimed.id)).toMatchObject({
		state: 'sending',
		costReturned: false,
	});
	expect(await readRegistry(world.ctx, claimed.registryId ?? 0)).toMatchObject({ state: 'searching' });
});

describe('nothing is claimed once the user has stopped it', () => {
	const queueRow = async () => {
		const row = await world.targetIn('queued');
		const [queued] = await world.inLine(row.id);
		if (queued === undefined) throw new Error('not in line');
		return queued;
	};
	const ask = async () => {
		const queued = await queueRow();
		return await world.ctx.db.transaction((tx) => mayTake(world.ctx, tx, world.connector.id, queued));
	};
	const set = (patch: Partial<typeof connectors.$inferInsert>) =>
		world.ctx.db.update(connectors).set(patch).where(eq(connectors.id, world.connector.id));

	test.each([
		[{ mode: 'observe' }, { mode: 'active' }],
		[{ paused: true }, { paused: false }],
		[{ enabled: false }, { enabled: true }],
		[{ heldReason: 'another instance' }, { heldReason: null }],
	] as const)('%j', async (stop, start) => {
		await set(stop);
		expect(await ask()).toBe(false);
		await set(start);
		expect(await ask()).toBe(true);
	});

	test('a pause of all', async () => {
		await pauseQueue(world.ctx, null);
		expect(await ask()).toBe(false);
		await resumeQueue(world.ctx, null);
		expect(await ask()).toBe(true);
	});
});

test('a line is told of when it begins and when it is empty, and not in between', async () => {
	const connector = await addConnector(world.ctx);
	const show = await addSeries(world.ctx, connector.id);
	const told = async () =>
		(await world.ctx.db.select().from(events).where(eq(events.connectorId, connector.id)))
			.filter((event) => event.type === 'queue.filled')
			.map((event) => event.message);
	await addEpisode(world.ctx, show);
	await fillQueue(world.ctx, connector.id);
	expect(await told()).toEqual([`${connector.name}: 1 search was put in line.`]);
	await addEpisode(world.ctx, show);
	await fillQueue(world.ctx, connector.id);
	expect(await told()).toHaveLength(1);
	await world.ctx.db.update(connectors).set({ mode: 'observe' }).where(eq(connectors.id, connector.id));
	await fillQueue(world.ctx, connector.id);
	expect((await told()).at(-1)).toBe(`${connector.name}: the line is empty, 2 searches were taken out.`);
});
