/** What every service is handed: the database, the clock, the log and the clients. Made once, in the composition root. */
import type { SQL } from 'bun';
import type { ArrClient } from './connectors/common/types';
import type { Clock } from './clock';
import type { Db } from './db/client';
import type { connectors } from './db/schema';
import type { DiskRoom } from './disk-room';
import type { Logger } from './logger';
import type { JobView } from './scheduler';
import type { AppKeyring } from './services/settings/keyring';

/** Gives the client of a connector; the same one until its configuration changes. */
export interface ClientSource {
	/**
	 * `connector`: its id, or its row where the caller has just read it. Throws `AppError` `key_missing` while its API
	 * key cannot be read (locked).
	 */
	for(connector: number | typeof connectors.$inferSelect): Promise<ArrClient>;
	/** Forget cached clients after a change of configuration. */
	forget(connectorId: number): void;
}

/** The advisory lock that makes this process the one that works for a connector (design: processes). */
export interface ConnectorLocks {
	/** True if this process holds, or now got, the connector's lock. */
	hold(connectorId: number): Promise<boolean>;
	/** Backend pid of the session that holds the locks; a transaction proves by it that they are still ours. */
	backendPid(): Promise<number>;
	release(connectorId: number): Promise<void>;
}

/** Product constants that only tests and the demo may lower. */
export interface Limits {
	/** Floor of the spacing between two commands, ms. */
	spacingFloorMs: number;
	/** Floor between two searches that cover the same item, ms. */
	itemSpacingFloorMs: number;
}

export interface Wake {
	/** A connector was added, changed or deleted: its jobs are made anew. */
	connectorChanged(connectorId: number): void;
	/** There may be something to send: the dispatch loop looks now. */
	queueChanged(connectorId: number | null): void;
}

export interface AppContext {
	db: Db;
	/** The request pool, for what drizzle cannot say. */
	sql: SQL;
	/** A small pool of its own for bulk work, so that a long sync never starves a page. */
	bulk: SQL;
	/** One connection for claims alone, on which their statements stay planned. A claim asks nothing but it. */
	claims: Db;
	/** Whether the database can store what it is told. */
	room: DiskRoom;
	clock: Clock;
	log: Logger;
	keyring: AppKeyring;
	clients: ClientSource;
	locks: ConnectorLocks;
	limits: Limits;
	version: string;
	/** Names this process, from its start to its end, in rows that tell who is at work. */
	processId: string;
	/** Days without use after which a session ends. */
	sessionDays: number;
	/** Tells the jobs at once that something changed; without it they would see it at their next round. */
	wake: Wake;
	/** The jobs of this process as they stand; none where nothing is scheduled. */
	scheduled: () => readonly JobView[];
}
