/** The application's settings that our rules need: quality profiles each time, the other lists in turn. */
import type { SQL } from 'bun';
import type { ArrClient } from '../../connectors/common/types';
import {
	allProfileIds,
	isSameReading,
	storeProfiles,
	storeReading,
	storeReadings,
} from '../../db/queries/mirror-facts';
import { markScoresStale } from '../../db/queries/mirror-files';
import { inTransaction, type SyncSession } from './session';

/** Lists that an incremental sync reads in turn, and a full one all. Their names are those of the readings. */
export const LISTS = {
	customFormats: (client: ArrClient, signal?: AbortSignal) => client.customFormats(signal),
	tags: (client: ArrClient, signal?: AbortSignal) => client.tags(signal),
	indexers: (client: ArrClient, signal?: AbortSignal) => client.indexers(signal),
	delayProfiles: (client: ArrClient, signal?: AbortSignal) => client.delayProfiles(signal),
	rootFolders: (client: ArrClient, signal?: AbortSignal) => client.rootFolders(signal),
	downloadClients: (client: ArrClient, signal?: AbortSignal) => client.downloadClients(signal),
} as const;
export type ListName = keyof typeof LISTS;

const IN_TURN: readonly ListName[] = ['customFormats', 'tags', 'indexers', 'delayProfiles', 'rootFolders'];

/**
 * Reads the profiles. Ranks and cutoffs are ours to compute: a changed one costs no further request. Between full syncs
 * those that are as they were are not compared row by row.
 */
export async function syncProfiles(session: SyncSession): Promise<void> {
	const { ctx, client, connector, mode, options } = session;
	const profiles = await client.qualityProfiles(options.signal);
	const reading = { name: 'qualityProfiles', value: { digest: digestOf(profiles) }, at: ctx.clock.date() };
	if (mode !== 'full' && (await isSameReading(ctx.bulk, connector.id, reading))) return;
	await inTransaction(ctx.bulk, async (tx) => {
		await storeReadings(tx, connector.id, [reading]);
		const { changed, rescored } = await storeProfiles(tx, connector.id, profiles);
		if (rescored.length > 0) await markScoresStale(tx, connector.id, rescored);
		session.changed += changed;
	});
}

const digestOf = (value: object): string =>
	new Bun.CryptoHasher('sha256').update(JSON.stringify(value)).digest('hex');

/** Reads one list and stores it. Custom formats that changed make all scores doubtful. */
export async function syncList(session: SyncSession, name: ListName): Promise<void> {
	const { ctx, client, connector, options } = session;
	const rows = await LISTS[name](client, options.signal);
	const changed = await storeReading(ctx.bulk, connector.id, name, rows, ctx.clock.date());
	if (changed && name === 'customFormats' && connector.mirrorComplete)
		await rescoreAll(ctx.bulk, connector.id);
}

async function rescoreAll(bulk: SQL, connectorId: number): Promise<void> {
	await inTransaction(bulk, async (tx) =>
		markScoresStale(tx, connectorId, await allProfileIds(tx, connectorId)),
	);
}

/** The list whose turn it is. */
export function listInTurn(rotation: number): ListName {
	return IN_TURN[rotation % IN_TURN.length] ?? 'tags';
}

export async function syncAllLists(session: SyncSession): Promise<void> {
	for (const name of Object.keys(LISTS) as ListName[]) await syncList(session, name);
}
