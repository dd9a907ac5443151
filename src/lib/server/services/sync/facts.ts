/**
 * Facts about a connector that gates and pages need: complaints, download queue, and lists of settings that change
 * seldom. Each is stored with the time it was read.
 */
import { clientComplaints, noUsableIndexer } from '$lib/domain/complaints';
import type { AppContext } from '../../app-context';
import { notFound } from '../../app-error';
import type { HealthIssue, IndexerRecord } from '../../connectors/common/types';
import { findConnector, findReading, type ConnectorRow } from '../../db/queries/connectors';
import { CLIENT_ROWS } from '../../db/queries/dispatches-mirror';
import {
	readingTimes,
	storeQueue,
	storeReading,
	storeReadings,
	type Reading,
} from '../../db/queries/mirror-facts';
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
/** A list that health contradicts is read again, but not oftener than this. */
const CONTRADICTED_MS = 15_000;
/** Reading with the moment a download client was last complained about. */
const TROUBLE = 'clientTrouble';
const REFRESHED: readonly ListName[] = ['indexers', 'downloadClients', 'tags', 'delayProfiles'];

/**
 * Reads health and queue, and the lists that are older than a day or asked for. `of`: the connector's id, or its row
 * where the caller has it. Throws what the client throws.
 */
export async function readFacts(
	ctx: AppContext,
	of: number | ConnectorRow,
	options: FactsOptions = {},
): Promise<FactsReport> {
	const connector = typeof of === 'number' ? await findConnector(ctx.db, of) : of;
	if (connector === undefined) throw notFound('connector');
	const { id } = connector;
	const client = await ctx.clients.for(connector);
	const health = await client.health(options.signal);
	const healthAt = ctx.clock.date();
	const known = await readingTimes(ctx.bulk, id);
	const queueTrusted = isQueueTrusted(ctx, connector, known.get(TROUBLE), health);
	const goneSince = queueTrusted ? missedBefore(ctx, known.get('queue')) : null;
	const readings: Reading[] = [{ name: 'health', value: health, at: healthAt }];
	if (clientComplaints(health).length > 0) readings.push({ name: TROUBLE, value: {}, at: healthAt });
	let queued: number | null = null;
	try {
		if (options.withoutQueue !== true) {
			const queue = await client.queue(options.signal);
			const at = ctx.clock.date();
			await storeQueue(ctx.bulk, id, queue, { at, goneSince });
			queued = queue.length;
			readings.push({ name: 'queue', value: { count: queued, trusted: queueTrusted }, at });
			if (queue.some((row) => row.downloadId !== null)) readings.push({ name: CLIENT_ROWS, value: {}, at });
		}
	} finally {
		// what was read of its health counts, whether its queue could be read or not
		await storeReadings(ctx.bulk, id, readings);
	}
	const lists = dueLists(ctx, known, [
		...(options.lists ?? []),
		...((await lacksNewIndexer(ctx, id, known.get('indexers'), health)) ? (['indexers'] as const) : []),
	]);
	for (const name of lists) {
		const rows = await LISTS[name](client, options.signal);
		await storeReading(ctx.bulk, id, name, rows, ctx.clock.date());
	}
	return { health, queued, queueTrusted, lists };
}

/** While a client is away, and for a while after, its rows are silently missing (arr §10.3); so after a restart. */
function isQueueTrusted(
	ctx: AppContext,
	connector: Pick<ConnectorRow, 'arrStartSeenAt'>,
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

/**
 * Whether our list of indexers has none to search with while the application no longer complains of that: one was set
 * up since. Nobody shall wait for that list's turn.
 */
async function lacksNewIndexer(
	ctx: AppContext,
	connectorId: number,
	readAt: Date | undefined,
	health: readonly HealthIssue[],
): Promise<boolean> {
	if (readAt === undefined || ctx.clock.now() - readAt.getTime() < CONTRADICTED_MS) return false;
	if (noUsableIndexer(health) !== null) return false;
	const known = await findReading<IndexerRecord[]>(ctx.db, connectorId, 'indexers');
	return known !== undefined && !known.value.some((indexer) => indexer.automaticSearch);
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
