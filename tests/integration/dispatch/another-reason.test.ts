// An item that stands in line as an upgrade loses its file: it is searched once as what it now is, and then it rests.
import { and, eq, isNotNull } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { episodes, movies, requestQueue, searchRegistry } from '../../../src/lib/server/db/schema';
import { discover } from '../../../src/lib/server/services/discovery';
import { dispatchWith } from '../../../src/lib/server/services/queue/dispatcher-round';
import { fillQueue } from '../../../src/lib/server/services/queue/fill';
import { runSync } from '../../../src/lib/server/services/sync';
import { createSite, refOf, worldOfFile, type Item, type Site } from './world';

const world = worldOfFile();

/** The first upgrade in line. */
async function upgradeInLine(site: Site): Promise<{ registryId: number; item: Item }> {
	const column = site.fake.kind === 'radarr6' ? searchRegistry.movieId : searchRegistry.episodeId;
	const [row] = await site.ctx.db
		.select({ registryId: requestQueue.registryId, id: column })
		.from(requestQueue)
		.innerJoin(searchRegistry, eq(searchRegistry.id, requestQueue.registryId))
		.where(
			and(
				eq(requestQueue.connectorId, site.connector.id),
				eq(requestQueue.reason, 'quality'),
				isNotNull(column),
			),
		)
		.orderBy(requestQueue.id)
		.limit(1);
	if (row === undefined || row.id === null) throw new Error('no upgrade is in line');
	const kind = site.fake.kind === 'radarr6' ? 'movie' : 'episode';
	const table = kind === 'movie' ? movies : episodes;
	const [found] = await site.ctx.db.select({ arrId: table.arrId }).from(table).where(eq(table.id, row.id));
	return { registryId: row.registryId, item: await site.itemOf(kind, found?.arrId ?? 0) };
}

async function loseFile(site: Site, item: Item): Promise<void> {
	const table = item.kind === 'movie' ? movies : episodes;
	const [row] = await site.ctx.db.select({ file: table.fileArrId }).from(table).where(eq(table.id, item.id));
	await site.fake.deleteFile(row?.file ?? 0);
	// out of step with the application's own jobs
	await world.clock.advance(15 * 60_000 + 13_000);
	await runSync(site.ctx, site.connector.id, 'incremental');
	await discover(site.ctx, site.connector.id);
}

describe.each(['sonarr4', 'radarr6'] as const)('%s', (kind) => {
	async function prepared() {
		const site = await createSite(world, kind);
		const id = site.connector.id;
		await runSync(site.ctx, id, 'full');
		await discover(site.ctx, id);
		// what it is counted for is noted by the planning round after the one in which it was born
		for (let round = 0; round < 2; round += 1) await fillQueue(site.ctx, id);
		const { registryId, item } = await upgradeInLine(site);
		await site.fake.script(refOf(item), { kind: 'nothing' });
		return { site, item, send: () => dispatchWith(site.ctx, id, async () => ({ open: true, registryId })) };
	}

	test('before the next planning round it is not sent for the old reason', async () => {
		const { site, item, send } = await prepared();
		await loseFile(site, item);
		expect((await send()).did).not.toBe('sent');
		expect((await site.fake.commandsReceived()).filter(({ allowed }) => allowed !== null)).toEqual([]);
		expect(await site.memory(item)).toMatchObject({ state: 'pending', attempts: 0, freshAttempts: 0 });
	});

	test('after it, it is searched as a gap, and rests', async () => {
		const { site, item, send } = await prepared();
		await loseFile(site, item);
		await fillQueue(site.ctx, site.connector.id);
		const round = await send();
		expect({ did: round.did, reason: round.reason }).toEqual({ did: 'sent', reason: null });
		expect(await site.conclude(round.dispatchId)).toMatchObject({ outcome: 'nothing_found', reason: 'gap' });
		await fillQueue(site.ctx, site.connector.id);
		expect(await site.memory(item)).toMatchObject({ state: 'cooldown', countedFor: 'gap' });
	});
});
