/**
 * Named points at which the crash tests kill the process. Does nothing unless `COMRADARR_CRASH_AT` names the point;
 * `<name>@<n>` kills at the n-th passing.
 */
const passed = new Map<string, number>();

/** Passes the named point, or dies there by SIGKILL if a crash test asked for it. */
export async function checkpoint(name: string): Promise<void> {
	const wanted = process.env.COMRADARR_CRASH_AT;
	if (wanted === undefined) return;
	const [point, nth] = wanted.split('@');
	if (point !== name) return;
	const count = (passed.get(name) ?? 0) + 1;
	passed.set(name, count);
	if (count < Number(nth ?? 1)) return;
	process.kill(process.pid, 'SIGKILL');
	// The signal is delivered asynchronously: nothing after this point may run.
	await new Promise(() => undefined);
}
