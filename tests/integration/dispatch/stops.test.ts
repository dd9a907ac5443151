// What keeps a search from being sent at the last moment, and how an application that is away is left alone.
import { eq } from 'drizzle-orm';
import { afterEach, describe, expect, test } from 'vitest';
import { dispatchStep } from '../../../src/lib/server/jobs/dispatch';
import { searchNow } from '../../../src/lib/server/jobs/search-now';
import { findConnector } from '../../../src/lib/server/db/queries/connectors';
import { grabsOfDispatch } from '../../../src/lib/server/db/queries/grabs';
import { connectorGates, connectors, dispatches, requestQueue } from '../../../src/lib/server/db/schema';
import { claim } from '../../../src/lib/server/services/queue/claim';
import { dispatchWith, type DispatchRound } from '../../../src/lib/server/services/queue/dispatcher-round';
import { followGrabs } from '../../../src/lib/server/services/queue/follow';
import { checkLive } from '../../../src/lib/server/services/queue/live-checks';
import { send } from '../../../src/lib/server/services/queue/send';
import { recoverOpen } from '../../../src/lib/server/services/queue/recovery';
import { defaultConnectorSettings } from '../../../src/lib/domain/settings';
import { readHistoryAndQueue } from './seed';
import { createSite, refOf, removeSites, worldOfFile, type Item, type Site } from './world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const world = worldOfFile();
afterEach(() => removeSites());

const patch = (site: Site, set: Partial<typeof connectors.$inferInsert>) =>
	site.ctx.db.update(connectors).set(set).where(eq(connectors.id, site.connector.id));
const lineOf = (site: Site) =>
	site.ctx.db.select().from(requestQueue).where(eq(requestQueue.connectorId, site.connector.id));

describe('stopped during the live checks', () => {
	test.each([{ mode: 'observe' }, { paused: true }, { enabled: false }, { heldReason: 'x' }] as const)(
		'%j: not sent, and back in line',
		async (stop) => {
			const site = await createSite(world, 'sonarr4');
			const id = await site.queue({ kind: 'episode', item: await site.next() });
			const claimed = await claim(site.ctx, site.connector, id, async () => true);
			if (claimed === null) throw new Error('not claimed');
			const client = await site.ctx.clients.for(site.connector.id);
			const live = await checkLive(site.ctx, site.connector, client, claimed);
			if (live.verdict !== 'go') throw new Error(`a live check said ${live.reason}`);
			await patch(site, stop);
			const sent = await send(site.ctx, client, claimed.dispatch, live.facts);
			expect(sent).toMatchObject({ state: 'not_sent', reason: 'stopped' });
			expect(await site.fake.commandsReceived()).toEqual([]);
		},
	);
});

describe('what the user asked for keeps its place', () => {
	test('while the application is busy', async () => {
		const site = await createSite(world, 'sonarr4');
		const item = await site.next();
		const other = await site.next();
		await site.fake.script(refOf(other), { kind: 'slow', seconds: 1500 });
		await site.fake.otherToolSearch('EpisodeSearch', { episodeIds: [other.arrId] });
		const round = await site.send({ kind: item.kind, item }, { byUser: true });
		expect(round).toMatchObject({ did: 'withdrawn', reason: 'lanes_busy' });
		expect(await lineOf(site)).toMatchObject([{ pinned: true, reason: 'gap', cost: 1 }]);
		expect(await site.memory(item)).toMatchObject({ state: 'queued', attempts: 0 });
	});

	test('when the process dies between claim and sending', async () => {
		const site = await createSite(world, 'radarr6');
		const item = await site.next();
		const id = await site.queue({ kind: item.kind, item }, { byUser: true });
		await claim(site.ctx, site.connector, id, async () => true);
		expect((await recoverOpen(site.ctx, site.connector.id)).settled).toHaveLength(1);
		expect(await lineOf(site)).toMatchObject([{ pinned: true }]);
	});
});

