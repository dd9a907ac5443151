// Every indexer fails in a search: the command says that it completed, search times move, and only health tells, some
// seconds later. It counts as no attempt; nobody is asked until half an hour later one search is let through.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listWith } from './matchers';
import {
	addRunning,
	closedGates,
	gateOf,
	HOUR,
	KINDS,
	memoryOf,
	MINUTE,
	sent,
	sentDispatches,
	SimulatedWorld,
	untilEach,
	type Site,
} from './running';

let world: SimulatedWorld;
const sites = new Map<string, Site>();
/** The gate as the user is told of it, two minutes after. */
const told = new Map<string, Awaited<ReturnType<typeof gateOf>>>();

beforeAll(async () => {
	world = await SimulatedWorld.open();
	for (const kind of KINDS) {
		const site = await addRunning(world, kind);
		await site.fake.script('*', { kind: 'indexerErrors' }, { times: 1 });
		sites.set(kind, site);
	}
	await world.start();
	await untilEach(world, [...sites.values()], async (site) => (await sent(site)).length === 1);
	await world.clock.advance(2 * MINUTE);
	for (const [kind, site] of sites)
		told.set(kind, await gateOf(world, site, (await sent(site))[0]?.arrId ?? 0, 'usable_indexer'));
	await world.clock.advance(38 * MINUTE);
}, 120_000);
afterAll(async () => {
	await world.close();
});

const siteOf = (kind: string): Site => {
	const site = sites.get(kind);
	if (site === undefined) throw new Error(`no site ${kind}`);
	return site;
};

describe.each(KINDS)('%s', (kind) => {
	test('inconclusive, no attempt, cost kept, back in an hour at the earliest', async () => {
		const site = siteOf(kind);
		const [row] = await sentDispatches(world, site);
		expect(row).toMatchObject({
			outcome: 'inconclusive',
			strength: 'strong',
			commandStatus: 'completed',
			costReturned: false,
		});
		expect(row?.evidence).toMatchObject({
			proof: 'health',
			cause: 'indexers_failed',
			healthBefore: [],
			complaints: listWith({ fragment: 'indexers-are-unavailable-due-to-failures' }),
		});
		const memory = await memoryOf(world, site, row?.target.items[0]?.arrId ?? 0);
		expect(memory).toMatchObject({ state: 'pending', attempts: 0, freshAttempts: 0 });
		const rest = (memory?.nextEligibleAt?.getTime() ?? 0) - (row?.concludedAt?.getTime() ?? 0);
		expect(rest).toBeGreaterThanOrEqual(HOUR);
	});

	test('nobody is asked for half an hour; the next one finds the indexers well, and the gate opens', async () => {
		const site = siteOf(kind);
		expect(told.get(kind)).toMatchObject({ open: false });
		const [first, probe, next] = await sent(site);
		const until = told.get(kind)?.until?.getTime() ?? Number.NaN;
		expect(until - (first?.at ?? 0)).toBeGreaterThan(30 * MINUTE);
		expect(probe?.at).toBeGreaterThanOrEqual(until);
		expect(probe?.at).toBeLessThan(until + 2 * MINUTE);
		const [, row] = await sentDispatches(world, site);
		expect(row).toMatchObject({ outcome: 'nothing_found' });
		expect(next).toBeDefined();
		expect(await closedGates(world, site)).toEqual([]);
	});
});
