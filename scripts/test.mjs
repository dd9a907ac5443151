// `npm test`: everything that must hold, in stages. `npm test -- <stage> [filter…]` runs one of them.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareBrowser } from './browser.mjs';
import { main, prepareBuild, prepareDependencies, root, run, say, ScriptError } from './common.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */
/** @typedef {{ bun: string, filters: string[], folder: string }} Context */
/** @typedef {{ name: string, what: string, needsBrowser?: boolean, run: (context: Context) => Promise<Counts> }} Stage */

/** @param {boolean} good @returns {Counts} */
const one = (good) => ({ passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 });

/** @type {Stage[]} */
const stages = [
	{ name: 'types', what: 'types', run: checkTypes },
	{ name: 'lint', what: 'lint and format', run: lint },
	{
		name: 'server',
		what: 'unit, integration, simulation, security',
		run: (context) => vitest(context, 'server'),
	},
	{ name: 'client', what: 'components', needsBrowser: true, run: (context) => vitest(context, 'client') },
	{ name: 'e2e', what: 'browser', needsBrowser: true, run: playwright },
];

/** @param {Context} context */
async function checkTypes({ bun }) {
	const synced = await run(bun, ['--bun', 'svelte-kit', 'sync'], { quiet: true });
	if (synced !== 0) return one(false);
	return one(
		(await run(bun, ['--bun', 'svelte-check', '--tsconfig', './tsconfig.json'], { quiet: true })) === 0,
	);
}

/** @param {Context} context */
async function lint({ bun }) {
	const lockHasAddress = /https?:/.test(readFileSync(join(root, 'bun.lock'), 'utf8'));
	if (lockHasAddress) say('bun.lock holds the address of a registry; install again with the default one.');
	const rules = await run(bun, ['--bun', 'eslint', '.'], { quiet: true });
	const format = await run(bun, ['--bun', 'prettier', '--check', '--log-level', 'warn', '.']);
	return one(rules === 0 && format === 0 && !lockHasAddress);
}

/** @param {Context} context @param {string} project */
async function vitest({ bun, filters, folder }, project) {
	const file = join(folder, `${project}.json`);
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
	const args = [
		'--bun',
		'vitest',
		'run',
		'--project',
		project,
		'--passWithNoTests',
		...reporters,
		...filters,
	];
	const code = await run(bun, args);
	const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = report(file);
	return judged(code, {
		passed: numPassedTests,
		failed: numFailedTests,
		skipped: numPendingTests + numTodoTests,
	});
}

/** @param {Context} context */
async function playwright({ bun, filters, folder }) {
	await prepareBuild(bun);
	const file = join(folder, 'e2e.json');
	const env = { E2E_JSON: file, E2E_DATA_DIR: join(folder, 'e2e-data') };
	const args = [
		join(root, 'node_modules/@playwright/test/cli.js'),
		'test',
		'--pass-with-no-tests',
		...filters,
	];
	const code = await run(process.execPath, args, { env });
	const { expected = 0, flaky = 0, unexpected = 0, skipped = 0 } = report(file).stats ?? {};
	return judged(code, { passed: expected + flaky, failed: unexpected, skipped });
}

/** @param {string} file */
function report(file) {
	try {
		return JSON.parse(readFileSync(file, 'utf8'));
	} catch {
		return {};
	}
}

/**
 * A runner that fails without a failed test (a crash, an unhandled error) counts as one.
 * @param {number} code @param {Counts} counts @returns {Counts}
 */
function judged(code, counts) {
	return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** @param {number} since */
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

await main(async () => {
	const began = performance.now();
	const [wanted, ...filters] = process.argv.slice(2);
	const chosen = wanted === undefined ? stages : stages.filter((stage) => stage.name === wanted);
	if (chosen.length === 0)
		throw new ScriptError(`There is no stage ${wanted}; choose ${stages.map((s) => s.name).join(', ')}.`);
	const bun = await prepareDependencies();
	const browser = chosen.some((stage) => stage.needsBrowser)
		? await prepareBrowser()
		: { found: true, reason: '' };
	say(`Prepared in ${seconds(began)}.`);
	const folder = mkdtempSync(join(tmpdir(), 'comradarr-results-'));
	const total = { passed: 0, failed: 0, skipped: 0 };
	/** @type {string[]} */
	const left = [];
	for (const stage of chosen) {
		if (stage.needsBrowser && !browser.found) {
			left.push(`${stage.name} (${stage.what})`);
			continue;
		}
		const since = performance.now();
		const counts = await stage.run({ bun, filters, folder });
		for (const key of /** @type {const} */ (['passed', 'failed', 'skipped'])) total[key] += counts[key];
		say(
			`${counts.failed === 0 ? '✓' : '✗'} ${stage.name} (${stage.what}): ${sum(counts)}, ${seconds(since)}`,
		);
	}
	rmSync(folder, { recursive: true, force: true });
	for (const name of left) say(`- skipped: ${name}: ${browser.reason}`);
	total.skipped += left.length;
	say(`All stages: ${seconds(began)}.`);
	process.stdout.write(`${sum(total)}\n`);
	const maySkip = process.env.ALLOW_SKIPPED === '1';
	return total.failed > 0 || (left.length > 0 && !maySkip) ? 1 : 0;
});

/** @param {Counts} counts */
function sum({ passed, failed, skipped }) {
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
