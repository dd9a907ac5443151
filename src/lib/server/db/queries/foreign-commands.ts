/** Search commands that are not ours: they count against the budget, share evidence, and explain late grabs. */
import { and, eq, inArray, notInArray, sql, type SQL } from 'drizzle-orm';
import type { DbOrTx } from '../client';
import { allOf, rowsOf } from '../rows';
import { episodes, foreignCommands, seasons, series, wanted } from '../schema';
import { airYears } from './plan-seasons';

export type ForeignRow = typeof foreignCommands.$inferSelect;

/** Writes what was seen now; cost and first sight stay as they were. */
export async function putForeign(tx: DbOrTx, rows: readonly ForeignRow[]): Promise<number[]> {
	if (rows.length === 0) return [];
	const written = await tx
		.insert(foreignCommands)
		.values([...rows])
		.onConflictDoUpdate({
			target: [foreignCommands.connectorId, foreignCommands.commandId],
			set: {
				status: sql`excluded.status`,
				startedAt: sql`coalesce(excluded.started_at, ${foreignCommands.startedAt})`,
				endedAt: sql`coalesce(excluded.ended_at, ${foreignCommands.endedAt})`,
			},
		})
		.returning({ id: foreignCommands.commandId, isNew: sql<boolean>`(xmax = 0)` });
	return written.filter((row) => row.isNew).map((row) => row.id);
}

/** Which of these commands are written down, and what they cost. */
export async function knownForeign(
	db: DbOrTx,
	connectorId: number,
	commandIds: readonly number[],
): Promise<Map<number, number>> {
	if (commandIds.length === 0) return new Map();
	const rows = await db
		.select({ id: foreignCommands.commandId, cost: foreignCommands.cost })
		.from(foreignCommands)
		.where(
			and(eq(foreignCommands.connectorId, connectorId), inArray(foreignCommands.commandId, [...commandIds])),
		);
	return new Map(rows.map((row) => [row.id, row.cost]));
}

export async function foreignSince(db: DbOrTx, connectorId: number, since: Date): Promise<ForeignRow[]> {
	return rowsOf(
		db,
		sql`select ${allOf(foreignCommands)} from foreign_commands
			where connector_id = ${connectorId} and first_seen_at > ${since}`,
	);
}

/** Foreign commands still believed to run. */
export async function foreignUnderWay(db: DbOrTx, connectorId: number): Promise<ForeignRow[]> {
	return rowsOf(
		db,
		sql`select ${allOf(foreignCommands)} from foreign_commands
			where connector_id = ${connectorId} and status in ('queued', 'started')`,
	);
}

/** What the cost of a search of whole seasons depends on, one row per season with monitored, aired episodes. */
export interface SeasonShape {
	seriesArrId: number;
	seasonNumber: number;
	seriesType: string;
	seasonMonitored: boolean;
	monitoredAired: number;
	monitored: number;
	/** Calendar years in which its monitored episodes air. */
	airYears: number;
}

export async function seasonShapes(
	db: DbOrTx,
	connectorId: number,
	seriesArrId: number,
	now: Date,
): Promise<SeasonShape[]> {
	return db
		.select({
			seriesArrId: series.arrId,
			seasonNumber: seasons.number,
			seriesType: series.seriesType,
			seasonMonitored: seasons.monitored,
			monitoredAired: count(sql`${episodes.monitored} and ${episodes.airDateUtc} <= ${now}`),
			monitored: count(sql`${episodes.monitored}`),
			airYears: sql<number>`${airYears(sql`${episodes.airDate}`, sql`${episodes.airDateUtc}`)} filter (where ${episodes.monitored})::int`,
		})
		.from(series)
		.innerJoin(seasons, eq(seasons.seriesId, series.id))
		.innerJoin(episodes, and(eq(episodes.seriesId, series.id), eq(episodes.seasonNumber, seasons.number)))
		.where(and(eq(series.connectorId, connectorId), eq(series.arrId, seriesArrId)))
		.groupBy(series.id, seasons.id);
}

/** How many of these episodes are specials, which are asked for twice. */
export async function specialsAmong(
	db: DbOrTx,
	connectorId: number,
	arrIds: readonly number[],
): Promise<number> {
	if (arrIds.length === 0) return 0;
	const [row] = await db
		.select({ specials: sql<number>`count(*)::int` })
		.from(episodes)
		.innerJoin(series, eq(series.id, episodes.seriesId))
		.where(
			and(
				eq(episodes.connectorId, connectorId),
				inArray(episodes.arrId, [...arrIds]),
				eq(episodes.seasonNumber, 0),
				notInArray(series.seriesType, ['site', 'daily']),
			),
		);
	return row?.specials ?? 0;
}

/** How many searches "search all missing" or "all below the cutoff" makes: one per season, or per movie. */
export async function wantedGroups(
	db: DbOrTx,
	connectorId: number,
	reason: 'gap' | 'quality',
	seriesId: number | null,
): Promise<number> {
	const [row] = await db
		.select({
			groups: sql<number>`count(distinct coalesce(${wanted.seriesId} || '/' || ${wanted.seasonNumber}, 'movie ' || ${wanted.movieId}))::int`,
		})
		.from(wanted)
		.where(
			and(
				eq(wanted.connectorId, connectorId),
				eq(wanted.reason, reason),
				seriesId === null ? undefined : eq(wanted.seriesId, seriesId),
			),
		);
	return row?.groups ?? 0;
}

export async function seriesIdOf(db: DbOrTx, connectorId: number, arrId: number): Promise<number | null> {
	const [row] = await db
		.select({ id: series.id })
		.from(series)
		.where(and(eq(series.connectorId, connectorId), eq(series.arrId, arrId)));
	return row?.id ?? null;
}

const count = (condition: SQL): SQL<number> => sql<number>`count(*) filter (where ${condition})::int`;
