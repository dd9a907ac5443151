// Times and memory. What the kernel does not tell on this system is null.
import { readFileSync, readdirSync } from 'node:fs';

/** Milliseconds that `work` took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
	const since = performance.now();
	await work();
	return performance.now() - since;
}

/** The value below which `share` (0 to 1) of all values lie. */
export function percentile(values: readonly number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Peak resident set of a process so far, MB. */
export const peakMb = (pid: number): number | null =>
	inMb(`/proc/${String(pid)}/status`, /VmHWM:\s+(\d+) kB/);

/** Proportional share of memory of a process and all its descendants, MB. */
export function pssMb(pid: number): number | null {
	const shares = [pid, ...descendants(pid)].map((one) =>
		inMb(`/proc/${String(one)}/smaps_rollup`, /^Pss:\s+(\d+) kB/m),
	);
	const known = shares.filter((share) => share !== null);
	return known.length === 0 ? null : known.reduce((sum, share) => sum + share, 0);
}

/** Processor time that a process and all its descendants have used, seconds. */
export function cpuSeconds(pid: number): number | null {
	const used = [pid, ...descendants(pid)].map((one) => {
		const fields = read(`/proc/${String(one)}/stat`)
			.split(') ')[1]
			?.split(' ');
		// own and waited-for children's, in user and kernel mode, in hundredths
		return fields === undefined
			? 0
			: fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
	});
	const sum = used.reduce((total, one) => total + one, 0);
	return sum === 0 ? null : sum;
}

/** All processes below one. The embedded database is a child of the product. */
export function descendants(pid: number): number[] {
	const parents = new Map<number, number>();
	for (const name of entries('/proc')) {
		if (!/^\d+$/.test(name)) continue;
		const parent = /\) \S (\d+)/.exec(read(`/proc/${name}/stat`))?.[1];
		if (parent !== undefined) parents.set(Number(name), Number(parent));
	}
	const below = (of: number): number[] =>
		[...parents].flatMap(([child, parent]) => (parent === of ? [child, ...below(child)] : []));
	return below(pid);
}

function inMb(path: string, pattern: RegExp): number | null {
	const kb = pattern.exec(read(path))?.[1];
	return kb === undefined ? null : Number(kb) / 1024;
}

function read(path: string): string {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return '';
	}
}

function entries(path: string): string[] {
	try {
		return readdirSync(path);
	} catch {
		return [];
	}
}
