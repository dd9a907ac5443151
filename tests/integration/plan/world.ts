// A small library written straight into the mirror: what a test of the plan reckons with.
import { eq } from 'drizzle-orm';
import { defaultConnectorSettings, type ConnectorSettings } from '../../../src/lib/domain/settings';
import { episodeKey, seasonKey } from '../../../src/lib/domain/target-keys';
import type { ConnectorKind, Mode, WantedReason } from '../../../src/lib/domain/words';
import type { AppContext } from '../../../src/lib/server/app-context';
import {
	connectorReadings,
	connectors,
	episodes,
	movies,
	searchRegistry,
	seasons,
	series,
	wanted,
} from '../../../src/lib/server/db/schema';
import { giveBirth, type RegistryRow } from '../../../src/lib/server/services/queue/states';

export const DAY = 86_400_000;
export const HOUR = 3_600_000;
export const MINUTE = 60_000;

let numbers = 1000;
const next = (): number => (numbers += 1);

export const ago = (ctx: AppContext, ms: number): Date => new Date(ctx.clock.now() - ms);

export interface WorldConnector {
	id: number;
	name: string;
}

/** A connector that could search now, unless told otherwise. */
export async function addConnector(
	ctx: AppContext,
	options: { kind?: ConnectorKind; mode?: Mode; settings?: Partial<ConnectorSettings> } = {},
): Promise<WorldConnector> {
	const kind = options.kind ?? 'sonarr';
	const name = `${kind} ${next()}`;
	const [row] = await ctx.db
		.insert(connectors)
		.values({
			kind,
			name,
			url: 'http://arr.test',
			mode: options.mode ?? 'active',
			settings: { ...defaultConnectorSettings(), ...options.settings },
			shape: kind === 'radarr' ? 'movies' : 'series',
			health: 'healthy',
			mirrorComplete: true,
			updatedAt: ctx.clock.date(),
		})
		.returning();
	if (row === undefined) throw new Error('no connector');
	await readAll(ctx, row.id);
	return { id: row.id, name };
}

/** Every reading that gates rest on, made now: one indexer for all, one client, no complaint. */
export async function readAll(
	ctx: AppContext,
	connectorId: number,
	by: Record<string, object> = {},
): Promise<void> {
	const readings: Record<string, object> = {
		health: [],
		indexers: [
			{
				arrId: 1,
				name: 'One',
				automaticSearch: true,
				rss: true,
				tags: [],
				protocol: 'torrent',
				priority: 25,
			},
		],
		downloadClients: [{ arrId: 1, name: 'Client', enabled: true }],
		queue: { count: 0 },
		...by,
	};
	for (const [name, value] of Object.entries(readings)) {
		const row = { connectorId, name, value, readAt: ctx.clock.date() };
		await ctx.db
			.insert(connectorReadings)
			.values(row)
			.onConflictDoUpdate({
				target: [connectorReadings.connectorId, connectorReadings.name],
				set: { value, readAt: row.readAt },
			});
	}
}

export interface WorldSeries {
	id: number;
	tvdbId: number;
	connectorId: number;
}

export async function addSeries(
	ctx: AppContext,
	connectorId: number,
	by: Partial<typeof series.$inferInsert> = {},
): Promise<WorldSeries> {
	const number = next();
	const [row] = await ctx.db
		.insert(series)
		.values({
			connectorId,
			arrId: number,
			tvdbId: number,
			title: `Series ${number}`,
			sortTitle: `series ${number}`,
			titleSlug: `series-${number}`,
			status: 'continuing',
			monitored: true,
			seriesType: 'standard',
			qualityProfileArrId: 1,
			rootFolder: '/tv',
			tags: [],
			runtime: 30,
			year: 2020,
			...by,
		})
		.returning();
	if (row === undefined) throw new Error('no series');
	return { id: row.id, tvdbId: row.tvdbId, connectorId };
}

export interface WorldItem {
	kind: 'episode' | 'movie';
	id: number;
	connectorId: number;
	key: string;
}

