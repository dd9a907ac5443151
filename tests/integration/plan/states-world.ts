// A target in any state, for the tests of the search states.
import { eq } from 'drizzle-orm';
import type { SearchState } from '../../../src/lib/domain/words';
import type { AppContext } from '../../../src/lib/server/app-context';
import { requestQueue, searchRegistry } from '../../../src/lib/server/db/schema';
import type { LineEntry, RegistryRow } from '../../../src/lib/server/services/queue/states';
import { createTestContext } from '../../setup/context';
import {
	addConnector,
	addEpisode,
	addSeries,
	readRegistry,
	register,
	type WorldConnector,
	type WorldItem,
	type WorldSeries,
} from './world';

export interface StatesWorld {
	ctx: AppContext;
	connector: WorldConnector;
	show: WorldSeries;
	now(): Date;
	later(ms: number): Date;
	of(byUser?: boolean): { at: Date; dispatchId: string; byUser: boolean };
	/** A new wanted episode whose registry row is in `state`, brought there by legal moves. */
	targetIn(state: SearchState, item?: WorldItem): Promise<RegistryRow>;
	/** Writes the state as it is, past the product's own guards. */
	setState(id: number, state: SearchState): Promise<unknown>;
	inLine(id: number): Promise<(typeof requestQueue.$inferSelect)[]>;
	close(): Promise<void>;
}

const PATHS: Record<SearchState, SearchState[]> = {
	pending: [],
	queued: ['queued'],
	searching: ['queued', 'searching'],
	grabbed: ['queued', 'searching', 'grabbed'],
	cooldown: ['queued', 'searching', 'cooldown'],
	failed: ['queued', 'searching', 'failed'],
	exhausted: ['exhausted'],
	done: ['queued', 'searching', 'grabbed', 'done'],
};

export const entry = (row: RegistryRow): LineEntry => ({
	connectorId: row.connectorId,
	registryId: row.id,
	targetKind: row.targetKind,
	reason: 'gap',
	score: 1,
	cost: 1,
});

export async function statesWorld(): Promise<StatesWorld> {
	const test = await createTestContext();
	const { ctx } = test;
	const connector = await addConnector(ctx);
	const show = await addSeries(ctx, connector.id);
	const now = (): Date => ctx.clock.date();
	const setState = async (id: number, state: SearchState): Promise<unknown> =>
		await ctx.db.update(searchRegistry).set({ state }).where(eq(searchRegistry.id, id));
	return {
		ctx,
		close: () => test.close(),
		connector,
		show,
		now,
		later: (ms) => new Date(now().getTime() + ms),
		of: (byUser = false) => ({ at: now(), dispatchId: 'd1', byUser }),
		setState,
		inLine: async (id) => await ctx.db.select().from(requestQueue).where(eq(requestQueue.registryId, id)),
		targetIn: async (state, item) => {
			const row = await register(ctx, item ?? (await addEpisode(ctx, show)));
			for (const step of PATHS[state]) await setState(row.id, step);
			if (state === 'queued') await ctx.db.insert(requestQueue).values({ ...entry(row), queuedAt: now() });
			return await readRegistry(ctx, row.id);
		},
	};
}
