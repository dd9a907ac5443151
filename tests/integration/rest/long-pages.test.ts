// A page that is written as a whole is short, and its link leads on until everything was shown; REST and the page that
// grows in the browser get as many rows as they ask for.
import { beforeAll, expect, test } from 'vitest';
import { Browser } from '../../security/browser';
import { addAndSync, bed, createFake, rest, useBed } from './bed';

useBed();

let browser: Browser;
beforeAll(async () => {
	const library = { preset: 'large', series: 4, episodesPerSeries: 65, filesShare: 0 } as const;
	await addAndSync(await createFake({ kind: 'sonarr4', library }));
	browser = new Browser(bed().app);
	await browser.login();
});

const refsIn = (text: string): string[] => [...new Set(text.match(/\bepisode-\d+\b/g))];

test('each row is written once, a hundred at a time', async () => {
	const all: string[] = [];
	let path = '/content?limit=500';
	for (let pages = 0; path !== '' && pages < 9; pages += 1) {
		const html = await (await browser.get(path)).text();
		const written = refsIn(html.replaceAll(/<script[^]*?<\/script>/g, ''));
		expect(written.length).toBeLessThanOrEqual(100);
		all.push(...written);
		const next = /href="(\?[^"]*cursor=[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&');
		path = next === undefined ? '' : `/content${next}`;
	}
	const { body } = await rest().get<{ items: { ref: string }[] }>('/content?limit=500');
	expect(body.items.length).toBeGreaterThan(100);
	expect(all.sort()).toEqual(body.items.map(({ ref }) => ref).sort());
});

test('the browser is given what it asks for', async () => {
	const data = await (await browser.get('/content/__data.json?limit=500')).text();
	expect(refsIn(data).length).toBeGreaterThan(100);
});
