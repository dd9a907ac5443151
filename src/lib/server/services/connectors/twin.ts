/**
 * Two connectors to one application would search each item twice, each within its own budget. It is known by its
 * address, or by what it says of itself: every instance makes a key of its own, and tells when it was started.
 */
import { sql } from 'drizzle-orm';
import type { AppContext } from '../../app-context';
import { AppError } from '../../app-error';
import { isSameAddress, type ProbeResult } from '../../connectors';
import type { Instance } from '../../connectors/common/types';
import type { DbOrTx, Tx } from '../../db/client';
import { listConnectorRows, type ConnectorRow } from '../../db/queries/connectors';
import type { ConnectorKind } from '$lib/domain/words';
import { hasKey, readApiKey } from './clients';
import { testConnector } from './test';

/** What is to be connected, as the test found it. */
export interface Candidate {
	kind: ConnectorKind;
	url: string;
	apiKey: string;
	/** Absent where the test failed: then the address alone tells. */
	instance?: Instance | undefined;
	/** The connector that is changed; it may stay what it is. */
	except?: number | undefined;
}

/** First key of the advisory lock under which connectors get their addresses; the second is 0. */
const ADDRESS_LOCK_SPACE = 0x74776e73;

/**
 * Refuses an application that is connected already, however it is addressed. May ask the application of another
 * connector, and therefore belongs outside of a transaction.
 * @throws AppError `already_connected` (409), with the other connector in its details
 */
export async function refuseTwin(ctx: AppContext, candidate: Candidate): Promise<void> {
	const twin = (await knownTwin(ctx, ctx.db, candidate)) ?? (await twinByAsking(ctx, candidate));
	if (twin !== undefined) throw alreadyConnected(twin);
}

/** The same from what is stored, with everybody else who connects kept waiting until the transaction ends. */
export async function refuseTwinIn(ctx: AppContext, tx: Tx, candidate: Candidate): Promise<void> {
	await tx.execute(sql`select pg_advisory_xact_lock(${ADDRESS_LOCK_SPACE}::int, 0)`);
	const twin = await knownTwin(ctx, tx, candidate);
	if (twin !== undefined) throw alreadyConnected(twin);
}

const alreadyConnected = ({ id, name }: ConnectorRow): AppError =>
	new AppError('already_connected', 409, `This application is already connected, as "${name}".`, {
		connector: { id, name },
	});

async function others(db: DbOrTx, { except }: Candidate): Promise<ConnectorRow[]> {
	return (await listConnectorRows(db)).filter(({ id }) => id !== except);
}

async function knownTwin(
	ctx: AppContext,
	db: DbOrTx,
	candidate: Candidate,
): Promise<ConnectorRow | undefined> {
	const { url, instance } = candidate;
	return (await others(db, candidate)).find(
		(row) =>
			isSameAddress(row.url, url) ||
			(isSameStart(row.arrStartTime, instance) && isKin(ctx, row, candidate, instance)),
	);
}

/** A stored start is as old as the last reading: who has the same key is asked anew, once. */
async function twinByAsking(ctx: AppContext, candidate: Candidate): Promise<ConnectorRow | undefined> {
	const { instance } = candidate;
	for (const row of await others(ctx.db, candidate)) {
		if (!isKin(ctx, row, candidate, instance)) continue;
		const found = await askAgain(ctx, row);
		if (isSameStart(found.instance?.startTime ?? null, instance)) return row;
	}
	return undefined;
}

const askAgain = (ctx: AppContext, { id, kind, url, settings }: ConnectorRow): Promise<ProbeResult> =>
	testConnector(ctx, { kind, url, connectorId: id, settings });

const isSameStart = (known: Date | null, instance: Instance | undefined): boolean =>
	known !== null && known.getTime() === instance?.startTime?.getTime();

/** The same key, name and folders: also true of a copy of an instance, which has only another start. */
function isKin(
	ctx: AppContext,
	row: ConnectorRow,
	{ kind, apiKey }: Candidate,
	instance: Instance | undefined,
): boolean {
	if (row.kind !== kind || instance === undefined || !hasKey(ctx, row)) return false;
	if (row.instanceName !== instance.instanceName) return false;
	return Bun.deepEquals(row.fingerprint, instance.fingerprint) && readApiKey(ctx, row) === apiKey.trim();
}
