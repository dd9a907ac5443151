/** Reads and plain writes of connectors. */
import { and, asc, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { DbOrTx } from '../client';
import { allOf, rowsOf, textArray } from '../rows';
import { connectorHealthHistory, connectors, questions, syncRuns } from '../schema';

export type ConnectorRow = typeof connectors.$inferSelect;
export type SyncRunRow = typeof syncRuns.$inferSelect;
export type QuestionRow = typeof questions.$inferSelect;

export async function listConnectorRows(db: DbOrTx): Promise<ConnectorRow[]> {
	return db.select().from(connectors).orderBy(asc(connectors.name), asc(connectors.id));
}

/** Every step of every job begins with this look-up. */
export async function findConnector(db: DbOrTx, id: number): Promise<ConnectorRow | undefined> {
	const [row] = await rowsOf<ConnectorRow>(
		db,
		sql`select ${allOf(connectors)} from connectors where id = ${id}`,
	);
	return row;
}

/** The row, which nobody else changes before this transaction ends. */
export async function lockConnector(tx: DbOrTx, id: number): Promise<ConnectorRow | undefined> {
	const [row] = await rowsOf<ConnectorRow>(
		tx,
		sql`select ${allOf(connectors)} from connectors where id = ${id} for update`,
	);
	return row;
}

export async function patchConnector(
	db: DbOrTx,
	id: number,
	patch: Partial<typeof connectors.$inferInsert>,
): Promise<ConnectorRow | undefined> {
	const [row] = await db.update(connectors).set(patch).where(eq(connectors.id, id)).returning();
	return row;
}

/** The sealed API keys that are saved. */
export async function listSealedKeys(db: DbOrTx): Promise<SealedKey[]> {
	const { id, url, apiKeyEncrypted } = connectors;
	const rows = await db.select({ id, url, sealed: apiKeyEncrypted }).from(connectors);
	return rows.flatMap(({ sealed, ...row }) => (sealed === null ? [] : [{ ...row, sealed }]));
}
export interface SealedKey {
	id: number;
	url: string;
	sealed: string;
}

/** A good answer that told nothing new: true unless the row has become another since it was read. */
export async function noteStillWell(
	db: DbOrTx,
	{ id, health, healthReason }: Pick<ConnectorRow, 'id' | 'health' | 'healthReason'>,
	at: Date,
): Promise<boolean> {
	const rows = await rowsOf(
		db,
		sql`update connectors set last_ok_at = ${at} where id = ${id} and health = ${health}
			and health_reason is not distinct from ${healthReason}::text and failures = 0 and last_error is null
			and next_probe_at is null returning id`,
	);
	return rows.length > 0;
}

/** The newest sync runs first. */
export async function recentSyncRuns(db: DbOrTx, connectorId: number, limit: number): Promise<SyncRunRow[]> {
	return db
		.select()
		.from(syncRuns)
		.where(eq(syncRuns.connectorId, connectorId))
		.orderBy(desc(syncRuns.startedAt), desc(syncRuns.id))
		.limit(limit);
}

/** What the last full sync that ended well wrote down; undefined before the first. */
export async function lastFullDetail(db: DbOrTx, connectorId: number): Promise<unknown> {
	const [run] = await db
		.select({ detail: syncRuns.detail })
		.from(syncRuns)
		.where(
			and(
				eq(syncRuns.connectorId, connectorId),
				eq(syncRuns.mode, 'full'),
				isNotNull(syncRuns.endedAt),
				isNull(syncRuns.error),
			),
		)
		.orderBy(desc(syncRuns.startedAt), desc(syncRuns.id))
		.limit(1);
	return run?.detail;
}

export async function openQuestions(db: DbOrTx, connectorId?: number): Promise<QuestionRow[]> {
	return db
		.select()
		.from(questions)
		.where(
			and(
				isNull(questions.answeredAt),
				connectorId === undefined ? undefined : eq(questions.connectorId, connectorId),
			),
		)
		.orderBy(asc(questions.askedAt));
}

export async function healthHistory(
	db: DbOrTx,
	connectorId: number,
	limit: number,
): Promise<(typeof connectorHealthHistory.$inferSelect)[]> {
	return db
		.select()
		.from(connectorHealthHistory)
		.where(eq(connectorHealthHistory.connectorId, connectorId))
		.orderBy(desc(connectorHealthHistory.at), desc(connectorHealthHistory.id))
		.limit(limit);
}

/** Reading that says that the library was discovered at least once: until then our counts are unknown. */
export const DISCOVERED = 'discovered';

/** A reading with the time it was taken, or undefined if there never was one. */
// The reader names the type, as the writer of the reading stored it; there is nothing to infer it from.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export async function findReading<T extends object>(
	db: DbOrTx,
	connectorId: number,
	name: string,
): Promise<{ value: T; readAt: Date } | undefined> {
	// The writer of each reading stores exactly the type its name stands for.
	const [row] = await rowsOf<{ value: T; readAt: Date }>(
		db,
		sql`select value, read_at as "readAt" from connector_readings where connector_id = ${connectorId} and name = ${name}`,
	);
	return row;
}

/** Several readings at once, by their names. */
export async function findReadings(
	db: DbOrTx,
	connectorId: number,
	names: readonly string[],
): Promise<Map<string, { value: object; readAt: Date }>> {
	const rows = await rowsOf<{ name: string; value: object; readAt: Date }>(
		db,
		sql`select name, value, read_at as "readAt" from connector_readings
			where connector_id = ${connectorId} and name = any(${textArray(names)})`,
	);
	return new Map(rows.map(({ name, ...reading }) => [name, reading]));
}
