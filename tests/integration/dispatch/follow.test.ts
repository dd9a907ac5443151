// Grabs to their end: imported, failed, searched again by the application, waiting for a hand; parked and grabbed late.
import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { grabsOfDispatch } from '../../../src/lib/server/db/queries/grabs';
import { itemsById, readItemFacts } from '../../../src/lib/server/db/queries/plan-items';
import { arrHistory, arrQueue, episodes, grabs, movies, wanted } from '../../../src/lib/server/db/schema';
import { readConnectorFacts } from '../../../src/lib/server/services/queue/facts';
import { followGrabs } from '../../../src/lib/server/services/queue/follow';
import { watchRound } from '../../../src/lib/server/services/queue/watch';
import { readItem } from '../../../src/lib/server/views/item';
import { proofSentences } from '../../../src/lib/domain/proof-words';
import type { InstanceOptions } from '../../fakes/arr/control';
import { readHistoryAndQueue } from './seed';
import { KINDS } from './kinds';
import { containing } from './matchers';
import { createSite, refOf, removeSites, worldOfFile, type Item, type Site } from './world';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const world = worldOfFile();

/** What the jobs do every minute, for so long. */
async function live(site: Site, ms: number, everyMs = 5 * MINUTE): Promise<void> {
	for (let passed = 0; passed < ms; passed += everyMs) {
		await world.clock.advance(everyMs);
		await readHistoryAndQueue(site.ctx, site.connector.id);
		await watchRound(site.ctx, site.connector.id);
		await followGrabs(site.ctx, site.connector.id);
	}
}

/** What sync and discovery would have seen of a new file. */
async function mirrorFile(site: Site, item: Item, fileArrId: number): Promise<void> {
	const table = item.kind === 'movie' ? movies : episodes;
	await site.ctx.db.update(table).set({ fileArrId }).where(eq(table.id, item.id));
	await site.ctx.db
		.delete(wanted)
		.where(eq(item.kind === 'movie' ? wanted.movieId : wanted.episodeId, item.id));
}

async function foreignSearches(site: Site): Promise<number> {
	const rows = (await site.ctx
		.sql`select 1 from foreign_commands where connector_id = ${site.connector.id}`) as unknown[];
	return rows.length;
}

describe.each(['sonarr4', 'radarr6', 'whisparr2', 'whisparr3'] as const)('%s', (kind) => {
	let site: Site;
	beforeAll(async () => {
		await removeSites();
		site = await createSite(world, kind);
	});

	test('imported: done, with what came of it', async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'grabThenImport' });
		const row = await site.search({ kind: item.kind, item });
		await live(site, 30 * MINUTE);
		await mirrorFile(site, item, 1);
		await live(site, 75 * MINUTE);
		const [grab] = await grabsOfDispatch(site.ctx.db, row.id);
		expect(grab).toMatchObject({ result: 'imported', claim: 'ours' });
		expect(grab?.fileArrIdAfter).toBeGreaterThan(0);
		expect(await site.memory(item)).toMatchObject({ state: 'done', attempts: 0, grabId: null });
	});

	test('imported, and still wanted: rests 30 days, the count begins anew', async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'grabThenImport' });
		await site.search({ kind: item.kind, item });
		await site.markWanted([item], 'quality');
		await live(site, 2 * HOUR);
		const memory = await site.memory(item);
		expect(memory).toMatchObject({ state: 'pending', attempts: 0, restReason: 'after_import' });
		expect(memory.nextEligibleAt?.getTime()).toBeGreaterThan(world.clock.now() + 28 * 24 * HOUR);
	});

	test('failed, and the application finds another by itself: followed as a find', async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'grabThenFail' }, { times: 1 });
		const row = await site.search({ kind: item.kind, item });
		await site.fake.script(refOf(item), { kind: 'grabThenImport', release: { group: 'OTHER' } });
		await live(site, 25 * MINUTE, MINUTE);
		expect(await foreignSearches(site)).toBeGreaterThanOrEqual(1);
		expect(await grabsOfDispatch(site.ctx.db, row.id)).toMatchObject([{ result: 'failed' }]);
		expect(await site.memory(item)).toMatchObject({ state: 'grabbed', attempts: 0 });
		await mirrorFile(site, item, 1);
		await live(site, 2 * HOUR);
		expect(await site.memory(item)).toMatchObject({ state: 'done', attempts: 0 });
	});

	test('failed, and nothing else is found: an attempt, and it returns a day later', async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'grabThenFail' }, { times: 1 });
		await site.search({ kind: item.kind, item });
		await live(site, 90 * MINUTE);
		const memory = await site.memory(item);
		expect(memory).toMatchObject({ state: 'cooldown', attempts: 1, restReason: 'download_failed' });
		const inHours = ((memory.nextEligibleAt?.getTime() ?? 0) - world.clock.now()) / HOUR;
		expect(inHours).toBeGreaterThan(22);
		expect(inHours).toBeLessThanOrEqual(24);
	});

	test('waits for a hand: shown as that, and imported once the hand has come', async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'grabThenManual' });
		const row = await site.search({ kind: item.kind, item });
		await live(site, 40 * MINUTE, MINUTE);
		expect((await grabsOfDispatch(site.ctx.db, row.id))[0]).toMatchObject({ result: 'manual' });
	});

	test('vanished: a day nowhere', async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'grab', fate: 'vanish' });
		const row = await site.search({ kind: item.kind, item });
		await live(site, 28 * HOUR, 2 * HOUR);
		expect((await grabsOfDispatch(site.ctx.db, row.id))[0]).toMatchObject({ result: 'vanished' });
		await live(site, HOUR);
		expect(await site.memory(item)).toMatchObject({
			state: 'cooldown',
			attempts: 1,
			restReason: 'download_vanished',
		});
	});
});

