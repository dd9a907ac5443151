// The process is killed in the middle of a sync: whoever comes after has a mirror that equals the application, and the
// search state of before.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { episodes, searchRegistry } from '../../src/lib/server/db/schema';
import { runSync } from '../../src/lib/server/services/sync';
import { startFakes, type Fakes } from '../fakes/arr/control';
import { createSite, createWorld, removeSites, type Site, type World } from '../integration/dispatch/world';
import { Victims } from './victims';

const ROUNDS = Number(process.env.CRASH_ROUNDS ?? 3);
const POINTS = ['sync.staged', 'sync.mid_copy', 'sync.before_commit', 'sync.after_commit'] as const;

let fakes: Fakes;
let world: World & { close: () => Promise<void>; url: string };
let victims: Victims;
beforeAll(async () => {
	fakes = await startFakes();
	world = await createWorld(fakes);
	victims = new Victims([world.url, fakes.control, 'a master key for tests only'], 1);
});
afterAll(async () => {
	await victims.close();
	await world.close();
	await fakes.stop();
});

interface Shown {
	id: number;
	monitored: boolean;
	episodeFileId?: number;
}

/** Every episode that the application shows, with what decides about it. */
async function shown(site: Site): Promise<string[]> {
	const rows: Shown[] = [];
	for (const one of await site.fake.get<{ id: number }[]>('/api/v3/series')) {
		rows.push(...(await site.fake.get<Shown[]>(`/api/v3/episode?seriesId=${String(one.id)}`)));
	}
	return rows
		.map((row) => `${String(row.id)} ${String(row.monitored)} ${String(row.episodeFileId ?? 0)}`)
		.sort();
}

async function mirrored(site: Site): Promise<string[]> {
	const rows = await site.ctx.db
		.select()
		.from(episodes)
		.where(and(eq(episodes.connectorId, site.connector.id), eq(episodes.presence, 'present')));
	return rows.map((row) => `${String(row.arrId)} ${String(row.monitored)} ${String(row.fileArrId)}`).sort();
}

describe.each(POINTS)('killed at %s', (point) => {
	test.each(['sonarr4', 'whisparr2'] as const)('%s', { timeout: 60_000 * ROUNDS }, async (kind) => {
		for (let round = 0; round < ROUNDS; round += 1) {
			const library = { preset: 'large', series: 3, episodesPerSeries: 12, filesShare: 0.4 } as const;
			await removeSites();
			const site = await createSite(world, kind, { seed: 200 + round, library });
			const item = await site.next();
			await site.queue({ kind: 'episode', item });
			const memory = await site.memory(item);
			await site.fake.setMonitored({ episodeId: item.arrId }, false);
			await site.ctx.locks.release(site.connector.id);
			const victim = await victims.next();
			victim.order({
				op: 'sync',
				now: world.clock.now(),
				connectorId: site.connector.id,
				crashAt: point,
				mode: 'full',
			});
			expect(await Promise.race([victim.ended, victim.read()])).toEqual({ code: null, signal: 'SIGKILL' });
			while (!(await site.ctx.locks.hold(site.connector.id))) await Bun.sleep(10);
			const report = await runSync(site.ctx, site.connector.id, 'full', {});
			expect(report.error).toBeNull();
			expect(await mirrored(site)).toEqual(await shown(site));
			const [kept] = await site.ctx.db.select().from(searchRegistry).where(eq(searchRegistry.id, memory.id));
			expect(kept).toMatchObject({ state: memory.state, attempts: memory.attempts, episodeId: item.id });
		}
	});
});
