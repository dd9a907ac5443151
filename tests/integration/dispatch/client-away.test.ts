// The only download client stops answering in the middle of a search, for most of an hour, while one item that we
// found and one that RSS brought are downloading: nothing in flight is forgotten or searched again, and nothing counts.
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rowsOf } from '../../../src/lib/server/db/rows';
import { arrQueue } from '../../../src/lib/server/db/schema';
import type { DispatchRow } from '../../../src/lib/server/db/queries/dispatches';
import { grabsOfDispatch } from '../../../src/lib/server/db/queries/grabs';
import {
	addRunning,
	closedGates,
	gateOf,
	HOUR,
	KINDS,
	memoryOf,
	MINUTE,
	refOf,
	sent,
	sentDispatches,
	SimulatedWorld,
	untilEach,
	type Site,
} from './running';

/** What was seen of one application on the way. */
interface Story {
	site: Site;
	/** The application's ids: brought by RSS, found by us before, found by us while the client was away. */
	byRss: number;
	byUs: number;
	lost: number;
	/** Virtual moments. */
	awayAt: number;
	backAt: number;
	/** Right after the conclusion of the search in whose middle it went. */
	verdict: DispatchRow;
	gates: string[];
	/** Every five minutes while it was away. */
	looks: { shown: number; kept: number; open: string[] }[];
	memory: Awaited<ReturnType<typeof memoryOf>>;
	/** When the application's health was clean again, to the minute. */
	wellAt?: number;
}

/** A sweep comes every half hour, with its jitter; the few in front of it are asked for two minutes apart. */
const SWEEP_AND_TURN_MS = 32 * MINUTE + 10 * MINUTE;

let world: SimulatedWorld;
const stories = new Map<string, Story>();

beforeAll(async () => {
	world = await SimulatedWorld.open();
	for (const kind of KINDS) await begin(kind);
	const all = [...stories.values()];
	const sites = all.map((story) => story.site);
	await world.start();
	await untilEach(world, sites, async (site) => (await sent(site)).length === 1);
	await world.clock.advance(90_000);
	for (const story of all) await noteOurGrab(story);
	await goAway(all);
	await world.clock.advance(4 * MINUTE);
	for (const story of all) await noteVerdict(story);
	await world.pass(40 * MINUTE, 5 * MINUTE, async () => {
		for (const story of all) await look(story);
	});
	for (const story of all) await comeBack(story);
	await world.pass(50 * MINUTE, MINUTE, async () => {
		for (const story of all) await noteWell(story);
	});
	// until the hour of what was asked meanwhile is over, a sweep came after it, and its turn
	await world.clock.advance(40 * MINUTE);
}, 240_000);
afterAll(async () => {
	await world.close();
});

const storyOf = (kind: string): Story => {
	const story = stories.get(kind);
	if (story === undefined) throw new Error(`no story of ${kind}`);
	return story;
};

/** RSS has brought one item, which downloads on and on; our first search finds another. */
async function begin(kind: (typeof KINDS)[number]): Promise<void> {
	const site = await addRunning(world, kind);
	const { fake } = site;
	const byRss = (await fake.truth()).items.find((item) => item.gap)?.arrId ?? 0;
	await fake.rssGrab(refOf(fake, byRss));
	for (const { id } of (await fake.snapshot()).downloads)
		await fake.setDownload(id, { doneAt: world.clock.now() + 100 * HOUR });
	await fake.script('*', { kind: 'grab', fate: 'hang' }, { times: 1 });
	stories.set(kind, { site, byRss } as Story);
}

async function noteOurGrab(story: Story): Promise<void> {
	const { site } = story;
	story.byUs = (await sent(site))[0]?.arrId ?? 0;
	await site.fake.script('*', { kind: 'slow', seconds: 20, then: { kind: 'grab' } }, { times: 1 });
}

/** Each client stops answering as soon as the next search has begun. */
async function goAway(all: readonly Story[]): Promise<void> {
	await untilEach(
		world,
		all.map((story) => story.site),
		async (site) => (await sent(site)).length === 2,
		{
			then: async (site) => {
				const story = storyOf(site.fake.kind);
				story.lost = (await sent(site))[1]?.arrId ?? 0;
				story.awayAt = world.clock.now();
				await site.fake.setDownloadClient(1, { reachable: false });
			},
		},
	);
}

async function noteVerdict(story: Story): Promise<void> {
	const rows = await sentDispatches(world, story.site);
	const row = rows[1];
	if (row === undefined) throw new Error('it was not sent');
	story.verdict = row;
	story.gates = await closedGates(world, story.site);
	story.looks = [];
}

async function look(story: Story): Promise<void> {
	const { site } = story;
	const queue = await site.fake.get<{ totalRecords: number; records: { downloadId?: string }[] }>(
		'/api/v3/queue?pageSize=100',
	);
	const shown = queue.records.filter((row) => row.downloadId !== undefined).length;
	const kept = await world.ctx.db.$count(
		arrQueue,
		and(eq(arrQueue.connectorId, site.connector.id), eq(arrQueue.status, 'downloading')),
	);
	const open: string[] = [];
	for (const arrId of [story.byRss, story.byUs]) {
		const fact = await gateOf(world, site, arrId, 'not_in_flight');
		if (fact.open) open.push(`${String(arrId)}: ${fact.detail}`);
	}
	story.looks.push({ shown, kept, open });
}