test.each(KINDS)('%s: a parked release that is grabbed hours later by RSS is still ours', async (kind) => {
	await removeSites();
	const site = await createSite(world, kind);
	const item = await site.next();
	await site.fake.script(refOf(item), { kind: 'delayed', minutes: 180 });
	const row = await site.search({ kind: item.kind, item });
	expect(row.outcome).toBe('pending');
	await live(site, 2 * HOUR);
	expect(await site.dispatch(row.id)).toMatchObject({ outcome: 'pending' });
	await live(site, 3 * HOUR);
	const late = await site.dispatch(row.id);
	expect(late).toMatchObject({ outcome: 'grabbed', strength: 'strong', costReturned: false });
	expect(late.evidence).toMatchObject({ late: true, proof: 'history', downloads: 1 });
	expect(proofSentences({ ...late, provisional: null })).toEqual([
		'The history of the application has the grab of the release that this search had found.',
		'A delay profile held it back until then.',
	]);
	expect((await grabsOfDispatch(site.ctx.db, row.id))[0]).toMatchObject({
		claim: 'ours',
		releaseSource: 'Rss',
	});
	const memory = await site.memory(item);
	expect(['grabbed', 'done']).toContain(memory.state);
	expect(memory).toMatchObject({ restReason: null, attempts: 0 });
});

test('grabbed by others: an item tells of it, and of its import once that is over', async () => {
	await removeSites();
	const site = await createSite(world, 'radarr6');
	const item = await site.next();
	const others = async () => {
		const detail = await readItem(site.ctx, { kind: item.kind, id: item.id });
		return detail?.otherGrabs.map(({ claim, releaseSource, result }) => ({ claim, releaseSource, result }));
	};
	await site.fake.rssGrab(refOf(item));
	await live(site, 5 * MINUTE);
	expect(await others()).toEqual([{ claim: 'find', releaseSource: 'Rss', result: 'following' }]);
	await live(site, HOUR);
	expect(await others()).toEqual([{ claim: 'find', releaseSource: 'Rss', result: 'imported' }]);
});

