// Runs a private PostgreSQL on a unix socket: creates the cluster, starts it, takes over from a killed
// predecessor, stops it. Callers hold the instance lock of the data directory first.
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	chownSync,
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { databaseAccount, launchAs, type Account } from './pg-account';
import { findBinaries, type PgBinaries } from './pg-binaries';
import { stopPredecessor } from './pg-predecessor';
import { explainWriteFailure, isDiskFull, StartError } from './start-error';

/** What to run and where. */
export interface EmbeddedOptions {
	/** The product's data directory; the cluster lives in its `postgres` folder. */
	readonly dataDir: string;
	/** Receives each line PostgreSQL prints, for as long as it lives. */
	readonly log?: (line: string) => void;
	/** Further server settings, e.g. `{ fsync: 'off' }` in tests. */
	readonly settings?: Readonly<Record<string, string>>;
	/** Called when the server ends without having been asked to. */
	readonly onExit?: (code: number | null) => void;
}

/** A running server. */
export interface EmbeddedPostgres {
	/** Connection string for Bun.SQL. */
	readonly url: string;
	readonly pid: number;
	/** The same server, another database. */
	urlOf(database: string): string;
	/** Fast shutdown; resolves when the server is gone. */
	stop(): Promise<void>;
}

interface Place {
	readonly cluster: string;
	readonly socketDir: string;
	readonly account: Account | undefined;
	readonly binaries: PgBinaries;
}

const startLimitMs = 60_000;
const smallServer: Readonly<Record<string, string>> = {
	listen_addresses: '',
	max_connections: '60',
	shared_buffers: '48MB',
	effective_cache_size: '256MB',
	work_mem: '8MB',
	maintenance_work_mem: '48MB',
	max_wal_size: '512MB',
	wal_level: 'minimal',
	max_wal_senders: '0',
	random_page_cost: '1.1',
	jit: 'off',
	timezone: 'UTC',
	log_timezone: 'UTC',
	log_checkpoints: 'off',
};

/** Creates the cluster if there is none, starts the server and waits until it takes connections. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
	const dataDir = resolve(options.dataDir);
	const cluster = join(dataDir, 'postgres');
	const binaries = findBinaries();
	try {
		mkdirSync(dataDir, { recursive: true });
		const account = databaseAccount(cluster);
		if (existsSync(cluster)) checkVersion(cluster, binaries.major);
		else await createCluster(cluster, binaries, account, options.settings?.['fsync'] !== 'off');
		await stopPredecessor(cluster);
		const place = { cluster, socketDir: socketDirectory(dataDir, account), account, binaries };
		return await startWithRetries(place, options);
	} catch (error) {
		throw explainWriteFailure(error, dataDir);
	}
}

function checkVersion(cluster: string, major: number): void {
	const file = join(cluster, 'PG_VERSION');
	if (!existsSync(file)) {
		throw new StartError(
			`${cluster} exists but is not a PostgreSQL database; move it away, or set DATA_DIR to another place.`,
		);
	}
	const found = readFileSync(file, 'utf8').trim();
	if (found !== String(major)) {
		throw new StartError(
			`The database in ${cluster} was made by PostgreSQL ${found}, but this version brings PostgreSQL ${major}; restore a backup into an empty DATA_DIR, or run the version that made it.`,
		);
	}
}

/** initdb works in a folder of its own, so that an interrupted one leaves no half cluster behind. */
async function createCluster(
	cluster: string,
	binaries: PgBinaries,
	account: Account | undefined,
	sync: boolean,
): Promise<void> {
	const fresh = `${cluster}.new`;
	rmSync(fresh, { recursive: true, force: true });
	mkdirSync(fresh, { mode: 0o700 });
	if (account !== undefined) chownSync(fresh, account.uid, account.gid);
	const locale = binaries.major >= 17 ? ['--locale-provider=builtin', '--locale=C.UTF-8'] : ['--locale=C'];
	const args = ['-D', fresh, '-A', 'trust', '-U', 'comradarr', '--encoding=UTF8', ...locale];
	if (!sync) args.push('--no-sync');
	const child = run(join(binaries.binDir, 'initdb'), args, account, [fresh]);
	const output = collect(child);
	const code = await exitOf(child);
	if (code === 0) {
		renameSync(fresh, cluster);
		return;
	}
	rmSync(fresh, { recursive: true, force: true });
	if (isDiskFull(output.text())) throw Object.assign(new Error(output.text()), { code: 'ENOSPC' });
	throw new StartError(`The database could not be created in ${cluster}: ${output.lastLine()}`);
}

/** After a kill of the server its processes need a moment to go; PostgreSQL refuses to start until then. */
async function startWithRetries(place: Place, options: EmbeddedOptions): Promise<EmbeddedPostgres> {
	for (let attempt = 1; ; attempt++) {
		clearSocket(place.socketDir);
		try {
			return await startOnce(place, options);
		} catch (error) {
			if (attempt === 5 || !(error instanceof StillInUse)) throw error;
			await pause(300 * attempt);
		}
	}
}

class StillInUse extends StartError {}

