// A connector on an instance of the fake, synced, with a virtual clock that moves both: for tests of single searches.
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll } from 'vitest';
import { decideSeason } from '../../../src/lib/domain/season-decision';
import { defaultConnectorSettings, type ConnectorSettings } from '../../../src/lib/domain/settings';
import { episodeKey, movieKey, seasonKey } from '../../../src/lib/domain/target-keys';
import type { ConnectorKind, TargetKind, WantedReason } from '../../../src/lib/domain/words';
import type { AppContext } from '../../../src/lib/server/app-context';
import { findConnector, type ConnectorRow } from '../../../src/lib/server/db/queries/connectors';
import { itemsById, readItemFacts } from '../../../src/lib/server/db/queries/plan-items';
import { oneSeason, readSeasonFacts } from '../../../src/lib/server/db/queries/plan-seasons';
import { findDispatch, type DispatchRow } from '../../../src/lib/server/db/queries/dispatches';
import { episodes, movies, searchRegistry, seasons, series, wanted } from '../../../src/lib/server/db/schema';
import { dispatchWith, type DispatchRound } from '../../../src/lib/server/services/queue/dispatcher-round';
import { readConnectorFacts, type ConnectorFacts } from '../../../src/lib/server/services/queue/facts';
import { giveBirth, queueTargets } from '../../../src/lib/server/services/queue/states';
import { watchRound } from '../../../src/lib/server/services/queue/watch';
import {
	startFakes,
	type FakeInstance,
	type Fakes,
	type InstanceOptions,
	type Kind,
} from '../../fakes/arr/control';
import { addConnector } from '../../setup/connect';
import { createTestContext, type TestContext } from '../../setup/context';
import { seedMirror } from './seed';

export interface World {
	ctx: AppContext;
	clock: TestContext['clock'];
	fakes: Fakes;
}

const alive: FakeInstance[] = [];

/** Removes the instances made so far: each one that lives makes every step of the clock dearer. */
export async function removeSites(): Promise<void> {
	for (const fake of alive.splice(0)) await fake.remove();
}

/** One context and one fake process for a test file. */
export async function createWorld(
	fakes: Fakes,
): Promise<World & { close: () => Promise<void>; url: string }> {
	const start = await fakes.clock.now();
	const context = await createTestContext({
		start,
		beforeFire: async (t) => {
			await fakes.clock.set(t);
		},
	});
	return { ctx: context.ctx, clock: context.clock, fakes, url: context.url, close: () => context.close() };
}

/** The world of a test file, with a process of fakes of its own; it is there once the file's tests run. */
export function worldOfFile(): World {
	const world = {} as World;
	let end: () => Promise<void>;
	beforeAll(async () => {
		const fakes = await startFakes();
		const made = await createWorld(fakes);
		Object.assign(world, made);
		end = async () => {
			await made.close();
			await fakes.stop();
		};
	});
	afterAll(() => end());
	return world;
}

export interface Item {
	kind: 'episode' | 'movie';
	id: number;
	arrId: number;
	seriesId: number | null;
	seriesArrId: number | null;
	season: number | null;
}

/** One instance with its connector. */
export class Site {
	private made = 0;
	constructor(
		readonly world: World,
		readonly fake: FakeInstance,
		readonly connector: ConnectorRow,
	) {}

	get ctx(): AppContext {
		return this.world.ctx;
	}

	/** Puts a search into the line and sends it in one round. */
	async send(
		target: { kind: TargetKind; item: Item },
		options: { byUser?: boolean } = {},
	): Promise<DispatchRound> {
		// Long enough for every spacing, and out of step with the application's own jobs.
		await this.world.clock.advance(10 * 60_000 + 13_000 - (this.world.clock.now() % 60_000));
		const registryId = await this.queue(target, options);
		return await dispatchWith(this.ctx, this.connector.id, async () => ({ open: true, registryId }));
	}

