// Hourly aggregates: an hour in which the product was stopped before it counted is counted at the next start.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'drizzle-orm';
import { aggregate } from '../../../src/lib/server/jobs/aggregate';
import { createTestContext, type TestContext } from '../../setup/context';
import { addConnector } from '../plan/world';

const HOUR_MS = 3_600_000;
let world: TestContext;
beforeAll(async () => {
	world = await createTestContext();
});
afterAll(() => world.close());

test('what was counted and is no more, is nothing', async () => {
	const { ctx, clock } = world;
	const connector = await addConnector(ctx);
	await ctx.db
		.execute(sql`insert into dispatches (id, connector_id, connector_name, connector_kind, target_kind,
		target_key, target, reason, state, cost, claimed_at, messages)
		values ('taken back', ${connector.id}, 'x', 'sonarr', 'movie', 'x', '{}', 'gap', 'claimed', 3, ${clock.date()}, '[]')`);
	const figures = async () => {
		await aggregate(ctx);
		const rows: Iterable<unknown> = await ctx.db.execute(
			sql`select metric, value::int, count, max::int from hourly_aggregates
				where connector_id = ${connector.id} and metric in ('searches', 'cost') order by 1`,
		);
		return Array.from(rows);
	};
	const both = (searches: number, cost: number) => [
		{ metric: 'cost', value: cost, count: cost, max: cost },
		{ metric: 'searches', value: searches, count: searches, max: searches },
	];
	expect(await figures()).toEqual(both(1, 3));
	await ctx.db.execute(
		sql`update dispatches set state = 'concluded', outcome = 'withdrawn', cost_returned = true where id = 'taken back'`,
	);
	expect(await figures()).toEqual(both(0, 0));
	expect(await figures()).toEqual(both(0, 0));
});

test('what happened after the last count of an hour is not lost', async () => {
	const { ctx, clock } = world;
	const connector = await addConnector(ctx);
	await ctx.db.execute(sql`update connectors set mirror_complete = true where id = ${connector.id}`);
	await clock.advance(HOUR_MS - (clock.now() % HOUR_MS));
	const sync = () =>
		ctx.db.execute(sql`insert into sync_runs (connector_id, mode, started_at, requests, detail)
		values (${connector.id}, 'full', ${clock.date()}, 7, '{}')`);
	await sync();
	await aggregate(ctx);
	await clock.advance(50 * 60_000);
	await sync();
	// stopped before the next count, and started again hours later
	await clock.advance(5 * HOUR_MS);
	await aggregate(ctx);
	const rows: Record<string, unknown>[] = await ctx.db.execute(
		sql`select sum(value)::int as value from hourly_aggregates where metric = 'requests'`,
	);
	expect(rows[0]).toMatchObject({ value: 14 });
});
