/**
 * Live checks (design: gates): asked of the arr itself, once, between the claim and the sending. A check that says no
 * takes the dispatch back; one that cannot be made postpones it, and closes nothing else.
 */
import type { AppContext } from '../../app-context';
import { isArrError } from '../../connectors/common/errors';
import type { ArrClient, DownloadClientRecord, HealthIssue, Instance } from '../../connectors/common/types';
import { findReading, type ConnectorRow } from '../../db/queries/connectors';
import { findGates } from '../../db/queries/connector-gates';
import { provedNothing } from '../../db/queries/dispatches';
import { clientRowsSeenAt, putHealth } from '../../db/queries/dispatches-mirror';
import type { Claimed } from './claim';
import { noteHealth } from './connector-gates';
import type { BeforeFacts } from './evidence-notes';
import { checkItem, type ItemCheck } from './live-checks-items';
import { lookAtLanes } from './live-checks-look';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Searched by anyone this recently = not now. */
const SEARCHED_MS = 24 * HOUR_MS;
/** Right after a start the arr's queue is empty until its first refresh. */
const QUEUE_UNKNOWN_MS = 2 * MINUTE_MS;
/** What is stored in the moment of sending. */
export interface SendingFacts {
	highestCommandId: number;
	arrStartTime: Date | null;
	arrClock: Date;
	before: BeforeFacts;
}

export type LiveVerdict =
	| { verdict: 'go'; facts: SendingFacts }
	/** The item returns, not before `notBefore`. `mirrorChanged`: what was read differs from what we believed. */
	| { verdict: 'withdraw'; reason: string; notBefore: Date | null; mirrorChanged: boolean }
	| { verdict: 'postpone'; reason: string };

interface Checking {
	ctx: AppContext;
	connector: ConnectorRow;
	client: ArrClient;
	claimed: Claimed;
	instance: Instance;
}

/** All checks of one dispatch; never throws for what the arr does or does not answer. */
export async function checkLive(
	ctx: AppContext,
	connector: ConnectorRow,
	client: ArrClient,
	claimed: Claimed,
): Promise<LiveVerdict> {
	try {
		const instance = await client.status();
		if (instance.kind !== connector.kind || instance.shape !== connector.shape)
			return postpone('another_application');
		if (justStarted(instance)) return postpone('just_started');
		return await checkAll({ ctx, connector, client, claimed, instance });
	} catch (error) {
		if (!isArrError(error)) throw error;
		ctx.log.info('a live check could not be made', { connector: connector.id, code: error.code });
		return postpone(error.code);
	}
}

async function checkAll(checking: Checking): Promise<LiveVerdict> {
	const { ctx, claimed, instance } = checking;
	const item = await checkItem(ctx, {
		client: checking.client,
		dispatch: claimed.dispatch,
		arrNow: instance.now,
		wholeDay: claimed.reading.seriesType === 'site',
		runtime: claimed.reading.runtime,
	});
	if (!item.ok) return withdraw(item.reason, inMinutes(ctx, 30), true);
	const recently = await searchedRecently(checking, item);
	if (recently !== null) return withdraw('searched_recently', recently, false);
	const queue = await checkQueue(checking);
	if (queue.inFlight) return withdraw('in_flight', inMinutes(ctx, 15), true);
	const health = await checkHealth(checking, queue.clientRows);
	if (health.closed !== null) return withdraw(health.closed, null, false);
	const lanes = await lookAtLanes(ctx, checking.connector, checking.client, instance.startTime);
	if (!lanes.free) return withdraw('lanes_busy', null, false);
	return { verdict: 'go', facts: await factsOf(checking, item, queue.rows, health, lanes.highestCommandId) };
}

async function factsOf(
	{ ctx, connector, claimed, instance }: Checking,
	item: Extract<ItemCheck, { ok: true }>,
	queueRows: number[],
	health: { issues: HealthIssue[]; enabledClients: number | null },
	highestCommandId: number,
): Promise<SendingFacts> {
	const proof = await findReading<{ unreliable?: boolean }>(ctx.db, connector.id, 'proof');
	const { lastSearchTime, lastSearchTimeWeak, durationProof, releaseSource } = instance.capabilities;
	return {
		highestCommandId,
		arrStartTime: instance.startTime,
		arrClock: instance.now,
		before: {
			abilities: { lastSearchTime, lastSearchTimeWeak, durationProof, releaseSource },
			trustLastSearchTime: proof?.value.unreliable !== true,
			trustDuration: !claimed.reading.singleQuery,
			probe: item.probe,
			lastSearchTime: item.lastSearchTime,
			health: health.issues,
			enabledClients: health.enabledClients,
			queueRows,
			files: claimed.reading.files,
			probing: claimed.probing,
		},
	};
}

