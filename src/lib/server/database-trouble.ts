/** What a failed query says of the database as a whole: out of reach, or out of room. Both pass without our doing. */

const AWAY = new Set(['57P01', '57P02', '57P03', '53300', '08000', '08003', '08006']);
const FULL = new Set(['53100', '53000']);
/** A failure is wrapped by whoever passes it on. */
const DEEPEST = 5;

export interface DatabaseTrouble {
	code: 'database_unavailable' | 'disk_full';
	message: string;
}

const UNAVAILABLE: DatabaseTrouble = {
	code: 'database_unavailable',
	message: 'The database cannot be reached at the moment. Nothing is lost; try again when it runs.',
};
const DISK_FULL: DatabaseTrouble = {
	code: 'disk_full',
	message: 'The disk of the database is full: nothing can be stored until there is room.',
};

/** Undefined for an error that has another reason. */
export function databaseTrouble(error: unknown): DatabaseTrouble | undefined {
	let at = error;
	for (let depth = 0; depth < DEEPEST && at instanceof Error; depth++) {
		const { code, errno } = at as Error & { code?: unknown; errno?: unknown };
		if (typeof code === 'string' && code.startsWith('ERR_POSTGRES_CONNECTION_')) return UNAVAILABLE;
		if (typeof errno === 'string' && AWAY.has(errno)) return UNAVAILABLE;
		if (typeof errno === 'string' && FULL.has(errno)) return DISK_FULL;
		at = at.cause;
	}
	return undefined;
}
