// Two test projects: `server` (Bun, real PostgreSQL) and `client` (components in a real browser).
import { sveltekit } from '@sveltejs/kit/vite';
import { playwright } from '@vitest/browser-playwright';
import UnoCSS from 'unocss/vite';
import { defineConfig } from 'vitest/config';
import { launchOptions } from './tests/setup/chromium.mjs';

export default defineConfig({
	test: {
		projects: [
			{
				plugins: [sveltekit()],
				ssr: { external: ['bun'] },
				test: {
					name: 'server',
					environment: 'node',
					// the default pool of child processes crashes under Bun
					pool: 'threads',
					maxWorkers: Number(process.env.TEST_WORKERS ?? 2),
					include: ['src/**/*.test.ts', 'tests/**/*.test.ts'],
					exclude: ['**/*.svelte.test.ts', 'tests/e2e/**'],
					globalSetup: ['tests/setup/pg.ts'],
					setupFiles: ['tests/setup/env.ts'],
					// the built product is run as it is
					server: { deps: { external: [/\/build\//] } },
					testTimeout: 20_000,
					hookTimeout: 60_000,
				},
			},
			{
				plugins: [UnoCSS(), sveltekit()],
				test: {
					name: 'client',
					include: ['src/**/*.svelte.test.ts', 'tests/components/**/*.svelte.test.ts'],
					browser: {
						enabled: true,
						headless: true,
						screenshotFailures: false,
						instances: [{ browser: 'chromium' }],
						provider: playwright({ launchOptions: launchOptions() }),
					},
				},
			},
		],
	},
});
