// The plan and the line: ranking, filling, choosing; the database and the pure rules agree; nothing starves.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_WEIGHTS, score } from '../../../src/lib/domain/priority';
import { readUsage } from '../../../src/lib/server/db/queries/budget';
import {
	connectors,
	dispatches,
	foreignCommands,
	requestQueue,
	searchRegistry,
	targetRules,
	wanted,
} from '../../../src/lib/server/db/schema';
import { chooseNext } from '../../../src/lib/server/services/queue/candidates';
import { readConnectorFacts } from '../../../src/lib/server/services/queue/facts';
import { fillQueue } from '../../../src/lib/server/services/queue/fill';
import { planNext } from '../../../src/lib/server/services/queue/planner';
import { rankCandidates } from '../../../src/lib/server/services/queue/planner-rank';
import * as states from '../../../src/lib/server/services/queue/states';
import { createTestContext, type TestContext } from '../../setup/context';
import { dice, randomItems } from './random';
import {
	addConnector,
	addEpisode,
	addMovie,
	addSeries,
	ago,
	DAY,
	HOUR,
	MINUTE,
	readAll,
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

async function factsOf(connectorId: number) {
	const facts = await readConnectorFacts(world.ctx, world.ctx.db, connectorId);
	if (facts === null) throw new Error('no facts');
	return facts;
}

let sentSoFar = 0;
/** A dispatch that was sent and found nothing. */
async function sent(connectorId: number, by: Partial<typeof dispatches.$inferInsert> = {}): Promise<void> {
	sentSoFar += 1;
	const target = {
		title: '',
		subtitle: null,
		seriesTitle: null,
		seasonNumber: null,
		items: [],
		seriesId: null,
		seriesArrId: null,
	};
	await world.ctx.db.insert(dispatches).values({
		id: `sent-${sentSoFar}`,
		connectorId,
		connectorName: 'x',
		connectorKind: 'sonarr',
		targetKind: 'episode',
		targetKey: 'x',
		target,
		reason: 'gap',
		state: 'concluded',
		outcome: 'nothing_found',
		cost: 1,
		claimedAt: world.ctx.clock.date(),
		messages: [],
		...by,
	});
}

describe('the database ranks as the pure rules do', () => {
	test.each([21, 22, 23])('random library %i', async (seed) => {
		const { ctx } = world;
		const kind = seed === 22 ? 'movie' : 'episode';
		const connector = await addConnector(ctx, { kind: kind === 'movie' ? 'radarr' : 'sonarr' });
		const items = await randomItems(ctx, connector.id, kind, { count: 120, random: dice(seed) });
		for (const item of items.slice(0, 20)) {
			const rule = {
				connectorId: connector.id,
				scope: 'item' as const,
				targetKey: item.key,
				boost: (item.id % 200) - 100,
			};
			await ctx.db.insert(targetRules).values(rule).onConflictDoNothing();
		}
		const ranked = await rankCandidates(ctx.db, await factsOf(connector.id), 1000);
		expect(ranked.length).toBeGreaterThan(10);
		for (const candidate of ranked)
			expect(candidate.score).toBeCloseTo(score(candidate.input, DEFAULT_WEIGHTS), 0);
		const off = ranked.filter(
			(candidate) => Math.abs(candidate.score - score(candidate.input, DEFAULT_WEIGHTS)) > 0.1001,
		);
		expect(off).toEqual([]);
	});
});

describe('the plan', () => {
	test('in observe it tells what would be sent, and nothing is queued', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx, { kind: 'radarr', mode: 'observe' });
		for (let at = 0; at < 3; at += 1) await addMovie(ctx, connector.id);
		const plan = await planNext(ctx, { connectorId: connector.id, limit: 2 });
		expect(plan).toHaveLength(2);
		expect(plan[0]).toMatchObject({
			position: 1,
			reason: 'gap',
			cost: 1,
			estimateAt: null,
			target: { kind: 'movie' },
		});
		expect(plan[0]?.target.title).toMatch(/^Movie \d+ \(2020\)$/);
		expect(plan[0]?.why).toMatch(/^Missing \d+ (day|month|year)s?, /);
		expect(await fillQueue(ctx, connector.id)).toEqual({ queued: 0, added: 0, removed: 0 });
		expect(await inLine(connector.id)).toHaveLength(0);
	});
	test('a season stands for its episodes', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx);
		const show = await addSeries(ctx, connector.id);
		for (let at = 0; at < 5; at += 1) await addEpisode(ctx, show);
		await addEpisode(ctx, show, { seasonNumber: 2 });
		const plan = await planNext(ctx, { connectorId: connector.id, limit: 10 });
		expect(plan.map((row) => [row.target.kind, row.items])).toEqual([
			['season', 5],
			['episode', 1],
		]);
		expect(plan[0]?.target.title).toMatch(/ · Season 1$/);
	});
	test('estimates go on at the mean pace', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx, { kind: 'radarr' });
		for (let at = 0; at < 3; at += 1) await addMovie(ctx, connector.id);
		const plan = await planNext(ctx, { connectorId: connector.id, limit: 3 });
		const minutes = plan.map((row) => ((row.estimateAt?.getTime() ?? 0) - ctx.clock.now()) / MINUTE);
		expect(minutes).toEqual([0, 36, 72]);
	});
});

