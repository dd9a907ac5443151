// Search states on a real database: every move of the design works, every other move is refused.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FIRST_STATES, MOVES } from '../../../src/lib/domain/moves';
import { SEARCH_STATES, type SearchState } from '../../../src/lib/domain/words';
import { requestQueue, searchRegistry } from '../../../src/lib/server/db/schema';
import * as states from '../../../src/lib/server/services/queue/states';
import { createTestContext, type TestContext } from '../../setup/context';
import {
	addConnector,
	addEpisode,
	addSeries,
	DAY,
	HOUR,
	readRegistry,
	register,
	registerSeason,
	type WorldConnector,
	type WorldItem,
	type WorldSeries,
} from './world';

let world: TestContext;
let connector: WorldConnector;
let show: WorldSeries;
beforeAll(async () => {
	world = await createTestContext();
	connector = await addConnector(world.ctx);
	show = await addSeries(world.ctx, connector.id);
});
afterAll(() => world.close());

const now = (): Date => world.ctx.clock.date();
const later = (ms: number): Date => new Date(now().getTime() + ms);
const of = (byUser = false) => ({ at: now(), dispatchId: 'd1', byUser });

/** A new wanted episode whose registry row is in `state`, brought there by legal moves. */
async function targetIn(state: SearchState, item?: WorldItem): Promise<states.RegistryRow> {
	const row = await register(world.ctx, item ?? (await addEpisode(world.ctx, show)));
	for (const step of PATHS[state]) await setState(row.id, step);
	if (state === 'queued') await world.ctx.db.insert(requestQueue).values({ ...entry(row), queuedAt: now() });
	return await readRegistry(world.ctx, row.id);
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

const setState = (id: number, state: SearchState) =>
	world.ctx.db.update(searchRegistry).set({ state }).where(eq(searchRegistry.id, id));

const entry = (row: states.RegistryRow): states.LineEntry => ({
	connectorId: row.connectorId,
	registryId: row.id,
	targetKind: row.targetKind,
	reason: 'gap',
	score: 1,
	cost: 1,
});
const inLine = (id: number) =>
	world.ctx.db.select().from(requestQueue).where(eq(requestQueue.registryId, id));

describe('the database keeps the table of moves', () => {
	const pairs = SEARCH_STATES.flatMap((from) => SEARCH_STATES.map((to) => [from, to] as const));
	test.each(pairs)('%s → %s', async (from, to) => {
		const { id } = await targetIn(from);
		const change = setState(id, to).then(
			() => true,
			() => false,
		);
		expect(await change).toBe(from === to || MOVES[from].includes(to));
	});
	test.each(SEARCH_STATES)('a row born as %s', async (state) => {
		const item = await addEpisode(world.ctx, show);
		const born = world.ctx.db
			.insert(searchRegistry)
			.values({
				connectorId: connector.id,
				targetKind: 'episode',
				targetKey: item.key,
				episodeId: item.id,
				state,
				stateSince: now(),
			})
			.then(
				() => true,
				() => false,
			);
		expect(await born).toBe(FIRST_STATES.includes(state));
	});
});

describe('into the line and out of it', () => {
	test('pending → queued with its row, and not a second time', async () => {
		const row = await targetIn('pending');
		expect(await states.queueTargets(world.ctx.db, [entry(row)], { at: now() })).toHaveLength(1);
		expect(await states.queueTargets(world.ctx.db, [entry(row)], { at: now() })).toHaveLength(0);
		expect(await inLine(row.id)).toHaveLength(1);
	});
	test('queued → searching takes the row out, once', async () => {
		const row = await targetIn('queued');
		const take = () => states.takeForSearch(world.ctx.db, row.id, { at: now(), dispatchId: 'd7' });
		expect((await take())?.registryId).toBe(row.id);
		expect(await take()).toBeNull();
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'searching', lastDispatchId: 'd7' });
		expect(await inLine(row.id)).toHaveLength(0);
	});
	test.each(['queued', 'searching'] as const)('%s → pending, not before', async (state) => {
		const row = await targetIn(state);
		const notBefore = later(HOUR);
		expect(await states.returnTarget(world.ctx.db, row.id, { at: now(), notBefore, reason: 'removed' })).toBe(
			true,
		);
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({
			state: 'pending',
			attempts: 0,
			nextEligibleAt: notBefore,
			restReason: 'removed',
		});
		expect(await inLine(row.id)).toHaveLength(0);
		expect(await states.returnTarget(world.ctx.db, row.id, { at: now(), notBefore, reason: 'x' })).toBe(
			false,
		);
	});
	test('a return never shortens a rest', async () => {
		const row = await targetIn('searching');
		await world.ctx.db
			.update(searchRegistry)
			.set({ nextEligibleAt: later(9 * DAY) })
			.where(eq(searchRegistry.id, row.id));
		await states.returnTarget(world.ctx.db, row.id, {
			at: now(),
			notBefore: later(HOUR),
			reason: 'returned',
		});
		expect((await readRegistry(world.ctx, row.id)).nextEligibleAt).toEqual(later(9 * DAY));
	});
	test('a postponed search goes back in line with its term', async () => {
		const row = await targetIn('queued');
		const taken = await states.takeForSearch(world.ctx.db, row.id, { at: now(), dispatchId: 'd' });
		if (taken === null) throw new Error('not taken');
		await states.putBackInLine(world.ctx.db, taken, { at: now(), notBefore: later(60_000), postponed: 1 });
		expect(await inLine(row.id)).toMatchObject([{ postponed: 1, notBefore: later(60_000) }]);
		expect((await readRegistry(world.ctx, row.id)).state).toBe('queued');
	});
	test.each(SEARCH_STATES)('a user pins from %s', async (state) => {
		const row = await targetIn(state);
		const pinned = await states.pinTarget(world.ctx.db, entry(row), { at: now() });
		expect(pinned?.pinned ?? null).toBe(state === 'searching' ? null : true);
		expect((await readRegistry(world.ctx, row.id)).state).toBe(
			state === 'searching' ? 'searching' : 'queued',
		);
		expect(await inLine(row.id)).toHaveLength(state === 'searching' ? 0 : 1);
	});
	test.each(['cooldown', 'failed', 'exhausted'] as const)(
		'%s → pending when its rest is over',
		async (state) => {
			const row = await targetIn(state);
			const rest = (nextEligibleAt: Date | null) =>
				world.ctx.db.update(searchRegistry).set({ nextEligibleAt }).where(eq(searchRegistry.id, row.id));
			await rest(later(1000));
			await states.wakeRested(world.ctx.db, connector.id, { at: now() });
			expect((await readRegistry(world.ctx, row.id)).state).toBe(state);
			await rest(null);
			await states.wakeRested(world.ctx.db, connector.id, { at: now() });
			expect((await readRegistry(world.ctx, row.id)).state).toBe(state);
			await rest(now());
			await states.wakeRested(world.ctx.db, connector.id, { at: now() });
			expect((await readRegistry(world.ctx, row.id)).state).toBe('pending');
		},
	);
	test('a failed target whose mirror row changed is tried again', async () => {
		const row = await targetIn('failed');
		await states.reviveFailed(world.ctx.db, { episodeIds: [row.episodeId ?? 0] }, { at: now() });
		expect((await readRegistry(world.ctx, row.id)).state).toBe('pending');
	});
	test('another reason counts anew, and what the user gave up stays given up', async () => {
		const rows = [await targetIn('cooldown'), await targetIn('exhausted'), await targetIn('done')];
		for (const row of rows) {
			const set = { countedFor: 'quality', attempts: 4, nextEligibleAt: later(9 * DAY) };
			await world.ctx.db.update(searchRegistry).set(set).where(eq(searchRegistry.id, row.id));
		}
		const given = await targetIn('exhausted');
		await world.ctx.db
			.update(searchRegistry)
			.set({ countedFor: 'quality', exhaustedBy: 'user' })
			.where(eq(searchRegistry.id, given.id));
		await states.recountChanged(world.ctx.db, connector.id, { at: now() });
		for (const row of rows) {
			const expected = { state: 'pending', attempts: 0, nextEligibleAt: null, countedFor: 'gap' };
			expect(await readRegistry(world.ctx, row.id)).toMatchObject(expected);
		}
		expect((await readRegistry(world.ctx, given.id)).state).toBe('exhausted');
	});
});

