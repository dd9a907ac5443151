// Every outcome on every kind of application, with its evidence, its strength, and what it does to memory and cost.
import { beforeAll, describe, expect, test } from 'vitest';
import { findGates } from '../../../src/lib/server/db/queries/connector-gates';
import { putReading } from '../../../src/lib/server/db/queries/dispatches-mirror';
import { grabsOfDispatch } from '../../../src/lib/server/db/queries/grabs';
import { dispatchWith } from '../../../src/lib/server/services/queue/dispatcher-round';
import { explain } from '../../../src/lib/server/services/queue/explain';
import { recoverOpen } from '../../../src/lib/server/services/queue/recovery';
import { watchRound } from '../../../src/lib/server/services/queue/watch';
import { KINDS, PROOF } from './kinds';
import { containing } from './matchers';
import { createSite, refOf, removeSites, worldOfFile, type Site } from './world';

const MINUTE = 60_000;
const world = worldOfFile();

describe.each(KINDS)('%s', (kind) => {
	let site: Site;
	beforeAll(async () => {
		await removeSites();
		site = await createSite(world, kind);
	});

	test('grabbed, and followed', async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'grab' });
		const row = await site.search({ kind: item.kind, item });
		expect(row).toMatchObject({
			outcome: 'grabbed',
			strength: 'strong',
			costReturned: false,
			provisional: null,
		});
		expect(row.evidence).toMatchObject({
			proof: 'history',
			downloads: 1,
			grabs: [{ claim: 'ours', releaseSource: 'UserInvokedSearch' }],
		});
		const [grab] = await grabsOfDispatch(site.ctx.db, row.id);
		expect(grab).toMatchObject({ claim: 'ours', result: 'following' });
		expect(await site.memory(item)).toMatchObject({ state: 'grabbed', attempts: 0, grabId: grab?.id });
		const told = (await explain(site.ctx, item))?.gates.find(({ gate }) => gate === 'state');
		expect(told).toMatchObject({ open: true, detail: 'Its last search found a release.' });
	});

	test('nothing found: provisional until health was read twice, then an attempt', async () => {
		const item = await site.next();
		const round = await site.send({ kind: item.kind, item });
		expect(round).toMatchObject({ did: 'sent' });
		const ended = await untilEnded(site, round.dispatchId);
		expect(ended).toMatchObject({ state: 'ended', provisional: 'nothing_found', outcome: null });
		const row = await site.conclude(round.dispatchId);
		expect(row).toMatchObject({
			outcome: 'nothing_found',
			strength: PROOF[kind].strength,
			costReturned: false,
		});
		expect(row.evidence).toMatchObject({ proof: PROOF[kind].proof });
		expect(readings(row.evidence)).toEqual([0, 8_000, 120_000]);
		expect(await site.memory(item)).toMatchObject({
			state: 'cooldown',
			attempts: 1,
			lastOutcome: 'nothing_found',
		});
	});

	test('rejected releases are counted where a message told', async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'rejected', reasons: ['Too small'] });
		const row = await site.search({ kind: item.kind, item });
		const seen = (row.releasesSeen ?? 0) > 0;
		expect(row).toMatchObject({
			outcome: 'nothing_found',
			strength: seen ? 'strong' : PROOF[kind].strength,
		});
		expect(row.evidence).toMatchObject({ proof: seen ? 'message' : PROOF[kind].proof });
	});

	// Where only health tells, nobody can know it of one search: see the test of the gates.
	const tells = PROOF[kind].proof !== 'health';
	const notSearched = 'not searched: no attempt, cost back, the item rests a day';
	(tells ? test : () => undefined)(notSearched, async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'noIndexer' });
		const row = await site.search({ kind: item.kind, item });
		expect(row).toMatchObject({ outcome: 'not_searched', strength: 'strong', costReturned: true });
		expect(row.evidence).toMatchObject({
			proof: PROOF[kind].proof,
			cause: null,
		});
		const memory = await site.memory(item);
		expect(memory).toMatchObject({
			state: 'pending',
			attempts: 0,
			consecutiveNotSearched: 1,
			restReason: 'not_searched',
		});
		expect(memory.nextEligibleAt?.getTime()).toBe((row.concludedAt?.getTime() ?? 0) + 24 * 60 * MINUTE);
		expect(await gateNames(site)).toEqual([]);
	});

	test('inconclusive: every indexer failed', async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'indexerErrors' });
		const row = await site.search({ kind: item.kind, item });
		expect(row).toMatchObject({ outcome: 'inconclusive', strength: 'strong', costReturned: false });
		expect(row.evidence).toMatchObject({
			cause: 'indexers_failed',
			proof: 'health',
			complaints: [{ fragment: 'indexers-are-unavailable-due-to-failures' }],
			healthBefore: [],
		});
		expect(await gateNames(site)).toEqual(['indexer']);
		expect(await site.memory(item)).toMatchObject({
			state: 'pending',
			attempts: 0,
			restReason: 'inconclusive',
		});
		await healIndexers(site);
		expect(await gateNames(site)).toEqual([]);
	});

	test('inconclusive: the application was restarted in mid-search', async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'slow', seconds: 60 });
		const round = await site.send({ kind: item.kind, item });
		expect(round.did).toBe('sent');
		await world.clock.advance(5_000);
		await site.fake.restart({ downMs: 0 });
		const row = await site.conclude(round.dispatchId);
		expect(row).toMatchObject({
			outcome: 'inconclusive',
			strength: 'strong',
			commandStatus: 'orphaned',
			costReturned: false,
		});
		expect(row.evidence).toMatchObject({ proof: 'command', cause: 'interrupted' });
		expect(await site.memory(item)).toMatchObject({ state: 'pending', attempts: 0 });
		await world.clock.advance(3 * MINUTE);
	});

	test('pending: parked by the application', async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'delayed', minutes: 90 });
		const row = await site.search({ kind: item.kind, item });
		expect(row).toMatchObject({ outcome: 'pending', strength: 'strong', costReturned: false });
		expect(row.evidence).toMatchObject({ proof: 'queue', cause: 'parked_delay' });
		expect(row.evidence?.parkedTitles).toHaveLength(1);
		expect(await site.memory(item)).toMatchObject({ state: 'grabbed', restReason: 'parked', attempts: 0 });
	});

	test('merged: somebody else sent the same command first', async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'slow', seconds: 20, then: { kind: 'grab' } });
		const hold = await site.fake.hold({ path: '/api/v3/command', method: 'POST', at: 'request' });
		const sending = site.send({ kind: item.kind, item });
		await site.fake.waitHeld(hold);
		const body = item.kind === 'movie' ? { movieIds: [item.arrId] } : { episodeIds: [item.arrId] };
		await site.fake.otherToolSearch(
			item.kind === 'movie' ? 'MoviesSearch' : 'EpisodeSearch',
			body,
			'OtherTool/1.0',
		);
		await site.fake.release(hold);
		const round = await sending;
		expect(round.did).toBe('sent');
		const row = await site.conclude(round.dispatchId);
		expect(row).toMatchObject({ outcome: 'merged', strength: 'strong', costReturned: true });
		expect(row.evidence).toMatchObject({ proof: 'command', merged: true, grabs: [{ claim: 'find' }] });
		expect(await grabsOfDispatch(site.ctx.db, row.id)).toMatchObject([{ claim: 'find' }]);
		expect(await site.memory(item)).toMatchObject({ state: 'grabbed', attempts: 0, lastOutcome: 'merged' });
		expect(await foreignCost(site)).toBe(1);
	});

	test('error: the command failed', async () => {
		const item = await site.next();
		await site.fake.script(refOf(item), { kind: 'fails' });
		const row = await site.search({ kind: item.kind, item });
		expect(row).toMatchObject({
			outcome: 'error',
			strength: 'strong',
			commandStatus: 'failed',
			costReturned: false,
		});
		expect(row.evidence).toMatchObject({
			proof: 'command',
			cause: 'command_failed',
			exception: containing('Scripted'),
		});
		expect(await gateNames(site)).toEqual(['error_pause']);
		expect(await site.memory(item)).toMatchObject({ state: 'pending', attempts: 0, consecutiveErrors: 1 });
		await world.clock.advance(5 * MINUTE);
	});

	test('lost: the application has forgotten its commands', async () => {
		const item = await site.next();
		const hold = await site.fake.hold({ path: '/api/v3/command', method: 'POST', at: 'answer' });
		const sending = site.send({ kind: item.kind, item });
		await site.fake.waitHeld(hold);
		await site.fake.release(hold, { drop: true });
		const round = await sending;
		expect(round.did).toBe('unknown');
		await world.clock.advance(20_000);
		await site.fake.restart({ downMs: 0, loseCommands: true });
		await world.clock.advance(3 * MINUTE);
		expect((await recoverOpen(site.ctx, site.connector.id)).settled).toEqual([round.dispatchId]);
		const row = await site.dispatch(round.dispatchId);
		expect(row).toMatchObject({ state: 'concluded', outcome: 'lost', strength: 'weak', costReturned: false });
		expect(row.evidence).toMatchObject({ proof: 'command', cause: 'no_answer', grabs: [] });
		expect(await site.memory(item)).toMatchObject({ state: 'pending', attempts: 0, restReason: 'lost' });
	});

	test('the cost booked equals the searches that an indexer counted', async () => {
		const fresh = await createSite(world, kind);
		for (let n = 0; n < 3; n += 1) {
			const item = await fresh.next();
			if (n === 1) await fresh.fake.script(refOf(item), { kind: 'grab' });
			await fresh.search({ kind: item.kind, item });
		}
		expect(await fresh.counted()).toBe(3);
	});
});

