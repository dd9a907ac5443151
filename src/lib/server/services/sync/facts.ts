/**
 * Facts about a connector that gates and pages need: complaints, download queue, and lists of settings that change
 * seldom. Each is stored with the time it was read.
 */
import { clientComplaints } from '$lib/domain/complaints';
import type { AppContext } from '../../app-context';
import { notFound } from '../../app-error';
import type { ArrClient, HealthIssue } from '../../connectors/common/types';
import { lockMirror } from '../../db/queries/mirror-lists';
import { readingTimes, storeQueue, storeReading } from '../../db/queries/mirror-facts';
import { findSyncedConnector, type SyncedConnector } from '../../db/queries/mirror-runs';
import { inTransaction } from './session';
import { LISTS, type ListName } from './settings-lists';

export interface FactsOptions {
	signal?: AbortSignal;
	/** Lists to read however fresh they are. */
	lists?: readonly ListName[];
	/** Leave the queue out. */
	withoutQueue?: boolean;
}

export interface FactsReport {
	health: HealthIssue[];
	queued: number | null;
	/** Whether rows that left the queue were believed to be gone. */
	queueTrusted: boolean;
	lists: ListName[];
}

const DAY_MS = 86_400_000;
/** Rows missing from the queue mean nothing this long after a client was in trouble, and after a restart. */
const CLIENT_TROUBLE_MS = 10 * 60_000;
const RESTART_MS = 2 * 60_000;
/** The rows of a client go first, the complaint about it comes 5 to 7 s later (arr §10.3). */
const COMPLAINT_AFTER_MS = 10_000;
/** Reading with the moment a download client was last complained about. */
const TROUBLE = 'clientTrouble';
const REFRESHED: readonly ListName[] = ['indexers', 'downloadClients', 'tags', 'delayProfiles'];

/** Reads health and queue, and the lists that are older than a day or asked for. Throws what the client throws. */
export async function readFacts(
	ctx: AppContext,
	connectorId: number,
	options: FactsOptions = {},
): Promise<FactsReport> {
	const connector = await findSyncedConnector(ctx.bulk, connectorId);
	if (connector === undefined) throw notFound('connector');
	const client = await ctx.clients.for(connectorId);
	const health = await readHealth(ctx, client, connectorId, options.signal);
	const known = await readingTimes(ctx.bulk, connectorId);
	const queueTrusted = isQueueTrusted(ctx, connector, known.get(TROUBLE), health);
	const goneSince = queueTrusted ? missedBefore(ctx, known.get('queue')) : null;
	const queued =
		options.withoutQueue === true
			? null
			: await readQueue(ctx, client, connectorId, { goneSince, queueTrusted, signal: options.signal });
	const lists = dueLists(ctx, known, options.lists ?? []);
	for (const name of lists) {
		const rows = await LISTS[name](client, options.signal);
		await storeReading(ctx.bulk, connectorId, name, rows, ctx.clock.date());
	}
	return { health, queued, queueTrusted, lists };
}

async function readHealth(
	ctx: AppContext,
	client: ArrClient,
	connectorId: number,
	signal?: AbortSignal,
): Promise<HealthIssue[]> {
	const health = await client.health(signal);
	const at = ctx.clock.date();
	await storeReading(ctx.bulk, connectorId, 'health', health, at);
	if (clientComplaints(health).length > 0) await storeReading(ctx.bulk, connectorId, TROUBLE, {}, at);
	return health;
}

/** While a client is away, and for a while after, its rows are silently missing (arr §10.3); so after a restart. */
function isQueueTrusted(
	ctx: AppContext,
	connector: SyncedConnector,
	troubleAt: Date | undefined,
	health: readonly HealthIssue[],
): boolean {
	const now = ctx.clock.now();
	if (clientComplaints(health).length > 0) return false;
	if (troubleAt !== undefined && now - troubleAt.getTime() < CLIENT_TROUBLE_MS) return false;
	return connector.arrStartSeenAt === null || now - connector.arrStartSeenAt.getTime() >= RESTART_MS;
}

/**
 * Rows last seen before this moment are gone if they are missing again: the reading before this one missed them too,
 * and since then a complaint had the time to show. Null where no reading was long enough ago.
 */
function missedBefore(ctx: AppContext, lastReading: Date | undefined): Date | null {
	if (lastReading === undefined) return null;
	return ctx.clock.now() - lastReading.getTime() >= COMPLAINT_AFTER_MS ? lastReading : null;
}

async function readQueue(
	ctx: AppContext,
	client: ArrClient,
	connectorId: number,
	{
		goneSince,
		queueTrusted,
		signal,
	}: { goneSince: Date | null; queueTrusted: boolean; signal: AbortSignal | undefined },
): Promise<number> {
	const rows = await client.queue(signal);
	const at = ctx.clock.date();
	await inTransaction(ctx.bulk, async (tx) => {
		await lockMirror(tx, connectorId);
		await storeQueue(tx, connectorId, rows, { at, goneSince });
		await storeReading(tx, connectorId, 'queue', { count: rows.length, trusted: queueTrusted }, at);
	});
	return rows.length;
}

function dueLists(ctx: AppContext, known: ReadonlyMap<string, Date>, asked: readonly ListName[]): ListName[] {
	const isOld = (name: ListName): boolean => {
		const readAt = known.get(name);
		return readAt === undefined || ctx.clock.now() - readAt.getTime() >= DAY_MS;
	};
	return (Object.keys(LISTS) as ListName[]).filter(
		(name) => asked.includes(name) || (REFRESHED.includes(name) && isOld(name)),
	);
}
