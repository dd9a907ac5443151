/**
 * Whether the database has room. On a full disk it goes on running and answers what is only read: a refused write is
 * what tells. A later write that was taken tells nothing, since a small one may find a place on a full disk; so the
 * database is asked whether it has room again, whenever somebody looks.
 */
import { sql } from 'drizzle-orm';
import type { Clock } from './clock';
import { databaseTrouble, type DatabaseTrouble } from './database-trouble';
import type { Db } from './db/client';
import { recordEvent } from './events';
import { createLogger } from './logger';

const ASK_AGAIN_MS = 10_000;
/** As rows of a sort that does not fit into memory, about 16 MB: as much as PostgreSQL's log takes at once. */
const ROWS_OF_16_MB = 1_000_000;

/** What is wrong, and since when it is known. */
export interface RoomTrouble extends DatabaseTrouble {
	readonly since: Date;
}

export interface DiskRoom {
	/** To be told of every failed query; only a full or failing disk counts. */
	note(error: unknown): void;
	/** Null while nothing is known to be wrong. */
	trouble(): Promise<RoomTrouble | null>;
}

/** Nothing is wrong at first. */
export function diskRoom({ db, clock }: { db: Db; clock: Clock }): DiskRoom {
	const log = createLogger('database');
	let known: RoomTrouble | null = null;
	let askedAt = 0;
	let asking: Promise<void> | undefined;

	const note = (error: unknown): void => {
		const trouble = databaseTrouble(error);
		if (trouble === undefined || trouble.code === 'database_unavailable') return;
		if (known === null) {
			log.error(trouble.message, { error });
			askedAt = clock.now();
		}
		known = { ...trouble, since: known?.since ?? clock.date() };
	};
	const ask = async (since: Date): Promise<void> => {
		try {
			await writeAgain(db, since, clock.date());
			log.info('The database has room again.');
		} catch (error) {
			// one that fails for another reason says nothing of the disk; a refused write will tell again
			if (databaseTrouble(error) !== undefined) return;
			log.warn('The database could not be asked whether it has room again.', { error });
		}
		known = null;
	};
	const trouble = async (): Promise<RoomTrouble | null> => {
		if (known !== null && clock.now() - askedAt >= ASK_AGAIN_MS) {
			askedAt = clock.now();
			asking = ask(known.since);
		}
		await asking;
		return known;
	};
	return { note, trouble };
}

/** Room is proven by a temporary file, which costs no log; writing by the event that tells of it. */
async function writeAgain(db: Db, since: Date, at: Date): Promise<void> {
	await db.transaction(async (tx) => {
		await tx.execute(sql`set local work_mem = '64kB'`);
		await tx.execute(sql`select count(*) from generate_series(1, ${sql.raw(String(ROWS_OF_16_MB))})`);
		await recordEvent(tx, {
			at,
			type: 'system.room_again',
			severity: 'success',
			message: `The database can store again. It could not since ${since.toISOString()}.`,
		});
	});
}
