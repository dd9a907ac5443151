// `npm run screenshots`: a picture of every page, in both themes and widths. See scripts/screenshots.ts.
import { prepareBrowser } from './browser.mjs';
import { main, prepareBuild, prepareDependencies, run, ScriptError } from './common.mjs';

await main(async () => {
	const bun = await prepareDependencies();
	const browser = await prepareBrowser();
	if (!browser.found) throw new ScriptError(`No pictures without a browser: ${browser.reason}.`);
	await prepareBuild(bun);
	return run(bun, ['scripts/screenshots.ts', ...process.argv.slice(2)]);
});
