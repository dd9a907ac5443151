// Every list of the REST interface and every page over a mirror at full scale, asked of the real process.
import { discover } from '../src/lib/server/services/discovery';
import { fillQueue } from '../src/lib/server/services/queue/fill';
import { percentile, timed } from './measure';
import { sizes } from './options';
import { BenchProduct } from './product';
import { beginSection, figure, remark } from './report';
import { refreshReadings } from './seed';
import { openWorld, type World } from './world';

const WARM_UP = 3;
const LIMIT_MS = 50;
/** A call that is far too slow is not repeated for ever. */
const PATIENCE_MS = 10_000;
const LEAST_CALLS = 5;

export async function benchPages(): Promise<void> {
	beginSection(`pages: over ${sizes.episodes.toLocaleString('en')} episodes`);
	const world = await openWorld();
	await prepare(world);
	const product = await BenchProduct.start({ dataDir: world.dataDir, databaseUrl: world.url });
	try {
		const cookie = await product.login();
		const item = await someItem(world);
		remark('REST, p95:');
		for (const path of restPaths(world.connectorId, item))
			await measure(path, () => open(product, `/api/v1${path}`, cookie));
		remark('pages, p95:');
		for (const path of pagePaths(world.connectorId, item))
			await measure(path, () => open(product, path, cookie));
	} finally {
		await product.stop();
	}
}

async function prepare({ ctx, connectorId }: World): Promise<void> {
	await discover(ctx, connectorId);
	await refreshReadings(ctx, connectorId);
	await fillQueue(ctx, connectorId);
	await ctx.bulk`analyze`;
}

async function someItem({ ctx, connectorId }: World): Promise<string> {
	const [row] =
		(await ctx.sql`select episode_id as id from wanted where connector_id = ${connectorId} order by id offset 7 limit 1`) as {
			id: number;
		}[];
	return `episode-${String(row?.id ?? 1)}`;
}

const restPaths = (id: number, item: string): string[] => [
	'/connectors',
	`/connectors/${String(id)}`,
	`/connectors/${String(id)}/stats`,
	'/wanted',
	'/wanted?limit=500',
	`/wanted?connector=${String(id)}&reason=quality`,
	'/wanted?state=pending',
	'/wanted?q=series%20ab',
	'/wanted?q=abc',
	'/wanted?sort=title',
	'/content',
	'/content?q=abc',
	'/content?sort=title',
	`/wanted/${item}`,
	`/wanted/${item}/explain`,
	'/plan?limit=50',
	'/queue',
	'/dispatches',
	'/dispatches?outcome=grabbed',
	'/events',
	'/throttle-profiles',
];

const pagePaths = (id: number, item: string): string[] => [
	'/',
	'/wanted',
	'/wanted?q=abc',
	'/content',
	'/content?q=abc',
	`/items/${item}`,
	'/queue',
	'/activity',
	'/connectors',
	`/connectors/${String(id)}`,
	'/settings/account',
	'/settings/keys',
	'/settings/pace',
];

async function open(product: BenchProduct, path: string, cookie: string): Promise<void> {
	const response = await fetch(product.url + path, {
		headers: { cookie },
		redirect: 'manual',
	});
	await response.arrayBuffer();
	if (response.status !== 200) throw new Error(`${path} was answered ${String(response.status)}`);
}

async function measure(name: string, work: () => Promise<unknown>): Promise<void> {
	const spans: number[] = [];
	try {
		for (let at = 0; at < WARM_UP; at += 1) await work();
		const since = performance.now();
		for (let at = 0; at < sizes.calls; at += 1) {
			spans.push(await timed(work));
			if (at >= LEAST_CALLS && performance.now() - since > PATIENCE_MS) break;
		}
		figure(name, percentile(spans, 0.95), 'ms', LIMIT_MS);
	} catch (error) {
		remark(`${name}: ${error instanceof Error ? error.message : String(error)}`);
	}
}
