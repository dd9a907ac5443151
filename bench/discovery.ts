// Discovery, plan, choice and claim in a mirror at full scale, called in this process.
import type { AppContext } from '../src/lib/server/app-context';
import { findConnector } from '../src/lib/server/db/queries/connectors';
import { discover } from '../src/lib/server/services/discovery';
import { claimChosen } from '../src/lib/server/services/queue/claim';
import { withdraw } from '../src/lib/server/services/queue/conclude-withdrawn';
import { choosePlanned } from '../src/lib/server/services/queue/dispatcher';
import { mayTake } from '../src/lib/server/services/queue/dispatcher-budget';
import { explain } from '../src/lib/server/services/queue/explain';
import { fillQueue } from '../src/lib/server/services/queue/fill';
import { planNext } from '../src/lib/server/services/queue/planner';
import { percentile, timed } from './measure';
import { sizes } from './options';
import { beginSection, figure } from './report';
import { refreshReadings } from './seed';
import { openWorld, type World } from './world';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Searches taken from the line before it is filled again. */
const PER_FILL = 30;
/** Until each connection of the pool has had its turn: the first statements of a connection take longer. */
const WARM_UP = 30;

export async function benchDiscovery(): Promise<void> {
	beginSection(`discovery: a mirror of ${sizes.episodes.toLocaleString('en')} episodes`);
	const world = await openWorld();
	const { ctx, connectorId } = world;
	figure('first discovery, everything newly wanted', await timed(() => discover(ctx, connectorId)), 'ms');
	await spreadOverTime(ctx);
	const again = await repeated(5, () => discover(ctx, connectorId));
	figure('discovery, nothing new', percentile(again, 0.5), 'ms', 1000);
	const { gap, quality } = await discover(ctx, connectorId);
	figure('wanted', gap + quality, 'items');
	await refreshReadings(ctx, connectorId);
	figure(
		'plan of the next 50',
		percentile(await repeated(5, () => planNext(ctx, { connectorId, limit: 50 })), 0.5),
		'ms',
	);
	figure('filling the queue', await timed(() => fillQueue(ctx, connectorId)), 'ms');
	await explained(ctx, connectorId);
	await claimed(world);
}

/** As if the wanted items had come up over four months, so that they differ in rank. */
export async function spreadOverTime(ctx: AppContext): Promise<void> {
	await ctx.bulk`update wanted set since = since - make_interval(days => (id % 120)::int)`;
	await ctx.bulk.unsafe('vacuum (analyze) wanted');
}

async function repeated(times: number, work: () => Promise<unknown>): Promise<number[]> {
	const spans: number[] = [];
	for (let at = 0; at < times; at += 1) spans.push(await timed(work));
	return spans;
}

async function explained(ctx: AppContext, connectorId: number): Promise<void> {
	const items =
		(await ctx.sql`select episode_id as id from wanted where connector_id = ${connectorId} order by id limit ${sizes.calls}`) as {
			id: number;
		}[];
	const spans: number[] = [];
	for (const { id } of items) spans.push(await timed(() => explain(ctx, { kind: 'episode', id })));
	figure('explaining one item, p99', percentile(spans, 0.99), 'ms');
}

/** Each claim is taken back, unmeasured, so that the next can be made. */
async function claimed(world: World): Promise<void> {
	const spans: number[] = [];
	for (let at = 0; at < WARM_UP + sizes.calls * 15; at += 1) spans.push(await claimOne(world, at));
	figure('choosing and claiming, first of the process', spans[0] ?? null, 'ms');
	const warm = spans.slice(WARM_UP);
	figure('choosing and claiming, p50', percentile(warm, 0.5), 'ms');
	figure('choosing and claiming, p99', percentile(warm, 0.99), 'ms', 5);
}

async function claimOne({ ctx, clock, connectorId }: World, at: number): Promise<number> {
	await clock.advance(15 * MINUTE_MS);
	await refreshReadings(ctx, connectorId);
	if (at % PER_FILL === 0) await fillQueue(ctx, connectorId);
	const connector = await findConnector(ctx.db, connectorId);
	if (connector === undefined) throw new Error('The connector is gone.');
	const since = performance.now();
	const result = await claimChosen(
		ctx,
		connector,
		(tx) => choosePlanned(ctx, connectorId, tx),
		(tx, entry) => mayTake(ctx, tx, connectorId, entry),
	);
	const took = performance.now() - since;
	if (!result.open) throw new Error(`Nothing could be chosen: ${result.gate}`);
	if (result.claimed === null) throw new Error('Nothing could be claimed.');
	const notBefore = new Date(clock.now() + DAY_MS);
	await withdraw(ctx, connector, result.claimed.dispatch, { reason: 'bench', notBefore });
	return took;
}
