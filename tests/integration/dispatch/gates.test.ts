// Gates that outcomes close, the half-open rule that opens them, and what does not close them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findGates } from '../../../src/lib/server/db/queries/connector-gates';
import { findReading } from '../../../src/lib/server/db/queries/connectors';
import { putReading } from '../../../src/lib/server/db/queries/dispatches-mirror';
import { dispatchWith } from '../../../src/lib/server/services/queue/dispatcher-round';
import { startFakes, type Fakes } from '../../fakes/arr/control';
import { createSite, createWorld, refOf, type Site, type World } from './world';

const MINUTE = 60_000;
let fakes: Fakes;
let world: World & { close: () => Promise<void> };
beforeAll(async () => {
	fakes = await startFakes();
	world = await createWorld(fakes);
});
afterAll(async () => {
	await world.close();
	await fakes.stop();
});

const gates = async (site: Site) =>
	Object.fromEntries((await findGates(site.ctx.db, site.connector.id)).map((row) => [row.gate, row]));

/** What the health job does between searches. */
async function readHealth(site: Site): Promise<void> {
	const client = await site.ctx.clients.for(site.connector.id);
	await putReading(site.ctx.db, site.connector.id, 'health', await client.health(), world.clock.date());
	await dispatchWith(site.ctx, site.connector.id, async () => ({ open: false, gate: 'turn', until: null }));
}

describe('not searched', () => {
	test('two different items in a row close the indexer gate; after 30 minutes one is let through and opens it', async () => {
		const site = await createSite(world, 'sonarr4');
		const items = [await site.next(), await site.next(), await site.next()] as const;
		for (const item of items.slice(0, 2)) {
			await site.fake.script(refOf(item), { kind: 'noIndexer' });
			expect(await site.search({ kind: 'episode', item })).toMatchObject({
				outcome: 'not_searched',
				costReturned: true,
			});
		}
		const closed = (await gates(site)).indexer;
		expect(closed).toMatchObject({ cause: 'two_not_searched' });
		expect(await site.send({ kind: 'episode', item: items[2] })).toMatchObject({
			did: 'withdrawn',
			reason: 'indexer',
		});
		await world.clock.advance(35 * MINUTE);
		expect(await site.search({ kind: 'episode', item: items[2] })).toMatchObject({
			outcome: 'nothing_found',
		});
		expect(await gates(site)).toEqual({});
	});

	test('the half-open search that fails again closes it again', async () => {
		const site = await createSite(world, 'radarr6');
		const items = [await site.next(), await site.next(), await site.next()] as const;
		for (const item of items) await site.fake.script(refOf(item), { kind: 'noIndexer' });
		await site.search({ kind: 'movie', item: items[0] });
		await site.search({ kind: 'movie', item: items[1] });
		await world.clock.advance(35 * MINUTE);
		await site.search({ kind: 'movie', item: items[2] });
		// Three in a row under a clean health: the proof itself is in doubt, and the next one is used.
		expect(await findReading(site.ctx.db, site.connector.id, 'proof')).toMatchObject({
			value: { unreliable: true },
		});
		const last = await site.next();
		expect(await site.search({ kind: 'movie', item: last })).toMatchObject({
			outcome: 'nothing_found',
			strength: 'weak',
		});
	});

	test('the same item three times in a row has failed, and closes nothing', async () => {
		const site = await createSite(world, 'sonarr5');
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'noIndexer' });
		for (const state of ['pending', 'pending', 'failed']) {
			expect(await site.search({ kind: 'episode', item })).toMatchObject({ outcome: 'not_searched' });
			expect(await site.memory(item)).toMatchObject({ state, attempts: 0 });
			await world.clock.advance(25 * 60 * MINUTE);
		}
		expect(await site.memory(item)).toMatchObject({ restReason: 'cannot_be_searched' });
		expect(await gates(site)).toEqual({});
	});

	test('explained by health: the gate closes at once, and opens when health is well', async () => {
		const site = await createSite(world, 'whisparr2');
		const item = await site.next();
		for (const indexer of await site.fake.indexerSearches())
			await site.fake.setIndexer(indexer.id, { blocked: true });
		await world.clock.advance(MINUTE);
		expect(await site.send({ kind: 'episode', item })).toMatchObject({ did: 'withdrawn', reason: 'indexer' });
		expect((await gates(site)).indexer).toBeDefined();
		for (const indexer of await site.fake.indexerSearches())
			await site.fake.setIndexer(indexer.id, { blocked: false });
		await world.clock.advance(MINUTE);
		await readHealth(site);
		expect(await gates(site)).toEqual({});
	});
});

