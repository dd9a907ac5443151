// The process is killed by SIGKILL at each named point of a dispatch, while the application runs on, is restarted, or
// forgets. Whoever comes after finds every dispatch concluded, and no search was ever sent twice.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eq } from 'drizzle-orm';
import { dispatches } from '../../src/lib/server/db/schema';
import { openDispatches } from '../../src/lib/server/db/queries/dispatches';
import { recoverOpen } from '../../src/lib/server/services/queue/recovery';
import { watchRound } from '../../src/lib/server/services/queue/watch';
import { runSync } from '../../src/lib/server/services/sync';
import { startFakes, type Fakes, type Kind } from '../fakes/arr/control';
import {
	createSite,
	createWorld,
	removeSites,
	refOf,
	type Item,
	type Site,
	type World,
} from '../integration/dispatch/world';
import { difference, linesOfMirror, linesOfSnapshot } from '../integration/sync/with-fakes';
import { CrashTable, MORE_ROUNDS, ROUNDS } from './table';
import { Victims } from './victims';

const MINUTE = 60_000;
const POINTS = [
	'dispatch.claimed',
	'dispatch.before_write',
	'request written',
	'dispatch.answer_read',
	'dispatch.id_stored',
	'dispatch.watching',
	'dispatch.ended',
	'dispatch.concluding',
] as const;
const SMALL = { preset: 'large', series: 1, episodesPerSeries: 12, filesShare: 0.4 } as const;
type Point = (typeof POINTS)[number];
const MODES = {
	'runs on': ['sonarr4'],
	'is restarted': ['sonarr4', 'whisparr2'],
	forgets: ['sonarr4', 'whisparr2'],
} as const;
type Mode = keyof typeof MODES;
/** Points at which the command's id was not stored yet. */
const UNKNOWN_ID: readonly Point[] = ['dispatch.before_write', 'request written', 'dispatch.answer_read'];

let fakes: Fakes;
let world: World & { close: () => Promise<void>; url: string };
let victims: Victims;
const table = new CrashTable('crash-dispatch');
beforeAll(async () => {
	fakes = await startFakes();
	world = await createWorld(fakes);
	victims = new Victims([world.url, fakes.control, 'a master key for tests only']);
});
afterAll(async () => {
	table.write();
	await victims.close();
	await world.close();
	await fakes.stop();
});

const cases = POINTS.flatMap((point) =>
	(Object.keys(MODES) as Mode[]).flatMap((mode) => MODES[mode].map((kind) => ({ point, mode, kind }))),
);

describe.each(cases)('killed at $point, and $kind $mode', ({ point, mode, kind }) => {
	test(`${String(ROUNDS)} rounds`, { timeout: 60_000 * ROUNDS }, async () => {
		for (let round = 0; round < ROUNDS; round += 1) {
			await removeSites();
			const site = await createLackingSite(kind, 100 + round);
			const item = await site.next();
			await site.fake.script(refOf(item), scriptOf(round));
			await world.clock.advance(MINUTE + 13_000 - (world.clock.now() % MINUTE));
			await killAt(site, item, point);
			await meanwhile(site, mode);
			await goOn(site);
			const safe = await expectSafe(site, { point, mode, kind });
			// of few rounds one is enough: what a dispatch leaves is the same in all
			const differences = round === 0 || MORE_ROUNDS ? await syncAndCompare(site) : [];
			expect(differences).toEqual([]);
			table.add({ point, mode, kind }, { ...safe, 'mirror equal': differences.length === 0 });
			await searchAgain(site, item);
		}
	});
});

/** Of a library that lacks something: not every seed makes one. */
async function createLackingSite(kind: Kind, seed: number): Promise<Site> {
	for (let tried = seed; tried < seed + 10_000; tried += 1_000) {
		const site = await createSite(world, kind, { seed: tried, library: SMALL });
		if ((await site.wantedItems()).length > 0) return site;
	}
	throw new Error(`no library of seed ${String(seed)} lacks anything`);
}

const scriptOf = (round: number) => {
	if (round % 3 === 0) return { kind: 'grab' } as const;
	if (round % 3 === 1) return { kind: 'nothing' } as const;
	return { kind: 'slow', seconds: 20, then: { kind: 'grab' } } as const;
};

