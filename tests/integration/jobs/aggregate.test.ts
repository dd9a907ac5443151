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