test('an answer says "sent" only of the search that was asked for', async () => {
	const site = await createSite(world, 'sonarr4');
	const [first, second] = [await site.next(), await site.next()];
	// Pinned before, and better placed.
	await site.queue({ kind: first.kind, item: first }, { byUser: true });
	await site.ctx.db.update(requestQueue).set({ score: 5000 });
	const answer = await searchNow(site.ctx, { kind: second.kind, id: second.id });
	expect(answer).toMatchObject({ sent: false });
	expect(await site.fake.commandsReceived()).toMatchObject([{ body: { episodeIds: [first.arrId] } }]);
});

test('an answer says "sent" of a search that the loop took up in the same moment', async () => {
	const site = await createSite(world, 'sonarr4');
	await world.clock.advance(MINUTE);
	const item = await site.next();
	await site.markWanted([item]);
	const hold = await site.fake.hold({ path: `/api/v3/episode/${String(item.arrId)}`, at: 'request' });
	const steps: Promise<number>[] = [];
	const queueChanged = (id: number | null): void => {
		if (steps.length === 0 && id !== null) steps.push(dispatchStep(ctx, id));
	};
	const ctx = { ...site.ctx, wake: { ...site.ctx.wake, queueChanged } };
	const asked = searchNow(ctx, { kind: item.kind, id: item.id });
	await site.fake.waitHeld(hold);
	await site.fake.release(hold);
	const [sent] = await site.ctx.db
		.select()
		.from(dispatches)
		.where(eq(dispatches.connectorId, site.connector.id));
	expect(await asked).toEqual({ sent: true, dispatchId: sent?.id });
	await Promise.all(steps);
	expect(await site.fake.commandsReceived()).toHaveLength(1);
});

/** Sends as soon as the application's own jobs leave room for it. */
async function sendSoon(site: Site, item: Item): Promise<DispatchRound> {
	for (;;) {
		const round = await site.send({ kind: item.kind, item });
		if (round.reason !== 'lanes_busy' && round.reason !== 'lanes') return round;
	}
}

/** Runs the loop's steps for so long; the waits it asked for. */
async function steps(site: Site, ms: number): Promise<number[]> {
	const until = world.clock.now() + ms;
	const waits: number[] = [];
	while (world.clock.now() < until && waits.length < 2_000) {
		const wait = await dispatchStep(site.ctx, site.connector.id);
		waits.push(wait);
		await world.clock.advance(wait);
	}
	return waits;
}

describe('an application that is away', () => {
	test('a refused key is asked with ever more rarely, and a new one heals at once', async () => {
		const site = await createSite(world, 'sonarr4');
		await site.queue({ kind: 'episode', item: await site.next() });
		await site.search({ kind: 'episode', item: await site.next() }).catch(() => undefined);
		await site.fake.fault({ kind: '401' });
		const before = (await site.fake.requests()).length;
		const waits = await steps(site, 6 * HOUR);
		const asked = (await site.fake.requests()).length - before;
		expect(asked).toBeLessThan(60);
		expect(Math.min(...waits.slice(3))).toBeGreaterThan(10_000);
		expect(await findConnector(site.ctx.db, site.connector.id)).toMatchObject({ health: 'unhealthy' });
		await site.fake.clearFaults();
		await steps(site, 11 * MINUTE);
		expect(await findConnector(site.ctx.db, site.connector.id)).toMatchObject({
			nextProbeAt: null,
			failures: 0,
		});
	});

	test('a POST without an answer is asked after ever more rarely while the application is away', async () => {
		const site = await createSite(world, 'radarr6');
		const item = await site.next();
		await site.fake.fault({ kind: 'reset', match: { method: 'POST', path: '/command' } });
		const round = await sendSoon(site, item);
		expect(round).toMatchObject({ did: 'unknown' });
		await site.fake.fault({ kind: '401' });
		const before = (await site.fake.requests()).length;
		let asked = 0;
		const until = world.clock.now() + 12 * HOUR;
		while (world.clock.now() < until && asked < 1_000) {
			const { nextAt } = await recoverOpen(site.ctx, site.connector.id);
			asked += 1;
			await world.clock.advanceTo(Math.max(world.clock.now() + 1, nextAt?.getTime() ?? until));
		}
		expect(asked).toBeLessThan(120);
		expect((await site.fake.requests()).length).toBeGreaterThan(before);
	});

	test('a download is not taken for vanished because nobody could look for two days', async () => {
		const site = await createSite(world, 'radarr6');
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'grabThenImport' });
		const row = await site.conclude((await sendSoon(site, item)).dispatchId);
		await readHistoryAndQueue(site.ctx, site.connector.id);
		await followGrabs(site.ctx, site.connector.id);
		const result = async () => (await grabsOfDispatch(site.ctx.db, row.id)).map((grab) => grab.result);
		expect(await result()).toEqual(['following']);
		for (let hours = 0; hours < 48; hours += 1) {
			await world.clock.advance(HOUR);
			await followGrabs(site.ctx, site.connector.id);
		}
		expect(await result()).toEqual(['following']);
		expect(await site.memory(item)).toMatchObject({ state: 'grabbed', attempts: 0 });
	});
});