describe('filling', () => {
	test('holds max(daily cost, 50), best first, and takes out what is not wanted any more', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx, { kind: 'radarr' });
		const items: WorldItem[] = [];
		for (let at = 0; at < 60; at += 1)
			items.push(await addMovie(ctx, connector.id, { since: ago(ctx, at * DAY) }));
		expect(await fillQueue(ctx, connector.id)).toEqual({ queued: 50, added: 50, removed: 0 });
		expect(await fillQueue(ctx, connector.id)).toEqual({ queued: 50, added: 0, removed: 0 });
		const oldest = items.at(-1);
		await ctx.db.delete(wanted).where(eq(wanted.movieId, oldest?.id ?? 0));
		expect(await fillQueue(ctx, connector.id)).toEqual({ queued: 50, added: 1, removed: 1 });
		const [gone] = await ctx.db
			.select()
			.from(searchRegistry)
			.where(eq(searchRegistry.movieId, oldest?.id ?? 0));
		expect(gone).toMatchObject({ state: 'pending', nextEligibleAt: null });
	});
	test('a rest that is over ends; going back to observe empties the line', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx, { kind: 'radarr' });
		const row = await register(ctx, await addMovie(ctx, connector.id));
		for (const state of ['queued', 'searching', 'cooldown'] as const) {
			await ctx.db.update(searchRegistry).set({ state }).where(eq(searchRegistry.id, row.id));
		}
		const rest = (nextEligibleAt: Date) =>
			ctx.db.update(searchRegistry).set({ nextEligibleAt }).where(eq(searchRegistry.id, row.id));
		await rest(ago(ctx, -1000));
		expect((await fillQueue(ctx, connector.id)).queued).toBe(0);
		await rest(ago(ctx, 0));
		expect((await fillQueue(ctx, connector.id)).queued).toBe(1);
		await ctx.db.update(connectors).set({ mode: 'observe' }).where(eq(connectors.id, connector.id));
		expect(await fillQueue(ctx, connector.id)).toEqual({ queued: 0, added: 0, removed: 1 });
	});
	test('what stays is ranked anew and keeps its postponement', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx, { kind: 'radarr' });
		const item = await addMovie(ctx, connector.id);
		await fillQueue(ctx, connector.id);
		const [before] = await inLine(connector.id);
		const notBefore = ago(ctx, -HOUR);
		await ctx.db
			.update(requestQueue)
			.set({ notBefore, postponed: 2 })
			.where(eq(requestQueue.connectorId, connector.id));
		await ctx.db
			.insert(targetRules)
			.values({ connectorId: connector.id, scope: 'item', targetKey: item.key, boost: 50 });
		await fillQueue(ctx, connector.id);
		const [after] = await inLine(connector.id);
		expect(after).toMatchObject({ id: before?.id, notBefore, postponed: 2 });
		expect((after?.score ?? 0) - (before?.score ?? 0)).toBeCloseTo(50, 0);
		const choice = await chooseNext(ctx, connector.id);
		expect(choice).toMatchObject({ open: false, gate: { gate: 'turn', until: notBefore } });
	});
});