	async queue(target: { kind: TargetKind; item: Item }, options: { byUser?: boolean } = {}): Promise<number> {
		const { kind, item } = target;
		const at = this.world.clock.date();
		const ref = await this.refOf(kind, item);
		return await this.ctx.db.transaction(async (tx) => {
			const [row] = await giveBirth(tx, [{ connectorId: this.connector.id, kind, ...ref }], at);
			if (row === undefined) throw new Error('no target');
			await queueTargets(
				tx,
				[
					{
						connectorId: this.connector.id,
						registryId: row.id,
						targetKind: kind,
						seriesId: item.seriesId,
						reason: 'gap',
						score: 1,
						cost: ref.cost,
						pinned: options.byUser ?? false,
					},
				],
				{ at },
			);
			return row.id;
		});
	}

	private async refOf(kind: TargetKind, item: Item): Promise<{ key: string; rowId: number; cost: number }> {
		if (item.kind === 'movie') {
			const [row] = await this.ctx.db.select().from(movies).where(eq(movies.id, item.id));
			return { key: movieKey(row?.naturalKey ?? ''), rowId: item.id, cost: await this.costOf(item) };
		}
		const [row] = await this.ctx.db
			.select()
			.from(episodes)
			.innerJoin(series, eq(series.id, episodes.seriesId))
			.innerJoin(seasons, and(eq(seasons.seriesId, series.id), eq(seasons.number, episodes.seasonNumber)))
			.where(eq(episodes.id, item.id));
		if (row === undefined) throw new Error('no such episode');
		if (kind === 'episode') {
			const key = episodeKey(row.series.tvdbId, row.episodes.naturalKey);
			return { key, rowId: item.id, cost: await this.costOf(item) };
		}
		const key = seasonKey(row.series.tvdbId, row.seasons.number);
		return { key, rowId: row.seasons.id, cost: await this.costOfSeason(row.series.id, row.seasons.number) };
	}

	/** As the planner reckons it. */
	private async costOf(item: Item): Promise<number> {
		const { rules } = await this.facts();
		const [facts] = await readItemFacts(this.ctx.db, itemsById(rules, [item.id]));
		if (facts === undefined) throw new Error('the mirror does not have it');
		return facts.cost;
	}

	private async costOfSeason(seriesId: number, number: number): Promise<number> {
		const { rules, seasons: context } = await this.facts();
		const [season] = await readSeasonFacts(this.ctx.db, rules, oneSeason(seriesId, number));
		if (season === undefined) throw new Error('nothing of the season is wanted');
		return decideSeason(season, context).cost;
	}

	private async facts(): Promise<ConnectorFacts> {
		const facts = await readConnectorFacts(this.ctx, this.ctx.db, this.connector.id);
		if (facts === null) throw new Error('no such connector');
		return facts;
	}

	/** Watches until the dispatch is concluded; fails after `withinMs` of virtual time. */
	async conclude(id: string | null, withinMs = 10 * 60_000): Promise<DispatchRow> {
		const until = this.world.clock.now() + withinMs;
		for (;;) {
			const { nextAt } = await watchRound(this.ctx, this.connector.id);
			const row = await this.dispatch(id);
			if (row.state === 'concluded') return row;
			if (nextAt === null) throw new Error(`nobody watches dispatch ${String(id)} (${row.state})`);
			if (nextAt.getTime() > until) throw new Error(`dispatch ${String(id)} is still ${row.state}`);
			await this.world.clock.advanceTo(Math.max(nextAt.getTime(), this.world.clock.now() + 1));
		}
	}

	async dispatch(id: string | null): Promise<DispatchRow> {
		const row = id === null ? null : await findDispatch(this.ctx.db, id);
		if (row === null) throw new Error(`no dispatch ${String(id)}`);
		return row;
	}

	/** Sends and waits for the outcome. */
	async search(target: { kind: TargetKind; item: Item }): Promise<DispatchRow> {
		const round = await this.send(target);
		if (round.did !== 'sent') throw new Error(`not sent: ${round.did} (${String(round.reason)})`);
		return await this.conclude(round.dispatchId);
	}

	/** What the registry remembers of an item or of its season. */
	async memory(item: Item, kind: TargetKind = item.kind): Promise<typeof searchRegistry.$inferSelect> {
		const column = kind === 'movie' ? searchRegistry.movieId : searchRegistry.episodeId;
		const [row] =
			kind === 'season'
				? await this.ctx.db
						.select()
						.from(searchRegistry)
						.where(
							and(eq(searchRegistry.connectorId, this.connector.id), eq(searchRegistry.targetKind, 'season')),
						)
				: await this.ctx.db.select().from(searchRegistry).where(eq(column, item.id));
		if (row === undefined) throw new Error('nothing is remembered of it');
		return row;
	}

