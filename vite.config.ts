// Vite: styles first, then SvelteKit. Always run by Bun (`bun --bun vite …`): the app imports `bun`.
import { sveltekit } from '@sveltejs/kit/vite';
import UnoCSS from 'unocss/vite';
import { defineConfig } from 'vite';

export default defineConfig({
	plugins: [UnoCSS(), sveltekit()],
	build: { chunkSizeWarningLimit: 600 },
	// `bun` is the runtime itself and never part of a bundle
	ssr: { external: ['bun'] },
});
