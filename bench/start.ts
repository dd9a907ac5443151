// From start to ready, memory at rest, and what a browser loads for the first page.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded } from '../server/embedded-pg';
import { descendants, pssMb } from './measure';
import { BenchProduct } from './product';
import { beginSection, figure } from './report';

const SETTLE_MS = 15_000;
const KB = 1024;

export async function benchStart(): Promise<void> {
	beginSection('start');
	const dataDir = mkdtempSync(join(tmpdir(), 'comradarr-bench-'));
	try {
		await embedded(dataDir);
		await external(dataDir);
	} finally {
		rmSync(dataDir, { recursive: true, force: true });
	}
}

async function embedded(dataDir: string): Promise<void> {
	const first = await BenchProduct.start({ dataDir });
	await first.stop();
	figure('start to ready, new data directory', first.readyMs / 1000, 's');
	const product = await BenchProduct.start({ dataDir });
	try {
		figure('start to ready, embedded database', product.readyMs / 1000, 's', 2);
		await weigh(product);
		await sleep(SETTLE_MS);
		figure('idle memory of all processes (PSS)', pssMb(product.pid), 'MB', 120);
		figure('processes', descendants(product.pid).length + 1, '');
	} finally {
		await product.stop();
	}
}

async function external(dataDir: string): Promise<void> {
	const server = await startEmbedded({ dataDir: join(dataDir, 'external') });
	try {
		for (const turn of ['first', 'second']) {
			const product = await BenchProduct.start({ dataDir, databaseUrl: server.url });
			await product.stop();
			if (turn === 'second') figure('start to ready, external database', product.readyMs / 1000, 's', 1);
		}
	} finally {
		await server.stop();
	}
}

async function weigh(product: BenchProduct): Promise<void> {
	figure('script of the login page, compressed', (await scriptBytes(product, '/login', '')) / KB, 'KB', 150);
	const cookie = await product.login();
	figure('script of the dashboard, compressed', (await scriptBytes(product, '/', cookie)) / KB, 'KB', 150);
}

/** Bytes of all scripts that a page names, and of those that they import, as they go over the wire. */
async function scriptBytes(product: BenchProduct, path: string, cookie: string): Promise<number> {
	const response = await fetch(product.url + path, { headers: { cookie, accept: 'text/html' } });
	const base = new URL(path, product.url);
	// the adapter names what to load beforehand in a header
	const text = `${await response.text()}\n${response.headers.get('link') ?? ''}`;
	const found = [...text.matchAll(/["'<]([^"'<>\s]+\.js)["'>]/g)].map(
		([, at = '']) => new URL(at, base).href,
	);
	const seen = new Set<string>();
	let bytes = 0;
	for (const todo = [...new Set(found)]; todo.length > 0;) {
		const at = todo.pop() ?? '';
		if (seen.has(at)) continue;
		seen.add(at);
		const packed = await fetch(at, { decompress: false, headers: { 'accept-encoding': 'br, gzip' } });
		const wire = new Uint8Array(await packed.arrayBuffer());
		bytes += wire.byteLength;
		const script = await (await fetch(at)).text();
		for (const [, name = ''] of script.matchAll(/(?:from|import)\s*["']([^"']+\.js)["']/g))
			todo.push(new URL(name, at).href);
	}
	return bytes;
}
