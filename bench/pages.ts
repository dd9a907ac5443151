// Every list of the REST interface and every page over a mirror at full scale, asked of the real process.
import { discover } from '../src/lib/server/services/discovery';
import { fillQueue } from '../src/lib/server/services/queue/fill';
import { pageCalls, PAGED, restCalls, type Subjects } from './calls';
import { percentile, timed } from './measure';
import { sizes } from './options';
import { BenchProduct } from './product';
import { beginSection, figure, remark } from './report';
import { refreshReadings } from './seed';
import { openWorld, type World } from './world';

const WARM_UP = 2;
const LIMIT_MS = 50;
/** A call that is far too slow is not repeated for ever. */
const PATIENCE_MS = 10_000;
const LEAST_CALLS = 5;
/** Asks for a path; the answer's text. */
export type Open = (path: string) => Promise<string>;

export async function benchPages(): Promise<void> {
	beginSection(`pages: over ${sizes.episodes.toLocaleString('en')} episodes`);
	const world = await openWorld();
	await prepare(world);
	const product = await BenchProduct.start({ dataDir: world.dataDir, databaseUrl: world.url });
	try {
		const cookie = await product.login();
		await measureCalls(await subjectsOf(world), (path) => open(product, path, cookie));
	} finally {
		await product.stop();
	}
}

/** All calls, one after the other. */
export async function measureCalls(subjects: Subjects, ask: Open): Promise<void> {
	const rest = (path: string): string => `/api/v1${path}`;
	remark('REST: the first call of the process, then p50 and p95');
	for (const path of restCalls(subjects)) await measure(path, () => ask(rest(path)));
	for (const path of PAGED) {
		const cursor = cursorIn(await ask(rest(path)));
		await measure(`${path}, second page`, () => ask(rest(`${path}&cursor=${encodeURIComponent(cursor)}`)));
	}
	remark('pages: likewise');
	for (const path of pageCalls(subjects)) await measure(path, () => ask(path));
}

const cursorIn = (answer: string): string => /"nextCursor":"([^"]+)"/.exec(answer)?.[1] ?? '';

async function prepare({ ctx, connectorIds }: World): Promise<void> {
	for (const id of connectorIds) {
		await discover(ctx, id);
		await refreshReadings(ctx, id);
		await fillQueue(ctx, id);
	}
	await ctx.bulk`analyze`;
}

export async function subjectsOf({
	ctx,
	connectorIds,
}: Pick<World, 'ctx' | 'connectorIds'>): Promise<Subjects> {
	const [row] = (await ctx.sql`select
		(select 'episode-' || w.episode_id from wanted w join search_registry r on r.episode_id = w.episode_id
			join dispatches d on d.registry_id = r.id order by w.id offset 7 limit 1) as episode,
		(select 'movie-' || movie_id from wanted where movie_id is not null order by id offset 7 limit 1) as movie,
		(select 'episode-' || e.id from episodes e where not exists (select 1 from wanted w where w.episode_id = e.id) order by id offset 7 limit 1) as idle,
		(select id from dispatches order by claimed_at desc limit 1) as dispatch,
		(select title from series order by id offset 7 limit 1) as show,
		(select title from episodes where title not like 'Episode%' order by id offset 77 limit 1) as part`) as Omit<
		Subjects,
		'series' | 'movies' | 'common'
	>[];
	const [series, movies] = connectorIds;
	if (row === undefined) throw new Error('The seeded library is empty.');
	return { ...row, series, movies, common: 'the' };
}

async function open(product: BenchProduct, path: string, cookie: string): Promise<string> {
	const response = await fetch(product.url + path, {
		headers: { cookie },
		redirect: 'manual',
	});
	const text = await response.text();
	if (response.status !== 200) throw new Error(`${path} was answered ${String(response.status)}`);
	return text;
}

async function measure(name: string, work: () => Promise<unknown>): Promise<void> {
	const spans: number[] = [];
	try {
		const first = await timed(work);
		for (let at = 0; at < WARM_UP; at += 1) await work();
		const since = performance.now();
		for (let at = 0; at < sizes.calls; at += 1) {
			spans.push(await timed(work));
			if (at >= LEAST_CALLS && performance.now() - since > PATIENCE_MS) break;
		}
		const told = `first ${first.toFixed(0)}, p50 ${percentile(spans, 0.5).toFixed(0)}`;
		figure(`${name} (${told})`, percentile(spans, 0.95), 'ms', LIMIT_MS);
	} catch (error) {
		remark(`${name}: ${error instanceof Error ? error.message : String(error)}`);
	}
}