test.each(['sonarr3', 'radarr3'] as const)('%s: grabbed without a source is weak', async (kind) => {
	const site = await createSite(world, kind);
	const item = await site.next();
	await site.fake.script(refOf(item), { kind: 'grab' });
	const row = await site.search({ kind: item.kind, item });
	expect(row).toMatchObject({ outcome: 'grabbed', strength: 'weak' });
	expect(row.evidence).toMatchObject({ proof: 'history', grabs: [{ releaseSource: null }] });
});

async function untilEnded(site: Site, id: string | null) {
	for (let n = 0; n < 30; n += 1) {
		await world.clock.advance(2_000);
		await watchRound(site.ctx, site.connector.id);
		const row = await site.dispatch(id);
		if (row.state !== 'watching') return row;
	}
	throw new Error('it never ended');
}

const readings = (evidence: Record<string, unknown> | null): unknown =>
	Array.isArray(evidence?.healthAfter)
		? evidence.healthAfter.map((one: { afterMs: number }) => one.afterMs)
		: null;

async function gateNames(site: Site): Promise<string[]> {
	return (await findGates(site.ctx.db, site.connector.id)).map((row) => row.gate).sort();
}

async function foreignCost(site: Site): Promise<number> {
	const rows = (await site.ctx
		.sql`select cost from foreign_commands where connector_id = ${site.connector.id}`) as { cost: number }[];
	return rows.reduce((sum, row) => sum + row.cost, 0);
}

/** The indexers answer again and the application has noticed. */
async function healIndexers(site: Site): Promise<void> {
	for (const report of await site.fake.indexerSearches())
		await site.fake.setIndexer(report.id, { blocked: false });
	await site.fake.fetch('/api/v3/command', { method: 'POST', body: JSON.stringify({ name: 'CheckHealth' }) });
	await world.clock.advance(MINUTE);
	const client = await site.ctx.clients.for(site.connector.id);
	await putReading(site.ctx.db, site.connector.id, 'health', await client.health(), world.clock.date());
	await dispatchWith(site.ctx, site.connector.id, async () => ({ open: false, gate: 'turn', until: null }));
}
