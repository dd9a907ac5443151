// The application is restarted in the middle of a search of ours, while it downloads something that RSS brought: the
// search proves nothing and counts as none, and nothing is sent until the application knows its own downloads again.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GateFact } from '../../../src/lib/domain/explanation';
import type { DispatchRow } from '../../../src/lib/server/db/queries/dispatches';
import { containing } from './matchers';
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

const DOWN_MS = 15_000;

interface Story {
	site: Site;
	byRss: number;
	cutOff: number;
	restartedAt: number;
	/** Right after the application was seen to be back. */
	verdict: DispatchRow;
	memory: Awaited<ReturnType<typeof memoryOf>>;
	gate: GateFact;
	/** Of the item that is downloading. */
	flight: GateFact;
}

let world: SimulatedWorld;
const stories = new Map<string, Story>();

beforeAll(async () => {
	world = await SimulatedWorld.open();
	for (const kind of KINDS) await begin(kind);
	const all = [...stories.values()];
	const sites = all.map((story) => story.site);
	await world.start();
	await untilEach(world, sites, async (site) => (await sent(site)).length === 1, { then: restart });
	await world.clock.advance(70_000);
	for (const story of all) await note(story);
	await world.clock.advance(75 * MINUTE);
}, 240_000);
afterAll(async () => {
	await world.close();
});

const storyOf = (kind: string): Story => {
	const story = stories.get(kind);
	if (story === undefined) throw new Error(`no story of ${kind}`);
	return story;
};

async function begin(kind: (typeof KINDS)[number]): Promise<void> {
	const site = await addRunning(world, kind);
	const { fake } = site;
	const byRss = (await fake.truth()).items.find((item) => item.gap)?.arrId ?? 0;
	await fake.rssGrab(refOf(fake, byRss));
	for (const { id } of (await fake.snapshot()).downloads)
		await fake.setDownload(id, { doneAt: world.clock.now() + 100 * HOUR });
	await fake.script('*', { kind: 'slow', seconds: 120 }, { times: 1 });
	stories.set(kind, { site, byRss } as Story);
}

async function restart(site: Site): Promise<void> {
	const story = storyOf(site.fake.kind);
	story.cutOff = (await sent(site))[0]?.arrId ?? 0;
	story.restartedAt = world.clock.now();
	await site.fake.restart({ downMs: DOWN_MS });
}

async function note(story: Story): Promise<void> {
	const { site, byRss, cutOff } = story;
	const [row] = await sentDispatches(world, site);
	if (row === undefined) throw new Error('nothing was sent');
	const other = (await site.fake.truth()).items.find(
		(item) => item.gap && item.arrId !== byRss && item.arrId !== cutOff,
	);
	story.verdict = row;
	story.memory = await memoryOf(world, site, cutOff);
	story.gate = await gateOf(world, site, other?.arrId ?? 0, 'not_in_flight');
	story.flight = await gateOf(world, site, byRss, 'not_in_flight');
}

describe.each(KINDS)('%s', (kind) => {
	test('inconclusive: interrupted, no attempt, and the cost stays', () => {
		const { verdict, memory } = storyOf(kind);
		expect(verdict).toMatchObject({
			state: 'concluded',
			outcome: 'inconclusive',
			strength: 'strong',
			commandStatus: 'orphaned',
			costReturned: false,
		});
		expect(verdict.evidence).toMatchObject({ proof: 'command', cause: 'interrupted' });
		expect(memory).toMatchObject({
			state: 'pending',
			attempts: 0,
			freshAttempts: 0,
			lastOutcome: 'inconclusive',
			restReason: 'inconclusive',
		});
	});

	test('what it downloads is unknown for two minutes: nothing is sent, and what was in flight stays', async () => {
		const { site, gate, flight, byRss, restartedAt } = storyOf(kind);
		expect(gate).toMatchObject({ open: false, detail: containing('just started') });
		expect(gate.until?.getTime()).toBeGreaterThanOrEqual(restartedAt + 2 * MINUTE);
		expect(gate.until?.getTime()).toBeLessThanOrEqual(restartedAt + 2 * MINUTE + DOWN_MS + 2_000);
		expect(flight).toMatchObject({ open: false, detail: containing('in the queue') });
		const next = (await sent(site))[1];
		expect(next?.at).toBeGreaterThanOrEqual(gate.until?.getTime() ?? Number.POSITIVE_INFINITY);
		expect((await sent(site)).some(({ arrId }) => arrId === byRss)).toBe(false);
	});

	test('then searches go on; the one that was cut off is asked for again after an hour, and counts', async () => {
		const { site, cutOff, restartedAt } = storyOf(kind);
		const all = await sent(site);
		expect(all[1]?.at).toBeLessThan(restartedAt + 5 * MINUTE);
		const again = all.filter(({ arrId }) => arrId === cutOff);
		expect(again).toHaveLength(2);
		expect(again[1]?.at).toBeGreaterThan(restartedAt + HOUR);
		expect(await closedGates(world, site)).toEqual([]);
		expect(await memoryOf(world, site, cutOff)).toMatchObject({ lastOutcome: 'nothing_found' });
	});
});