describe('outcomes', () => {
	test('nothing found: an attempt and a week, exhausted at the tenth', async () => {
		const row = await targetIn('searching');
		expect(await states.recordNothingFound(world.ctx.db, row.id, of())).toBe(true);
		const after = await readRegistry(world.ctx, row.id);
		expect(after).toMatchObject({ state: 'cooldown', attempts: 1, lastOutcome: 'nothing_found' });
		expect(after.nextEligibleAt?.getTime()).toBeGreaterThan(later(6 * DAY).getTime());
		expect(await states.recordNothingFound(world.ctx.db, row.id, of())).toBe(false);

		const last = await targetIn('searching');
		await world.ctx.db.update(searchRegistry).set({ attempts: 9 }).where(eq(searchRegistry.id, last.id));
		await states.recordNothingFound(world.ctx.db, last.id, of());
		expect(await readRegistry(world.ctx, last.id)).toMatchObject({
			state: 'exhausted',
			attempts: 10,
			exhaustedBy: 'rule',
			nextEligibleAt: later(90 * DAY),
		});
	});
	test('nothing found of a fresh item: a day, and nothing counts', async () => {
		const fresh = await addEpisode(world.ctx, show, { airDateUtc: later(-3 * DAY) });
		const row = await targetIn('searching', fresh);
		await states.recordNothingFound(world.ctx.db, row.id, of());
		const expected = { state: 'cooldown', attempts: 0, freshAttempts: 1, nextEligibleAt: later(DAY) };
		expect(await readRegistry(world.ctx, row.id)).toMatchObject(expected);
	});
	test('a search of the user counts no attempt', async () => {
		const row = await targetIn('searching');
		await states.recordNothingFound(world.ctx.db, row.id, of(true));
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'cooldown', attempts: 0 });
	});
	test('grabbed, imported, done', async () => {
		const row = await targetIn('searching');
		expect(await states.recordGrabbed(world.ctx.db, row.id, { ...of(), grabId: 7 })).toBe(true);
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'grabbed', grabId: 7, attempts: 0 });
		expect(await states.recordImported(world.ctx.db, row.id, { at: now(), stillWanted: false })).toBe(true);
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'done', grabId: null });
	});
	test('imported, still a candidate: 30 days, count at 0', async () => {
		const row = await targetIn('grabbed');
		await world.ctx.db.update(searchRegistry).set({ attempts: 3 }).where(eq(searchRegistry.id, row.id));
		await states.recordImported(world.ctx.db, row.id, { at: now(), stillWanted: true });
		const expected = {
			state: 'pending',
			attempts: 0,
			nextEligibleAt: later(30 * DAY),
			restReason: 'after_import',
		};
		expect(await readRegistry(world.ctx, row.id)).toMatchObject(expected);
	});
	test('a failed download is an attempt, and returns after a day', async () => {
		const row = await targetIn('grabbed');
		await states.recordDownloadFailed(world.ctx.db, row.id, { at: now(), byUser: false, vanished: false });
		const expected = {
			state: 'cooldown',
			attempts: 1,
			nextEligibleAt: later(DAY),
			restReason: 'download_failed',
		};
		expect(await readRegistry(world.ctx, row.id)).toMatchObject(expected);
	});
	test('parked: in flight, then grabbed after all, or back', async () => {
		const row = await targetIn('searching');
		await states.recordParked(world.ctx.db, row.id, of());
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'grabbed', restReason: 'parked' });
		expect(await states.recordParkedGrabbed(world.ctx.db, row.id, { grabId: 3 })).toBe(true);
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({
			grabId: 3,
			restReason: null,
			lastOutcome: 'grabbed',
		});
		const gone = await targetIn('searching');
		await states.recordParked(world.ctx.db, gone.id, of());
		await states.recordParkedGone(world.ctx.db, gone.id, { at: now() });
		expect(await readRegistry(world.ctx, gone.id)).toMatchObject({
			state: 'pending',
			nextEligibleAt: later(DAY),
		});
	});
	test('not searched: explained by the gate it just returns; on its own it fails at the third', async () => {
		const row = await targetIn('searching');
		await states.recordNotSearched(world.ctx.db, row.id, { ...of(), ownMatter: false });
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state: 'pending', nextEligibleAt: null });
		for (const [count, state] of [
			[1, 'pending'],
			[2, 'pending'],
			[3, 'failed'],
		] as const) {
			await setState(row.id, 'queued');
			await setState(row.id, 'searching');
			await states.recordNotSearched(world.ctx.db, row.id, { ...of(), ownMatter: true });
			const expected = { state, consecutiveNotSearched: count, attempts: 0 };
			expect(await readRegistry(world.ctx, row.id)).toMatchObject(expected);
		}
		expect((await readRegistry(world.ctx, row.id)).nextEligibleAt).toEqual(later(7 * DAY));
	});
	test('inconclusive: no attempt, not before an hour, or when the gate opens', async () => {
		const row = await targetIn('searching');
		await states.recordInconclusive(world.ctx.db, row.id, of());
		expect(await readRegistry(world.ctx, row.id)).toMatchObject({
			state: 'pending',
			attempts: 0,
			nextEligibleAt: later(HOUR),
		});
		const gated = await targetIn('searching');
		await states.recordInconclusive(world.ctx.db, gated.id, { ...of(), notBefore: later(3 * HOUR) });
		expect((await readRegistry(world.ctx, gated.id)).nextEligibleAt).toEqual(later(3 * HOUR));
	});
	test('errors count from the third in a row', async () => {
		const row = await targetIn('searching');
		for (const [state, attempts] of [
			['pending', 0],
			['pending', 0],
			['cooldown', 1],
		] as const) {
			await states.recordError(world.ctx.db, row.id, of());
			expect(await readRegistry(world.ctx, row.id)).toMatchObject({ state, attempts });
			if (state !== 'pending') break;
			await setState(row.id, 'queued');
			await setState(row.id, 'searching');
		}
	});
	test('lost and merged return a day later; a merged find is followed', async () => {
		const lost = await targetIn('searching');
		await states.recordLost(world.ctx.db, lost.id, of());
		expect(await readRegistry(world.ctx, lost.id)).toMatchObject({
			state: 'pending',
			attempts: 0,
			nextEligibleAt: later(DAY),
		});
		const merged = await targetIn('searching');
		await states.recordMerged(world.ctx.db, merged.id, { ...of(), grabId: null });
		expect(await readRegistry(world.ctx, merged.id)).toMatchObject({
			state: 'pending',
			restReason: 'merged',
		});
		const found = await targetIn('searching');
		await states.recordMerged(world.ctx.db, found.id, { ...of(), grabId: 4 });
		expect(await readRegistry(world.ctx, found.id)).toMatchObject({ state: 'grabbed', grabId: 4 });
	});
	test('given up meanwhile: the outcome leaves the target alone', async () => {
		const row = await targetIn('searching');
		await setState(row.id, 'exhausted');
		expect(await states.recordNothingFound(world.ctx.db, row.id, of())).toBe(false);
		expect(await states.recordGrabbed(world.ctx.db, row.id, { ...of(), grabId: null })).toBe(false);
		expect((await readRegistry(world.ctx, row.id)).state).toBe('exhausted');
	});
});