describe('grabbed by others, by a client that watches a folder', () => {
	const holed: Omit<InstanceOptions, 'kind'> = {
		downloadClients: [{ name: 'Hole', implementation: 'TorrentBlackhole' }],
	};
	const flightOf = async (site: Site, item: Item) => {
		const facts = await readConnectorFacts(site.ctx, site.ctx.db, site.connector.id);
		if (facts === null) throw new Error('the connector is gone');
		const [row] = await readItemFacts(site.ctx.db, itemsById(facts.rules, [item.id]));
		return row?.inFlight;
	};
	/** The next sync finds the file that history tells of. */
	const syncFile = async (site: Site, item: Item) => {
		const isOurs = eq(arrHistory.connectorId, site.connector.id);
		const rows = await site.ctx.db.select().from(arrHistory).where(isOurs);
		const imported = rows.find((row) => row.event === 'imported' && row.itemArrId === item.arrId);
		await mirrorFile(site, item, imported?.fileArrId ?? 0);
	};
	const grabsOf = (site: Site) =>
		site.ctx.db.select().from(grabs).where(eq(grabs.connectorId, site.connector.id));

	test.each(['sonarr5', 'radarr6'] as const)(
		'%s: no queue shows it, and it is on its way until it is imported',
		async (kind) => {
			await removeSites();
			const site = await createSite(world, kind, holed);
			const item = await site.next();
			await site.fake.rssGrab(refOf(item));
			await live(site, 5 * MINUTE);
			expect(
				await site.ctx.db.select().from(arrQueue).where(eq(arrQueue.connectorId, site.connector.id)),
			).toEqual([]);
			expect(await flightOf(site, item)).toBe('grabbed_elsewhere');
			await live(site, HOUR);
			await syncFile(site, item);
			await live(site, 5 * MINUTE);
			expect(await grabsOf(site)).toMatchObject([
				{ claim: 'find', result: 'imported', dispatchId: null, downloadId: null },
			]);
			expect(await flightOf(site, item)).toBeNull();
		},
	);

	test('a search of ours that was still under way gets its grab back', async () => {
		await removeSites();
		const site = await createSite(world, 'radarr6', holed);
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'grab' });
		await site.send({ kind: item.kind, item });
		await world.clock.advance(1_000);
		await readHistoryAndQueue(site.ctx, site.connector.id);
		await followGrabs(site.ctx, site.connector.id);
		await live(site, HOUR);
		await syncFile(site, item);
		await live(site, 2 * HOUR);
		const rows = await grabsOf(site);
		expect(rows).toMatchObject([{ claim: 'ours', result: 'imported' }]);
		expect(rows[0]?.registryId).not.toBeNull();
		expect((await site.memory(item)).state).not.toBe('grabbed');
	});
});

describe('season searches', () => {
	test('wanted episodes go under way with it; grabbed ones wait, the others rest a day', async () => {
		const site = await createSite(world, 'sonarr4');
		const all = await site.wantedItems();
		const season = all.filter(
			(item) => item.seriesArrId === all[0]?.seriesArrId && item.season === all[0].season,
		);
		const [first, second] = season;
		if (first === undefined || second === undefined) throw new Error('the season has no two gaps');
		await site.markWanted(season);
		await site.fake.script({ episodeId: first.arrId }, { kind: 'grab' });
		const round = await site.send({ kind: 'season', item: first });
		expect(round.did).toBe('sent');
		expect(await site.memory(second)).toMatchObject({ state: 'searching' });
		const row = await site.conclude(round.dispatchId);
		expect(row).toMatchObject({ outcome: 'grabbed', strength: 'strong', cost: 1 });
		expect(await site.counted()).toBe(1);
		expect(await site.memory(first)).toMatchObject({ state: 'grabbed', attempts: 0, coveredBy: null });
		const other = await site.memory(second);
		expect(other).toMatchObject({
			state: 'pending',
			attempts: 0,
			coveredBy: null,
			restReason: 'after_season',
		});
		expect(await site.memory(first, 'season')).toMatchObject({ state: 'grabbed' });
		const memory = { searches: 1, cost: 1, lastSearchAt: row.claimedAt };
		const search = { id: row.id, outcome: 'grabbed' };
		expect(await readItem(site.ctx, { kind: 'episode', id: first.id })).toMatchObject({
			memory,
			dispatches: [{ ...search, grabs: [{ claim: 'ours' }], proof: [containing('has the grab')] }],
		});
		expect(await readItem(site.ctx, { kind: 'episode', id: second.id })).toMatchObject({
			memory,
			dispatches: [
				{ ...search, grabs: [], proof: [containing('has the grab'), containing('nothing for this one')] },
			],
		});
	});

	test('nothing found: only the season counts an attempt', async () => {
		const site = await createSite(world, 'sonarr5');
		const all = await site.wantedItems();
		const season = all.filter(
			(item) => item.seriesArrId === all[0]?.seriesArrId && item.season === all[0].season,
		);
		const [first] = season;
		if (first === undefined) throw new Error('no gaps');
		await site.markWanted(season);
		const row = await site.search({ kind: 'season', item: first });
		expect(row).toMatchObject({ outcome: 'nothing_found', strength: 'strong' });
		expect(await site.memory(first, 'season')).toMatchObject({ state: 'cooldown', attempts: 1 });
		for (const item of season)
			expect(await site.memory(item)).toMatchObject({ state: 'pending', attempts: 0 });
	});
});
