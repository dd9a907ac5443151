// Asked once more before sending: what the application itself says now wins over what the mirror believes.
import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { inNameOf } from '../../../src/lib/domain/application';
import { proofSentences } from '../../../src/lib/domain/proof-words';
import { findGates } from '../../../src/lib/server/db/queries/connector-gates';
import { events, requestQueue } from '../../../src/lib/server/db/schema';
import { dispatchWith } from '../../../src/lib/server/services/queue/dispatcher-round';
import { claim } from '../../../src/lib/server/services/queue/claim';
import { checkLive } from '../../../src/lib/server/services/queue/live-checks';
import { send } from '../../../src/lib/server/services/queue/send';
import { mayTake } from '../../../src/lib/server/services/queue/dispatcher-budget';
import { createSite, refOf, removeSites, worldOfFile, type Item, type Site } from './world';

const MINUTE = 60_000;
const world = worldOfFile();

describe.each(['sonarr4', 'radarr6', 'whisparr2', 'whisparr3'] as const)('%s', (kind) => {
	let site: Site;
	beforeAll(async () => {
		await removeSites();
		site = await createSite(world, kind);
	});

	async function expectTakenBack(
		item: Item,
		reason: string,
		words: string,
		state: 'pending' | 'queued' = 'pending',
	): Promise<void> {
		const before = (await site.fake.commandsReceived()).length;
		const round = await site.send({ kind: item.kind, item });
		expect(round).toMatchObject({ did: 'withdrawn', reason });
		const row = await site.dispatch(round.dispatchId);
		expect(row).toMatchObject({ state: 'concluded', outcome: 'withdrawn', costReturned: true });
		expect(proofSentences(row)).toEqual([words]);
		const told = await site.ctx.db.select().from(events).where(eq(events.dispatchId, row.id));
		const named = inNameOf(words, site.connector.kind);
		expect(told).toHaveLength(1);
		expect(told[0]?.message.startsWith(`${row.target.title}: not sent. ${named}`)).toBe(true);
		expect(await site.memory(item)).toMatchObject({ state, attempts: 0, freshAttempts: 0 });
		expect((await site.fake.commandsReceived()).length).toBe(before);
	}

	test('not monitored any more', async () => {
		const item = await site.next();
		await site.fake.setMonitored(refOf(item), false);
		await expectTakenBack(item, 'unmonitored', 'It is not monitored any more.');
	});

	test('it has a file by now', async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'grabThenImport' });
		await site.fake.interactiveGrab(refOf(item));
		await world.clock.advance(40 * MINUTE);
		await expectTakenBack(item, 'file_changed', 'Its file has changed meanwhile.');
	});

	test('it is being downloaded', async () => {
		const item = await site.next();
		await site.fake.rssGrab(refOf(item));
		await world.clock.advance(MINUTE);
		const round = await site.send({ kind: item.kind, item });
		// By the time of the check it may be there already: either way nothing is sent.
		expect(round.did).toBe('withdrawn');
		expect(['in_flight', 'file_changed']).toContain(round.reason);
	});

	test('it is gone', async () => {
		const item = await site.next();
		if (item.kind === 'movie') await site.fake.deleteMovie(item.arrId);
		else await site.fake.deleteEpisode(item.arrId);
		await expectTakenBack(item, 'gone', 'It is gone from the application.');
	});

	test("somebody else's search is under way: it keeps its place, is looked at again soon and not claimed meanwhile", async () => {
		const item = await site.next();
		const other = await site.next();
		await site.fake.script(refOf(other), { kind: 'slow', seconds: 1500 });
		const body = other.kind === 'movie' ? { movieIds: [other.arrId] } : { episodeIds: [other.arrId] };
		await site.fake.otherToolSearch(other.kind === 'movie' ? 'MoviesSearch' : 'EpisodeSearch', body);
		await expectTakenBack(item, 'lanes_busy', 'The application is busy with other work.', 'queued');
		const { id: registryId } = await site.memory(item);
		const [place] = await site.ctx.db
			.select()
			.from(requestQueue)
			.where(eq(requestQueue.registryId, registryId));
		expect(place).toMatchObject({ score: 1, pinned: false, notBefore: null });
		const again = () => dispatchWith(site.ctx, site.connector.id, async () => ({ open: true, registryId }));
		expect(await again()).toMatchObject({ did: 'closed', reason: 'lanes' });
		await world.clock.advance(30 * MINUTE + 5_000);
		expect(await again()).toMatchObject({ did: 'sent' });
		expect(await findGates(site.ctx.db, site.connector.id)).toEqual([]);
		await world.clock.advance(5 * MINUTE);
	});

	test('a check that cannot be made postpones 1, 2, 5, 15 minutes, and closes nothing', async () => {
		const site = await createSite(world, kind);
		const item = await site.next();
		await site.fake.fault({ kind: 'answer', status: 401, match: { path: '/queue' } });
		await site.queue({ kind: item.kind, item });
		for (const minutes of [1, 2, 5, 15, 15]) {
			await world.clock.advance(20 * MINUTE + 13_000 - (world.clock.now() % MINUTE));
			const [entry] = await site.ctx.db.select().from(requestQueue);
			const own = entry?.registryId ?? 0;
			const round = await dispatchWith(site.ctx, site.connector.id, async () => ({
				open: true,
				registryId: own,
			}));
			expect(round).toMatchObject({ did: 'postponed' });
			const rows = (await site.ctx.db.select().from(requestQueue)).filter((one) => one.registryId === own);
			expect(((rows[0]?.notBefore?.getTime() ?? 0) - world.clock.now()) / MINUTE).toBe(minutes);
		}
		expect(await findGates(site.ctx.db, site.connector.id)).toEqual([]);
		expect(await site.memory(item)).toMatchObject({ state: 'queued', attempts: 0 });
		await site.ctx.db.delete(requestQueue);
	});
});

