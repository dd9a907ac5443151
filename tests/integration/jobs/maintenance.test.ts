// House-keeping: a part that fails stops no other, and is told.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'drizzle-orm';
import { maintain } from '../../../src/lib/server/jobs/maintenance';
import { startProduct } from '../../../src/lib/server/product';
import { createTestContext, type TestContext } from '../../setup/context';

let world: TestContext;
beforeAll(async () => {
	world = await createTestContext();
});
afterAll(() => world.close());

test('a table that cannot be pruned stops no other', async () => {
	const { ctx } = world;
	const old = new Date(ctx.clock.now() - 60 * 86_400_000);
	await ctx.db.execute(
		sql`insert into events (at, type, severity, message, data) values (${old}, 'x', 'info', 'x', '{}')`,
	);
	await ctx.db.execute(
		sql`insert into undo_acts (id, kind, data, created_at) values ('1', 'x', '{}', ${old})`,
	);
	await ctx.db.execute(
		sql`insert into jobs (id, kind, status, created_at) values ('1', 'sync', 'done', ${old})`,
	);
	await ctx.db.execute(
		sql`create function refuse() returns trigger language plpgsql as 'begin raise exception ''no''; end'`,
	);
	await ctx.db.execute(sql`create trigger refuse before delete on events execute function refuse()`);
	await expect(maintain(ctx)).rejects.toThrow('house-keeping');
	const left = await ctx.db.execute(
		sql`select (select count(*)::int from undo_acts) + (select count(*)::int from jobs) as count`,
	);
	expect(left[0]).toMatchObject({ count: 0 });
	await ctx.db.execute(sql`drop trigger refuse on events`);
	expect((await maintain(ctx)).removed.events).toBe(1);
});

test('what a job failed of is told without statements and their values', async () => {
	const own = await createTestContext();
	const product = await startProduct({ ctx: own.ctx, timeZone: 'UTC' });
	product.scheduler.add({
		name: 'broken',
		schedule: { everyMs: 60_000 },
		run: async () => {
			await own.ctx.db.execute(sql`select ${'a-secret-value'}::text from nowhere`);
		},
	});
	await product.scheduler.runNow('broken');
	const told = await own.ctx.db.execute(
		sql`select string_agg(x, ' ') as all from (select message as x from events union all select error from schedule_runs) y`,
	);
	expect(JSON.stringify(told)).toContain('broken failed');
	expect(JSON.stringify(told)).not.toMatch(/a-secret-value|nowhere/);
	await product.stop();
	await own.close();
});
