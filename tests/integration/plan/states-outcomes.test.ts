// What each outcome does to its target, alone and as part of a season.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { searchRegistry } from '../../../src/lib/server/db/schema';
import * as states from '../../../src/lib/server/services/queue/states';
import { statesWorld, type StatesWorld } from './states-world';
import { addEpisode, addSeries, DAY, HOUR, readRegistry, registerSeason, type WorldItem } from './world';

let world: StatesWorld;
beforeAll(async () => {
	world = await statesWorld();
});
afterAll(() => world.close());

describe('outcomes', () => {
	test('nothing found: an attempt and a week, exhausted at the tenth', async () => {
		const row = await world.targetIn('searching');
		expect(await states.recordNothingFound(world.ctx.db, row.id, world.of())).toBe(true);
		const after = await readRegistry(world.ctx, row.id);
		expect(after).toMatchObject({ state: 'cooldown', attempts: 1, lastOutcome: 'nothing_found' });
		expect(after.nextEligibleAt?.getTime()).toBeGreaterThan(world.later(6 * DAY).getTime());
		expect(await states.recordNothingFound(world.ctx.db, row.id, world.of())).toBe(false);

		const last = await world.targetIn('searching');
		await world.ctx.db.update(searchRegistry).set({ attempts: 9 }).where(eq(searchRegistry.id, last.id));
		await states.recordNothingFound(world.ctx.db, last.id, world.of());
		expect(await readRegistry(world.ctx, last.id)).toMatchObject({
			state: 'exhausted',
			attempts: 10,
			exhaustedBy: 'rule',
			nextEligibleAt: world.later(90 * DAY),
		});
	});
	test('nothing found of a fresh item: a day, and nothing counts', async () => {
		const fresh = await addEpisode(world.ctx, world.show, { airDateUtc: world.later(-3 * DAY) });
		const row = await world.targetIn('searching', fresh);
		await states.recordNothingFound(world.ctx.db, row.id, world.of());
		const expected = { state: 'cooldown', attempts: 0, freshAttempts: 1, nextEligibleAt: world.later(DAY) };
		expect(await readRegistry(world.ctx, row.id)).toMatchObject(expected);
	});
	test('a search of the user counts no attempt', async () => {
		const row = await world.targetIn('searching');
		await states.recordNothingFound(world.ctx.db, row.id, world.of(true));
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'cooldown', attempts: 0 });
	});
	test('grabbed, imported, done', async () => {
		const row = await world.targetIn('searching');
		expect(await states.recordGrabbed(world.ctx.db, row.id, { ...world.of(), grabId: 7 })).toBe(true);
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'grabbed', grabId: 7, attempts: 0 });
		expect(await states.recordImported(world.ctx.db, row.id, { at: world.now(), stillWanted: false })).toBe(
			true,
		);
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'done', grabId: null });
	});
	test('imported, still a candidate: 30 days, count at 0', async () => {
		const row = await world.targetIn('grabbed');
		await world.ctx.db.update(searchRegistry).set({ attempts: 3 }).where(eq(searchRegistry.id, row.id));
		await states.recordImported(world.ctx.db, row.id, { at: world.now(), stillWanted: true });
		const expected = {
			state: 'pending',
			attempts: 0,
			nextEligibleAt: world.later(30 * DAY),
			restReason: 'after_import',
		};
		expect(await readRegistry(world.ctx, row.id)).toMatchObject(expected);
	});
	test('a failed download is an attempt, and returns after a day', async () => {
		const row = await world.targetIn('grabbed');
		await states.recordDownloadFailed(world.ctx.db, row.id, {
			at: world.now(),
			byUser: false,
			vanished: false,
		});
		const expected = {
			state: 'cooldown',
			attempts: 1,
			nextEligibleAt: world.later(DAY),
			restReason: 'download_failed',
		};
		expect(await readRegistry(world.ctx, row.id)).toMatchObject(expected);
	});
	test('parked: in flight, then grabbed after all, or back', async () => {
		const row = await world.targetIn('searching');
		await states.recordParked(world.ctx.db, row.id, world.of());
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'grabbed', restReason: 'parked' });
		expect(await states.recordParkedGrabbed(world.ctx.db, row.id, { grabId: 3 })).toBe(true);
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({
			grabId: 3,
			restReason: null,
			lastOutcome: 'grabbed',
		});
		const gone = await world.targetIn('searching');
		await states.recordParked(world.ctx.db, gone.id, world.of());
		await states.recordParkedGone(world.ctx.db, gone.id, { at: world.now() });
		expect(await readRegistry(world.ctx, gone.id)).toMatchObject({
			state: 'pending',
			nextEligibleAt: world.later(DAY),
		});
	});
	test('not searched: explained by the gate it just returns; on its own it fails at the third', async () => {
		const row = await world.targetIn('searching');
		await states.recordNotSearched(world.ctx.db, row.id, { ...world.of(), ownMatter: false });
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'pending', nextEligibleAt: null });
		for (const [count, state] of [
			[1, 'pending'],
			[2, 'pending'],
			[3, 'failed'],
		] as const) {
			await world.setState(row.id, 'queued');
			await world.setState(row.id, 'searching');
			await states.recordNotSearched(world.ctx.db, row.id, { ...world.of(), ownMatter: true });
			const expected = { state, consecutiveNotSearched: count, attempts: 0 };
			expect(await readRegistry(world.ctx, row.id)).toMatchObject(expected);
		}
		expect((await readRegistry(world.ctx, row.id)).nextEligibleAt).toEqual(world.later(7 * DAY));
	});
	test('inconclusive: no attempt, not before an hour, or when the gate opens', async () => {
		const row = await world.targetIn('searching');
		await states.recordInconclusive(world.ctx.db, row.id, world.of());
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({
			state: 'pending',
			attempts: 0,
			nextEligibleAt: world.later(HOUR),
		});
		const gated = await world.targetIn('searching');
		await states.recordInconclusive(world.ctx.db, gated.id, {
			...world.of(),
			notBefore: world.later(3 * HOUR),
		});
		expect((await readRegistry(world.ctx, gated.id)).nextEligibleAt).toEqual(world.later(3 * HOUR));
	});
	test('errors count from the third in a row', async () => {
		const row = await world.targetIn('searching');
		for (const [state, attempts] of [
			['pending', 0],
			['pending', 0],
			['cooldown', 1],
		] as const) {
			await states.recordError(world.ctx.db, row.id, world.of());
			expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state, attempts });
			if (state !== 'pending') break;
			await world.setState(row.id, 'queued');
			await world.setState(row.id, 'searching');
		}
	});
	test('lost and merged return a day later; a merged find is followed', async () => {
		const lost = await world.targetIn('searching');
		await states.recordLost(world.ctx.db, lost.id, world.of());
		expect(await readRegistry(world.ctx, lost.id)).toMatchObject({
			state: 'pending',
			attempts: 0,
			nextEligibleAt: world.later(DAY),
		});
		const merged = await world.targetIn('searching');
		await states.recordMerged(world.ctx.db, merged.id, { ...world.of(), grabId: null });
		expect(await readRegistry(world.ctx, merged.id)).toMatchObject({
			state: 'pending',
			restReason: 'merged',
		});
		const found = await world.targetIn('searching');
		await states.recordMerged(world.ctx.db, found.id, { ...world.of(), grabId: 4 });
		expect(await readRegistry(world.ctx, found.id)).toMatchObject({ state: 'grabbed', grabId: 4 });
	});
	test('given up meanwhile: the outcome leaves the target alone', async () => {
		const row = await world.targetIn('searching');
		await world.setState(row.id, 'exhausted');
		expect(await states.recordNothingFound(world.ctx.db, row.id, world.of())).toBe(false);
		expect(await states.recordGrabbed(world.ctx.db, row.id, { ...world.of(), grabId: null })).toBe(false);
		expect((await readRegistry(world.ctx, row.id)).state).toBe('exhausted');
	});
});

