// The queue as the page shows it: in the order in which it is sent, over all connectors; what waits comes last.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectors, dispatches } from '../../../src/lib/server/db/schema';
import { chooseNext } from '../../../src/lib/server/services/queue/candidates';
import { fillQueue } from '../../../src/lib/server/services/queue/fill';
import * as states from '../../../src/lib/server/services/queue/states';
import { pauseQueue } from '../../../src/lib/server/services/queue/user-acts-queue';
import { readDashboard } from '../../../src/lib/server/views/dashboard';
import { readPlan } from '../../../src/lib/server/views/plan';
import { readQueue } from '../../../src/lib/server/views/queue';
import { createTestContext, type TestContext } from '../../setup/context';
import { addConnector, addEpisode, addMovie, addSeries, ago, DAY, HOUR, readAll } from './world';

const EVERYTHING = { connectorIds: null };
let world: TestContext;
let shows: number;
let films: number;
beforeAll(async () => {
	world = await createTestContext();
	const { ctx } = world;
	shows = (await addConnector(ctx)).id;
	films = (await addConnector(ctx, { kind: 'radarr' })).id;
	// two running shows, long wanted: every one of their episodes outranks every movie
	for (const days of [60, 50]) {
		const show = await addSeries(ctx, shows, { status: 'continuing' });
		for (let at = 0; at < 6; at += 1) await addEpisode(ctx, show, { since: ago(ctx, (days - at) * DAY) });
		await addEpisode(ctx, show, { airDateUtc: ago(ctx, -DAY), reason: null });
	}
	for (let at = 0; at < 3; at += 1) await addMovie(ctx, films, { since: ago(ctx, DAY) });
	for (const id of [shows, films]) await fillQueue(ctx, id);
});
afterAll(() => world.close());

/** The search that would be sent next is sent, and finds nothing. */
async function sendNext(connectorId: number): Promise<string> {
	const { ctx } = world;
	const choice = await chooseNext(ctx, connectorId);
	if (!choice.open) throw new Error(choice.gate.detail);
	const { registryId, seriesId, targetId, targetKind } = choice.candidate;
	const at = ctx.clock.date();
	await states.takeForSearch(ctx.db, registryId, { at, dispatchId: 'x' });
	const nothing = {
		seriesTitle: null,
		seasonNumber: null,
		seriesId: null,
		seriesArrId: null,
	};
	await ctx.db.insert(dispatches).values({
		id: `sent-${String(registryId)}`,
		connectorId,
		connectorName: 'x',
		connectorKind: 'sonarr',
		targetKind,
		targetKey: 'x',
		target: { ...nothing, title: '', subtitle: null, items: [] },
		seriesId,
		reason: 'gap',
		state: 'concluded',
		outcome: 'nothing_found',
		cost: 1,
		claimedAt: at,
		messages: [],
	});
	await world.clock.advance(HOUR);
	await readAll(ctx, connectorId);
	return `${targetKind}-${String(targetId)}`;
}

test('a page holds what is sent first, of every connector, however the scores compare', async () => {
	const { rows, total } = await readQueue(world.ctx, EVERYTHING, 5);
	expect(total).toBe(15);
	expect(rows.map((row) => row.connector.id)).toContain(films);
	const times = rows.map((row) => row.estimateAt?.getTime() ?? 0);
	expect(times).toEqual([...times].sort((a, b) => a - b));
	expect(times[0]).toBeGreaterThan(0);
});

test('the order that is shown is the order in which it is sent, batches and all', async () => {
	const shown = (await readQueue(world.ctx, { connectorIds: [shows] }, 50)).rows.map((row) => row.target.ref);
	const plan = await readPlan(world.ctx, { connectorIds: [shows] }, 50);
	expect(plan.rows.map((row) => row.target.ref)).toEqual(shown);
	const sent: string[] = [];
	for (let round = 0; round < 8; round += 1) {
		const [next] = (await readQueue(world.ctx, { connectorIds: [shows] }, 1)).rows;
		sent.push(await sendNext(shows));
		expect(next?.target.ref).toBe(sent.at(-1));
	}
	expect(sent).toEqual(shown.slice(0, 8));
});

test('what waits for its connector comes last, is told once with what it waits for, and is not next', async () => {
	const { ctx } = world;
	const lastError = { code: 'unauthorized', message: 'Sonarr refuses this API key.', hint: null };
	await ctx.db.update(connectors).set({ health: 'unhealthy', lastError }).where(eq(connectors.id, shows));
	const { rows, waiting } = await readQueue(ctx, EVERYTHING, 50);
	expect(rows.map((row) => row.blocked === null)).toEqual([true, true, true, false, false, false, false]);
	expect(waiting).toMatchObject([{ count: 4, reason: 'until its API key works again.' }]);
	const { upcoming } = await readDashboard(ctx, EVERYTHING);
	expect(upcoming.map((row) => row.connector.id)).toEqual([films, films]);
});

test('what is paused as a whole is not told once more for each connector; one of its own stays told', async () => {
	const { ctx } = world;
	await ctx.db.update(connectors).set({ paused: true });
	expect((await readQueue(ctx, EVERYTHING, 1)).waiting.map(({ cause }) => cause)).toEqual(['key', 'switch']);
	await ctx.db.update(connectors).set({ paused: false });
	await pauseQueue(ctx, null);
	expect((await readQueue(ctx, EVERYTHING, 1)).waiting.map(({ cause }) => cause)).toEqual(['key']);
});
