/** Secure connections: to a checked address, with the certificate checked for the name. Certificates are made by openssl. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpCore } from './http';
import type { HttpOptions } from './http';
import { optionsFor } from './testing';

const has = spawnSync('openssl', ['version']).status === 0;

interface Listening {
	port: number;
	stop: () => Promise<void>;
}
let folder = '';
let server: Listening | undefined;

function openssl(...args: string[]): void {
	const done = spawnSync('openssl', args, { cwd: folder });
	if (done.status !== 0) throw new Error(done.stderr.toString());
}

/** An authority, and a certificate of it for arr.example and 127.0.0.1. */
function makeCertificates(): void {
	folder = mkdtempSync(join(tmpdir(), 'tls-'));
	const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
	openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Own CA');
	openssl('req', ...key, '-keyout', 'own.key', '-out', 'own.csr', '-subj', '/CN=arr.example');
	writeFileSync(join(folder, 'ext'), 'subjectAltName=DNS:arr.example,IP:127.0.0.1');
	openssl(
		'x509',
		'-req',
		'-in',
		'own.csr',
		'-CA',
		'ca.pem',
		'-CAkey',
		'ca.key',
		'-CAcreateserial',
		'-days',
		'2',
		'-extfile',
		'ext',
		'-out',
		'own.pem',
	);
}
const file = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe.skipIf(!has)('tls', () => {
	beforeAll(() => {
		makeCertificates();
		const listening = Bun.serve({
			port: 0,
			hostname: '127.0.0.1',
			tls: { key: file('own.key'), cert: file('own.pem') },
			fetch: (request) => Response.json({ host: request.headers.get('host') }),
		});
		server = { port: listening.port ?? 0, stop: () => listening.stop(true) };
	});
	afterAll(async () => {
		await server?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	const ask = (host: string, more: Partial<HttpOptions>): Promise<unknown> => {
		const url = `https://${host}:${server?.port ?? 0}`;
		return new HttpCore(optionsFor(url, { resolve: async () => ['127.0.0.1'], once: true, ...more })).json(
			'a',
		);
	};
	const own = (): HttpOptions['tls'] => ({ ca: file('ca.pem'), allowSelfSigned: false });

	it('refuses a certificate of an unknown authority, before anything is written', async () => {
		await expect(ask('arr.example', {})).rejects.toMatchObject({
			code: 'tls',
			sent: 'no',
			decision: 'ask_user',
		});
	});

	it("takes it with the user's own authority, by name and by number", async () => {
		expect(await ask('arr.example', { tls: own() })).toEqual({ host: `arr.example:${server?.port ?? 0}` });
		expect(await ask('127.0.0.1', { tls: own() })).toMatchObject({});
	});

	it('checks the name that was asked for', async () => {
		await expect(ask('other.example', { tls: own() })).rejects.toMatchObject({
			code: 'tls',
			message: 'The certificate belongs to another host name.',
		});
	});

	it('takes any certificate where the user allows it', async () => {
		expect(await ask('other.example', { tls: { ca: null, allowSelfSigned: true } })).toMatchObject({});
	});

	it('says that plain http does not work there', async () => {
		const http = new HttpCore(optionsFor(`http://127.0.0.1:${server?.port ?? 0}`, { once: true }));
		await expect(http.json('a')).rejects.toMatchObject({
			code: expect.stringMatching(/reset|not_application|tls/) as string,
		});
	});
});
