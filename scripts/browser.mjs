// The Chromium for component and browser tests: an installed one, else the distribution's where we may install it.
import { existsSync } from 'node:fs';
import { findChromium } from '../tests/setup/chromium.mjs';
import { run, say } from './common.mjs';

/**
 * Looks for a Chromium; as root on Debian and its kin it is installed.
 * @returns {Promise<{ found: boolean, reason: string }>}
 */
export async function prepareBrowser() {
	if (findChromium() !== undefined || (await hasPlaywrights())) return { found: true, reason: '' };
	if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
		return { found: false, reason: 'no Chromium is installed; install one, or set CHROMIUM_PATH' };
	}
	say('Installing Chromium …');
	const env = { DEBIAN_FRONTEND: 'noninteractive' };
	const install = ['install', '-y', '-q', '--no-install-recommends', 'chromium'];
	await run('apt-get', ['update', '-q'], { quiet: true, env });
	await run('apt-get', install, { quiet: true, env });
	const found = findChromium() !== undefined;
	return { found, reason: found ? '' : 'Chromium could not be installed by apt-get' };
}

/** True if Playwright has a browser of its own. */
async function hasPlaywrights() {
	const { chromium } = await import('playwright');
	return existsSync(chromium.executablePath());
}
