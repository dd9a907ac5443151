// The explanation agrees with what happens: the first closed fact is why the next planning round does not take an item.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstClosed, type Explanation } from '../../../src/lib/domain/explanation';
import { GATES, type NotWantedReason } from '../../../src/lib/domain/words';
import { connectorGates, connectors, dispatches, seasons } from '../../../src/lib/server/db/schema';
import { chooseNext } from '../../../src/lib/server/services/queue/candidates';
import { explain } from '../../../src/lib/server/services/queue/explain';
import { fillQueue } from '../../../src/lib/server/services/queue/fill';
import { pauseQueue, resumeQueue } from '../../../src/lib/server/services/queue/user-acts-queue';
import { createTestContext, type TestContext } from '../../setup/context';
import { dice, randomItems } from './random';
import {
	addConnector,
	addEpisode,
	addMovie,
	addSeries,
	ago,
	DAY,
	HOUR,
	MINUTE,
	readAll,
	type WorldItem,
} from './world';

let world: TestContext;
beforeAll(async () => {
	world = await createTestContext();
});
afterAll(() => world.close());

async function told(item: WorldItem): Promise<Explanation> {
	const answer = await explain(world.ctx, item);
	if (answer === null) throw new Error('nothing was explained');
	return answer;
}

const UNTAGGED = [
	{ arrId: 1, name: 'One', automaticSearch: true, rss: true, tags: [], protocol: 'torrent', priority: 1 },
];
const TAGGED_ONLY = [
	{ arrId: 1, name: 'One', automaticSearch: true, rss: true, tags: [9], protocol: 'torrent', priority: 1 },
];

describe('500 random items in random states', () => {
	const CASES = [
		{ seed: 11, kind: 'episode', indexers: UNTAGGED },
		{ seed: 12, kind: 'episode', indexers: TAGGED_ONLY },
		{ seed: 13, kind: 'episode', indexers: UNTAGGED },
		{ seed: 14, kind: 'movie', indexers: UNTAGGED },
		{ seed: 15, kind: 'movie', indexers: TAGGED_ONLY },
	] as const;

	test.each(CASES)('seed $seed: 100 of kind $kind', async ({ seed, kind, indexers }) => {
		const { ctx } = world;
		const connector = await addConnector(ctx, { kind: kind === 'movie' ? 'radarr' : 'sonarr' });
		await readAll(ctx, connector.id, { indexers });
		const items = await randomItems(ctx, connector.id, kind, { count: 100, random: dice(seed) });
		const before = new Map<WorldItem, Explanation>();
		for (const item of items) before.set(item, await told(item));

		await fillQueue(ctx, connector.id);
		const choice = await chooseNext(ctx, connector.id);
		const lined = await linedUp(connector.id);
		const chosen = choice.open ? `${choice.candidate.targetKind} ${choice.candidate.targetId}` : null;
		let taken = 0;
		for (const [item, explanation] of before) {
			const closed = firstClosed(explanation.gates);
			const target = `${explanation.target.kind} ${explanation.target.id}`;
			expect(explanation.gates.map((fact) => fact.gate)).toEqual(GATES);
			// All facts open: it, or its season, is what the round takes. Any fact closed: it is not.
			expect({ item: item.key, open: closed === null }).toEqual({ item: item.key, open: target === chosen });
			// Only its turn is closed: it stands in line. Something else is closed: it does not.
			expect({ item: item.key, why: closed?.gate, inLine: lined.has(target) }).toEqual({
				item: item.key,
				why: closed?.gate,
				inLine: closed === null || closed.gate === 'turn',
			});
			if (closed === null) taken += 1;
		}
		expect(taken > 0).toBe(choice.open);
		const reasons = new Set([...before.values()].map((explanation) => firstClosed(explanation.gates)?.gate));
		expect(reasons.size).toBeGreaterThan(4);
	});

	async function linedUp(connectorId: number): Promise<Set<string>> {
		const rows = await world.ctx.sql<{ kind: string; id: number }[]>`
			select q.target_kind as kind, coalesce(r.episode_id, r.season_id, r.movie_id) as id
			from request_queue q join search_registry r on r.id = q.registry_id where q.connector_id = ${connectorId}`;
		return new Set(Array.from(rows).map((row) => `${row.kind} ${row.id}`));
	}
});

