/**
 * Who works for a connector. A process holds the connector's advisory lock for the life of one database session of
 * its own; if that session ends, the locks are gone and another process may take over.
 */
import type { ReservedSQL, SQL } from 'bun';
import type { ConnectorLocks } from '../../app-context';
import type { Clock } from '../../clock';
import { CONNECTOR_LOCK_SPACE } from '../../db/queries/connector-locks';

export interface LockSession extends ConnectorLocks {
	close(): Promise<void>;
}

/**
 * For so long the session is taken to be alive since it last answered. A step asks several times whether the connector
 * is still ours; what must not be done without the lock proves it anew in its own transaction (`locks-proof.ts`).
 */
const PROOF_MS = 5_000;

/** Opens the session lazily and again after a loss; `pool` must be able to spare one connection. */
export function connectorLocks(pool: SQL, clock: Pick<Clock, 'now'>): LockSession {
	let session: Promise<ReservedSQL> | undefined;
	let answeredAt = Number.NEGATIVE_INFINITY;
	const held = new Set<number>();
	/** Under way: a session that took a lock twice would have to give it up twice. */
	const asking = new Map<number, Promise<boolean>>();

	const open = (): Promise<ReservedSQL> => {
		session ??= pool.reserve().catch((error: unknown) => {
			session = undefined;
			throw error;
		});
		return session;
	};
	/** Runs on the session; a broken session is dropped together with all it held. */
	const run = async <T>(work: (sql: ReservedSQL) => Promise<T>): Promise<T> => {
		const sql = await open();
		try {
			const result = await work(sql);
			answeredAt = clock.now();
			return result;
		} catch (error) {
			held.clear();
			session = undefined;
			void giveBack(sql);
			throw error;
		}
	};
	const take = async (sql: ReservedSQL, connectorId: number): Promise<boolean> => {
		if (held.has(connectorId)) {
			await sql`select 1`;
			return true;
		}
		const rows: { got: boolean }[] =
			await sql`select pg_try_advisory_lock(${CONNECTOR_LOCK_SPACE}::int, ${connectorId}::int) as got`;
		const got = rows[0]?.got === true;
		if (got) held.add(connectorId);
		return got;
	};
	const hasJustAnswered = (): boolean => Math.abs(clock.now() - answeredAt) < PROOF_MS;
	return {
		hold: async (connectorId) => {
			if (held.has(connectorId) && hasJustAnswered()) return true;
			const known = asking.get(connectorId);
			if (known !== undefined) return known;
			const asked = run((sql) => take(sql, connectorId)).finally(() => asking.delete(connectorId));
			asking.set(connectorId, asked);
			return asked;
		},
		backendPid: () =>
			run(async (sql) => {
				const rows: { pid: number }[] = await sql`select pg_backend_pid() as pid`;
				return rows[0]?.pid ?? 0;
			}),
		release: (connectorId) =>
			run(async (sql) => {
				if (!held.delete(connectorId)) return;
				await sql`select pg_advisory_unlock(${CONNECTOR_LOCK_SPACE}::int, ${connectorId}::int)`;
			}),
		close: async () => {
			if (session === undefined) return;
			const sql = await session.catch(() => undefined);
			session = undefined;
			held.clear();
			if (sql === undefined) return;
			await sql`select pg_advisory_unlock_all()`.catch(() => undefined);
			await giveBack(sql);
		},
	};
}

/** A connection that broke cannot be given back; then there is nothing to do. */
async function giveBack(sql: ReservedSQL): Promise<void> {
	try {
		await sql.release();
	} catch {
		// it is gone
	}
}
