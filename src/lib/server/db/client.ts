// The connection pools: one for requests and rules, a small one for bulk work, one connection for claims; all through
// Bun's own driver.
import { SQL } from 'bun';
import { drizzle, type BunSQLDatabase } from 'drizzle-orm/bun-sql';
import type { Clock } from '../clock';
import { trackQueries } from './track';

/**
 * Drizzle on the request pool. It is not told of the schema: only its relational queries need that, nobody uses them,
 * and every transaction would pay for preparing them.
 */
export type Db = BunSQLDatabase;
/** Drizzle inside a transaction. */
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];
/** What a query function takes, so that it can be part of a larger transaction. */
export type DbOrTx = Db | Tx;

/** How to connect. */
export interface DatabaseOptions {
	readonly url: string;
	/** Connections for requests and rules. */
	readonly poolSize?: number;
	/** Longest statement on that pool; bulk work has no such limit. */
	readonly statementTimeoutMs?: number;
	/** Unused connections are closed after this time; 0 keeps them. */
	readonly idleTimeoutSeconds?: number;
	/** Stands still while a query runs, if it is a virtual one. */
	readonly clock?: Pick<Clock, 'busy'>;
}

/** Open pools. */
export interface Database {
	readonly db: Db;
	readonly sql: SQL;
	/** For syncs and maintenance: a long one never starves a page. */
	readonly bulk: SQL;
	/**
	 * One connection, for claims alone: each connection plans a statement anew when it first meets it, and among many
	 * connections a claim would mostly find one that has not planned any.
	 */
	readonly claims: Db;
	/** `told` is told of every query and transaction that fails from now on, whoever catches it. */
	onFailure(told: (error: unknown) => void): void;
	/** Waits for running queries, at most `seconds`. */
	close(seconds?: number): Promise<void>;
}

const bulkConnections = 4;

/** Opens the pools; connections are made when needed. */
export function openDatabase(options: DatabaseOptions): Database {
	const { url, poolSize = 10, statementTimeoutMs = 60_000, idleTimeoutSeconds = 300, clock } = options;
	const pool = (max: number, statementTimeout: number, name: string): SQL =>
		new SQL(url, {
			max,
			idleTimeout: idleTimeoutSeconds,
			connectionTimeout: 15,
			connection: { application_name: name, statement_timeout: statementTimeout, TimeZone: 'UTC' },
		});
	const requests = pool(poolSize, statementTimeoutMs, 'comradarr');
	const bulkPool = pool(bulkConnections, 0, 'comradarr bulk');
	const claimPool = pool(1, statementTimeoutMs, 'comradarr claims');
	const listeners: ((error: unknown) => void)[] = [];
	const failed = (error: unknown): void => {
		for (const told of listeners) told(error);
	};
	const busy = clock?.busy ?? (<T>(work: Promise<T>) => work);
	const tracked = (sql: SQL): SQL => trackQueries(sql, { busy, failed });
	const sql = tracked(requests);
	return {
		db: drizzle(sql),
		sql,
		bulk: tracked(bulkPool),
		claims: drizzle(tracked(claimPool)),
		onFailure: (told) => void listeners.push(told),
		close: async (seconds = 10) => {
			const all = [requests, bulkPool, claimPool];
			await Promise.all(all.map((one) => one.close({ timeout: seconds })));
		},
	};
}