/** An episode that aired long ago, wanted as a gap unless told otherwise; its season is made with it. */
export async function addEpisode(
	ctx: AppContext,
	of: WorldSeries,
	by: Partial<typeof episodes.$inferInsert> & {
		reason?: WantedReason | null;
		availableAt?: Date;
		since?: Date;
	} = {},
): Promise<WorldItem> {
	const { reason = 'gap', availableAt, since, ...columns } = by;
	const number = next();
	const seasonNumber = columns.seasonNumber ?? 1;
	const airs = columns.airDateUtc === undefined ? ago(ctx, 200 * DAY) : columns.airDateUtc;
	await ctx.db
		.insert(seasons)
		.values({ connectorId: of.connectorId, seriesId: of.id, number: seasonNumber, monitored: true })
		.onConflictDoNothing();
	const [row] = await ctx.db
		.insert(episodes)
		.values({
			connectorId: of.connectorId,
			seriesId: of.id,
			arrId: number,
			naturalKey: `${seasonNumber}x${number}`,
			seasonNumber,
			episodeNumber: number,
			title: `Episode ${number}`,
			runtime: 0,
			monitored: true,
			fileArrId: reason === 'gap' || reason === null ? 0 : number,
			...columns,
			airDateUtc: airs,
		})
		.returning();
	if (row === undefined) throw new Error('no episode');
	if (reason !== null) {
		await ctx.db.insert(wanted).values({
			connectorId: of.connectorId,
			episodeId: row.id,
			seriesId: of.id,
			seasonNumber,
			reason,
			availableAt: availableAt ?? airs,
			since: since ?? ago(ctx, DAY),
		});
	}
	return {
		kind: 'episode',
		id: row.id,
		connectorId: of.connectorId,
		key: episodeKey(of.tvdbId, row.naturalKey),
	};
}

/** A movie that is out, wanted as a gap unless told otherwise. */
export async function addMovie(
	ctx: AppContext,
	connectorId: number,
	by: Partial<typeof movies.$inferInsert> & { reason?: WantedReason | null; since?: Date } = {},
): Promise<WorldItem> {
	const { reason = 'gap', since, ...columns } = by;
	const number = next();
	const [row] = await ctx.db
		.insert(movies)
		.values({
			connectorId,
			arrId: number,
			naturalKey: `tmdb:${number}`,
			tmdbId: number,
			itemType: 'movie',
			title: `Movie ${number}`,
			sortTitle: `movie ${number}`,
			titleSlug: `movie-${number}`,
			year: 2020,
			status: 'released',
			monitored: true,
			isAvailable: true,
			qualityProfileArrId: 1,
			rootFolder: '/movies',
			tags: [],
			runtime: 90,
			fileArrId: reason === 'gap' || reason === null ? 0 : number,
			...columns,
		})
		.returning();
	if (row === undefined) throw new Error('no movie');
	if (reason !== null) {
		await ctx.db.insert(wanted).values({
			connectorId,
			movieId: row.id,
			reason,
			availableAt: ago(ctx, 300 * DAY),
			since: since ?? ago(ctx, DAY),
		});
	}
	return { kind: 'movie', id: row.id, connectorId, key: row.naturalKey };
}

/** The item's registry row, born now. */
export async function register(ctx: AppContext, item: WorldItem): Promise<RegistryRow> {
	const target = { connectorId: item.connectorId, kind: item.kind, key: item.key, rowId: item.id };
	const [row] = await giveBirth(ctx.db, [target], ctx.clock.date());
	if (row === undefined) throw new Error('no registry row');
	return row;
}

/** The registry row of a season, born now. */
export async function registerSeason(ctx: AppContext, of: WorldSeries, number: number): Promise<RegistryRow> {
	const rows = await ctx.db.select().from(seasons).where(eq(seasons.seriesId, of.id));
	const season = rows.find((row) => row.number === number);
	if (season === undefined) throw new Error('no such season');
	const target = {
		connectorId: of.connectorId,
		kind: 'season' as const,
		key: seasonKey(of.tvdbId, number),
		rowId: season.id,
	};
	const [row] = await giveBirth(ctx.db, [target], ctx.clock.date());
	if (row === undefined) throw new Error('no registry row');
	return row;
}

export async function readRegistry(ctx: AppContext, id: number): Promise<RegistryRow> {
	const [row] = await ctx.db.select().from(searchRegistry).where(eq(searchRegistry.id, id));
	if (row === undefined) throw new Error('no registry row');
	return row;
}
