// `npm run bench [section …]`: builds what is missing, then measures. See bench/main.ts.
import { main, prepareBuild, prepareDependencies, run } from './common.mjs';

await main(async () => {
	const bun = await prepareDependencies();
	await prepareBuild(bun);
	return run(bun, ['bench/main.ts', ...process.argv.slice(2)]);
});
