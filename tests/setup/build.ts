// The built app for tests that start the real process: built once, by whoever comes first, if a source is newer.
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { prepareBuild } from '../../scripts/common.mjs';
import { top } from './sources';

const lock = join(top, '.tmp/build.lock');
/** A build takes half a minute at most; an older lock was left by a process that died. */
const staleMs = 180_000;

/** Builds unless the build is up to date. With `KEEP_BUILD=1` whatever is there is used. */
export async function ensureBuild(): Promise<void> {
	if (process.env.KEEP_BUILD === '1' && existsSync(join(top, 'build/handler.js'))) return;
	mkdirSync(join(top, '.tmp'), { recursive: true });
	while (!tryLock()) await Bun.sleep(200);
	try {
		await prepareBuild(process.execPath);
	} finally {
		rmSync(lock, { recursive: true, force: true });
	}
}

function tryLock(): boolean {
	try {
		mkdirSync(lock);
		return true;
	} catch {
		const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
		if (Date.now() - since > staleMs) rmSync(lock, { recursive: true, force: true });
		return false;
	}
}
