// What the profile would take, said as it is.
import { expect, test } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { Present, PRESENT } from '$lib/stores/present.svelte';
import FileAndMemory from './FileAndMemory.svelte';

const now = new Date('2026-11-21T14:32:00Z');
const memory = { attempts: 0, maxAttempts: 10, freshAttempts: 0, searches: 0, cost: 0, boost: 0 };
const never = { lastSearchAt: null, arrLastSearchAt: null, score: null };

test.each([
	[true, 'The profile “HD” stops at WEBDL-1080p.'],
	[false, 'The profile “HD” takes the first release it gets: its upgrades are off.'],
])('upgrades allowed: %s', async (upgrades, words) => {
	const profile = { name: 'HD', cutoff: 'WEBDL-1080p', upgrades };
	const { container } = await render(FileAndMemory, {
		props: { item: { file: null, dispatches: [], profile, memory: { ...memory, ...never } } },
		context: new Map([[PRESENT, new Present(now, { locale: 'en-US', timeZone: 'UTC', hour12: false })]]),
	});
	expect(container.querySelector('section')?.textContent).toContain(words);
});
