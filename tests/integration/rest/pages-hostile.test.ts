// Pages: whatever stands in an address or a form, the answer is a page that says so; never an error of ours.
import { beforeAll, expect, test } from 'vitest';
import { Browser } from '../../security/browser';
import { addAndSync, bed, createFake, useBed, type ConnectorBody } from './bed';

useBed();

let browser: Browser;
let connector: ConnectorBody;
let fakeKey: string;
beforeAll(async () => {
	const fake = await createFake({ kind: 'sonarr4', library: { preset: 'tiny' } });
	fakeKey = fake.apiKey;
	connector = await addAndSync(fake);
	browser = new Browser(bed().app);
	await browser.login();
});

const NUL = '%00';

test('addresses with what no list takes', async () => {
	for (const path of ['/wanted', '/content', '/activity', '/activity?tab=events'])
		expect((await browser.get(`${path}${path.includes('?') ? '&' : '?'}cursor=abc`)).status, path).toBe(400);
	for (const path of ['/wanted', '/content'])
		expect((await browser.get(`${path}?q=a${NUL}b`)).status, path).toBe(200);
	for (const query of [
		'limit=-1',
		'limit=NaN',
		'limit=1e99',
		'q=%25_%5C',
		'item=episode-9999999999',
		'scope=%00',
	])
		expect((await browser.get(`/wanted?${query}`)).status, query).toBe(200);
});

test('forms with what no database takes', async () => {
	const page = `/connectors/${String(connector.id)}`;
	const sent: [path: string, fields: Record<string, string>][] = [
		['/queue?/undo', { id: '\0' }],
		['/queue?/remove', { id: 'NaN' }],
		['/settings/account?/end', { id: '\0' }],
		['/settings/keys?/create', { name: 'long', scope: 'read', days: '1e20' }],
		['/settings/keys?/create', { name: 'long', scope: 'read', days: 'Infinity' }],
		[`${page}?/settings`, { section: 'filters', group: 'a\0b' }],
		[`${page}?/settings`, { section: 'searching', graceHours: 'x' }],
		[`${page}?/connection`, { name: 'a\0b', url: 'http://127.0.0.1:9' }],
		['/connectors?/add', { kind: 'sonarr', name: 'a\0b', url: 'http://127.0.0.1:9', apiKey: 'a\0b' }],
	];
	for (const [path, fields] of sent) {
		const { status } = await browser.form(path, fields);
		expect(status, `${path} ${JSON.stringify(fields)}`).toBeLessThan(500);
	}
	expect(bed().app.log()).not.toMatch(/failed unexpectedly/);
});

test('forms whose parts are broken, with and without a login', async () => {
	const { url } = bed().app;
	const good = '--x\r\nContent-Disposition: form-data; name="username"\r\n\r\nadmin\r\n--x--\r\n';
	for (const [path, from] of [
		['/login', new Browser(bed().app)],
		['/queue?/pause', browser],
	] as const) {
		const send = (type: string, body: string) =>
			from.send(path, { method: 'POST', headers: { origin: url, 'content-type': type }, body });
		for (const type of [
			'multipart/form-data',
			'multipart/form-data; boundary=x',
			'multipart/form-data; boundary="',
			'text/plain',
		])
			for (const body of ['', 'garbage', '--x\r\n', good.slice(0, -6)])
				expect((await send(type, body)).status, `${path} ${type} ${body}`).toBe(400);
		expect((await send('multipart/form-data; boundary=x', good)).status, path).not.toBe(500);
	}
	expect(bed().app.log()).not.toMatch(/failed unexpectedly/);
});

test('a connector keeps a name that can be read, whichever way it is changed', async () => {
	const page = `/connectors/${String(connector.id)}?/connection`;
	const [{ url }] = (await bed().app.database.sql`select url from connectors`) as [{ url: string }];
	for (const name of ['', '   ', 'x'.repeat(101)]) {
		const answer = await browser.form(page, { name, url });
		expect(answer.status, name).toBe(422);
		expect(await answer.text()).toContain('1 to 100 characters');
	}
	const rows = (await bed().app.database.sql`select name from connectors`) as { name: string }[];
	expect(rows.map((row) => row.name)).toEqual([connector.name]);
});

test('an application is not connected twice by the form', async () => {
	const [{ url }] = (await bed().app.database.sql`select url from connectors`) as [{ url: string }];
	const again = {
		kind: 'sonarr',
		name: 'Again',
		url: url.replace('127.0.0.1', 'localhost'),
		apiKey: 'no-such-key-at-all',
	};
	const wrongKey = await browser.form('/connectors?/add', again);
	expect(wrongKey.status).toBe(422);
	const answer = await browser.form('/connectors?/add', { ...again, apiKey: fakeKey });
	expect(answer.status).toBe(409);
	expect(await answer.text()).toContain(`already connected, as`);
	const rows = (await bed().app.database.sql`select name from connectors`) as { name: string }[];
	expect(rows).toHaveLength(1);
});
