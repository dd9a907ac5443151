// Random libraries in random states, repeatable by their seed.
import { eq } from 'drizzle-orm';
import { MOVES } from '../../../src/lib/domain/moves';
import { SEARCH_STATES, WANTED_REASONS, type SearchState } from '../../../src/lib/domain/words';
import type { AppContext } from '../../../src/lib/server/app-context';
import { arrQueue, requestQueue, searchRegistry, targetRules } from '../../../src/lib/server/db/schema';
import { addEpisode, addMovie, addSeries, DAY, HOUR, register, type WorldItem } from './world';

export interface Dice {
	/** 0 to 1. */
	roll(): number;
	/** 0 to `below` − 1. */
	upTo(below: number): number;
	chance(of: number): boolean;
	pick<T>(from: readonly T[]): T;
}

/** Small repeatable random source. */
export function dice(seed: number): Dice {
	let state = seed >>> 0;
	const roll = (): number => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
	const upTo = (below: number): number => Math.floor(roll() * below);
	return {
		roll,
		upTo,
		chance: (of) => roll() < of,
		pick: <T>(from: readonly T[]): T => {
			const one = from[upTo(from.length)];
			if (one === undefined) throw new Error('nothing to pick from');
			return one;
		},
	};
}

/** `count` items of one connector, wanted or not, each in a state of its own. */
export async function randomItems(
	ctx: AppContext,
	connectorId: number,
	kind: 'episode' | 'movie',
	options: { count: number; random: Dice },
): Promise<WorldItem[]> {
	const items: WorldItem[] = [];
	while (items.length < options.count) {
		const some =
			kind === 'movie'
				? [await randomMovie(ctx, connectorId, options.random)]
				: await randomShow(ctx, connectorId, options.random);
		items.push(...some.slice(0, options.count - items.length));
	}
	for (const item of items) await randomState(ctx, item, options.random);
	return items;
}

async function randomShow(ctx: AppContext, connectorId: number, random: Dice): Promise<WorldItem[]> {
	const show = await addSeries(ctx, connectorId, {
		seriesType: random.pick(['standard', 'standard', 'standard', 'anime', 'daily']),
		status: random.pick(['continuing', 'ended']),
		monitored: random.chance(0.9),
		tags: random.chance(0.15) ? [9] : [],
	});
	if (random.chance(0.05)) await exclude(ctx, connectorId, 'series', `series:${show.tvdbId}`);
	const items: WorldItem[] = [];
	for (let season = random.chance(0.2) ? 0 : 1; season <= 2; season += 1) {
		const wantedShare = random.pick([0, 0.3, 1]);
		for (let episode = 0; episode < 1 + random.upTo(6); episode += 1) {
			const aired = new Date(ctx.clock.now() - (random.chance(0.9) ? random.upTo(900) + 1 : -5) * DAY);
			const item = await addEpisode(ctx, show, {
				seasonNumber: season,
				airDateUtc: random.chance(0.03) ? null : aired,
				monitored: random.chance(0.95),
				presence: random.chance(0.97) ? 'present' : 'unconfirmed',
				reason: random.chance(wantedShare) ? random.pick(WANTED_REASONS) : null,
				since: new Date(ctx.clock.now() - random.upTo(60) * DAY),
				lastSearchTime: random.chance(0.3) ? new Date(ctx.clock.now() - random.upTo(90) * DAY) : null,
			});
			items.push(item);
		}
	}
	return items;
}

async function randomMovie(ctx: AppContext, connectorId: number, random: Dice): Promise<WorldItem> {
	return await addMovie(ctx, connectorId, {
		monitored: random.chance(0.9),
		isAvailable: random.chance(0.9),
		tags: random.chance(0.2) ? [9] : [],
		presence: random.chance(0.95) ? 'present' : 'unconfirmed',
		reason: random.chance(0.7) ? random.pick(WANTED_REASONS) : null,
		since: new Date(ctx.clock.now() - random.upTo(60) * DAY),
	});
}

/** A registry state reached by legal moves, with a rest that may be over or not. */
async function randomState(ctx: AppContext, item: WorldItem, random: Dice): Promise<void> {
	if (random.chance(0.05)) await exclude(ctx, item.connectorId, 'item', item.key);
	if (random.chance(0.05)) await download(ctx, item);
	if (random.chance(0.55)) return;
	const row = await register(ctx, item);
	const state = random.pick(SEARCH_STATES);
	for (const step of pathTo(state)) {
		await ctx.db.update(searchRegistry).set({ state: step }).where(eq(searchRegistry.id, row.id));
	}
	const shift = (random.roll() - 0.5) * 20 * DAY;
	const attempted = random.chance(0.6) ? new Date(ctx.clock.now() - random.upTo(50) * HOUR - 100_000) : null;
	await ctx.db
		.update(searchRegistry)
		.set({
			attempts: random.upTo(6),
			nextEligibleAt: random.chance(0.6) ? new Date(ctx.clock.now() + shift) : null,
			lastAttemptAt: attempted,
			exhaustedBy: state === 'exhausted' ? random.pick(['rule', 'user'] as const) : null,
			restReason: state === 'grabbed' && random.chance(0.3) ? 'parked' : null,
			countedFor: random.chance(0.3) ? random.pick(WANTED_REASONS) : null,
		})
		.where(eq(searchRegistry.id, row.id));
	if (state !== 'queued') return;
	await ctx.db.insert(requestQueue).values({
		connectorId: item.connectorId,
		registryId: row.id,
		targetKind: item.kind,
		reason: random.pick(WANTED_REASONS),
		score: random.upTo(900),
		cost: 1,
		queuedAt: ctx.clock.date(),
	});
}

function pathTo(state: SearchState): SearchState[] {
	const paths: Partial<Record<SearchState, SearchState[]>> = {
		pending: [],
		queued: ['queued'],
		searching: ['queued', 'searching'],
		exhausted: ['exhausted'],
		done: ['queued', 'searching', 'grabbed', 'done'],
	};
	const path = paths[state] ?? ['queued', 'searching', state];
	if (path.some((step, at) => at > 0 && !MOVES[path[at - 1] ?? 'pending'].includes(step)))
		throw new Error('no path');
	return path;
}

const exclude = (ctx: AppContext, connectorId: number, scope: 'item' | 'series', targetKey: string) =>
	ctx.db.insert(targetRules).values({ connectorId, scope, targetKey, excluded: true }).onConflictDoNothing();

let rows = 0;
async function download(ctx: AppContext, item: WorldItem): Promise<void> {
	rows += 1;
	await ctx.db.insert(arrQueue).values({
		connectorId: item.connectorId,
		arrId: rows,
		episodeId: item.kind === 'episode' ? item.id : null,
		movieId: item.kind === 'movie' ? item.id : null,
		title: 'a release',
		status: 'downloading',
		statusMessages: [],
		size: 1,
		sizeLeft: 1,
		firstSeenAt: ctx.clock.date(),
		lastSeenAt: ctx.clock.date(),
	});
}
