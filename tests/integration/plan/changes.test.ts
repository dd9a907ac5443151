// What changes while something rests or waits in line: failed targets revive, hopeless requests leave, scopes are large.
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { arrQueue, episodes, requestQueue, searchRegistry, series } from '../../../src/lib/server/db/schema';
import { explain } from '../../../src/lib/server/services/queue/explain';
import { fillQueue } from '../../../src/lib/server/services/queue/fill';
import { recordNotSearched } from '../../../src/lib/server/services/queue/states';
import { giveUp, requestSearch } from '../../../src/lib/server/services/queue/user-acts';
import { maintain } from '../../../src/lib/server/jobs/maintenance';
import { createTestContext, type TestContext } from '../../setup/context';
import { addConnector, addEpisode, addSeries, DAY, readAll, readRegistry, register } from './world';

let world: TestContext;
beforeAll(async () => {
	world = await createTestContext();
});
afterAll(() => world.close());

const lineOf = (connectorId: number) =>
	world.ctx.db.select().from(requestQueue).where(eq(requestQueue.connectorId, connectorId));

test('what cannot be searched is tried again once the mirror says something else of it', async () => {
	const connector = await addConnector(world.ctx);
	const show = await addSeries(world.ctx, connector.id);
	const item = await addEpisode(world.ctx, show);
	const row = await register(world.ctx, item);
	const set = (values: Partial<typeof searchRegistry.$inferInsert>) =>
		world.ctx.db.update(searchRegistry).set(values).where(eq(searchRegistry.id, row.id));
	await set({ state: 'queued', consecutiveNotSearched: 2 });
	await set({ state: 'searching' });
	const of = { at: world.clock.date(), dispatchId: 'd', byUser: false, ownMatter: true };
	await recordNotSearched(world.ctx.db, row.id, of);
	await fillQueue(world.ctx, connector.id);
	expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'failed' });
	const state = async () =>
		(await explain(world.ctx, { kind: 'episode', id: item.id }))?.gates.find((fact) => fact.gate === 'state');
	expect(await state()).toMatchObject({ open: false });
	await world.ctx.db.update(series).set({ title: 'Its right name' }).where(eq(series.id, show.id));
	expect(await state()).toMatchObject({ open: true });
	await fillQueue(world.ctx, connector.id);
	expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'queued', consecutiveNotSearched: 0 });
});

test('a season with an episode on its way is asked for one by one', async () => {
	const connector = await addConnector(world.ctx);
	const show = await addSeries(world.ctx, connector.id, { status: 'ended' });
	const items = [];
	for (let n = 0; n < 6; n += 1) items.push(await addEpisode(world.ctx, show));
	await fillQueue(world.ctx, connector.id);
	expect((await lineOf(connector.id)).map((row) => row.targetKind)).toEqual(['season']);
	const at = world.clock.date();
	await world.ctx.db.insert(arrQueue).values({
		connectorId: connector.id,
		arrId: 1,
		itemArrId: 1,
		episodeId: items[0]?.id ?? 0,
		downloadId: 'abc',
		title: 'A release',
		status: 'downloading',
		statusMessages: [],
		size: 1,
		sizeLeft: 1,
		firstSeenAt: at,
		lastSeenAt: at,
	});
	await fillQueue(world.ctx, connector.id);
	const kinds = (await lineOf(connector.id)).map((row) => row.targetKind);
	expect(kinds).toEqual(Array.from({ length: 5 }, () => 'episode'));
});

test('a request leaves the line once the application would not search it any more', async () => {
	const connector = await addConnector(world.ctx);
	const show = await addSeries(world.ctx, connector.id);
	const item = await addEpisode(world.ctx, show);
	const kept = await addEpisode(world.ctx, show);
	await requestSearch(world.ctx, { kind: 'episode', id: item.id });
	await requestSearch(world.ctx, { kind: 'episode', id: kept.id });
	await world.ctx.db.update(episodes).set({ monitored: false }).where(eq(episodes.id, item.id));
	await fillQueue(world.ctx, connector.id);
	const line = await lineOf(connector.id);
	expect(line.filter((row) => row.pinned)).toHaveLength(1);
	const rows = await world.ctx.db
		.select()
		.from(searchRegistry)
		.where(eq(searchRegistry.connectorId, connector.id));
	expect(rows.find((row) => row.episodeId === item.id)).toMatchObject({ state: 'pending' });
	expect(rows.find((row) => row.episodeId === kept.id)).toMatchObject({ state: 'queued' });
});

test('a series of 15,000 episodes can be given up', async () => {
	const connector = await addConnector(world.ctx);
	const show = await addSeries(world.ctx, connector.id);
	await world.ctx.db.execute(sql`insert into episodes
		(connector_id, series_id, arr_id, natural_key, season_number, episode_number, title, runtime, monitored, file_arr_id)
		select ${connector.id}::int, ${show.id}::int, 1000000 + n, '1x' || n, 1, n, 'E' || n, 0, true, 0
		from generate_series(1, 15000) n`);
	expect(await giveUp(world.ctx, { kind: 'series', id: show.id })).toBe(15_000);
});

test('memory of what is gone from the mirror goes in the end', async () => {
	const connector = await addConnector(world.ctx);
	await readAll(world.ctx, connector.id);
	const show = await addSeries(world.ctx, connector.id);
	const gone = await register(world.ctx, await addEpisode(world.ctx, show));
	const kept = await register(world.ctx, await addEpisode(world.ctx, show));
	await world.ctx.db.delete(episodes).where(eq(episodes.id, gone.episodeId ?? 0));
	const left = async () =>
		(
			await world.ctx.db.select().from(searchRegistry).where(eq(searchRegistry.connectorId, connector.id))
		).map((row) => row.id);
	await maintain(world.ctx);
	expect((await left()).sort()).toEqual([gone.id, kept.id].sort());
	await world.clock.advance(15 * DAY);
	await maintain(world.ctx);
	expect(await left()).toEqual([kept.id]);
});
