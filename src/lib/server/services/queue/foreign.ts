/**
 * Search commands that are not ours. Whoever looks at the arr's command list hands it to `noteCommands`, so that the
 * budget counts what others cause and the evidence of our own searches knows of theirs.
 */
import type { AppContext } from '../../app-context';
import type { CommandRecord } from '../../connectors/common/types';
import type { ConnectorRow } from '../../db/queries/connectors';
import { knownDispatchIds } from '../../db/queries/dispatches';
import {
	foreignSince,
	foreignUnderWay,
	knownForeign,
	putForeign,
	type ForeignRow,
} from '../../db/queries/foreign-commands';
import { foreignCost } from './foreign-cost';

const SEARCHES = new Set([
	'episodesearch',
	'seasonsearch',
	'seriessearch',
	'missingepisodesearch',
	'cutoffunmetepisodesearch',
	'moviessearch',
	'missingmoviessearch',
	'cutoffunmetmoviessearch',
	'studiossearch',
	'performerssearch',
]);

export const isSearch = (command: Pick<CommandRecord, 'name'>): boolean =>
	SEARCHES.has(command.name.toLowerCase());

/** Our dispatch id in a command's user agent, if it carries one of any Comradarr's. */
export function dispatchIdOf(command: Pick<CommandRecord, 'clientUserAgent'>): string | null {
	return /^Comradarr\/\S+ \(([0-9a-f-]{36})\)$/.exec(command.clientUserAgent ?? '')?.[1] ?? null;
}

/** Search commands in the list that no dispatch of ours has sent. */
export async function foreignOf(
	ctx: AppContext,
	connectorId: number,
	commands: readonly CommandRecord[],
): Promise<CommandRecord[]> {
	const searches = commands.filter(isSearch);
	const ids = searches.flatMap((command) => dispatchIdOf(command) ?? []);
	const ours = await knownDispatchIds(ctx.db, connectorId, ids);
	return searches.filter((command) => !ours.has(dispatchIdOf(command) ?? ''));
}

/** Writes down foreign search commands, new and known; gives back those in the list. */
export async function noteCommands(
	ctx: AppContext,
	connector: ConnectorRow,
	commands: readonly CommandRecord[],
): Promise<CommandRecord[]> {
	const foreign = await foreignOf(ctx, connector.id, commands);
	const known = await knownForeign(
		ctx.db,
		connector.id,
		foreign.map((command) => command.id),
	);
	const rows = foreign.map((command) => rowOf(ctx, connector, command, known.get(command.id)));
	await putForeign(ctx.db, await Promise.all(rows));
	await noteVanished(ctx, connector, commands);
	return foreign;
}

/** `cost`: as it was reckoned when the command was first seen. */
async function rowOf(
	ctx: AppContext,
	connector: ConnectorRow,
	command: CommandRecord,
	cost: number | undefined,
): Promise<ForeignRow> {
	return {
		connectorId: connector.id,
		commandId: command.id,
		name: command.name,
		clientUserAgent: command.clientUserAgent,
		trigger: command.trigger,
		episodeArrIds: command.body.episodeIds,
		movieArrIds: command.body.movieIds,
		seriesArrId: command.body.seriesId,
		seasonNumber: command.body.seasonNumber,
		cost: cost ?? (await foreignCost(ctx.db, connector.id, command, ctx.clock.date())),
		status: command.status,
		queuedAt: command.queued,
		startedAt: command.started,
		endedAt: command.ended,
		firstSeenAt: ctx.clock.date(),
	};
}

/**
 * What was under way and left the list ended in between: nobody waits for it any longer. Its end is not known, only
 * that it was before the newest moment that the list tells of.
 */
async function noteVanished(
	ctx: AppContext,
	connector: ConnectorRow,
	commands: readonly CommandRecord[],
): Promise<void> {
	const listed = new Set(commands.map((command) => command.id));
	const newest = newestMoment(commands);
	const gone = (await foreignUnderWay(ctx.db, connector.id)).filter((row) => !listed.has(row.commandId));
	await putForeign(
		ctx.db,
		gone.map((row) => ({ ...row, status: 'unknown', endedAt: row.endedAt ?? later(row.startedAt, newest) })),
	);
}

/** The newest time in the list, by the arr's own clock. */
function newestMoment(commands: readonly CommandRecord[]): Date | null {
	const times = commands.flatMap(({ queued, started, ended }) => [queued, started, ended]);
	return times.reduce(later, null);
}

const later = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b > a) ? b : a);

/** What a dispatch covers, by the arr's ids. */
export interface Covered {
	itemArrIds: readonly number[];
	shape: 'series' | 'movies';
	seriesArrId: number | null;
	seasonNumber: number | null;
}

/** Foreign searches that cover one of the items, seen since `since` (our clock). */
export async function foreignCovering(
	ctx: AppContext,
	connectorId: number,
	covered: Covered,
	since: Date,
): Promise<ForeignRow[]> {
	const rows = await foreignSince(ctx.db, connectorId, since);
	return rows.filter((row) => covers(row, covered));
}

/** True if this search may have asked for one of the items; searches of everything cover everything. */
export function covers(row: Omit<ForeignRow, 'cost'>, covered: Covered): boolean {
	const ids = covered.shape === 'series' ? row.episodeArrIds : row.movieArrIds;
	if (ids.some((id) => covered.itemArrIds.includes(id))) return true;
	switch (row.name.toLowerCase()) {
		case 'episodesearch':
		case 'moviessearch':
			return false;
		case 'seasonsearch':
			return row.seriesArrId === covered.seriesArrId && row.seasonNumber === covered.seasonNumber;
		case 'seriessearch':
			return row.seriesArrId === covered.seriesArrId;
		default:
			return row.seriesArrId === null || row.seriesArrId === covered.seriesArrId;
	}
}
