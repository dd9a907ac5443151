// What a user may do: ask, reset, exclude, give up, take out of the line, clear and undo, pause.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstClosed } from '../../../src/lib/domain/explanation';
import { AppError } from '../../../src/lib/server/app-error';
import {
	arrQueue,
	connectors,
	dispatches,
	events,
	requestQueue,
	searchRegistry,
	targetRules,
} from '../../../src/lib/server/db/schema';
import { chooseNext } from '../../../src/lib/server/services/queue/candidates';
import { explain } from '../../../src/lib/server/services/queue/explain';
import { fillQueue } from '../../../src/lib/server/services/queue/fill';
import { undoClear } from '../../../src/lib/server/services/queue/undo';
import {
	boostTarget,
	excludeTarget,
	giveUp,
	includeTarget,
	requestSearch,
	resetTarget,
} from '../../../src/lib/server/services/queue/user-acts';
import { readQueue } from '../../../src/lib/server/views/queue';
import {
	clearQueue,
	pauseQueue,
	removeFromQueue,
	resumeQueue,
} from '../../../src/lib/server/services/queue/user-acts-queue';
import { createTestContext, type TestContext } from '../../setup/context';
import {
	addConnector,
	addEpisode,
	addMovie,
	addSeries,
	ago,
	DAY,
	HOUR,
	readAll,
	readRegistry,
	register,
	type WorldItem,
} from './world';

let world: TestContext;
beforeAll(async () => {
	world = await createTestContext();
});
afterAll(() => world.close());

const inLine = (connectorId: number) =>
	world.ctx.db.select().from(requestQueue).where(eq(requestQueue.connectorId, connectorId));

async function eventsOf(connectorId: number): Promise<string[]> {
	const rows = await world.ctx.db.select().from(events).where(eq(events.connectorId, connectorId));
	return rows.map((row) => row.type);
}

async function movie(
	by: Parameters<typeof addMovie>[2] = {},
): Promise<{ item: WorldItem; connectorId: number }> {
	const connector = await addConnector(world.ctx, { kind: 'radarr' });
	return { item: await addMovie(world.ctx, connector.id, by), connectorId: connector.id };
}

const refusal = async (act: Promise<unknown>): Promise<string> => {
	const error: unknown = await act.then(
		() => null,
		(thrown: unknown) => thrown,
	);
	return error instanceof AppError ? `${error.status} ${error.code}` : String(error);
};