test('of many claims at the same time, one takes the place and the budget', async () => {
	const site = await createSite(world, 'sonarr4');
	const ids: number[] = [];
	for (let n = 0; n < 6; n += 1) ids.push(await site.queue({ kind: 'episode', item: await site.next() }));
	const results = await Promise.allSettled(
		ids.map((id) =>
			claim(site.ctx, site.connector, id, (tx, entry) => mayTake(site.ctx, tx, site.connector.id, entry)),
		),
	);
	const claims = results.flatMap((one) =>
		one.status === 'fulfilled' && one.value !== null ? [one.value] : [],
	);
	expect(claims).toHaveLength(1);
	expect(results.every((one) => one.status === 'fulfilled')).toBe(true);
});

test('the same row is claimed once', async () => {
	const site = await createSite(world, 'radarr6');
	const id = await site.queue({ kind: 'movie', item: await site.next() });
	const take = () => claim(site.ctx, site.connector, id, async () => true);
	const results = await Promise.all([take(), take(), take()]);
	expect(results.filter((one) => one !== null)).toHaveLength(1);
});

test('without the lock of the connector nothing is sent', async () => {
	const site = await createSite(world, 'sonarr4');
	const id = await site.queue({ kind: 'episode', item: await site.next() });
	const claimed = await claim(site.ctx, site.connector, id, async () => true);
	if (claimed === null) throw new Error('not claimed');
	const client = await site.ctx.clients.for(site.connector.id);
	const live = await checkLive(site.ctx, site.connector, client, claimed);
	if (live.verdict !== 'go') throw new Error(`a live check said ${live.reason}`);
	await site.ctx.locks.release(site.connector.id);
	const sent = await send(site.ctx, client, claimed.dispatch, live.facts);
	expect(sent).toMatchObject({ state: 'not_sent', reason: 'lock_lost' });
	expect(await site.fake.commandsReceived()).toEqual([]);
});

test('the POST begins within five seconds of the commit, or not at all', async () => {
	const site = await createSite(world, 'radarr6');
	const id = await site.queue({ kind: 'movie', item: await site.next() });
	const claimed = await claim(site.ctx, site.connector, id, async () => true);
	if (claimed === null) throw new Error('not claimed');
	const client = await site.ctx.clients.for(site.connector.id);
	const live = await checkLive(site.ctx, site.connector, client, claimed);
	if (live.verdict !== 'go') throw new Error(`a live check said ${live.reason}`);
	const slow = { ...site.ctx.clock, date: () => world.clock.date(), now: () => world.clock.now() + 5_001 };
	const sent = await send({ ...site.ctx, clock: slow }, client, claimed.dispatch, live.facts);
	expect(sent).toMatchObject({ state: 'not_sent', reason: 'too_late' });
	expect(await site.fake.commandsReceived()).toEqual([]);
});
