// The jobs of connectors where no other process uses the database: made at once, and again a minute after a failure.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'drizzle-orm';
import { startProduct, type Product } from '../../../src/lib/server/product';
import { createTestContext, type TestContext } from '../../setup/context';
import { addConnector } from '../plan/world';

let world: TestContext;
let product: Product;
beforeAll(async () => {
	world = await createTestContext();
	product = await startProduct({ ctx: world.ctx, timeZone: 'UTC' });
});
afterAll(async () => {
	await product.stop();
	await world.close();
});

const connectorsWithJobs = (): Set<number | undefined> =>
	new Set(product.scheduler.list().flatMap(({ connectorId }) => connectorId ?? []));

test('a database that was away when a connector changed costs a minute', async () => {
	const { ctx, clock } = world;
	const { id } = await addConnector(ctx);
	await ctx.db.execute(sql`alter table connectors rename to connectors_away`);
	ctx.wake.connectorChanged(id);
	await clock.idle();
	await ctx.db.execute(sql`alter table connectors_away rename to connectors`);
	expect(connectorsWithJobs()).toEqual(new Set());
	await clock.advance(59_000);
	expect(connectorsWithJobs()).toEqual(new Set());
	await clock.advance(1_000);
	expect(connectorsWithJobs()).toEqual(new Set([id]));
});

test('a connector that was switched off has no jobs any more, at once', async () => {
	const { ctx, clock } = world;
	const [id] = connectorsWithJobs();
	await ctx.db.execute(sql`update connectors set enabled = false where id = ${id ?? 0}`);
	ctx.wake.connectorChanged(id ?? 0);
	await clock.idle();
	expect(connectorsWithJobs()).toEqual(new Set());
});