describe('choosing', () => {
	test('a group leads for its batch, then lets the others pass', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx);
		const show = await addSeries(ctx, connector.id, { status: 'continuing' });
		// a running season: single searches; long wanted, so the group outranks the other
		for (let at = 0; at < 5; at += 1) await addEpisode(ctx, show, { since: ago(ctx, (50 + at) * DAY) });
		await addEpisode(ctx, show, { airDateUtc: ago(ctx, -DAY), reason: null });
		const other = await addSeries(ctx, connector.id);
		const single = await addEpisode(ctx, other, { since: ago(ctx, 2 * DAY) });
		await fillQueue(ctx, connector.id);
		const order: (number | null)[] = [];
		for (let at = 0; at < 5; at += 1) {
			const choice = await chooseNext(ctx, connector.id);
			if (!choice.open) throw new Error(choice.gate.detail);
			order.push(choice.candidate.seriesId);
			await world.clock.advance(HOUR);
			await readAll(ctx, connector.id);
			await states.takeForSearch(ctx.db, choice.candidate.registryId, {
				at: ctx.clock.date(),
				dispatchId: 'x',
			});
			await sent(connector.id, { seriesId: choice.candidate.seriesId, claimedAt: ago(ctx, HOUR - 1000) });
		}
		expect(order).toEqual([show.id, show.id, show.id, other.id, show.id]);
		expect(single.kind).toBe('episode');
	});
	test('a kind whose share is used lets the others pass', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx, { kind: 'radarr' });
		await addMovie(ctx, connector.id, { reason: 'quality', since: ago(ctx, 300 * DAY) });
		const gap = await addMovie(ctx, connector.id, { since: ago(ctx, 0) });
		await fillQueue(ctx, connector.id);
		for (let at = 0; at < 8; at += 1)
			await sent(connector.id, { reason: 'quality', claimedAt: ago(ctx, (5 + at) * HOUR) });
		const choice = await chooseNext(ctx, connector.id);
		expect(choice.open && choice.candidate.targetId).toBe(gap.id);
	});
	test('a dear search is waited for, however many cheap ones stand behind it', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx);
		const show = await addSeries(ctx, connector.id, { seriesType: 'daily', status: 'ended' });
		for (let at = 0; at < 8; at += 1) {
			const airDateUtc = new Date(Date.UTC(2019 + (at % 3), 5, at + 1));
			await addEpisode(ctx, show, { airDateUtc, since: ago(ctx, 200 * DAY) });
		}
		const other = await addSeries(ctx, connector.id);
		await addEpisode(ctx, other);
		await fillQueue(ctx, connector.id);
		await sent(connector.id, { cost: 2, claimedAt: ago(ctx, 30 * MINUTE) });
		const choice = await chooseNext(ctx, connector.id);
		const until = new Date(ctx.clock.now() + 30 * MINUTE);
		expect(choice).toMatchObject({ open: false, gate: { gate: 'budget_and_spacing', until } });
	});
	test('one search in flight, and pause, close it for all', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx, { kind: 'radarr' });
		await addMovie(ctx, connector.id);
		await fillQueue(ctx, connector.id);
		expect((await chooseNext(ctx, connector.id)).open).toBe(true);
		await ctx.db.update(connectors).set({ paused: true }).where(eq(connectors.id, connector.id));
		expect(await chooseNext(ctx, connector.id)).toMatchObject({ open: false, gate: { gate: 'not_paused' } });
		await ctx.db.update(connectors).set({ paused: false }).where(eq(connectors.id, connector.id));
		await sent(connector.id, { state: 'watching', outcome: null, claimedAt: ago(ctx, HOUR) });
		expect(await chooseNext(ctx, connector.id)).toMatchObject({
			open: false,
			gate: { gate: 'budget_and_spacing', detail: 'Another search is under way.' },
		});
	});
	test('usage counts what was sent and what is not ours, not what was given back or withdrawn', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx);
		await sent(connector.id, {
			id: 'u1',
			cost: 2,
			claimedAt: ago(ctx, 3 * HOUR),
			sendingAt: ago(ctx, 2 * HOUR),
		});
		await sent(connector.id, {
			id: 'u2',
			cost: 5,
			costReturned: true,
			outcome: 'not_searched',
			claimedAt: ago(ctx, HOUR),
		});
		await sent(connector.id, {
			id: 'u3',
			costReturned: true,
			outcome: 'withdrawn',
			claimedAt: ago(ctx, MINUTE),
		});
		await ctx.db.insert(foreignCommands).values({
			connectorId: connector.id,
			commandId: 5,
			name: 'EpisodeSearch',
			episodeArrIds: [],
			movieArrIds: [],
			cost: 7,
			status: 'completed',
			firstSeenAt: ago(ctx, 4 * HOUR),
		});
		const usage = await readUsage(ctx.db, connector.id, ctx.clock.date());
		expect(usage.spent.map(({ cost, kind }) => [cost, kind])).toEqual([
			[2, 'gap'],
			[7, 'foreign'],
		]);
		expect(usage.spent[0]?.at).toEqual(ago(ctx, 2 * HOUR));
		expect(usage.last).toEqual({ id: 'u2', at: ago(ctx, HOUR) });
	});
});

test('nothing starves: with newcomers every day, the least wanted is asked for in the end', async () => {
	const { ctx, clock } = world;
	const connector = await addConnector(ctx, { kind: 'radarr' });
	const least = await addMovie(ctx, connector.id, { reason: 'quality', since: ctx.clock.date() });
	await ctx.db
		.insert(targetRules)
		.values({ connectorId: connector.id, scope: 'item', targetKey: least.key, boost: -100 });
	let day = 0;
	for (let asked = false; !asked && day < 200; day += 1) {
		// more newcomers every day than can be asked for
		for (let at = 0; at < 3; at += 1) await addMovie(ctx, connector.id, { since: ctx.clock.date() });
		await fillQueue(ctx, connector.id);
		for (let turn = 0; turn < 2 && !asked; turn += 1) {
			await readAll(ctx, connector.id);
			const choice = await chooseNext(ctx, connector.id);
			if (!choice.open) throw new Error(choice.gate.detail);
			const { registryId, targetId, reason } = choice.candidate;
			asked = targetId === least.id;
			const at = ctx.clock.date();
			await states.takeForSearch(ctx.db, registryId, { at, dispatchId: 'x' });
			await states.recordNothingFound(ctx.db, registryId, { at, dispatchId: 'x', byUser: false });
			await sent(connector.id, { reason, targetKind: 'movie' });
			await clock.advance(12 * HOUR);
		}
	}
	expect(day).toBeGreaterThan(10);
	expect(day).toBeLessThan(150);
}, 60_000);
