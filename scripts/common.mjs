// What starting and testing share: finding Bun, installing dependencies, building. Needs Node only.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	existsSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	statSync,
	utimesSync,
	writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const bunVersion = manifest.devDependencies.bun;
const localBun = join(root, 'node_modules/.bin/bun');
const ownBun = join(root, '.tmp/bun');
const installStamp = join(root, 'node_modules/.comradarr-installed');
const buildStamp = join(root, 'build/.comradarr-built');

/** A failure of a script, as a sentence. */
export class ScriptError extends Error {}

/** @param {string} text */
export function say(text) {
	process.stderr.write(`${text}\n`);
}

/**
 * The pinned Bun: the one of this folder, the one on the PATH, else one that npm fetches into .tmp.
 * @returns {string}
 */
export function findBun() {
	for (const candidate of [localBun, 'bun', join(ownBun, 'node_modules/.bin/bun')]) {
		if (isPinned(candidate)) return candidate;
	}
	// npm may have left a placeholder where install scripts are switched off
	if (completeBun(root) && isPinned(localBun)) return localBun;
	return fetchBun();
}

/** @param {string} program */
function isPinned(program) {
	const answer = spawnSync(program, ['--version'], { encoding: 'utf8', cwd: root });
	return answer.status === 0 && answer.stdout.trim() === bunVersion;
}

/** @param {string} folder */
function completeBun(folder) {
	const script = join(folder, 'node_modules/bun/install.js');
	if (!existsSync(script)) return false;
	return spawnSync(process.execPath, [script], { cwd: dirname(script), stdio: 'ignore' }).status === 0;
}

function fetchBun() {
	say(`Fetching Bun ${bunVersion} …`);
	mkdirSync(ownBun, { recursive: true });
	writeFileSync(join(ownBun, 'package.json'), '{"private":true,"allowScripts":{"bun":true}}\n');
	const arguments_ = [
		'install',
		'--no-audit',
		'--no-fund',
		'--no-package-lock',
		'--prefix',
		ownBun,
		`bun@${bunVersion}`,
	];
	const npm = spawnSync('npm', arguments_, { cwd: ownBun, encoding: 'utf8' });
	const program = join(ownBun, 'node_modules/.bin/bun');
	if (isPinned(program)) return program;
	if (completeBun(ownBun) && isPinned(program)) return program;
	throw new ScriptError(`Bun ${bunVersion} could not be installed.\n${npm.stderr ?? ''}`);
}

/**
 * Installs what bun.lock names, unless exactly that is installed already. Returns the Bun to use from now on.
 * @returns {Promise<string>}
 */
export async function prepareDependencies() {
	const bun = findBun();
	const wanted = createHash('sha256')
		.update(readFileSync(join(root, 'bun.lock')))
		.update(
			JSON.stringify([
				bunVersion,
				process.platform,
				process.arch,
				manifest.dependencies,
				manifest.devDependencies,
			]),
		)
		.digest('hex');
	if (!existsSync(installStamp) || readFileSync(installStamp, 'utf8') !== wanted) {
		say('Installing dependencies …');
		const code = await run(bun, ['install', '--frozen-lockfile', '--no-progress'], { quiet: true });
		if (code !== 0) throw new ScriptError('The dependencies could not be installed.');
		writeFileSync(installStamp, wanted);
	}
	useHooks();
	return findBun();
}

/** The repository's git hooks, where this folder is the top of a work tree. */
function useHooks() {
	const top = spawnSync('git', ['rev-parse', '--show-toplevel'], { cwd: root, encoding: 'utf8' });
	if (top.status !== 0 || relative(top.stdout.trim(), root) !== '') return;
	const now = spawnSync('git', ['config', '--local', 'core.hooksPath'], { cwd: root, encoding: 'utf8' });
	if (now.stdout.trim() === '')
		spawnSync('git', ['config', '--local', 'core.hooksPath', '.githooks'], { cwd: root });
}

/**
 * Builds the app if a source is newer than the last build.
 * @param {string} bun
 */
export async function prepareBuild(bun) {
	const began = new Date();
	if (existsSync(buildStamp) && newestSource() <= statSync(buildStamp).mtimeMs) return;
	say('Building …');
	// a test runner that asks for the build has set another mode, and would get the one for development
	const env = { NODE_ENV: 'production' };
	const code = await run(bun, ['--bun', 'vite', 'build', '--logLevel', 'error'], { quiet: true, env });
	if (code !== 0) throw new ScriptError('The app could not be built.');
	writeFileSync(buildStamp, '');
	// what changed while it was being built is newer
	utimesSync(buildStamp, began, began);
}

/** @returns {number} */
function newestSource() {
	const files = [
		'package.json',
		'bun.lock',
		'svelte.config.js',
		'vite.config.ts',
		'uno.config.ts',
		'uno.theme.ts',
	];
	return Math.max(...['src', 'static', ...files].map((name) => newest(join(root, name))));
}

/**
 * When the newest file below a path changed, tests aside.
 * @param {string} path
 * @returns {number}
 */
function newest(path) {
	const entry = statSync(path, { throwIfNoEntry: false });
	if (entry === undefined) return 0;
	if (!entry.isDirectory()) return path.endsWith('.test.ts') ? 0 : entry.mtimeMs;
	// a folder's own time tells of removed files
	return Math.max(entry.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/**
 * Runs a program to its end; with `quiet` its output is shown only if it fails.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean, env?: Record<string, string | undefined> }} [options]
 * @returns {Promise<number>}
 */
export function run(program, args, { quiet = false, env = {} } = {}) {
	const child = spawn(program, args, {
		cwd: root,
		stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
		env: { ...process.env, ...env },
	});
	/** @type {Buffer[]} */
	const output = [];
	child.stdout?.on('data', (chunk) => output.push(chunk));
	child.stderr?.on('data', (chunk) => output.push(chunk));
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => {
			const result = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
			if (quiet && result !== 0) process.stderr.write(Buffer.concat(output));
			resolve(result);
		});
	});
}

/**
 * Runs a script's main function; a failure is told in a sentence.
 * @param {() => Promise<number>} work
 */
export async function main(work) {
	try {
		process.exitCode = await work();
	} catch (error) {
		say(error instanceof ScriptError ? error.message : String(error instanceof Error ? error.stack : error));
		process.exitCode = 1;
	}
}