describe('a search asked for', () => {
	test('goes first in line, past its rest and the others', async () => {
		const { ctx } = world;
		const { item, connectorId } = await movie();
		for (let at = 0; at < 3; at += 1) await addMovie(ctx, connectorId, { since: ago(ctx, 90 * DAY) });
		const row = await register(ctx, item);
		for (const state of ['queued', 'searching', 'cooldown'] as const) {
			await ctx.db
				.update(searchRegistry)
				.set({ state, nextEligibleAt: ago(ctx, -9 * DAY) })
				.where(eq(searchRegistry.id, row.id));
		}
		await fillQueue(ctx, connectorId);
		const asked = await requestSearch(ctx, item);
		expect(firstClosed(asked.explanation.gates)).toBeNull();
		expect(asked.explanation).toMatchObject({ pinned: true, position: 1 });
		const choice = await chooseNext(ctx, connectorId);
		expect(choice.open && choice.candidate).toMatchObject({ targetId: item.id, pinned: true });
		expect(await eventsOf(connectorId)).toContain('search.requested');
		// a sweep leaves it where it is
		await fillQueue(ctx, connectorId);
		expect((await inLine(connectorId)).filter((entry) => entry.pinned)).toHaveLength(1);
	});
	test('by several at once has one place in line, and each is told of it', async () => {
		const { ctx } = world;
		const { item, connectorId } = await movie();
		const asked = await Promise.all(Array.from({ length: 4 }, () => requestSearch(ctx, item)));
		const line = await inLine(connectorId);
		expect(line).toMatchObject([{ pinned: true }]);
		expect(asked.map(({ queueId }) => queueId)).toEqual(Array(4).fill(line[0]?.id));
		// what the sweep put in line keeps its place's id too
		const { item: second, connectorId: other } = await movie();
		await fillQueue(ctx, other);
		const [before] = await inLine(other);
		expect((await requestSearch(ctx, second)).queueId).toBe(before?.id);
		expect(await inLine(other)).toMatchObject([{ id: before?.id, pinned: true }]);
	});
	test('of something that is not wanted, as long as it is monitored and available', async () => {
		const { item } = await movie({ reason: null, fileArrId: 4 });
		expect((await requestSearch(world.ctx, item)).explanation.wanted).toBeNull();
	});
	test('waits for the spacing, and says until when', async () => {
		const { ctx } = world;
		const { item, connectorId } = await movie();
		const target = {
			title: '',
			subtitle: null,
			seriesTitle: null,
			seasonNumber: null,
			items: [],
			seriesId: null,
			seriesArrId: null,
		};
		await ctx.db.insert(dispatches).values({
			id: 'before',
			connectorId,
			connectorName: 'x',
			connectorKind: 'radarr',
			targetKind: 'movie',
			targetKey: 'x',
			target,
			reason: 'gap',
			state: 'concluded',
			outcome: 'nothing_found',
			cost: 1,
			claimedAt: ctx.clock.date(),
			messages: [],
		});
		const { explanation } = await requestSearch(ctx, item);
		expect(firstClosed(explanation.gates)).toMatchObject({
			gate: 'budget_and_spacing',
			until: ago(ctx, -HOUR / 6),
		});
		expect(explanation.nextAttemptAt).toEqual(ago(ctx, -HOUR / 6));
	});
	test('is refused, with the reason', async () => {
		const { ctx } = world;
		const observed = await addConnector(ctx, { kind: 'radarr', mode: 'observe' });
		expect(await refusal(requestSearch(ctx, await addMovie(ctx, observed.id)))).toBe('409 observe_mode');
		const off = await movie();
		await ctx.db.update(connectors).set({ enabled: false }).where(eq(connectors.id, off.connectorId));
		expect(await refusal(requestSearch(ctx, off.item))).toBe('409 connector_disabled');
		expect(await refusal(requestSearch(ctx, { kind: 'movie', id: 999_999 }))).toBe('404 not_found');
		expect(await refusal(requestSearch(ctx, (await movie({ monitored: false })).item))).toBe(
			'409 not_monitored',
		);
		expect(await refusal(requestSearch(ctx, (await movie({ isAvailable: false })).item))).toBe(
			'409 not_available',
		);
		expect(await refusal(requestSearch(ctx, (await movie({ presence: 'unconfirmed' })).item))).toBe(
			'409 not_available',
		);
		const busy = await movie();
		await ctx.db.insert(arrQueue).values({
			connectorId: busy.connectorId,
			arrId: 1,
			movieId: busy.item.id,
			title: 'x',
			status: 'downloading',
			statusMessages: [],
			size: 1,
			sizeLeft: 1,
			firstSeenAt: ctx.clock.date(),
			lastSeenAt: ctx.clock.date(),
		});
		expect(await refusal(requestSearch(ctx, busy.item))).toBe('409 already_in_flight');
	});
});

test('excluded leaves the line and stays out; included comes back', async () => {
	const { ctx } = world;
	const connector = await addConnector(ctx);
	const show = await addSeries(ctx, connector.id);
	const [one, two] = [await addEpisode(ctx, show), await addEpisode(ctx, show, { seasonNumber: 2 })];
	await fillQueue(ctx, connector.id);
	expect(await inLine(connector.id)).toHaveLength(2);
	await excludeTarget(ctx, one);
	expect(await inLine(connector.id)).toHaveLength(1);
	const gate = async (item: WorldItem) => firstClosed((await explain(ctx, item))?.gates ?? []);
	expect(await gate(one)).toMatchObject({ gate: 'not_excluded', detail: 'You excluded it.' });
	await excludeTarget(ctx, { kind: 'series', id: show.id });
	expect(await inLine(connector.id)).toHaveLength(0);
	expect(await gate(two)).toMatchObject({ gate: 'not_excluded', detail: 'You excluded its series.' });
	await includeTarget(ctx, { kind: 'series', id: show.id });
	await includeTarget(ctx, one);
	await fillQueue(ctx, connector.id);
	expect(await inLine(connector.id)).toHaveLength(2);
	expect(
		await ctx.db.select().from(targetRules).where(eq(targetRules.connectorId, connector.id)),
	).toHaveLength(0);
	expect(await eventsOf(connector.id)).toEqual(
		expect.arrayContaining(['item.excluded', 'item.included', 'queue.filled']),
	);
});

