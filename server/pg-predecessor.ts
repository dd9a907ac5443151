// A killed product leaves its PostgreSQL running: finds that server and stops it before a new one starts.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from './start-error';

const limitMs = 20_000;

/** Stops the server named by postmaster.pid, if it is one of this cluster; removes a stale file. */
export async function stopPredecessor(cluster: string): Promise<void> {
	const file = join(cluster, 'postmaster.pid');
	if (!existsSync(file)) return;
	const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
	if (!Number.isInteger(pid) || pid <= 1 || !serves(pid, cluster)) {
		// the number belongs to nobody, or (after a restart of a container) to another program
		rmSync(file, { force: true });
		return;
	}
	process.kill(pid, 'SIGINT');
	const deadline = performance.now() + limitMs;
	while (serves(pid, cluster)) {
		if (performance.now() > deadline) {
			throw new StartError(
				`The database left over from an earlier run (process ${pid}) does not stop; end it and start again.`,
			);
		}
		await new Promise((done) => setTimeout(done, 20));
	}
}

/** True if process `pid` is a PostgreSQL server started with this cluster. */
function serves(pid: number, cluster: string): boolean {
	const line = commandLine(pid);
	return line.includes('postgres') && line.includes(cluster);
}

function commandLine(pid: number): string {
	if (process.platform !== 'linux') {
		return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout;
	}
	try {
		return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
	} catch {
		return '';
	}
}
