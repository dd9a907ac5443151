// `npm run demo`: the product against stand-ins of its applications, in time that runs faster. See scripts/demo.ts.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { main, prepareBuild, prepareDependencies, root } from './common.mjs';

await main(async () => {
	const bun = await prepareDependencies();
	await prepareBuild(bun);
	const args = ['scripts/demo.ts', ...process.argv.slice(2)];
	const child = spawn(bun, args, { cwd: root, stdio: 'inherit' });
	// a terminal sends Ctrl-C to both of us: the demo ends by itself, and we wait for it
	process.on('SIGINT', () => undefined);
	process.on('SIGTERM', () => child.kill('SIGTERM'));
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code, signal) =>
			resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
		);
	});
});
