// The whole product at work against one instance of each kind, in virtual time: for stories that take hours.
import { and, asc, eq, ne } from 'drizzle-orm';
import { findGates } from '../../../src/lib/server/db/queries/connector-gates';
import type { DispatchRow } from '../../../src/lib/server/db/queries/dispatches';
import { dispatches, episodes, movies, searchRegistry } from '../../../src/lib/server/db/schema';
import { explain } from '../../../src/lib/server/services/queue/explain';
import type { GateFact } from '../../../src/lib/domain/explanation';
import type { ConnectorSettingsInput } from '../../../src/lib/domain/settings';
import type { ConnectorKind } from '../../../src/lib/domain/words';
import type { FakeInstance, InstanceOptions, ItemRef, Kind, ReceivedCommand } from '../../fakes/arr/control';
import { MINUTE, type SimulatedWorld, type Site } from './running-world';

export { HOUR, MINUTE, SimulatedWorld, type Site } from './running-world';
export { KINDS } from './kinds';

const appOf = (kind: Kind): ConnectorKind =>
	kind.startsWith('sonarr') ? 'sonarr' : kind.startsWith('radarr') ? 'radarr' : 'whisparr';

/** One search after the other, each of one item. */
const SETTINGS: ConnectorSettingsInput = { throttle: 'aggressive', seasonSearch: { enabled: false } };

/** Adds an active connector to a new instance of this kind, with some ten gaps. */
export const addRunning = (
	world: SimulatedWorld,
	kind: Kind,
	options: Omit<InstanceOptions, 'kind'> = {},
): Promise<Site> =>
	world.add(
		appOf(kind),
		{
			kind,
			library: {
				preset: 'large',
				series: 2,
				episodesPerSeries: 8,
				movies: 14,
				scenes: 14,
				filesShare: 0.3,
			},
			...options,
		},
		{ mode: 'active', settings: SETTINGS },
	);

export const isMovies = (fake: FakeInstance): boolean =>
	fake.kind.startsWith('radarr') || fake.kind === 'whisparr3';

export const refOf = (fake: FakeInstance, arrId: number): Exclude<ItemRef, '*' | { seriesId: number }> =>
	isMovies(fake) ? { movieId: arrId } : { episodeId: arrId };

/** Our search commands that the application received, oldest first, each with the item it is for. */
export async function sent(site: Site): Promise<{ at: number; arrId: number }[]> {
	return (await site.fake.commandsReceived()).filter(isOurs).map(({ at, body }) => {
		const { episodeIds, movieIds } = body as { episodeIds?: number[]; movieIds?: number[] };
		return { at, arrId: episodeIds?.[0] ?? movieIds?.[0] ?? 0 };
	});
}

const isOurs = (command: ReceivedCommand): boolean =>
	command.allowed !== null && Object.values(command.headers).some((value) => value.startsWith('Comradarr/'));

/** The dispatches of a connector that were sent, oldest first. */
export const sentDispatches = (world: SimulatedWorld, site: Site): Promise<DispatchRow[]> =>
	world.ctx.db
		.select()
		.from(dispatches)
		.where(and(eq(dispatches.connectorId, site.connector.id), ne(dispatches.commandId, 0)))
		.orderBy(asc(dispatches.claimedAt));

/** Our row of an item by the application's id. */
export async function rowId(world: SimulatedWorld, site: Site, arrId: number): Promise<number> {
	const table = isMovies(site.fake) ? movies : episodes;
	const [row] = await world.ctx.db
		.select({ id: table.id })
		.from(table)
		.where(and(eq(table.connectorId, site.connector.id), eq(table.arrId, arrId)));
	if (row === undefined) throw new Error(`${site.connector.name} has no ${String(arrId)} in the mirror`);
	return row.id;
}

/** What is remembered of an item. */
export async function memoryOf(world: SimulatedWorld, site: Site, arrId: number) {
	const column = isMovies(site.fake) ? searchRegistry.movieId : searchRegistry.episodeId;
	const [row] = await world.ctx.db
		.select()
		.from(searchRegistry)
		.where(eq(column, await rowId(world, site, arrId)));
	return row ?? null;
}

/** One gate of an item as the user would be told of it. */
export async function gateOf(
	world: SimulatedWorld,
	site: Site,
	arrId: number,
	gate: GateFact['gate'],
): Promise<GateFact> {
	const kind = isMovies(site.fake) ? 'movie' : 'episode';
	const told = await explain(world.ctx, { kind, id: await rowId(world, site, arrId) });
	const fact = told?.gates.find((one) => one.gate === gate);
	if (fact === undefined) throw new Error(`no gate ${gate}`);
	return fact;
}

/** Gates of the connector that are closed. */
export const closedGates = async (world: SimulatedWorld, site: Site): Promise<string[]> =>
	(await findGates(world.ctx.db, site.connector.id)).map((row) => row.gate).sort();

/** Lets time pass until `done` was true once for every site; `then` is called at that moment. */
export async function untilEach(
	world: SimulatedWorld,
	sites: readonly Site[],
	done: (site: Site) => Promise<boolean>,
	{
		then,
		pieceMs = 2_000,
		withinMs = 30 * MINUTE,
	}: {
		then?: (site: Site) => Promise<void>;
		pieceMs?: number;
		withinMs?: number;
	} = {},
): Promise<void> {
	const waiting = new Set(sites);
	const end = world.clock.now() + withinMs;
	while (waiting.size > 0) {
		if (world.clock.now() >= end) {
			const names = [...waiting].map((site) => site.connector.name).join(', ');
			throw new Error(`waited in vain for ${names}`);
		}
		await world.clock.advance(pieceMs);
		for (const site of waiting) {
			if (!(await done(site))) continue;
			await then?.(site);
			waiting.delete(site);
		}
	}
}
