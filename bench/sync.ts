// How fast and in how much memory a whole library is mirrored, and what it costs when nothing has changed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bareLoop, startFake, type BenchFake, type Shape } from './fake';
import { cpuSeconds, peakMb } from './measure';
import { sizes, START, WEEK_MS } from './options';
import { BenchProduct } from './product';
import { beginSection, figure, remark } from './report';

/** A Sonarr with its series, episodes and files. */
export async function benchSync(): Promise<void> {
	beginSection(`sync: a Sonarr of ${sizes.series.toLocaleString('en')} series`);
	const library = { preset: 'large' as const, series: sizes.series, episodesPerSeries: 50 };
	await measure('sonarr', 'series', await startFake({ kind: 'sonarr4', library }));
}

/** A Whisparr 3 with its scenes. */
export async function benchScenes(): Promise<void> {
	beginSection(`scenes: a Whisparr 3 of ${sizes.scenes.toLocaleString('en')} scenes`);
	const library = { preset: 'large' as const, scenes: sizes.scenes };
	await measure('whisparr', 'scenes', await startFake({ kind: 'whisparr3', library }));
}

async function measure(kind: string, shape: Shape, site: BenchFake): Promise<void> {
	const dataDir = mkdtempSync(join(tmpdir(), 'comradarr-bench-'));
	try {
		await inObserve(kind, shape, site, dataDir);
	} finally {
		await site.fakes.stop();
		rmSync(dataDir, { recursive: true, force: true });
	}
}

async function inObserve(kind: string, shape: Shape, site: BenchFake, dataDir: string): Promise<void> {
	const warm = await bareLoop(site, shape, 'full');
	remark(
		`${warm.records.toLocaleString('en')} records in ${String(warm.requests)} answers, rendered beforehand`,
	);
	const bare = await bareLoop(site, shape, 'full');
	figure('bare download and parse', bare.ms / 1000, 's');
	const product = await BenchProduct.start({ dataDir, start: START });
	let id: number;
	try {
		id = await product.addConnector(kind, site.fake);
		const first = await product.firstSync(id);
		figure('first full sync', first.ms / 1000, 's');
		figure('first full sync, times the bare loop', first.ms / bare.ms, 'x', 2);
		figure('first full sync, processor time with the database', cpuSeconds(product.pid), 's');
		figure('peak memory of the process after it', peakMb(product.pid), 'MB', 200);
		await settled(product.pid);
		const again = await product.sync(id, 'full');
		figure('unchanged full sync', again.ms / 1000, 's');
		figure('unchanged full sync, times the bare loop', again.ms / bare.ms, 'x', 1.5);
		figure('unchanged full sync, changes', again.changed, 'rows', 0);
		await settled(product.pid);
		await incremental(product, id, { site, shape, name: 'incremental sync' });
		figure('peak memory of the process after all', peakMb(product.pid), 'MB', 200);
	} finally {
		await product.stop();
	}
	await afterAWeek(site, shape, { dataDir, id });
}

/** The plan that follows a sync is not part of the next one: waits until the product is idle, a minute at most. */
async function settled(pid: number): Promise<void> {
	for (let second = 0; second < 60; second += 1) {
		const before = cpuSeconds(pid) ?? 0;
		await sleep(1000);
		if ((cpuSeconds(pid) ?? 0) - before < 0.1) return;
	}
}

/** Only time has passed: what was in the future has aired. */
async function afterAWeek(site: BenchFake, shape: Shape, of: { dataDir: string; id: number }): Promise<void> {
	const now = await site.fakes.clock.advance(WEEK_MS);
	const product = await BenchProduct.start({ dataDir: of.dataDir, start: Math.max(now, START + WEEK_MS) });
	try {
		await incremental(product, of.id, { site, shape, name: 'incremental sync after a week' });
	} finally {
		await product.stop();
	}
}

async function incremental(
	product: BenchProduct,
	id: number,
	{ site, shape, name }: { site: BenchFake; shape: Shape; name: string },
): Promise<void> {
	await bareLoop(site, shape, 'incremental');
	const bare = await bareLoop(site, shape, 'incremental');
	const { ms, requests, changed } = await product.sync(id, 'incremental');
	figure(`${name}, requests`, requests, '', 5);
	figure(`${name}, changes`, changed, 'rows', 0);
	figure(name, ms, 'ms');
	figure(`${name}, the bare list alone`, bare.ms, 'ms');
	figure(`${name}, our own time beside it`, Math.max(0, ms - bare.ms), 'ms', 1000);
}
