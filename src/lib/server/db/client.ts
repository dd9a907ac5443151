// The connection pools: one for requests and rules, a small one for bulk work, both through Bun's own driver.
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
	/** Waits for running queries, at most `seconds`. */
	close(seconds?: number): Promise<void>;
}

const bulkConnections = 4;

/** Opens both pools; connections are made when needed. */
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
	const sql = clock === undefined ? requests : trackQueries(requests, clock.busy);
	const bulk = clock === undefined ? bulkPool : trackQueries(bulkPool, clock.busy);
	return {
		db: drizzle(sql),
		sql,
		bulk,
		close: async (seconds = 10) => {
			await Promise.all([requests.close({ timeout: seconds }), bulkPool.close({ timeout: seconds })]);
		},
	};
}
