// A library too large to be planned for each answer: what is shown is the head of the plan that the last round made.
// That it is large is only said: discovery has counted more than there is.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectors, requestQueue } from '../../../src/lib/server/db/schema';
import { putReading } from '../../../src/lib/server/db/queries/dispatches-mirror';
import { rankSingles } from '../../../src/lib/server/db/queries/plan';
import { wantedItems, readItemFacts, ITEM_IS_OPEN } from '../../../src/lib/server/db/queries/plan-items';
import { explain } from '../../../src/lib/server/services/queue/explain';
import { readConnectorFacts } from '../../../src/lib/server/services/queue/facts';
import { fillQueue } from '../../../src/lib/server/services/queue/fill';
import { planNext } from '../../../src/lib/server/services/queue/planner';
import { boostTarget, excludeTarget, includeTarget } from '../../../src/lib/server/services/queue/user-acts';
import { eq, sql } from 'drizzle-orm';
import { createTestContext, type TestContext } from '../../setup/context';
import { dice, randomItems } from './random';
import { addConnector, HOUR } from './world';

let world: TestContext;
let id: number;

beforeAll(async () => {
	world = await createTestContext();
	id = (await addConnector(world.ctx, { mode: 'observe' })).id;
	await randomItems(world.ctx, id, 'episode', { count: 300, random: dice(71) });
	await count(id, 100_000);
});
afterAll(() => world.close());

const count = (connectorId: number, gap: number): Promise<void> =>
	putReading(world.ctx.db, connectorId, 'discovered', { gap, quality: 0, format: 0 }, world.clock.date());
const shown = async (limit = 50) => {
	const plan = await planNext(world.ctx, { connectorId: id, limit });
	return plan.map(({ target, why, score }) => ({ kind: target.kind, id: target.id, why, score }));
};

/** Without their order: the batches of a series are others without one of them. */
const idsOf = (rows: readonly { id: number }[]): number[] => rows.map((row) => row.id).sort((a, b) => a - b);

test('what is only observed shows the head that the last round made, and queues nothing', async () => {
	const { ctx } = world;
	await fillQueue(ctx, id);
	const head = await shown();
	await count(id, 1);
	const exact = await shown();
	await count(id, 100_000);
	expect(exact.length).toBeGreaterThan(20);
	expect(head).toEqual(exact);
	expect(await ctx.db.$count(requestQueue)).toBe(0);
});

test('it stays what the round made, but for what has been closed since', async () => {
	const { ctx, clock } = world;
	const before = await shown();
	const single = before.find(({ kind }) => kind === 'episode');
	if (single === undefined) throw new Error('no single search');
	const ref = { kind: 'episode', id: single.id } as const;
	await excludeTarget(ctx, ref);
	expect(idsOf(await shown())).toEqual(idsOf(before).filter((one) => one !== single.id));
	await includeTarget(ctx, ref);
	await clock.advance(3 * HOUR);
	expect(idsOf(await shown())).toEqual(idsOf(before));
});

test('an item knows its place in it', async () => {
	const [first] = (await shown()).filter(({ kind }) => kind === 'episode');
	const explained = await explain(world.ctx, { kind: 'episode', id: first?.id ?? 0 });
	expect(explained?.position).toBeGreaterThan(0);
	expect(explained?.gates.find(({ gate }) => gate === 'mode_active')?.open).toBe(false);
});

test('once searching is started the line is what is shown', async () => {
	const { ctx } = world;
	const before = await shown();
	await ctx.db.update(connectors).set({ mode: 'active' }).where(eq(connectors.id, id));
	await fillQueue(ctx, id);
	const queued = await ctx.db.$count(requestQueue);
	expect(queued).toBeGreaterThan(20);
	const now = await shown();
	expect(now.length).toBe(Math.min(50, queued));
	expect(now.slice(0, 5).map((row) => row.id)).toEqual(before.slice(0, 5).map((row) => row.id));
});

test.each([1, 3, 10, 40, 200])('the best %i are those of all, boosted or not', async (limit) => {
	const { ctx } = world;
	const facts = await readConnectorFacts(ctx, ctx.db, id);
	if (facts === null) throw new Error('no connector');
	const best = async () => {
		const options = { without: [], maxCost: 100, limit };
		return (await rankSingles(ctx.db, facts.rules, options)).map((row) => row.targetId);
	};
	const ofAll = async () => {
		const open = sql`select * from (${wantedItems(facts.rules)}) i where ${ITEM_IS_OPEN} and not pinned
			order by score desc, "lastSearchTime" asc nulls first, kind, id limit ${limit}`;
		return (await readItemFacts(ctx.db, open)).map((row) => row.id);
	};
	expect(await best()).toEqual(await ofAll());
	const last = (await ofAll()).at(-1) ?? 0;
	await boostTarget(ctx, { kind: 'episode', id: last }, 90);
	expect(await best()).toEqual(await ofAll());
	await boostTarget(ctx, { kind: 'episode', id: last }, 0);
});
