// Fills the mirror from the application's own lists, without the sync: what a dispatch needs, and no more.
import { eq, sql } from 'drizzle-orm';
import type { AppContext } from '../../../src/lib/server/app-context';
import type { ListReading } from '../../../src/lib/server/connectors/common/types';
import { putReading } from '../../../src/lib/server/db/queries/dispatches-mirror';
import {
	arrHistory,
	arrQueue,
	connectors,
	episodes,
	movies,
	seasons,
	series,
} from '../../../src/lib/server/db/schema';
import { instanceFacts } from '../../../src/lib/server/services/connectors/health';

/** Reads library, indexers, clients and health of a fresh instance. */
export async function seedMirror(ctx: AppContext, connectorId: number): Promise<void> {
	const client = await ctx.clients.for(connectorId);
	const instance = await client.status();
	const at = ctx.clock.date();
	await ctx.db
		.update(connectors)
		.set({ ...instanceFacts({ arrStartTime: null }, instance, at), mirrorComplete: true, health: 'healthy' })
		.where(eq(connectors.id, connectorId));
	await ctx.db
		.update(connectors)
		.set({ arrStartSeenAt: new Date(at.getTime() - 3_600_000) })
		.where(eq(connectors.id, connectorId));
	if (instance.shape === 'series') await seedSeries(ctx, connectorId);
	else await seedMovies(ctx, connectorId);
	await putReading(ctx.db, connectorId, 'indexers', await client.indexers(), at);
	await putReading(ctx.db, connectorId, 'downloadClients', await client.downloadClients(), at);
	await putReading(ctx.db, connectorId, 'health', await client.health(), at);
	await putReading(ctx.db, connectorId, 'queue', { count: 0 }, at);
}

async function seedSeries(ctx: AppContext, connectorId: number): Promise<void> {
	const client = await ctx.clients.for(connectorId);
	for (const one of await all(client.listSeries())) {
		const { seasons: known, ...fields } = one;
		const [row] = await ctx.db
			.insert(series)
			.values({ ...fields, connectorId })
			.returning();
		if (row === undefined) throw new Error('the series was not stored');
		for (const season of known) {
			const { number, monitored } = season;
			await ctx.db.insert(seasons).values({ connectorId, seriesId: row.id, number, monitored });
		}
		const list = await all(client.listEpisodes(one.arrId));
		if (list.length > 0)
			await ctx.db
				.insert(episodes)
				.values(list.map((episode) => ({ ...episode, connectorId, seriesId: row.id })));
	}
}

async function seedMovies(ctx: AppContext, connectorId: number): Promise<void> {
	const client = await ctx.clients.for(connectorId);
	const list = await all(client.listMovies());
	if (list.length > 0) await ctx.db.insert(movies).values(list.map((movie) => ({ ...movie, connectorId })));
}

async function all<T>(reading: ListReading<T>): Promise<T[]> {
	const records: T[] = [];
	for await (const page of reading) for (const one of page) if (one.ok) records.push(one.record);
	return records;
}

/** What the sync keeps of history and queue. */
export async function readHistoryAndQueue(ctx: AppContext, connectorId: number): Promise<void> {
	const client = await ctx.clients.for(connectorId);
	const at = ctx.clock.date();
	const rows = await client.historyPage(1, 100);
	if (rows.length > 0) {
		await ctx.db
			.insert(arrHistory)
			.values(rows.map((row) => ({ ...row, connectorId })))
			.onConflictDoNothing();
		await joinItems(ctx, connectorId);
	}
	const queue = await client.queue();
	await ctx.db.delete(arrQueue).where(eq(arrQueue.connectorId, connectorId));
	if (queue.length > 0) {
		await ctx.db
			.insert(arrQueue)
			.values(queue.map((row) => ({ ...row, connectorId, firstSeenAt: at, lastSeenAt: at })));
	}
	await putReading(ctx.db, connectorId, 'health', await client.health(), at);
	await putReading(ctx.db, connectorId, 'queue', { count: queue.length }, at);
}

/** As the sync does: a row of history belongs to the item that has its id in the arr. */
async function joinItems(ctx: AppContext, connectorId: number): Promise<void> {
	for (const table of [episodes, movies]) {
		const column = table === movies ? sql`movie_id` : sql`episode_id`;
		await ctx.db.execute(
			sql`update arr_history h set ${column} = i.id from ${table} i
				where h.connector_id = ${connectorId} and i.connector_id = ${connectorId} and i.arr_id = h.item_arr_id`,
		);
	}
}
