/**
 * The claim: one transaction takes a queued target, its cost and the connector's one open place, or nothing at all.
 * Claims of one connector are made one after the other, in however many processes, so that no budget window can be
 * passed by two that counted at the same time.
 */
import { sql } from 'drizzle-orm';
import type { AppContext } from '../../app-context';
import { checkpoint } from '../../checkpoint';
import type { Tx } from '../../db/client';
import type { ConnectorRow } from '../../db/queries/connectors';
import { insertDispatch, type DispatchRow } from '../../db/queries/dispatches';
import {
	episodeTargets,
	readTarget,
	type RegistryTarget,
	type TargetReading,
} from '../../db/queries/dispatches-target';
import { lockLineForClaim } from '../../db/queries/queue';
import { allOf, rowsOf } from '../../db/rows';
import { requestQueue } from '../../db/schema';
import { passHalfOpen, type GateName } from './connector-gates';
import { coverSeason, returnTarget, takeForSearch, type QueueRow, type RegistryRow } from './states';

export interface Claimed {
	dispatch: DispatchRow;
	/** As it stood in the line, for a return to it. */
	entry: QueueRow;
	reading: TargetReading;
	/** Half-open gates that let this one through. */
	probing: GateName[];
	/** Registry rows that are under way with it: its own, and the covered episodes'. */
	registryIds: number[];
}

/** May this cost be taken now? Asked inside the claim's transaction, with all earlier claims visible. */
export type MayTake = (tx: Tx, entry: QueueRow) => Promise<boolean>;

/** Claims the queue row of `registryId`; null if it was taken, moved or is not affordable any more. */
export async function claim(
	ctx: AppContext,
	connector: ConnectorRow,
	registryId: number,
	mayTake: MayTake,
): Promise<Claimed | null> {
	const result = await claimChosen(ctx, connector, async () => ({ open: true, registryId }), mayTake);
	return result.open ? result.claimed : null;
}

/** What is to be claimed. */
export interface Chosen {
	open: true;
	registryId: number;
	/** That its cost may be taken was reckoned in this very transaction. */
	approved?: boolean;
}

/** Chooses and claims in one transaction, so that what the choice rests on needs not be read again. */
export async function claimChosen<Closed extends { open: false }>(
	ctx: AppContext,
	connector: ConnectorRow,
	choose: (tx: Tx) => Promise<Chosen | Closed>,
	mayTake: MayTake,
): Promise<{ open: true; claimed: Claimed | null } | Closed> {
	const at = ctx.clock.date();
	const result = await ctx.claims.transaction(async (tx) => {
		await lockLineForClaim(tx, connector.id);
		const choice = await choose(tx);
		if (!choice.open) return choice;
		const ask: MayTake = choice.approved === true ? async () => true : mayTake;
		return { open: true as const, claimed: await claimEntry(tx, connector, choice.registryId, ask, at) };
	});
	if (result.open && result.claimed !== null) await checkpoint('dispatch.claimed');
	return result;
}

async function claimEntry(
	tx: Tx,
	connector: ConnectorRow,
	registryId: number,
	mayTake: MayTake,
	at: Date,
): Promise<Claimed | null> {
	const found = await lockEntry(tx, registryId);
	if (found === null) return null;
	const [may, reading] = await Promise.all([mayTake(tx, found.entry), readTarget(tx, found.registry)]);
	return may ? await take(tx, connector, { ...found, reading }, at) : null;
}

/** The row in the line, ours until the transaction ends; null if another worker has it. */
async function lockEntry(
	tx: Tx,
	registryId: number,
): Promise<{ entry: QueueRow; registry: RegistryTarget } | null> {
	const [row] = await rowsOf<QueueRow & { _registry: RegistryTarget }>(
		tx,
		sql`select ${allOf(requestQueue, 'q')}, json_build_object('id', r.id, 'connectorId', r.connector_id, 'targetKind', r.target_kind,
				'targetKey', r.target_key, 'episodeId', r.episode_id, 'seasonId', r.season_id, 'movieId', r.movie_id) as "_registry"
			from request_queue q join search_registry r on r.id = q.registry_id
			where q.registry_id = ${registryId} for update of q skip locked`,
	);
	if (row === undefined) return null;
	const { _registry: registry, ...entry } = row;
	return { entry, registry };
}

interface Entry {
	entry: QueueRow;
	registry: RegistryTarget;
	reading: TargetReading | null;
}

async function take(
	tx: Tx,
	connector: ConnectorRow,
	{ entry, registry, reading }: Entry,
	at: Date,
): Promise<Claimed | null> {
	if (reading === null) {
		await returnTarget(tx, entry.registryId, { at, notBefore: null, reason: 'not_in_mirror' });
		return null;
	}
	if (isForAnother(entry, reading)) {
		await returnTarget(tx, entry.registryId, { at, notBefore: null, reason: 'replanned' });
		return null;
	}
	const id = Bun.randomUUIDv7('hex', at);
	const taken = await takeForSearch(tx, entry.registryId, { at, dispatchId: id });
	if (taken === null) return null;
	const covered =
		entry.targetKind === 'season' ? await cover(tx, entry, reading, { at, dispatchId: id }) : [];
	if (entry.targetKind === 'season') keepCovered(reading, covered);
	if (!reading.target.items.some((item) => item.wanted)) {
		await returnTarget(tx, entry.registryId, { at, notBefore: null, reason: 'nothing_wanted' });
		return null;
	}
	const dispatch = await insertDispatch(tx, {
		id,
		connectorId: connector.id,
		connectorName: connector.name,
		connectorKind: connector.kind,
		registryId: entry.registryId,
		targetKind: entry.targetKind,
		targetKey: registry.targetKey,
		target: reading.target,
		reason: entry.reason,
		byUser: entry.pinned,
		seriesId: reading.target.seriesId,
		state: 'claimed',
		cost: entry.cost,
		claimedAt: at,
		messages: [],
	});
	const probing = await passHalfOpen(tx, { connector, at });
	return {
		dispatch,
		entry: taken,
		reading,
		probing,
		registryIds: [entry.registryId, ...covered.map((row) => row.id)],
	};
}

/**
 * Discovery found since that the item is wanted for another reason, and the next planning round will count
 * anew: a search sent now would count for the old reason, and the item would be searched again within its rest.
 */
const isForAnother = ({ pinned, reason }: QueueRow, reading: TargetReading): boolean =>
	!pinned && (reading.reason ?? reason) !== reason;

/** The wanted episodes go under way with their season. */
async function cover(
	tx: Tx,
	entry: QueueRow,
	reading: TargetReading,
	of: { at: Date; dispatchId: string },
): Promise<RegistryRow[]> {
	const ids = reading.target.items.filter((item) => item.wanted).map((item) => item.id);
	const episodes = await episodeTargets(tx, entry.connectorId, ids);
	return await coverSeason(tx, entry.registryId, { ...of, episodes });
}

/** What is given up or failed is not what the search is made for: a grab of it is by-catch. */
function keepCovered(reading: TargetReading, covered: readonly RegistryRow[]): void {
	const ids = new Set(covered.map((row) => row.episodeId));
	for (const item of reading.target.items) item.wanted = ids.has(item.id);
}