test('a season takes its episodes under way and gives them back', async () => {
	const { ctx } = world;
	const own = await addSeries(ctx, connector.id);
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
	const rested = await targetIn('cooldown', resting);
	await ctx.db
		.update(searchRegistry)
		.set({ nextEligibleAt: later(5 * DAY) })
		.where(eq(searchRegistry.id, rested.id));
	await targetIn('exhausted', given);
	await targetIn('queued', queued);
	const targets = items.map((item) => ({
		connectorId: connector.id,
		kind: 'episode' as const,
		key: item.key,
		rowId: item.id,
	}));
	const covered = await states.coverSeason(ctx.db, season.id, {
		at: now(),
		dispatchId: 'd9',
		episodes: targets,
	});
	expect(covered.map((row) => row.episodeId).sort()).toEqual([first.id, resting.id, queued.id].sort());
	expect(covered.every((row) => row.state === 'searching' && row.coveredBy === season.id)).toBe(true);
	const released = await states.releaseCovered(ctx.db, season.id, {
		at: now(),
		dispatchId: 'd9',
		grabbedEpisodeIds: [first.id],
		notBefore: later(DAY),
	});
	expect(released).toBe(3);
	const rows = await ctx.db.select().from(searchRegistry).where(eq(searchRegistry.connectorId, connector.id));
	const of = (item: WorldItem) => rows.find((row) => row.episodeId === item.id);
	expect(of(first)).toMatchObject({ state: 'grabbed', coveredBy: null, attempts: 0 });
	expect(of(queued)).toMatchObject({
		state: 'pending',
		coveredBy: null,
		nextEligibleAt: later(DAY),
		restReason: 'after_season',
	});
	// a rest that was running holds again
	expect(of(resting)).toMatchObject({ state: 'pending', nextEligibleAt: later(5 * DAY) });
	expect(of(given)).toMatchObject({ state: 'exhausted' });
});

