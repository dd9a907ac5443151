/**
 * Who works for a connector. A process holds the connector's advisory lock for the life of one database session of
 * its own; if that session ends, the locks are gone and another process may take over.
 */
import type { ReservedSQL, SQL } from 'bun';
import type { ConnectorLocks } from '../../app-context';
import type { Clock } from '../../clock';
import { databaseTrouble } from '../../database-trouble';
import { CONNECTOR_LOCK_SPACE } from '../../db/queries/connector-locks';

export interface LockSession extends ConnectorLocks {
	close(): Promise<void>;
}

/**
 * For so long the session is taken to be alive since it last answered. A step asks several times whether the connector
 * is still ours; what must not be done without the lock proves it anew in its own transaction (`locks-proof.ts`).
 */
const PROOF_MS = 5_000;

/** One database session and the connectors it holds; with the session goes all of it. */
interface Session {
	readonly sql: Promise<ReservedSQL>;
	readonly held: Set<number>;
	answeredAt: number;
}

type Work<T> = (sql: ReservedSQL, session: Session) => Promise<T>;

/** Opens the session lazily and again after a loss; `pool` must be able to spare one connection. */
export function connectorLocks(pool: SQL, clock: Pick<Clock, 'now'>): LockSession {
	let current: Session | undefined;
	/** Under way: a session that took a lock twice would have to give it up twice. */
	const asking = new Map<number, Promise<boolean>>();

	const open = (): Session => {
		current ??= { sql: pool.reserve(), held: new Set(), answeredAt: Number.NEGATIVE_INFINITY };
		return current;
	};
	/** From here on a new session is opened; the old one gives up what it held, if it is still there to hold it. */
	const drop = async (session: Session): Promise<void> => {
		if (current !== session) return;
		current = undefined;
		const sql = await session.sql.catch(() => undefined);
		if (sql !== undefined) await giveBack(sql);
	};
	/**
	 * Runs on the session; one that failed is dropped together with all it held. That the database was away since it
	 * last answered is seen only now: then a new one is asked.
	 */
	const run = async <T>(work: Work<T>): Promise<T> => {
		const session = open();
		const wasWell = session.answeredAt > Number.NEGATIVE_INFINITY;
		try {
			return await runOn(session, work);
		} catch (error) {
			if (!wasWell || databaseTrouble(error)?.code !== 'database_unavailable') throw error;
			return await runOn(open(), work);
		}
	};
	const runOn = async <T>(session: Session, work: Work<T>): Promise<T> => {
		try {
			const result = await work(await session.sql, session);
			session.answeredAt = clock.now();
			return result;
		} catch (error) {
			await drop(session);
			throw error;
		}
	};
	const take = async (sql: ReservedSQL, session: Session, connectorId: number): Promise<boolean> => {
		if (session.held.has(connectorId)) {
			await sql`select 1`;
		} else {
			const rows: { got: boolean }[] =
				await sql`select pg_try_advisory_lock(${CONNECTOR_LOCK_SPACE}::int, ${connectorId}::int) as got`;
			if (rows[0]?.got !== true) return false;
			session.held.add(connectorId);
		}
		// another question may have failed meanwhile, and the session with it
		return current === session;
	};
	const hasJustAnswered = (session: Session): boolean =>
		Math.abs(clock.now() - session.answeredAt) < PROOF_MS;
	return {
		hold: async (connectorId) => {
			if (current?.held.has(connectorId) === true && hasJustAnswered(current)) return true;
			const known = asking.get(connectorId);
			if (known !== undefined) return known;
			const asked = run((sql, session) => take(sql, session, connectorId)).finally(() =>
				asking.delete(connectorId),
			);
			asking.set(connectorId, asked);
			return asked;
		},
		backendPid: () =>
			run(async (sql) => {
				const rows: { pid: number }[] = await sql`select pg_backend_pid() as pid`;
				return rows[0]?.pid ?? 0;
			}),
		release: (connectorId) =>
			run(async (sql, { held }) => {
				if (!held.delete(connectorId)) return;
				await sql`select pg_advisory_unlock(${CONNECTOR_LOCK_SPACE}::int, ${connectorId}::int)`;
			}),
		close: async () => {
			if (current !== undefined) await drop(current);
		},
	};
}

/**
 * Back to the pool, without its locks: there a session lives on, and would keep them from everybody. One that does not
 * even give up its locks is ended.
 */
async function giveBack(sql: ReservedSQL): Promise<void> {
	try {
		await sql`select pg_advisory_unlock_all()`;
		await sql.release();
	} catch {
		await sql.close({ timeout: 0 }).catch(() => undefined);
	}
}