describe('not held', () => {
	test('a Sonarr whose only complaint is that no indexer is interactive', async () => {
		const site = await createSite(world, 'sonarr4', { indexers: [{ name: 'Alpha', interactive: false }] });
		await world.clock.advance(MINUTE);
		const item = await site.next();
		expect(await site.search({ kind: 'episode', item })).toMatchObject({ outcome: 'nothing_found' });
		expect(await gates(site)).toEqual({});
	});

	test('a Whisparr 3 whose single movies come from a stale cache', async () => {
		const site = await createSite(world, 'whisparr3', { cacheMovieApi: true });
		const item = await site.next();
		expect(await site.search({ kind: 'movie', item })).toMatchObject({ outcome: 'nothing_found' });
		expect(await gates(site)).toEqual({});
	});
});

describe.each(['sonarr4', 'radarr6', 'whisparr2', 'whisparr3'] as const)(
	'%s drops what it finds while its client is away',
	(kind) => {
		test('inconclusive, no attempt, the client gate closes, and opens when health is well', async () => {
			const site = await createSite(world, kind);
			const item = await site.next();
			const [client] = (await site.fake.get<{ id: number }[]>('/api/v3/downloadclient')).map((one) => one.id);
			if (client === undefined) throw new Error('no client');
			await site.fake.script(refOf(item), { kind: 'grab' });
			const round = await site.send({ kind: item.kind, item });
			await site.fake.setDownloadClient(client, { reachable: false });
			const row = await site.conclude(round.dispatchId);
			expect(row).toMatchObject({ outcome: 'inconclusive', costReturned: false });
			expect(row.evidence).toMatchObject({ cause: 'client_away', proof: 'health' });
			expect(await site.memory(item)).toMatchObject({ state: 'pending', attempts: 0 });
			expect((await gates(site)).download_client).toMatchObject({ cause: 'client_away' });
			await site.fake.setDownloadClient(client, { reachable: true });
			await world.clock.advance(30 * MINUTE);
			await readHealth(site);
			expect(await gates(site)).toEqual({});
		});
	},
);

test('Sonarr 5 parks it: pending, and the client gate closes', async () => {
	const site = await createSite(world, 'sonarr5');
	const item = await site.next();
	const [client] = await site.fake.get<{ id: number }[]>('/api/v3/downloadclient');
	await site.fake.script(refOf(item), { kind: 'grab' });
	const round = await site.send({ kind: 'episode', item });
	await site.fake.setDownloadClient(client?.id ?? 0, { reachable: false });
	const row = await site.conclude(round.dispatchId);
	expect(row).toMatchObject({ outcome: 'pending' });
	expect(row.evidence).toMatchObject({ cause: 'parked_client' });
	expect((await gates(site)).download_client).toBeDefined();
});

test('errors in a row pause longer and longer; the third counts', async () => {
	const site = await createSite(world, 'sonarr4');
	const item = await site.next();
	await site.fake.script(refOf(item), { kind: 'fails' });
	const pauses: number[] = [];
	for (let n = 1; n <= 3; n += 1) {
		const row = await site.search({ kind: 'episode', item });
		expect(row.outcome).toBe('error');
		const pause = (await gates(site)).error_pause;
		pauses.push(((pause?.until.getTime() ?? 0) - (row.concludedAt?.getTime() ?? 0)) / MINUTE);
		expect(await site.memory(item)).toMatchObject({ consecutiveErrors: n, attempts: n === 3 ? 1 : 0 });
		await world.clock.advance(25 * 60 * MINUTE);
	}
	expect(pauses).toEqual([10, 20, 40]);
});