test('given up until it is reset', async () => {
	const { ctx } = world;
	const { item, connectorId } = await movie();
	await fillQueue(ctx, connectorId);
	expect(await giveUp(ctx, item)).toBe(1);
	expect(await inLine(connectorId)).toHaveLength(0);
	await world.clock.advance(200 * DAY);
	await readAll(ctx, connectorId);
	await fillQueue(ctx, connectorId);
	expect(await inLine(connectorId)).toHaveLength(0);
	expect(firstClosed((await explain(ctx, item))?.gates ?? [])).toMatchObject({
		gate: 'state',
		detail: 'You gave it up.',
	});
	await resetTarget(ctx, item);
	await fillQueue(ctx, connectorId);
	expect(await inLine(connectorId)).toHaveLength(1);
});

test('a boost is within its bounds', async () => {
	const { item } = await movie();
	await boostTarget(world.ctx, item, 100);
	expect(await refusal(boostTarget(world.ctx, item, 101))).toBe('422 invalid_boost');
});

test('taken out of the line: back a day later', async () => {
	const { ctx } = world;
	const { item, connectorId } = await movie();
	await fillQueue(ctx, connectorId);
	const [entry] = await inLine(connectorId);
	const undoId = await removeFromQueue(ctx, entry?.id ?? 0);
	expect(undoId).not.toBeNull();
	await fillQueue(ctx, connectorId);
	expect(await inLine(connectorId)).toHaveLength(0);
	const closed = firstClosed((await explain(ctx, item))?.gates ?? []);
	expect(closed).toMatchObject({ gate: 'state', until: ago(ctx, -DAY) });
	await world.clock.advance(DAY);
	await fillQueue(ctx, connectorId);
	expect(await inLine(connectorId)).toHaveLength(1);
	expect(await refusal(removeFromQueue(ctx, 999_999))).toBe('404 not_found');
});

test('taken out of the line, and back at once by its undo', async () => {
	const { ctx } = world;
	const { item, connectorId } = await movie();
	await fillQueue(ctx, connectorId);
	const [entry] = await inLine(connectorId);
	const undoId = await removeFromQueue(ctx, entry?.id ?? 0);
	const offered = (await readQueue(ctx, { connectorIds: [connectorId] }, 10)).undo;
	expect(offered).toMatchObject({ id: undoId, count: 1 });
	expect(await undoClear(ctx, undoId ?? '')).toBe(1);
	expect(await inLine(connectorId)).toMatchObject([{ registryId: entry?.registryId }]);
	expect((await readQueue(ctx, { connectorIds: [connectorId] }, 10)).undo?.id).not.toBe(undoId);
	expect(firstClosed((await explain(ctx, item))?.gates ?? [])?.gate).not.toBe('state');
});

test('clear, and undo it once', async () => {
	const { ctx } = world;
	const { item, connectorId } = await movie();
	await addMovie(ctx, connectorId);
	await fillQueue(ctx, connectorId);
	await requestSearch(ctx, item);
	const before = await inLine(connectorId);
	const { undoId, count } = await clearQueue(ctx, connectorId);
	expect(count).toBe(2);
	expect(await inLine(connectorId)).toHaveLength(0);
	expect((await readRegistry(ctx, before[0]?.registryId ?? 0)).state).toBe('pending');
	expect(await undoClear(ctx, undoId ?? '')).toBe(2);
	const places = (rows: typeof before) =>
		rows.map(({ registryId, score, pinned, cost }) => ({ registryId, score, pinned, cost }));
	const sorted = (rows: typeof before) => places(rows).sort((a, b) => a.registryId - b.registryId);
	expect(sorted(await inLine(connectorId))).toEqual(sorted(before));
	expect((await readRegistry(ctx, before[0]?.registryId ?? 0)).nextEligibleAt).toBeNull();
	expect(await refusal(undoClear(ctx, undoId ?? ''))).toBe('409 nothing_to_undo');
	expect(await clearQueue(ctx, (await addConnector(ctx)).id)).toEqual({ undoId: null, count: 0 });
});

test('paused and resumed, told once', async () => {
	const { ctx } = world;
	const { connectorId } = await movie();
	await fillQueue(ctx, connectorId);
	await pauseQueue(ctx, connectorId);
	await pauseQueue(ctx, connectorId);
	expect(await chooseNext(ctx, connectorId)).toMatchObject({ open: false, gate: { gate: 'not_paused' } });
	await resumeQueue(ctx, connectorId);
	const told = await eventsOf(connectorId);
	expect(told.filter((type) => type === 'queue.paused')).toHaveLength(1);
	expect(told.filter((type) => type === 'queue.resumed')).toHaveLength(1);
	expect(await refusal(pauseQueue(ctx, 999_999))).toBe('404 not_found');
});
