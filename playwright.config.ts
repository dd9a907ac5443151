// Browser tests against the real process entry on an empty data directory.
import { defineConfig, devices } from '@playwright/test';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './tests/e2e/free-port.ts';
import { launchOptions } from './tests/setup/chromium.mjs';

// workers load this file again: only the first one may choose the port and the directory
process.env.E2E_PORT ??= String(await freePort());
process.env.E2E_DATA_DIR ??= mkdtempSync(join(tmpdir(), 'comradarr-e2e-'));
const port = Number(process.env.E2E_PORT);
const baseURL = `http://127.0.0.1:${String(port)}`;

export default defineConfig({
	testDir: 'tests/e2e',
	outputDir: 'test-results',
	fullyParallel: false,
	retries: 0,
	workers: 1,
	forbidOnly: process.env.CI !== undefined,
	reporter: [
		['line'],
		...(process.env.E2E_JSON === undefined ? [] : [['json', { outputFile: process.env.E2E_JSON }] as const]),
	],
	use: { baseURL, trace: 'retain-on-failure', launchOptions: launchOptions() },
	projects: [
		{ name: 'desktop', use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } } },
		{
			name: 'phone',
			// the others choose their widths themselves
			testMatch: /(first-run|pages)\.spec\.ts/,
			use: { ...devices['Desktop Chrome'], viewport: { width: 390, height: 844 }, hasTouch: true },
		},
	],
	webServer: {
		command: 'node_modules/.bin/bun server/main.ts',
		url: `${baseURL}/health`,
		reuseExistingServer: false,
		timeout: 60_000,
		stdout: 'ignore',
		stderr: 'pipe',
		gracefulShutdown: { signal: 'SIGTERM', timeout: 10_000 },
		env: {
			HOST: '127.0.0.1',
			PORT: String(port),
			DATA_DIR: process.env.E2E_DATA_DIR,
			LOG_LEVEL: 'warn',
			ADMIN_USER: 'admin',
			ADMIN_PASS: 'correct horse battery',
			API_KEY: 'e2e-0123456789abcdef0123456789abcdef',
		},
	},
});
