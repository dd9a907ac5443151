// The page of a season: its episodes with why, and whether one search stands for all of them.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { planNext } from '../../../src/lib/server/services/queue/planner';
import { excludeTarget } from '../../../src/lib/server/services/queue/user-acts';
import { readSeason } from '../../../src/lib/server/views/season';
import { createTestContext, type TestContext } from '../../setup/context';
import { addConnector, addEpisode, addSeries, registerSeason, type WorldSeries } from './world';

let world: TestContext;
let show: WorldSeries;
let season: number;
beforeAll(async () => {
	world = await createTestContext();
	const connector = await addConnector(world.ctx);
	show = await addSeries(world.ctx, connector.id, { status: 'ended', title: 'Paper Mountains' });
	for (let at = 0; at < 4; at += 1) await addEpisode(world.ctx, show);
	await addEpisode(world.ctx, show, { reason: null });
	season = (await registerSeason(world.ctx, show, 1)).seasonId ?? 0;
});
afterAll(() => world.close());

const read = async () => {
	const found = await readSeason(world.ctx, season);
	if (found === null) throw new Error('no season');
	return found;
};

test('a season that is missing is searched as one, and says what that saves', async () => {
	const found = await read();
	expect(found).toMatchObject({
		title: 'Paper Mountains · Season 1',
		series: 'Paper Mountains',
		arrUrl: `http://arr.test/series/series-${String(show.tvdbId)}`,
		excludedBy: null,
		decision: { kind: 'season', why: 'worth_it', cost: 1, ready: 4 },
		memory: { state: 'pending', attempts: 0, lastSearchAt: null },
		searches: [],
	});
	expect(found.episodes).toHaveLength(5);
	expect(found.episodes.filter((episode) => episode.reason === 'gap')).toHaveLength(4);
	const numbers = found.episodes.map((episode) => episode.title);
	expect(numbers).toEqual([...numbers].sort());
});

test('with one of its episodes excluded it is searched one by one, and says why', async () => {
	const [first] = (await read()).episodes;
	await excludeTarget(world.ctx, { kind: 'episode', id: Number(first?.ref.split('-')[1]) });
	const found = await read();
	expect(found.decision).toMatchObject({ kind: 'episodes', why: 'excluded_part' });
	expect(found.episodes[0]).toMatchObject({ excluded: true, why: { gate: 'not_excluded' } });
});

test('an excluded episode that is not wanted keeps its season from being searched as one: that would ask for it too', async () => {
	const { ctx } = world;
	const connector = await addConnector(ctx);
	const other = await addSeries(ctx, connector.id, { status: 'ended' });
	for (let at = 0; at < 5; at += 1) await addEpisode(ctx, other);
	const whole = await addEpisode(ctx, other, { reason: null, fileArrId: 77 });
	const ignored = await addEpisode(ctx, other, { reason: null, fileArrId: 78, monitored: false });
	const { seasonId } = await registerSeason(ctx, other, 1);
	const decided = async () => (await readSeason(ctx, seasonId ?? 0))?.decision;
	const planned = async () =>
		(await planNext(ctx, { connectorId: connector.id, limit: 50 })).map(({ target }) => target.kind);

	await excludeTarget(ctx, ignored);
	expect(await decided()).toMatchObject({ kind: 'season' });
	expect(await planned()).toEqual(['season']);
	await excludeTarget(ctx, whole);
	expect(await decided()).toMatchObject({ kind: 'episodes', why: 'excluded_part' });
	expect(await planned()).toEqual(Array<string>(5).fill('episode'));
});

test('excluded as a whole, every episode of it is', async () => {
	await excludeTarget(world.ctx, { kind: 'season', id: season });
	const found = await read();
	expect(found.excludedBy).toBe('season');
	expect(found.episodes.every((episode) => episode.excluded)).toBe(true);
});

test('what the mirror does not have is not there', async () => {
	expect(await readSeason(world.ctx, 2_000_000)).toBeNull();
});