async function startOnce(place: Place, options: EmbeddedOptions): Promise<EmbeddedPostgres> {
	const { cluster, socketDir, account, binaries } = place;
	const child = run(join(binaries.binDir, 'postgres'), serverArguments(place, options), account, [
		cluster,
		socketDir,
	]);
	const output = collect(child, options.log);
	const gone = exitOf(child);
	const deadline = performance.now() + startLimitMs;
	while (!isReady(cluster)) {
		if (hasEnded(child)) throw startFailure(output.text(), output.lastLine(), cluster);
		if (performance.now() > deadline) {
			child.kill('SIGINT');
			throw new StartError(
				`The database in ${cluster} did not become ready within ${startLimitMs / 1000} s: ${output.lastLine()}`,
			);
		}
		await pause(10);
	}
	const urlOf = (database: string): string =>
		`postgres://comradarr@localhost/${database}?host=${encodeURIComponent(socketDir)}`;
	const state = { stopping: false };
	const stop = async (): Promise<void> => {
		state.stopping = true;
		if (!hasEnded(child)) child.kill('SIGINT');
		await gone;
		rmSync(socketDir, { recursive: true, force: true });
	};
	void gone.then((code) => {
		if (!state.stopping) options.onExit?.(code);
	});
	return { url: urlOf('postgres'), pid: child.pid ?? 0, urlOf, stop };
}

function serverArguments(place: Place, options: EmbeddedOptions): string[] {
	// separate I/O workers only cost memory here
	const byVersion = place.binaries.major >= 18 ? { io_method: 'sync' } : {};
	const settings = { ...smallServer, ...byVersion, ...options.settings };
	const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	return ['-D', place.cluster, '-k', place.socketDir, ...flags];
}

function startFailure(text: string, lastLine: string, cluster: string): Error {
	if (/lock file .* already exists|pre-existing shared memory block|is still in use/i.test(text)) {
		return new StillInUse(`The database in ${cluster} is in use by another process.`);
	}
	if (isDiskFull(text)) return Object.assign(new Error(text), { code: 'ENOSPC' });
	return new StartError(`The database in ${cluster} does not start: ${lastLine}`);
}

/** PostgreSQL writes its state into the eighth line of postmaster.pid. */
function isReady(cluster: string): boolean {
	const file = join(cluster, 'postmaster.pid');
	if (!existsSync(file)) return false;
	return readFileSync(file, 'utf8').split('\n')[7]?.trim() === 'ready';
}

/** A short private folder for the socket: its path may have 107 bytes only. */
function socketDirectory(dataDir: string, account: Account | undefined): string {
	const name = `comradarr-${createHash('sha256').update(dataDir).digest('hex').slice(0, 10)}`;
	for (const parent of [tmpdir(), '/tmp', '/run', dataDir]) {
		if (Buffer.byteLength(join(parent, name)) > 80) continue;
		const dir = privateDirectory(parent, name, account);
		if (dir !== undefined) return dir;
	}
	throw new StartError(
		`No place for the database's socket was found; make the temporary directory ${tmpdir()} writable.`,
	);
}

function privateDirectory(parent: string, name: string, account: Account | undefined): string | undefined {
	const owner = account?.uid ?? process.getuid?.();
	try {
		const wanted = join(parent, name);
		const found = lstatSync(wanted, { throwIfNoEntry: false });
		const ours = found?.isDirectory() === true && found.uid === owner && (found.mode & 0o077) === 0;
		if (ours) return wanted;
		// somebody else's folder of that name is left alone
		const dir = found === undefined ? wanted : mkdtempSync(join(parent, 'comradarr-'));
		if (found === undefined) mkdirSync(dir, { mode: 0o700 });
		if (account !== undefined) chownSync(dir, account.uid, account.gid);
		return dir;
	} catch {
		return undefined;
	}
}

function clearSocket(dir: string): void {
	for (const name of readdirSync(dir))
		if (name.startsWith('.s.PGSQL.')) rmSync(join(dir, name), { force: true });
}

/** Detached, so that Ctrl-C in a terminal reaches the product first and the database last. */
function run(
	program: string,
	args: readonly string[],
	account: Account | undefined,
	paths: readonly string[],
): ChildProcess {
	const launch = launchAs(account, program, args, paths);
	return spawn(launch.command, launch.args, {
		...launch.account,
		cwd: '/',
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
	});
}

function hasEnded(child: ChildProcess): boolean {
	return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function exitOf(child: ChildProcess): Promise<number | null> {
	return new Promise((done) => {
		child.once('error', () => done(-1));
		child.once('exit', (code) => done(code));
	});
}

/** Reads all output for the whole life of the process (a full pipe would stop it) and keeps the last lines. */
function collect(child: ChildProcess, log?: (line: string) => void): { text(): string; lastLine(): string } {
	const lines: string[] = [];
	const take = (chunk: Buffer): void => {
		for (const line of chunk.toString('utf8').split('\n')) {
			if (line.trim() === '') continue;
			lines.push(line);
			if (lines.length > 40) lines.shift();
			log?.(line);
		}
	};
	child.stdout?.on('data', take);
	child.stderr?.on('data', take);
	child.once('error', (error) => lines.push(String(error)));
	const telling = (line: string): boolean => /FATAL|PANIC|error|could not/i.test(line);
	return {
		text: () => lines.join('\n'),
		lastLine: () => lines.findLast(telling) ?? lines.at(-1) ?? 'no output',
	};
}

function pause(ms: number): Promise<void> {
	return new Promise((done) => setTimeout(done, ms));
}