test('a season takes its episodes under way and gives them back', async () => {
	const { ctx } = world;
	const own = await addSeries(ctx, world.connector.id);
	const items = [
		await addEpisode(ctx, own),
		await addEpisode(ctx, own),
		await addEpisode(ctx, own),
		await addEpisode(ctx, own),
	];
	const season = await registerSeason(ctx, own, 1);
	const [first, resting, given, queued] = items;
	if (first === undefined || resting === undefined || given === undefined || queued === undefined)
		throw new Error('four');
	const rested = await world.targetIn('cooldown', resting);
	await ctx.db
		.update(searchRegistry)
		.set({ nextEligibleAt: world.later(5 * DAY) })
		.where(eq(searchRegistry.id, rested.id));
	await world.targetIn('exhausted', given);
	await world.targetIn('queued', queued);
	const targets = items.map((item) => ({
		connectorId: world.connector.id,
		kind: 'episode' as const,
		key: item.key,
		rowId: item.id,
	}));
	const covered = await states.coverSeason(ctx.db, season.id, {
		at: world.now(),
		dispatchId: 'd9',
		episodes: targets,
	});
	expect(covered.map((row) => row.episodeId).sort()).toEqual([first.id, resting.id, queued.id].sort());
	expect(covered.every((row) => row.state === 'searching' && row.coveredBy === season.id)).toBe(true);
	const released = await states.releaseCovered(ctx.db, season.id, {
		at: world.now(),
		dispatchId: 'd9',
		grabbedEpisodeIds: [first.id],
		notBefore: world.later(DAY),
	});
	expect(released).toBe(3);
	const rows = await ctx.db
		.select()
		.from(searchRegistry)
		.where(eq(searchRegistry.connectorId, world.connector.id));
	const rowOf = (item: WorldItem) => rows.find((row) => row.episodeId === item.id);
	expect(rowOf(first)).toMatchObject({ state: 'grabbed', coveredBy: null, attempts: 0 });
	expect(rowOf(queued)).toMatchObject({
		state: 'pending',
		coveredBy: null,
		nextEligibleAt: world.later(DAY),
		restReason: 'after_season',
	});
	// a rest that was running holds again
	expect(rowOf(resting)).toMatchObject({ state: 'pending', nextEligibleAt: world.later(5 * DAY) });
	expect(rowOf(given)).toMatchObject({ state: 'exhausted' });
});