describe('scopes', () => {
	test.each(SEARCH_STATES)('reset from %s', async (state) => {
		const row = await targetIn(state);
		await world.ctx.db
			.update(searchRegistry)
			.set({ attempts: 5, nextEligibleAt: later(DAY) })
			.where(eq(searchRegistry.id, row.id));
		await states.resetScope(world.ctx.db, { kind: 'episode', id: row.episodeId ?? 0 }, { at: now() });
		const after = await readRegistry(world.ctx, row.id);
		expect(after).toMatchObject({
			state: state === 'searching' ? 'searching' : 'pending',
			attempts: 0,
			nextEligibleAt: null,
		});
		expect(await inLine(row.id)).toHaveLength(0);
	});
	test('a reset touches its scope only', async () => {
		const { ctx } = world;
		const [one, two] = [await addSeries(ctx, connector.id), await addSeries(ctx, connector.id)];
		const inside = await targetIn('cooldown', await addEpisode(ctx, one, { seasonNumber: 1 }));
		const other = await targetIn('cooldown', await addEpisode(ctx, one, { seasonNumber: 2 }));
		const outside = await targetIn('cooldown', await addEpisode(ctx, two));
		const season = await registerSeason(ctx, one, 1);
		await states.resetScope(ctx.db, { kind: 'season', id: season.seasonId ?? 0 }, { at: now() });
		expect((await readRegistry(ctx, inside.id)).state).toBe('pending');
		expect((await readRegistry(ctx, other.id)).state).toBe('cooldown');
		await states.resetScope(ctx.db, { kind: 'series', id: one.id }, { at: now() });
		expect((await readRegistry(ctx, other.id)).state).toBe('pending');
		expect((await readRegistry(ctx, outside.id)).state).toBe('cooldown');
	});
	test.each(SEARCH_STATES)('given up from %s', async (state) => {
		const item = await addEpisode(world.ctx, show);
		const row = await targetIn(state, item);
		const target = { connectorId: connector.id, kind: 'episode' as const, key: item.key, rowId: item.id };
		await states.giveUpTargets(world.ctx.db, [target], { at: now() });
		const expected = { state: 'exhausted', exhaustedBy: 'user', nextEligibleAt: null };
		expect(await readRegistry(world.ctx, row.id)).toMatchObject(expected);
		expect(await inLine(row.id)).toHaveLength(0);
	});
	test('after a rebuild of the mirror targets find their rows by key', async () => {
		const { ctx } = world;
		const item = await addEpisode(ctx, show);
		const row = await register(ctx, item);
		const season = await registerSeason(ctx, show, 1);
		await ctx.db.update(searchRegistry).set({ episodeId: 999_999 }).where(eq(searchRegistry.id, row.id));
		await ctx.db.update(searchRegistry).set({ seasonId: 999_999 }).where(eq(searchRegistry.id, season.id));
		expect(await states.rebindTargets(ctx.db, connector.id)).toBe(2);
		expect((await readRegistry(ctx, row.id)).episodeId).toBe(item.id);
		expect((await readRegistry(ctx, season.id)).seasonId).toBe(season.seasonId);
	});
	test('what is purged is forgotten, what is under way is not', async () => {
		const gone = await targetIn('cooldown');
		const busy = await targetIn('searching');
		const ids = [gone.episodeId ?? 0, busy.episodeId ?? 0];
		expect(await states.forgetGone(world.ctx.db, { episodes: ids, seasons: [], movies: [] })).toBe(1);
		expect((await readRegistry(world.ctx, busy.id)).state).toBe('searching');
	});
});