test('what was sent is not looked for in another instance at the same address', async () => {
	const site = await createSite(world, 'sonarr4');
	const round = await sendSoon(site, await site.next());
	await patch(site, { heldReason: 'other_instance' });
	await world.clock.advance(MINUTE);
	const before = (await site.fake.requests()).length;
	await dispatchStep(site.ctx, site.connector.id);
	expect((await site.fake.requests()).length).toBe(before);
	expect(await site.dispatch(round.dispatchId)).toMatchObject({ state: 'watching' });
	await patch(site, { heldReason: null });
	await dispatchStep(site.ctx, site.connector.id);
	expect((await site.fake.requests()).length).toBeGreaterThan(before);
});

test('a step with nothing to do asks the database a handful of questions', async () => {
	const site = await createSite(world, 'sonarr4');
	await dispatchStep(site.ctx, site.connector.id);
	let asked = 0;
	const counting = new Proxy(site.ctx.db, {
		get: (target, name, receiver) => {
			if (name === 'select' || name === 'execute' || name === '$count') asked += 1;
			return Reflect.get(target, name, receiver) as unknown;
		},
	});
	await dispatchStep({ ...site.ctx, db: counting }, site.connector.id);
	expect(asked).toBeLessThanOrEqual(3);
});

test('what budget and spacing hold is reckoned again when its time comes, or when somebody asks', async () => {
	const site = await createSite(world, 'sonarr4', {}, defaultConnectorSettings());
	const [first, second] = [await site.next(), await site.next()];
	await site.markWanted([first, second]);
	await site.conclude((await sendSoon(site, first)).dispatchId);
	await site.queue({ kind: second.kind, item: second });
	await dispatchStep(site.ctx, site.connector.id);
	// nothing holds it any more, but nobody said so
	const longAgo = { claimedAt: new Date(world.clock.now() - 48 * HOUR), sendingAt: null };
	await site.ctx.db.update(dispatches).set(longAgo).where(eq(dispatches.connectorId, site.connector.id));
	await site.ctx.db.delete(connectorGates).where(eq(connectorGates.connectorId, site.connector.id));
	await dispatchStep(site.ctx, site.connector.id, false);
	expect(await site.fake.commandsReceived()).toHaveLength(1);
	await steps(site, 2 * MINUTE);
	expect(await site.fake.commandsReceived()).toHaveLength(2);
});

test('a round sends nothing that was stopped after it was chosen', async () => {
	const site = await createSite(world, 'sonarr4');
	const registryId = await site.queue({ kind: 'episode', item: await site.next() });
	const round = await dispatchWith(site.ctx, site.connector.id, async () => {
		await patch(site, { mode: 'observe' });
		return { open: true, registryId };
	});
	expect(round).toMatchObject({ did: 'nothing' });
	expect(await site.fake.commandsReceived()).toEqual([]);
});
