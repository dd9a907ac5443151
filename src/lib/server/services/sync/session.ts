/** What all steps of one sync share: whom they ask, what they know of the connector, and what they found. */
import type { SQL } from 'bun';
import type { SyncMode } from '$lib/domain/words';
import type { AppContext } from '../../app-context';
import { ArrError } from '../../connectors/common/errors';
import type { ArrClient, Instance, ListItem } from '../../connectors/common/types';
import type { DbOrTx } from '../../db/client';
import type { SyncedConnector } from '../../db/queries/mirror-runs';

/** What other services do about a sync's findings, in its transactions. The jobs wire them. */
export interface SyncHooks {
	/** These episodes kept their key but are other episodes now: their search memory is forgotten. */
	identityChanged?: (tx: DbOrTx, episodeIds: readonly number[]) => Promise<unknown>;
	/** These rows go for good: so does their search memory. Called before they go. */
	purging?: (
		tx: DbOrTx,
		gone: { episodes: readonly number[]; seasons: readonly number[]; movies: readonly number[] },
	) => Promise<unknown>;
	/** The mirror is complete again: search targets find their rows by natural key. */
	completed?: (tx: DbOrTx, connectorId: number) => Promise<unknown>;
}

export interface SyncOptions extends SyncHooks {
	signal?: AbortSignal;
	onProgress?: (done: number, total: number) => void;
	/** Milliseconds over which a full sync of a large library is spread. */
	spreadMs?: number;
}

/** Counts and findings of a sync, as told in its run and to whoever asked for it. */
export interface SyncDetail {
	listed: number;
	seriesRead: number;
	seriesUnchanged: number;
	unconfirmed: number;
	deleted: number;
	returnedByQuestion: number;
	purged: number;
	historyRows: number;
	/** At most a few, as text. */
	duplicates: string[];
	unreadable: string[];
	questions: string[];
	/** Our ids of episodes that are other episodes now. */
	resetTargets: number[];
	/** Series that could not be read this time. */
	skipped: string[];
	/** After a full sync: our counts beside the arr's. */
	comparison: object | null;
}

/** What is needed to write into the mirror. */
export interface WriteSession {
	readonly ctx: AppContext;
	readonly client: ArrClient;
	readonly connector: SyncedConnector;
	readonly options: SyncOptions;
	readonly detail: SyncDetail;
	/** Rows that changed so far. */
	changed: number;
}

export interface SyncSession extends WriteSession {
	readonly mode: SyncMode;
	readonly startedAt: Date;
	/** As it was when the sync began. */
	instance: Instance;
	/** By our clock when `instance` was read, to tell how the arr's clock stands now. */
	instanceReadAt: number;
}

/** A reason to stop that is neither the application's failure nor ours. */
export class SyncProblem extends Error {
	override readonly name = 'SyncProblem';
	constructor(
		readonly code: 'other_instance' | 'instance_changed' | 'shape_changed',
		message: string,
	) {
		super(message);
	}
}

export const emptyDetail = (): SyncDetail => ({
	listed: 0,
	seriesRead: 0,
	seriesUnchanged: 0,
	unconfirmed: 0,
	deleted: 0,
	returnedByQuestion: 0,
	purged: 0,
	historyRows: 0,
	duplicates: [],
	unreadable: [],
	questions: [],
	resetTargets: [],
	skipped: [],
	comparison: null,
});

const KEPT_FINDINGS = 50;

/** Adds findings to a list that is shown to people, and keeps it short. */
export function note(list: string[], ...findings: readonly string[]): void {
	for (const finding of findings) {
		if (list.length < KEPT_FINDINGS && !list.includes(finding)) list.push(finding.slice(0, 300));
	}
}

/** More records than this that were there before, and a list is not believed to have an end. */
const MOST_REPEATS = 1_000;

/** Knows which records of a list came before. No application lists one twice, but a broken answer may never end. */
export class SeenIds {
	/** While ids only rise, the last one says it all. */
	#rising: number[] | null = [];
	#last = -Infinity;
	#seen = new Set<number>();
	#repeats = 0;

	constructor(private readonly what: string) {}

	/** The records of a page that did not come before. Throws when those that did keep coming. */
	newOf<T extends { arrId: number }>(page: readonly ListItem<T>[]): ListItem<T>[] {
		return page.filter((item) => this.#isNew(item.ok ? item.record.arrId : item.arrId));
	}

	#isNew(arrId: number): boolean {
		if (this.#rising !== null && arrId > this.#last) {
			this.#rising.push(arrId);
			this.#last = arrId;
			return true;
		}
		if (this.#rising !== null) {
			this.#seen = new Set(this.#rising);
			this.#rising = null;
		}
		if (!this.#seen.has(arrId)) {
			this.#seen.add(arrId);
			return true;
		}
		this.#repeats++;
		if (this.#repeats <= MOST_REPEATS) return false;
		throw new ArrError('bad_json', { message: `The list of ${this.what} repeats itself and has no end.` });
	}
}

/** The arr's clock now, as far as we can tell without asking. */
export function arrNow(session: SyncSession): Date {
	return new Date(
		session.instance.now.getTime() + Math.max(0, session.ctx.clock.now() - session.instanceReadAt),
	);
}

/** Runs `work` in one transaction on the bulk pool, or on the connection given. */
export async function inTransaction<T>(sql: SQL, work: (tx: SQL) => Promise<T>): Promise<T> {
	return (await sql.begin(async (tx) => ({ result: await work(tx) }))).result;
}

/** Holds one connection, so that staged lists outlive their transactions. Never held longer than a list takes. */
export async function onOneConnection<T>(session: WriteSession, work: (sql: SQL) => Promise<T>): Promise<T> {
	const connection = await session.ctx.bulk.reserve();
	try {
		return await work(connection);
	} finally {
		await connection.release();
	}
}