	/** Searches that the first indexer counted. */
	async counted(): Promise<number> {
		const reports = await this.fake.indexerSearches();
		return Math.max(0, ...reports.map((report) => report.units));
	}

	/** The next wanted item that no test has taken yet; by the fake's reckoning, and marked as wanted here. */
	async next(which: (item: Item) => boolean = () => true): Promise<Item> {
		const all = (await this.wantedItems()).filter(which);
		const item = all[this.made];
		if (item === undefined) throw new Error(`the fake has no ${String(this.made + 1)} wanted items`);
		this.made += 1;
		return item;
	}

	async wantedItems(reason: WantedReason = 'gap'): Promise<Item[]> {
		const truth = await this.fake.truth({ graceMs: 0 });
		const found = truth.items.filter((item) => (reason === 'gap' ? item.gap : item.qualityUpgrade));
		const items: Item[] = [];
		for (const one of found) items.push(await this.itemOf(one.kind, one.arrId));
		return items;
	}

	async itemOf(kind: 'episode' | 'movie', arrId: number): Promise<Item> {
		if (kind === 'movie') {
			const [row] = await this.ctx.db
				.select()
				.from(movies)
				.where(and(eq(movies.connectorId, this.connector.id), eq(movies.arrId, arrId)));
			if (row === undefined) throw new Error(`movie ${String(arrId)} is not mirrored`);
			return { kind, id: row.id, arrId, seriesId: null, seriesArrId: null, season: null };
		}
		const [row] = await this.ctx.db
			.select()
			.from(episodes)
			.innerJoin(series, eq(series.id, episodes.seriesId))
			.where(and(eq(episodes.connectorId, this.connector.id), eq(episodes.arrId, arrId)));
		if (row === undefined) throw new Error(`episode ${String(arrId)} is not mirrored`);
		return {
			kind,
			id: row.episodes.id,
			arrId,
			seriesId: row.series.id,
			seriesArrId: row.series.arrId,
			season: row.episodes.seasonNumber,
		};
	}

	/** What the discovery would have found. */
	async markWanted(items: readonly Item[], reason: WantedReason = 'gap'): Promise<void> {
		const since = this.world.clock.date();
		for (const item of items) {
			await this.ctx.db
				.insert(wanted)
				.values({
					connectorId: this.connector.id,
					episodeId: item.kind === 'episode' ? item.id : null,
					movieId: item.kind === 'movie' ? item.id : null,
					seriesId: item.seriesId,
					seasonNumber: item.season,
					reason,
					availableAt: new Date(since.getTime() - 100 * 86_400_000),
					since,
				})
				.onConflictDoNothing();
		}
	}
}

export const refOf = (item: Item) =>
	item.kind === 'movie' ? { movieId: item.arrId } : { episodeId: item.arrId };

const appOf = (kind: Kind): ConnectorKind =>
	kind.startsWith('sonarr') ? 'sonarr' : kind.startsWith('radarr') ? 'radarr' : 'whisparr';

/** A new instance with its connector, synced. */
export async function createSite(
	world: World,
	kind: Kind,
	options: Omit<InstanceOptions, 'kind'> = {},
	settings: ConnectorSettings = { ...defaultConnectorSettings(), throttle: 'aggressive' },
): Promise<Site> {
	const library = {
		preset: 'large' as const,
		series: 3,
		episodesPerSeries: 24,
		movies: 30,
		scenes: 30,
		filesShare: 0.4,
	};
	// The application's own jobs run in step with its start, and searches are sent out of step with whole minutes.
	await world.clock.advance((60_000 - (world.clock.now() % 60_000)) % 60_000);
	const fake = await world.fakes.create({ kind, library, seed: 7, ...options });
	const connector = await addConnector(world.ctx, {
		kind: appOf(kind),
		url: fake.url,
		apiKey: fake.apiKey,
		settings,
	});
	alive.push(fake);
	await world.ctx.locks.hold(connector.id);
	await seedMirror(world.ctx, connector.id);
	return new Site(world, fake, (await findConnector(world.ctx.db, connector.id)) ?? connector);
}
