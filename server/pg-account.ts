// PostgreSQL refuses to run as root: which account it runs under, and how, when we are root.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartError } from './start-error';

/** A system account for the database processes. */
export interface Account {
	readonly uid: number;
	readonly gid: number;
}

/** How to start a program: the command line, and the account where the system call takes it. */
export interface Launch {
	readonly command: string;
	readonly args: readonly string[];
	readonly account?: Account;
}

const setpriv = '/usr/bin/setpriv';

/** Undefined unless we are root. The owner of an existing cluster is kept. */
export function databaseAccount(cluster: string): Account | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const owner = statSync(cluster, { throwIfNoEntry: false });
	if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
	return lookUp('postgres') ?? lookUp('nobody') ?? { uid: 65534, gid: 65534 };
}

function lookUp(name: string): Account | undefined {
	const line = readFileSync('/etc/passwd', 'utf8')
		.split('\n')
		.find((entry) => entry.startsWith(`${name}:`));
	const [, , uid, gid] = line?.split(':') ?? [];
	return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/**
 * Starts `program` as `account`. Where that account could not reach one of `paths` (a clone below
 * a private home directory), the program keeps the right to pass through directories, and only that account.
 */
export function launchAs(
	account: Account | undefined,
	program: string,
	args: readonly string[],
	paths: readonly string[],
): Launch {
	if (account === undefined) return { command: program, args };
	const closed = [program, ...paths]
		.map((path) => firstClosed(path, account))
		.find((dir) => dir !== undefined);
	if (closed === undefined) return { command: program, args, account };
	if (!existsSync(setpriv)) {
		throw new StartError(
			`PostgreSQL cannot run as root, and the account it would use cannot enter ${closed}; start as another user, open that directory (chmod o+x), or set DATABASE_URL.`,
		);
	}
	const { uid, gid } = account;
	const ids = [`--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
	const rights = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
	return { command: setpriv, args: [...ids, ...rights, program, ...args] };
}

/** The outermost parent directory of `path` that `account` may not pass through. */
function firstClosed(path: string, account: Account): string | undefined {
	const parents: string[] = [];
	for (let dir = dirname(path); dir !== dirname(dir); dir = dirname(dir)) parents.unshift(dir);
	return parents.find((dir) => {
		const entry = statSync(dir, { throwIfNoEntry: false });
		if (entry === undefined || entry.uid === account.uid) return false;
		return (entry.mode & (entry.gid === account.gid ? 0o010 : 0o001)) === 0;
	});
}