/** The connector's work is done by another process, until that is killed. */
async function killAt(site: Site, item: Item, point: Point): Promise<void> {
	const registryId = await site.queue({ kind: item.kind, item });
	await site.ctx.locks.release(site.connector.id);
	const victim = await victims.next();
	const order = { op: 'run', now: world.clock.now(), connectorId: site.connector.id, registryId };
	if (point === 'request written') {
		const hold = await site.fake.hold({ path: '/api/v3/command', method: 'POST', at: 'answer' });
		victim.order(order);
		await site.fake.waitHeld(hold);
		victim.kill();
		await victim.ended;
		await site.fake.release(hold, { drop: true });
	} else {
		victim.order({ ...order, crashAt: point });
		const died = await Promise.race([victim.ended, victim.read()]);
		expect(died).toEqual({ code: null, signal: 'SIGKILL' });
	}
	// The other process has moved the application's clock.
	await world.clock.advanceTo(Math.max(await fakes.clock.now(), world.clock.now()));
}

async function meanwhile(site: Site, mode: Mode): Promise<void> {
	if (mode === 'is restarted') {
		await site.fake.restart({ downMs: 0 });
		await world.clock.advance(2_000);
	}
	if (mode === 'forgets') await world.clock.advance(15 * MINUTE);
}

/** A new process takes over: the lock falls free with the dead one's connection. */
async function goOn(site: Site): Promise<void> {
	for (let tries = 0; !(await site.ctx.locks.hold(site.connector.id)); tries += 1) {
		if (tries > 200) throw new Error('the lock of the dead process stays');
		await Bun.sleep(10);
	}
	for (let n = 0; n < 200; n += 1) {
		const recovery = await recoverOpen(site.ctx, site.connector.id);
		const watch = await watchRound(site.ctx, site.connector.id);
		if ((await openDispatches(site.ctx.db, site.connector.id)).length === 0) return;
		const next = Math.min(
			recovery.nextAt?.getTime() ?? Number.POSITIVE_INFINITY,
			watch.nextAt?.getTime() ?? Number.POSITIVE_INFINITY,
		);
		await world.clock.advanceTo(
			Math.max(Math.min(next, world.clock.now() + MINUTE), world.clock.now() + 500),
		);
	}
	throw new Error('a dispatch is never concluded');
}

async function posts(site: Site): Promise<string[]> {
	const received = await site.fake.commandsReceived();
	return received.filter((one) => one.name === 'EpisodeSearch').map((one) => one.headers['UserAgent'] ?? '');
}

async function expectSafe(site: Site, of: { point: Point; mode: Mode; kind: string }) {
	const rows = await site.ctx.db
		.select()
		.from(dispatches)
		.where(eq(dispatches.connectorId, site.connector.id));
	expect(rows).toHaveLength(1);
	const [row] = rows;
	expect(row?.state).toBe('concluded');
	const sent = await posts(site);
	const ofDispatch = sent.filter((agent) => agent.includes(row?.id ?? '-')).length;
	expect(ofDispatch).toBeLessThanOrEqual(1);
	expect(sent).toHaveLength(of.point === 'dispatch.claimed' || of.point === 'dispatch.before_write' ? 0 : 1);
	if (sent.length === 0 && row?.outcome !== 'lost')
		expect(row).toMatchObject({ outcome: 'withdrawn', costReturned: true });
	if (sent.length === 1) expect(['grabbed', 'nothing_found', 'inconclusive', 'lost']).toContain(row?.outcome);
	// Only where the application fails to tell what its ended commands were.
	const mayBeLost = of.kind === 'whisparr2' && of.mode !== 'runs on' && UNKNOWN_ID.includes(of.point);
	if (!mayBeLost) expect(row?.outcome).not.toBe('lost');
	if (row?.outcome === 'grabbed') expect(row.evidence).toMatchObject({ proof: 'history' });
	return {
		'POSTs of a dispatch': ofDispatch,
		'POSTs of the item': sent.length,
		state: row?.state ?? 'none',
		outcomes: row?.outcome ?? 'none',
		'lost may be': mayBeLost,
	};
}

/** What mirror and fake do not have in common after a sync. */
async function syncAndCompare(site: Site): Promise<string[]> {
	expect((await runSync(site.ctx, site.connector.id, 'full')).error).toBeNull();
	const snapshot = await site.fake.snapshot();
	return difference(await linesOfMirror(site, site.connector.id), linesOfSnapshot(snapshot));
}

/** A later search of the item is a dispatch of its own, after the conclusion of the first. */
async function searchAgain(site: Site, item: Item): Promise<void> {
	const memory = await site.memory(item);
	if (memory.state !== 'pending' || memory.nextEligibleAt !== null) return;
	const before = await posts(site);
	const round = await site.send({ kind: item.kind, item });
	expect(round.did).toBe('sent');
	const sent = await posts(site);
	expect(sent).toHaveLength(before.length + 1);
	expect(new Set(sent).size).toBe(sent.length);
	await site.conclude(round.dispatchId);
}