/**
 * Null, or when 24 h will have passed. The search that moved the time does not count if it was our own and proved
 * nothing. A user's search only keeps the floor between two searches of one item.
 */
async function searchedRecently(
	{ ctx, claimed, instance }: Checking,
	item: Extract<ItemCheck, { ok: true }>,
): Promise<Date | null> {
	const limit = claimed.dispatch.byUser ? ctx.limits.itemSpacingFloorMs : SEARCHED_MS;
	const vain = await provedNothing(ctx.db, claimed.registryIds);
	const ages = item.searched.map((date) => {
		if (date === null) return Number.POSITIVE_INFINITY;
		const ours = vain.some((one) => isWithin(date, one.commandStarted, one.commandEnded));
		return ours ? Number.POSITIVE_INFINITY : instance.now.getTime() - date.getTime();
	});
	const floor = ctx.limits.itemSpacingFloorMs;
	const newest = newestAge(item.searched, instance.now);
	if (newest < floor) return new Date(ctx.clock.now() + floor - newest);
	const oldest = Math.max(...ages);
	return oldest >= limit ? null : new Date(ctx.clock.now() + limit - oldest);
}

/** Since anyone searched for one of them, by the arr's own clock. */
const newestAge = (searched: readonly (Date | null)[], arrNow: Date): number =>
	Math.min(
		...searched.map((date) => (date === null ? Number.POSITIVE_INFINITY : arrNow.getTime() - date.getTime())),
	);

/** `clientRows`: it has rows of a download client, whosesoever. */
async function checkQueue({
	client,
	claimed,
}: Checking): Promise<{ inFlight: boolean; rows: number[]; clientRows: boolean }> {
	const items = claimed.dispatch.target.items;
	const wanted = new Set(items.filter((item) => item.wanted).map((item) => item.arrId));
	const all = new Set(items.map((item) => item.arrId));
	const queue = await client.queue();
	const rows = queue.filter((row) => row.itemArrId !== null && all.has(row.itemArrId));
	const inFlight = rows.some((row) => row.itemArrId !== null && wanted.has(row.itemArrId));
	const clientRows = queue.some((row) => row.downloadId !== null);
	return { inFlight, rows: rows.map((row) => row.arrId), clientRows };
}

/** Reads health anew, brings the gates in line, and names the one that does not let this dispatch through. */
async function checkHealth({ ctx, connector, client, claimed }: Checking, clientRows: boolean) {
	const issues = await client.health();
	const at = ctx.clock.date();
	const clients = await findReading<DownloadClientRecord[]>(ctx.db, connector.id, 'downloadClients');
	const enabledClients = clients?.value.filter((one) => one.enabled).length ?? null;
	const clientRowsAt = clientRows ? at : await clientRowsSeenAt(ctx.db, connector.id);
	const closed = await ctx.db.transaction(async (tx) => {
		await putHealth(tx, connector.id, { issues, clientRows }, at);
		await noteHealth(tx, { connector, at }, { issues, readAt: at, enabledClients, clientRowsAt });
		const gates = await findGates(tx, connector.id);
		const held = gates.filter((row) => row.gate === 'indexer' || row.gate === 'download_client');
		return held.find((row) => !claimed.probing.some((gate) => gate === row.gate))?.gate ?? null;
	});
	return { issues, enabledClients, closed };
}

const justStarted = ({ startTime, now }: Instance): boolean =>
	startTime !== null && now.getTime() - startTime.getTime() < QUEUE_UNKNOWN_MS;

const isWithin = (date: Date, started: Date | null, ended: Date | null): boolean =>
	started !== null &&
	ended !== null &&
	date.getTime() >= started.getTime() - 2_000 &&
	date.getTime() <= ended.getTime() + 2_000;

const inMinutes = (ctx: AppContext, minutes: number): Date => new Date(ctx.clock.now() + minutes * MINUTE_MS);
const postpone = (reason: string): LiveVerdict => ({ verdict: 'postpone', reason });
const withdraw = (reason: string, notBefore: Date | null, mirrorChanged: boolean): LiveVerdict => ({
	verdict: 'withdraw',
	reason,
	notBefore,
	mirrorChanged,
});
