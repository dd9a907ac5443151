// Gates that outcomes close, the half-open rule that opens them, and what does not close them.
import { and, eq } from 'drizzle-orm';
import { afterEach, describe, expect, test } from 'vitest';
import { findGates } from '../../../src/lib/server/db/queries/connector-gates';
import { findReading } from '../../../src/lib/server/db/queries/connectors';
import { putReading } from '../../../src/lib/server/db/queries/dispatches-mirror';
import { checkHealth } from '../../../src/lib/server/jobs/health';
import { events } from '../../../src/lib/server/db/schema';
import { closedForAll } from '../../../src/lib/server/services/queue/candidates';
import { dispatchWith } from '../../../src/lib/server/services/queue/dispatcher-round';
import { readConnectorFacts } from '../../../src/lib/server/services/queue/facts';
import { readFacts } from '../../../src/lib/server/services/sync';
import { KINDS, PROOF } from './kinds';
import { listWith } from './matchers';
import { createSite, refOf, removeSites, worldOfFile, type Site } from './world';

const MINUTE = 60_000;
const world = worldOfFile();

afterEach(() => removeSites());

const gates = async (site: Site) =>
	Object.fromEntries((await findGates(site.ctx.db, site.connector.id)).map((row) => [row.gate, row]));

/** What the health job does between searches. */
async function readHealth(site: Site): Promise<void> {
	const client = await site.ctx.clients.for(site.connector.id);
	await putReading(site.ctx.db, site.connector.id, 'health', await client.health(), world.clock.date());
	await nothingToSend(site);
}

/** A round in which it is nobody's turn: it brings the gates in line, and no more. */
async function nothingToSend(site: Site): Promise<void> {
	await dispatchWith(site.ctx, site.connector.id, async () => ({ open: false, gate: 'turn', until: null }));
}

/** What the application asks its indexers, from now on. */
async function blockIndexers(site: Site, blocked: boolean): Promise<void> {
	for (const indexer of await site.fake.indexerSearches())
		await site.fake.setIndexer(indexer.id, { blocked });
	await world.clock.advance(MINUTE);
}

describe.each(KINDS)('%s, while no indexer can be asked', (kind) => {
	test('one search in half an hour is let through: no attempt, cost back, closed again', async () => {
		const site = await createSite(world, kind);
		const [held, probe] = [await site.next(), await site.next()];
		await blockIndexers(site, true);
		expect(await site.send({ kind: held.kind, item: held })).toMatchObject({
			did: 'withdrawn',
			reason: 'indexer',
		});
		expect((await gates(site)).indexer).toMatchObject({ cause: 'indexers_failed' });
		await world.clock.advance(35 * MINUTE);
		const row = await site.search({ kind: probe.kind, item: probe });
		expect(row).toMatchObject({
			outcome: 'not_searched',
			strength: kind === 'whisparr3' ? 'strong' : PROOF[kind].strength,
			costReturned: true,
		});
		expect(row.evidence).toMatchObject({ proof: PROOF[kind].proof, cause: 'no_indexer' });
		expect(await site.counted()).toBe(0);
		expect(await site.memory(probe)).toMatchObject({ state: 'pending', attempts: 0, freshAttempts: 0 });
		const again = (await gates(site)).indexer?.until.getTime() ?? 0;
		expect(again - (row.concludedAt?.getTime() ?? 0)).toBe(30 * MINUTE);
		expect(await site.send({ kind: probe.kind, item: probe })).toMatchObject({
			did: 'withdrawn',
			reason: 'indexer',
		});
	});

	test('the complaint outlives its cause: the one let through counts, and opens the gate', async () => {
		const site = await createSite(world, kind);
		const [held, probe] = [await site.next(), await site.next()];
		await blockIndexers(site, true);
		await site.send({ kind: held.kind, item: held });
		// The block ends by itself after an hour; health tells so only after a search that went well.
		await world.clock.advance(65 * MINUTE);
		const row = await site.search({ kind: probe.kind, item: probe });
		expect(row).toMatchObject({ outcome: 'nothing_found', strength: PROOF[kind].strength });
		expect(row.evidence).toMatchObject({
			proof: PROOF[kind].proof,
			healthBefore: listWith({ source: 'IndexerStatusCheck' }),
		});
		expect(await site.counted()).toBe(1);
		expect(await site.memory(probe)).toMatchObject({ state: 'cooldown', attempts: 1 });
		expect(await gates(site)).toEqual({});
	});

	test('it opens as soon as health is well', async () => {
		const site = await createSite(world, kind);
		const item = await site.next();
		await blockIndexers(site, true);
		expect(await site.send({ kind: item.kind, item })).toMatchObject({ did: 'withdrawn', reason: 'indexer' });
		await blockIndexers(site, false);
		await readHealth(site);
		expect(await gates(site)).toEqual({});
	});
});

