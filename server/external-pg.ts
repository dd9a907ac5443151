// An external database: waits for it while it starts, and says plainly why it cannot be used.
import { SQL } from 'bun';
import { errorCode, StartError } from './start-error';

const pauseMs = 1_000;

/** How long to wait, and whom to tell. */
export interface WaitOptions {
	readonly limitMs: number;
	/** Called once, when the first try failed. */
	readonly waiting: () => void;
	readonly givenUp: () => boolean;
}

/** Resolves when the database answers. Wrong credentials are not tried twice. */
export async function waitForDatabase(url: string, options: WaitOptions): Promise<void> {
	const deadline = performance.now() + options.limitMs;
	for (let told = false; ;) {
		const failure = await tryOnce(url);
		if (failure === undefined) return;
		if (failure.final || options.givenUp() || performance.now() > deadline)
			throw new StartError(failure.sentence);
		if (!told) options.waiting();
		told = true;
		await Bun.sleep(pauseMs);
	}
}

interface Failure {
	readonly sentence: string;
	/** Waiting does not help. */
	readonly final: boolean;
}

async function tryOnce(url: string): Promise<Failure | undefined> {
	const sql = new SQL(url, { max: 1, connectionTimeout: 5 });
	try {
		await sql`select 1`;
		return undefined;
	} catch (error) {
		return explain(error, placeOf(url));
	} finally {
		await sql.close({ timeout: 0 });
	}
}

function explain(error: unknown, place: string): Failure {
	const state = error instanceof Error && 'errno' in error ? String(error.errno) : '';
	if (state === '28P01' || state === '28000') {
		return {
			sentence: `The database at ${place} refuses the user or password in DATABASE_URL.`,
			final: true,
		};
	}
	if (state === '3D000') {
		return {
			sentence: `The server in DATABASE_URL has no database named like that (${place}); create it first.`,
			final: true,
		};
	}
	const code = errorCode(error) ?? 'no answer';
	return {
		sentence: `The database at ${place} cannot be reached (${code}); check DATABASE_URL and that it runs.`,
		final: false,
	};
}

/** Host, port and database; never the credentials. */
function placeOf(url: string): string {
	const { hostname, port, pathname } = new URL(url);
	return `${hostname}:${port === '' ? '5432' : port}${pathname}`;
}
