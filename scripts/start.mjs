// `npm start`: whatever is missing (Bun, dependencies, build) is made, then the product runs in the foreground.
// `npm run dev` (--dev) starts the development server instead.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { main, prepareBuild, prepareDependencies, root } from './common.mjs';

const repeatedMs = 300;
/** What the garbage collector takes for all the memory there is: it then collects sooner (docs/decisions/011). */
const smallMemory = { BUN_JSC_forceRAMSize: String(256 * 1024 * 1024) };

/**
 * Runs the process and hands signals on. It has a process group of its own, or Ctrl-C would reach it twice.
 * @param {string} bun
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
function serve(bun, args) {
	const child = spawn(bun, args, {
		cwd: root,
		stdio: ['ignore', 'inherit', 'inherit'],
		detached: true,
		env: { ...smallMemory, ...process.env },
	});
	/** @type {Map<string, number>} */
	const sent = new Map();
	for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) {
		process.on(signal, () => {
			// npm hands on a signal that the terminal has sent to us as well
			if (Date.now() - (sent.get(signal) ?? 0) < repeatedMs) return;
			sent.set(signal, Date.now());
			child.kill(signal);
		});
	}
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code, signal) =>
			resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
		);
	});
}

await main(async () => {
	const bun = await prepareDependencies();
	if (process.argv.includes('--dev')) return serve(bun, ['--bun', 'server/dev.ts']);
	await prepareBuild(bun);
	// a small heap: the same speed in two thirds of the memory (docs/decisions/011)
	return serve(bun, ['--smol', 'server/main.ts']);
});
