// An application whose clock is not ours: what it tells of a search is shown beside our times, by our clock.
import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { dispatches, grabs } from '../../../src/lib/server/db/schema';
import { findDispatchView } from '../../../src/lib/server/views/dispatches';
import { createSite, refOf, worldOfFile } from './world';

const world = worldOfFile();

test.each([
	['five minutes behind', -300],
	['five minutes ahead', 300],
	['a few seconds behind', -5],
])('its clock is %s', async (_, seconds) => {
	const site = await createSite(world, 'radarr6');
	const item = await site.next();
	await site.fake.script(refOf(item), { kind: 'grab' });
	const { id } = await site.search({ kind: 'movie', item });
	const before = await findDispatchView(site.ctx, id);
	const apart = sql`make_interval(secs => ${seconds})`;
	const { db } = site.ctx;
	await db
		.update(dispatches)
		.set({ arrClock: sql`${dispatches.arrClock} + ${apart}` })
		.where(eq(dispatches.id, id));
	await db
		.update(grabs)
		.set({ grabbedAt: sql`${grabs.grabbedAt} + ${apart}` })
		.where(eq(grabs.dispatchId, id));
	const [was] = before?.grabs ?? [];
	const [is] = (await findDispatchView(site.ctx, id))?.grabs ?? [];
	const movedBy = ((is?.grabbedAt.getTime() ?? 0) - (was?.grabbedAt.getTime() ?? 0)) / 1000;
	// a difference of seconds is as often the reading's as the clock's
	if (Math.abs(seconds) < 60) expect(movedBy).toBe(seconds);
	else expect(Math.abs(movedBy)).toBeLessThan(2);
});