async function comeBack(story: Story): Promise<void> {
	story.memory = await memoryOf(world, story.site, story.lost);
	story.backAt = world.clock.now();
	await story.site.fake.script('*', { kind: 'grab', fate: 'import' });
	await story.site.fake.setDownloadClient(1, { reachable: true });
}

async function noteWell(story: Story): Promise<void> {
	const isWell = (await story.site.fake.get<object[]>('/api/v3/health')).length === 0;
	if (isWell) story.wellAt ??= world.clock.now();
}

describe.each(KINDS)('%s', (kind) => {
	const parks = kind === 'sonarr5';

	test(parks ? 'the find is parked' : 'the find is dropped: inconclusive, since health told in time', () => {
		const { verdict, gates } = storyOf(kind);
		expect(verdict).toMatchObject(
			parks
				? { outcome: 'pending', strength: 'strong', costReturned: false }
				: { outcome: 'inconclusive', strength: 'strong', costReturned: false },
		);
		expect(verdict.evidence).toMatchObject(
			parks ? { proof: 'queue', cause: 'parked_client' } : { proof: 'health', cause: 'client_away' },
		);
		expect(gates).toEqual(['download_client']);
	});

	test('its rows vanish from the queue, and nothing in flight is forgotten', () => {
		const { looks } = storyOf(kind);
		expect(looks.length).toBe(8);
		for (const { shown, kept, open } of looks)
			expect({ shown, kept, open }).toEqual({ shown: 0, kept: 2, open: [] });
	});

	test('one search per half hour at most while it is away, and none of it counts', async () => {
		const { site, awayAt, backAt, memory } = storyOf(kind);
		const meanwhile = (await sent(site)).filter(({ at }) => at > awayAt && at < backAt);
		expect(meanwhile.length).toBeLessThanOrEqual(1);
		for (const { arrId, at } of meanwhile) {
			const rows = await sentDispatches(world, site);
			const row = rows.find((one) => one.claimedAt.getTime() <= at && at - one.claimedAt.getTime() < MINUTE);
			expect(row).toMatchObject({ outcome: 'inconclusive', costReturned: false });
			expect(row?.evidence).toMatchObject({ cause: 'client_away' });
			expect(row?.target.items[0]?.arrId).toBe(arrId);
		}
		expect(memory).toMatchObject({ attempts: 0, freshAttempts: 0 });
	});

	test('the gate opens when health is well, and searches go on', async () => {
		const { site, backAt, wellAt = Number.NaN } = storyOf(kind);
		expect(await closedGates(world, site)).toEqual([]);
		const [opened] = await rowsOf<{ at: Date }>(
			world.ctx.db,
			sql`select at from events where type = 'gate.opened' and data->>'gate' = 'download_client'
				and connector_id = ${site.connector.id} order by at desc limit 1`,
		);
		expect(opened?.at.getTime()).toBeGreaterThan(backAt);
		expect(opened?.at.getTime()).toBeLessThan(wellAt + 6 * MINUTE);
		expect((await sent(site)).filter(({ at }) => at > backAt).length).toBeGreaterThan(3);
	});

	test('what was asked for while it was away is asked for again: after its hour, at the next sweep', async () => {
		const { site, awayAt, backAt } = storyOf(kind);
		const rows = (await sentDispatches(world, site)).filter(
			({ outcome, claimedAt }) =>
				outcome === 'inconclusive' && claimedAt.getTime() > awayAt - MINUTE && claimedAt.getTime() < backAt,
		);
		expect(rows.length).toBe(parks ? 1 : 2);
		for (const { target, concludedAt } of rows) {
			const rested = (concludedAt?.getTime() ?? 0) + HOUR;
			const again = (await sent(site)).filter(
				({ at, arrId }) => at > backAt && arrId === target.items[0]?.arrId,
			);
			expect(again.map(({ at }) => at >= rested && at < rested + SWEEP_AND_TURN_MS)).toEqual([true]);
		}
	});

	test('what was downloading is never searched again', async () => {
		const { site, byRss, byUs } = storyOf(kind);
		const asked = (await sent(site)).map(({ arrId }) => arrId);
		expect(asked.filter((arrId) => arrId === byRss)).toEqual([]);
		expect(asked.filter((arrId) => arrId === byUs)).toHaveLength(1);
		expect(await memoryOf(world, site, byUs)).toMatchObject({ state: 'grabbed', attempts: 0 });
	});

	test(
		parks ? 'the parked find is grabbed as Rss, and is ours' : 'the dropped find is asked for again',
		async () => {
			const { site, lost, verdict } = storyOf(kind);
			const asked = (await sent(site)).filter(({ arrId }) => arrId === lost).length;
			expect(asked).toBe(parks ? 1 : 2);
			if (!parks) return;
			const [row] = (await sentDispatches(world, site)).filter(({ id }) => id === verdict.id);
			expect(row).toMatchObject({ outcome: 'grabbed', strength: 'strong' });
			expect(row?.evidence).toMatchObject({ late: true, proof: 'history' });
			expect(await grabsOfDispatch(world.ctx.db, verdict.id)).toMatchObject([
				{ claim: 'ours', releaseSource: 'Rss' },
			]);
		},
	);
});
