/** What a failed query says of the database as a whole: out of reach, out of room. All of it passes without our doing. */
import { runtime } from './runtime';

const AWAY = new Set(['57P01', '57P02', '57P03', '53300', '08000', '08003', '08006']);
const FULL = '53100';
const IO_ERROR = '58030';
/** A full quota has no code of its own. */
const NO_ROOM = /no space left on device|disk quota exceeded|could not extend file/i;
/** A failure is wrapped by whoever passes it on. */
const DEEPEST = 5;

export interface DatabaseTrouble {
	code: 'database_unavailable' | 'disk_full' | 'disk_failing';
	message: string;
}

const UNAVAILABLE: DatabaseTrouble = {
	code: 'database_unavailable',
	message: 'The database cannot be reached at the moment. Nothing is lost; try again when it runs.',
};
const WITHOUT_ROOM: DatabaseTrouble = {
	code: 'database_unavailable',
	message:
		'The database cannot run: its disk is full. Nothing is lost. Make room on it; the database then starts by itself.',
};
const DISK_FULL: DatabaseTrouble = {
	code: 'disk_full',
	message:
		'The disk of the database is full: nothing can be stored. Make room on it; Comradarr then goes on by itself.',
};
const DISK_FAILING: DatabaseTrouble = {
	code: 'disk_failing',
	message: 'The database cannot read or write its files: the disk has errors. Look at the disk.',
};

const away = (): DatabaseTrouble => (runtime().databaseNeedsRoom ? WITHOUT_ROOM : UNAVAILABLE);

/** Undefined for an error that has another reason. */
export function databaseTrouble(error: unknown): DatabaseTrouble | undefined {
	let at = error;
	for (let depth = 0; depth < DEEPEST && at instanceof Error; depth++) {
		const { code, errno } = at as Error & { code?: unknown; errno?: unknown };
		if (typeof code === 'string' && code.startsWith('ERR_POSTGRES_')) {
			if (errno === FULL || NO_ROOM.test(at.message)) return DISK_FULL;
			if (errno === IO_ERROR) return DISK_FAILING;
		}
		if (typeof code === 'string' && code.startsWith('ERR_POSTGRES_CONNECTION_')) return away();
		if (typeof errno === 'string' && AWAY.has(errno)) return away();
		at = at.cause;
	}
	return undefined;
}