describe('each gate has its words and its time', () => {
	async function one(settings = {}): Promise<{ item: WorldItem; connectorId: number }> {
		const connector = await addConnector(world.ctx, { kind: 'radarr', settings });
		return { item: await addMovie(world.ctx, connector.id), connectorId: connector.id };
	}
	const change = (id: number, set: Partial<typeof connectors.$inferInsert>) =>
		world.ctx.db.update(connectors).set(set).where(eq(connectors.id, id));
	const first = async (item: WorldItem) => firstClosed((await told(item)).gates);

	test('all open: now', async () => {
		const { item } = await one();
		const answer = await told(item);
		expect(firstClosed(answer.gates)).toBeNull();
		expect(answer).toMatchObject({
			nextAttemptAt: world.ctx.clock.date(),
			estimatedCost: 1,
			wanted: 'gap',
			position: 1,
		});
	});
	test('switched off, observing, paused, away, held', async () => {
		const { item, connectorId } = await one();
		await change(connectorId, { enabled: false });
		expect((await first(item))?.gate).toBe('connector_enabled');
		await change(connectorId, { enabled: true, mode: 'observe' });
		expect((await first(item))?.gate).toBe('mode_active');
		expect((await told(item)).nextAttemptAt).toBeUndefined();
		await change(connectorId, { mode: 'active' });
		await pauseQueue(world.ctx, connectorId);
		expect((await first(item))?.gate).toBe('not_paused');
		await resumeQueue(world.ctx, connectorId);
		await pauseQueue(world.ctx, null);
		expect(await first(item)).toMatchObject({ gate: 'not_paused', detail: 'All searches are paused.' });
		await resumeQueue(world.ctx, null);
		await change(connectorId, { health: 'offline', healthReason: 'connection refused' });
		expect(await first(item)).toMatchObject({ gate: 'reachable' });
		await change(connectorId, { health: 'healthy', heldReason: 'another instance answers' });
		expect((await first(item))?.gate).toBe('reachable');
	});
	test('a kind that is switched off', async () => {
		const { item } = await one({
			kinds: {
				gap: { enabled: false, share: 100 },
				quality: { enabled: true, share: 20 },
				format: { enabled: false, share: 10 },
			},
		});
		expect((await first(item))?.gate).toBe('kind_enabled');
	});
	test('too new: until the grace has passed', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx);
		const show = await addSeries(ctx, connector.id);
		const item = await addEpisode(ctx, show, { airDateUtc: ago(ctx, 2 * HOUR) });
		expect(await first(item)).toMatchObject({
			gate: 'grace_and_delay',
			until: new Date(ctx.clock.now() + 10 * HOUR),
		});
		expect((await told(item)).nextAttemptAt).toEqual(new Date(ctx.clock.now() + 10 * HOUR));
	});
	test('nothing is wanted of it', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx, { kind: 'radarr' });
		const item = await addMovie(ctx, connector.id, { reason: null, fileArrId: 5 });
		expect((await first(item))?.gate).toBe('wanted');
		expect((await told(item)).wanted).toBeNull();
	});
	test('what discovery left out, by its own judgement', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx, { kind: 'radarr' });
		const item = await addMovie(ctx, connector.id, { reason: null, fileArrId: 5 });
		const until = ago(ctx, -HOUR);
		const judged = async (why: NotWantedReason | null) => {
			const judge = () => Promise.resolve({ wanted: null, why, availableAt: null, until });
			return firstClosed((await explain(ctx, item, { judge }))?.gates ?? []);
		};
		expect(await judged('cutoff_met')).toMatchObject({
			gate: 'wanted',
			detail: 'Its file meets the cutoff.',
		});
		expect(await judged('kind_off')).toMatchObject({ gate: 'kind_enabled' });
		expect(await judged('in_grace')).toMatchObject({ gate: 'grace_and_delay', until });
		expect((await judged(null))?.detail).toContain('next sweep');
	});
	test('the indexers complain; a gate that an outcome closed lets one through later', async () => {
		const { ctx } = world;
		const { item, connectorId } = await one();
		const complaint = { source: 'IndexerStatusCheck', type: 'error', message: '', fragment: '' };
		await readAll(ctx, connectorId, { health: [complaint] });
		expect((await first(item))?.gate).toBe('usable_indexer');
		await readAll(ctx, connectorId);
		const until = new Date(ctx.clock.now() + 30 * MINUTE);
		const gate = { connectorId, gate: 'indexer', cause: 'not_searched', closedAt: ctx.clock.date() };
		await ctx.db.insert(connectorGates).values({ ...gate, until });
		expect(await first(item)).toMatchObject({ gate: 'usable_indexer', until });
		await ctx.db
			.update(connectorGates)
			.set({ until: ctx.clock.date() })
			.where(eq(connectorGates.connectorId, connectorId));
		expect(await first(item)).toBeNull();
	});
	test('no download client', async () => {
		const { item, connectorId } = await one();
		const complaint = { source: 'DownloadClientCheck', type: 'warning', message: '', fragment: '' };
		await readAll(world.ctx, connectorId, { health: [complaint] });
		expect((await first(item))?.gate).toBe('download_client');
	});
	test('readings that are too old close the gate, and say since when', async () => {
		const { ctx, clock } = world;
		const { item } = await one();
		await clock.advance(HOUR);
		const gates = (await told(item)).gates.filter((fact) => !fact.open);
		expect(gates.map((fact) => fact.gate)).toEqual([
			'not_in_flight',
			'usable_indexer',
			'download_client',
			'turn',
		]);
		expect(gates[1]?.detail).toContain('not read since');
		expect(ctx.clock.now() - (gates[1]?.asOf?.getTime() ?? 0)).toBe(HOUR);
	});
	test('the spacing to the last search', async () => {
		const { ctx } = world;
		const { item, connectorId } = await one();
		await ctx.db.insert(dispatches).values(sent(connectorId, ago(ctx, 4 * MINUTE)));
		expect(await first(item)).toMatchObject({
			gate: 'budget_and_spacing',
			until: new Date(ctx.clock.now() + 6 * MINUTE),
		});
		expect((await told(item)).nextAttemptAt).toEqual(new Date(ctx.clock.now() + 6 * MINUTE));
	});
	test('a season that is searched as a whole speaks for its episodes', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx);
		const show = await addSeries(ctx, connector.id);
		const items = [];
		for (let at = 0; at < 4; at += 1) items.push(await addEpisode(ctx, show));
		const [season] = await ctx.db.select().from(seasons).where(eq(seasons.seriesId, show.id));
		for (const item of items) {
			const answer = await told(item);
			expect(answer.target).toEqual({ kind: 'season', id: season?.id });
			expect(firstClosed(answer.gates)).toBeNull();
		}
		await fillQueue(ctx, connector.id);
		const choice = await chooseNext(ctx, connector.id);
		expect(choice.open && choice.candidate.targetKind).toBe('season');
	});
	test('its place in line, with an estimate', async () => {
		const { ctx } = world;
		const connector = await addConnector(ctx, { kind: 'radarr' });
		const old = await addMovie(ctx, connector.id, { since: ago(ctx, 80 * DAY) });
		const young = await addMovie(ctx, connector.id);
		expect((await told(old)).position).toBe(1);
		const answer = await told(young);
		expect(answer.position).toBe(2);
		expect(firstClosed(answer.gates)?.gate).toBe('turn');
		expect(answer.nextAttemptAt?.getTime()).toBeGreaterThan(ctx.clock.now());
	});

	test('what is not in the queue yet waits for the sweep that fills it', async () => {
		const { ctx } = world;
		const { item, connectorId } = await one();
		const sweepAt = ctx.clock.now() + 20 * MINUTE;
		const sweep = { name: 'sweep', connectorId, schedule: { everyMs: 30 * MINUTE }, nextRunAt: sweepAt };
		ctx.scheduled = () => [{ ...sweep, running: false, lastRun: undefined }];
		try {
			expect(await told(item)).toMatchObject({ position: 1, nextAttemptAt: new Date(sweepAt) });
			expect(await first(item)).toEqual({
				gate: 'turn',
				open: false,
				detail: 'The next sweep puts it in line.',
				until: new Date(sweepAt),
			});
			await fillQueue(ctx, connectorId);
			expect(await first(item)).toBeNull();
			expect((await told(item)).nextAttemptAt).toEqual(ctx.clock.date());
		} finally {
			ctx.scheduled = () => [];
		}
	});

	const sent = (connectorId: number, at: Date): typeof dispatches.$inferInsert => ({
		id: crypto.randomUUID(),
		connectorId,
		connectorName: 'x',
		connectorKind: 'radarr',
		targetKind: 'movie',
		targetKey: 'tmdb:1',
		target: {
			title: '',
			subtitle: null,
			seriesTitle: null,
			seasonNumber: null,
			items: [],
			seriesId: null,
			seriesArrId: null,
		},
		reason: 'gap',
		state: 'concluded',
		outcome: 'nothing_found',
		cost: 1,
		claimedAt: at,
		messages: [],
	});
});