describe.each(KINDS)('%s, where no indexer was set up', (kind) => {
	const automatic = async (site: Site, on: boolean): Promise<void> => {
		for (const { id } of await site.fake.indexerSearches()) await site.fake.setIndexer(id, { automatic: on });
		await world.clock.advance(MINUTE);
	};
	const gateNow = async (site: Site) => {
		await checkHealth(site.ctx, site.connector.id);
		const facts = await readConnectorFacts(site.ctx, site.ctx.db, site.connector.id);
		return facts === null ? null : closedForAll(facts);
	};

	test('the first one is used as soon as the application no longer complains', async () => {
		const site = await createSite(world, kind);
		await automatic(site, false);
		await readFacts(site.ctx, site.connector.id, { lists: ['indexers'] });
		expect(await gateNow(site)).toMatchObject({
			gate: 'usable_indexer',
			detail: expect.stringMatching(/^\w+ says that no indexer can be asked;/) as string,
		});
		await automatic(site, true);
		expect((await gateNow(site))?.gate).not.toBe('usable_indexer');
		const [opened] = await site.ctx.db
			.select({ message: events.message })
			.from(events)
			.where(and(eq(events.connectorId, site.connector.id), eq(events.type, 'gate.opened')));
		expect(opened?.message).toBe(`Indexers can be asked again (${site.connector.name}).`);
	});
});

describe.each(['sonarr4', 'sonarr5', 'radarr6', 'whisparr2', 'whisparr3'] as const)(
	'%s: not searched, and nothing explains it',
	(kind) => {
		test('two different items in a row close the indexer gate; half an hour later one opens it', async () => {
			const site = await createSite(world, kind);
			const items = [await site.next(), await site.next(), await site.next()] as const;
			for (const item of items.slice(0, 2)) {
				await site.fake.script(refOf(item), { kind: 'noIndexer' });
				expect(await site.search({ kind: item.kind, item })).toMatchObject({
					outcome: 'not_searched',
					strength: 'strong',
					costReturned: true,
				});
				expect(await site.memory(item)).toMatchObject({ attempts: 0, freshAttempts: 0 });
			}
			expect((await gates(site)).indexer).toMatchObject({ cause: 'two_not_searched' });
			const third = { kind: items[2].kind, item: items[2] };
			expect(await site.send(third)).toMatchObject({ did: 'withdrawn', reason: 'indexer' });
			await world.clock.advance(35 * MINUTE);
			expect(await site.search(third)).toMatchObject({ outcome: 'nothing_found' });
			expect(await gates(site)).toEqual({});
		});
	},
);

describe('not searched', () => {
	test('three in a row under a clean health: the search times are in doubt, and the next proof is used', async () => {
		const site = await createSite(world, 'radarr6');
		for (let n = 0; n < 3; n += 1) {
			const item = await site.next();
			await site.fake.script(refOf(item), { kind: 'noIndexer' });
			await site.search({ kind: 'movie', item });
			if (n === 1) await world.clock.advance(35 * MINUTE);
		}
		expect(await findReading(site.ctx.db, site.connector.id, 'proof')).toMatchObject({
			value: { unreliable: true },
		});
		expect(await gates(site)).toEqual({});
		const last = await site.next();
		expect(await site.search({ kind: 'movie', item: last })).toMatchObject({
			outcome: 'nothing_found',
			strength: 'weak',
		});
	});

	test('three in a row where the duration is the proof: the gate closes again', async () => {
		const site = await createSite(world, 'whisparr2');
		for (let n = 0; n < 3; n += 1) {
			const item = await site.next();
			await site.fake.script(refOf(item), { kind: 'noIndexer' });
			await site.search({ kind: 'episode', item });
			if (n === 1) await world.clock.advance(35 * MINUTE);
		}
		expect((await gates(site)).indexer?.until.getTime()).toBeGreaterThan(world.clock.now() + 29 * MINUTE);
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
});

describe('a complaint about the only download client', () => {
	const complaint = [
		{
			source: 'DownloadClientStatusCheck',
			type: 'error',
			message: 'All download clients are unavailable due to failures',
			wikiUrl: 'https://wiki.servarr.com/radarr/system#download-clients-are-unavailable-due-to-failures',
		},
	];
	const complain = (site: Site) =>
		site.fake.fault({
			kind: 'answer',
			match: { path: '/health' },
			status: 200,
			headers: { 'content-type': 'application/json; charset=utf-8' },
			body: JSON.stringify(complaint),
		});
	const closedNow = async (site: Site) => {
		await checkHealth(site.ctx, site.connector.id);
		const facts = await readConnectorFacts(site.ctx, site.ctx.db, site.connector.id);
		return facts === null ? null : closedForAll(facts)?.gate;
	};

	test.each(KINDS)('%s: holds no search while rows of the client are in its queue', async (kind) => {
		const site = await createSite(world, kind);
		const [item, other] = [await site.next(), await site.next()];
		await site.fake.rssGrab(refOf(other));
		for (const { id } of (await site.fake.snapshot()).downloads)
			await site.fake.setDownload(id, { doneAt: world.clock.now() + 24 * 60 * MINUTE });
		await world.clock.advance(2 * MINUTE);
		await complain(site);
		expect(await closedNow(site)).not.toBe('download_client');
		const row = await site.search({ kind: item.kind, item });
		expect(row).toMatchObject({ outcome: 'nothing_found', strength: PROOF[kind].strength });
		expect(await site.memory(item)).toMatchObject({ attempts: 1 });
		await nothingToSend(site);
		expect(await gates(site)).toEqual({});
		expect(await closedNow(site)).not.toBe('download_client');
	});

	test('holds every search while there are none', async () => {
		const site = await createSite(world, 'sonarr4');
		const item = await site.next();
		await complain(site);
		expect(await closedNow(site)).toBe('download_client');
		expect(await site.send({ kind: item.kind, item })).toMatchObject({
			did: 'withdrawn',
			reason: 'download_client',
		});
	});
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
