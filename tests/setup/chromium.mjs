// Where an installed Chromium is, and the flags it needs in a container; for component and browser tests.
import { existsSync } from 'node:fs';

const candidates = [
	process.env.CHROMIUM_PATH,
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/usr/bin/google-chrome-stable',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The installed browser's path, or undefined (then Playwright looks for its own download).
 * @returns {string | undefined}
 */
export function findChromium() {
	return candidates.find((path) => path !== undefined && path !== '' && existsSync(path));
}

/**
 * Launch options shared by vitest's browser mode and Playwright.
 * @returns {{ executablePath?: string, args: string[] }}
 */
export function launchOptions() {
	const path = findChromium();
	return {
		...(path === undefined ? {} : { executablePath: path }),
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--disable-dev-shm-usage',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
		],
	};
}
