// What somebody else does is never taken for our success: RSS, a user's hand, other tools before, during and after.
import { beforeAll, describe, expect, test } from 'vitest';
import { grabsOfDispatch } from '../../../src/lib/server/db/queries/grabs';
import { watchRound } from '../../../src/lib/server/services/queue/watch';
import { KINDS, PROOF } from './kinds';
import { createSite, refOf, removeSites, worldOfFile, type Item, type Site } from './world';

const MINUTE = 60_000;
const world = worldOfFile();

const theirs = (item: Item): [string, object] =>
	item.kind === 'movie'
		? ['MoviesSearch', { movieIds: [item.arrId] }]
		: ['EpisodeSearch', { episodeIds: [item.arrId] }];

describe.each(KINDS)('%s', (kind) => {
	let site: Site;
	beforeAll(async () => {
		await removeSites();
		site = await createSite(world, kind);
	});

	/** Sends a search that takes 20 s and lets `meanwhile` happen in the middle of it. */
	async function during(item: Item, meanwhile: () => Promise<unknown>) {
		await site.fake.script(refOf(item), { kind: 'slow', seconds: 20, then: { kind: 'nothing' } });
		const round = await site.send({ kind: item.kind, item });
		expect(round.did).toBe('sent');
		await world.clock.advance(8_000);
		await watchRound(site.ctx, site.connector.id);
		await meanwhile();
		return await site.conclude(round.dispatchId);
	}

	test('an RSS grab in the middle of our search', async () => {
		const item = await site.next();
		const row = await during(item, () => site.fake.rssGrab(refOf(item)));
		expect(row.outcome).toBe('nothing_found');
		expect(await grabsOfDispatch(site.ctx.db, row.id)).toEqual([]);
	});

	test('an interactive grab in the middle of our search', async () => {
		const item = await site.next();
		const row = await during(item, () => site.fake.interactiveGrab(refOf(item)));
		expect(row.outcome).toBe('nothing_found');
		expect(await grabsOfDispatch(site.ctx.db, row.id)).toEqual([]);
	});

	test("another tool's search before ours: the item is left alone for a day", async () => {
		const item = await site.next();
		const [name, body] = theirs(item);
		await site.fake.otherToolSearch(name, body, 'OtherTool/1.0');
		await world.clock.advance(5 * MINUTE);
		const round = await site.send({ kind: item.kind, item });
		// Whisparr 2 and old versions do not show when an item was searched.
		if (PROOF[kind].proof !== 'last_search_time') {
			expect(await site.conclude(round.dispatchId)).toMatchObject({
				outcome: 'nothing_found',
				strength: PROOF[kind].strength,
			});
			return;
		}
		expect(round).toMatchObject({ did: 'withdrawn', reason: 'searched_recently' });
		const memory = await site.memory(item);
		expect(memory).toMatchObject({ state: 'pending', attempts: 0, restReason: 'searched_recently' });
		expect(memory.nextEligibleAt?.getTime()).toBeGreaterThan(world.clock.now() + 23 * 60 * MINUTE);
	});

	test("another tool's search of the same item in the middle of ours: shared", async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'slow', seconds: 20, then: { kind: 'grab' } });
		const round = await site.send({ kind: item.kind, item });
		await world.clock.advance(4_000);
		await watchRound(site.ctx, site.connector.id);
		// Not equal to ours, so the application runs it beside it.
		const [name, body] =
			item.kind === 'movie'
				? (['MissingMoviesSearch', {}] as const)
				: (['SeasonSearch', { seriesId: item.seriesArrId, seasonNumber: item.season }] as const);
		await site.fake.otherToolSearch(name, body, 'OtherTool/1.0');
		const row = await site.conclude(round.dispatchId);
		expect(row).toMatchObject({ outcome: 'grabbed', strength: 'shared' });
		expect((await grabsOfDispatch(site.ctx.db, row.id)).map((grab) => grab.claim)).toContain('shared');
		expect(await site.memory(item)).toMatchObject({ state: 'grabbed', attempts: 0 });
		await world.clock.advance(40 * MINUTE);
	});

	test("another tool's search after ours: its grab is theirs", async () => {
		const site = await createSite(world, kind);
		const item = await site.next();
		const round = await site.send({ kind: item.kind, item });
		let row = await site.dispatch(round.dispatchId);
		while (row.state === 'watching') {
			await world.clock.advance(2_000);
			await watchRound(site.ctx, site.connector.id);
			row = await site.dispatch(round.dispatchId);
		}
		await world.clock.advance(5_000);
		await site.fake.script(refOf(item), { kind: 'grab' });
		const [name, body] = theirs(item);
		await site.fake.otherToolSearch(name, body, 'OtherTool/1.0');
		row = await site.conclude(round.dispatchId);
		expect(row).toMatchObject({ outcome: 'nothing_found' });
		expect(row.strength).not.toBe('shared');
		expect(await grabsOfDispatch(site.ctx.db, row.id)).toEqual([]);
	});

	test('their searches are in the books', async () => {
		const rows = (await site.ctx.sql`
			select name, client_user_agent, cost, status from foreign_commands
			where connector_id = ${site.connector.id} order by command_id`) as { name: string; cost: number }[];
		expect(rows.length).toBeGreaterThanOrEqual(1);
		expect(rows.every((row) => row.cost >= 0)).toBe(true);
	});
});
