// A state that too many have to be sorted first and too few to be met soon: held beside the library, which is read in
// its order. Page by page the list is what the tables say, in any order and from the part where it goes on.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ItemFilter } from '../../../src/lib/domain/views';
import { listContent } from '../../../src/lib/server/views/items';
import { createTestContext, type TestContext } from '../../setup/context';
import { addConnector, addSeries } from '../plan/world';

const SERIES = 45;
const EPISODES = 100;

let world: TestContext;
let id: number;

beforeAll(async () => {
	world = await createTestContext();
	const { ctx } = world;
	id = (await addConnector(ctx)).id;
	for (let at = 0; at < SERIES; at += 1) await addSeries(ctx, id, { sortTitle: `series ${String(at % 9)}` });
	await ctx.sql`insert into episodes (connector_id, series_id, arr_id, natural_key, season_number, episode_number, title,
			runtime, monitored, file_arr_id, presence)
		select ${id}, s.id, s.id * 1000 + n, '1x' || n, 1, n, 'Episode ' || n, 30, true, 1,
			case when n % 50 = 0 then 'deleted' else 'present' end
		from series s, generate_series(1, ${EPISODES}::int) n where s.connector_id = ${id}`;
	await ctx.sql`alter table search_registry disable trigger search_registry_moves`;
	await ctx.sql`insert into search_registry (connector_id, target_kind, target_key, episode_id, state, state_since)
		select ${id}, 'episode', 'series:' || s.tvdb_id || '/' || e.natural_key, e.id,
			case when e.episode_number % 5 = 0 then 'cooldown' else 'done' end, ${ctx.clock.date()}
		from episodes e join series s on s.id = e.series_id`;
	await ctx.sql`alter table search_registry enable trigger search_registry_moves`;
});
afterAll(() => world.close());

const none = { connectorIds: null, reason: null, kind: null, why: null, q: null };

async function shown(filter: Pick<ItemFilter, 'state' | 'sort'>): Promise<string[]> {
	const refs: string[] = [];
	let cursor: string | null = null;
	do {
		const page: Awaited<ReturnType<typeof listContent>> = await listContent(world.ctx, {
			...none,
			...filter,
			limit: 50,
			cursor,
		});
		refs.push(...page.items.map(({ ref }) => ref));
		cursor = page.nextCursor;
	} while (cursor !== null);
	return refs;
}

test.each(['title', 'age', 'priority', 'state'] as const)('by %s', async (sort) => {
	const rows = (await world.ctx
		.sql`select 'episode-' || e.id as ref from episodes e join series s on s.id = e.series_id
		join search_registry r on r.episode_id = e.id where r.state = 'done' and e.presence <> 'deleted'
		order by s.sort_title, e.season_number, e.episode_number, e.id`) as { ref: string }[];
	expect(rows.length).toBeGreaterThan(3200);
	expect(await shown({ state: 'done', sort })).toEqual(rows.map(({ ref }) => ref));
});
