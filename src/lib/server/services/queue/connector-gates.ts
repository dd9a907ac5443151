/**
 * Gates that outcomes and readings close (design: gates). A closed gate is half-open: after 30 minutes one search is
 * let through, and only its outcome closes or opens it. The row's `until` is when the next one may pass.
 */
import { allIndexersFailed, noClientAnswers, noUsableIndexer } from '$lib/domain/complaints';
import type { HealthFact } from '$lib/domain/complaints';
import type { Verdict } from '$lib/domain/outcome';
import { ERROR_PAUSE_CAP_MS } from '$lib/domain/throttle';
import type { DbOrTx } from '../../db/client';
import { deleteGate, findGate, findGates, putGate, type GateName } from '../../db/queries/connector-gates';
import { recordEvent } from '../../events';

export type { GateName, GateRow } from '../../db/queries/connector-gates';

const MINUTE_MS = 60_000;
/** How long a gate stays closed until one search is let through, and between those. */
export const HALF_OPEN_MS = 30 * MINUTE_MS;
/** Whose gates, and by whose clock. */
export interface GateOwner {
	connector: { id: number; name: string };
	at: Date;
}

const NAMES: Readonly<Record<GateName, string>> = {
	indexer: 'No indexer can be asked',
	download_client: 'No download client takes what is found',
	error_pause: 'Pause after a failed command',
	lanes: 'The application is busy',
};

const OPENED: Readonly<Record<GateName, string>> = {
	indexer: 'Indexers can be asked again',
	download_client: 'What is found can be taken by a download client again',
	error_pause: 'The pause after a failed command is over',
	lanes: 'The application has room for searches again',
};

/** Closes a gate, or keeps it closed for another term; tells it once. */
export async function closeGate(
	tx: DbOrTx,
	{ connector, at }: GateOwner,
	gate: GateName,
	closing: { cause: string; forMs?: number; level?: number },
): Promise<Date> {
	const known = await findGate(tx, connector.id, gate);
	const until = new Date(at.getTime() + (closing.forMs ?? HALF_OPEN_MS));
	const level = closing.level ?? known?.level ?? 0;
	await putGate(tx, { connectorId: connector.id, gate, cause: closing.cause, closedAt: at, until, level });
	if (known === null) {
		const message = `${NAMES[gate]} (${connector.name}).`;
		const data = { gate, cause: closing.cause, until: until.toISOString() };
		await recordEvent(tx, { at, type: 'gate.closed', severity: 'warning', connector, message, data });
	}
	return until;
}

/** Opens a gate, if it was closed. */
export async function openGate(tx: DbOrTx, { connector, at }: GateOwner, gate: GateName): Promise<boolean> {
	const row = await deleteGate(tx, connector.id, gate);
	if (row === null) return false;
	const message = `${OPENED[gate]} (${connector.name}).`;
	await recordEvent(tx, { at, type: 'gate.opened', severity: 'success', connector, message, data: { gate } });
	return true;
}

/** Half-open gates whose term is over let this one search through; the next comes a term later. */
export async function passHalfOpen(tx: DbOrTx, owner: GateOwner): Promise<GateName[]> {
	const passed: GateName[] = [];
	for (const row of await findGates(tx, owner.connector.id)) {
		if ((row.gate !== 'indexer' && row.gate !== 'download_client') || row.until > owner.at) continue;
		const until = new Date(owner.at.getTime() + HALF_OPEN_MS);
		await putGate(tx, { ...row, until });
		passed.push(row.gate);
	}
	return passed;
}

/** What an outcome does to the gates of its connector; gives back until when the gate it closed is closed. */
export async function noteOutcome(
	tx: DbOrTx,
	owner: GateOwner,
	verdict: Pick<Verdict, 'outcome' | 'cause' | 'closes'>,
	firstErrorPauseMs: number,
): Promise<Date | null> {
	if (verdict.outcome === 'error') return await pauseAfterError(tx, owner, firstErrorPauseMs);
	if (verdict.outcome === 'merged' || verdict.outcome === 'lost') return null;
	await openGate(tx, owner, 'error_pause');
	if (verdict.closes !== null) {
		const until = await closeGate(tx, owner, verdict.closes, { cause: verdict.cause ?? verdict.outcome });
		if (verdict.closes === 'download_client') await openGate(tx, owner, 'indexer');
		return until;
	}
	if (verdict.outcome === 'not_searched' || verdict.outcome === 'inconclusive') return null;
	await openGate(tx, owner, 'indexer');
	await openGate(tx, owner, 'download_client');
	return null;
}

/** The pause doubles with each error in a row, up to 6 h. */
async function pauseAfterError(tx: DbOrTx, owner: GateOwner, firstMs: number): Promise<Date> {
	const known = await findGate(tx, owner.connector.id, 'error_pause');
	const level = known === null ? 0 : known.level + 1;
	const forMs = Math.min(firstMs * 2 ** level, ERROR_PAUSE_CAP_MS);
	return await closeGate(tx, owner, 'error_pause', { cause: 'command_failed', forMs, level });
}

/** Causes of ours that no complaint stands for: only the half-open rule ends them. */
const WITHOUT_COMPLAINT = new Set(['not_searched', 'two_not_searched']);

/** A download client's trouble shows up to 95 s late; what was read earlier says nothing about it. */
const CLIENT_SETTLED_MS = 120_000;
const INDEXER_SETTLED_MS = 10_000;
/** Health and queue read together. */
const SAME_READING_MS = 5_000;

export interface HealthReading {
	issues: readonly HealthFact[];
	readAt: Date;
	enabledClients: number | null;
	/** When a row of a download client was last seen in the arr's queue. */
	clientRowsAt: Date | null;
}

/**
 * Brings the gates in line with a health reading: a complaint closes, a clean health that was read well after the
 * closing opens what a complaint had closed. Rows of the client in the arr's queue open its gate. True if one opened.
 */
export async function noteHealth(tx: DbOrTx, owner: GateOwner, reading: HealthReading): Promise<boolean> {
	const indexer = await noteIndexerHealth(tx, owner, reading);
	const client = await noteClientHealth(tx, owner, reading);
	return indexer || client;
}

async function noteIndexerHealth(
	tx: DbOrTx,
	owner: GateOwner,
	{ issues, readAt }: HealthReading,
): Promise<boolean> {
	const gate = await findGate(tx, owner.connector.id, 'indexer');
	const complaint = noUsableIndexer(issues);
	if (complaint !== null) {
		if (gate !== null) return false;
		const cause = allIndexersFailed(issues) === null ? 'no_indexer' : 'indexers_failed';
		await closeGate(tx, owner, 'indexer', { cause });
		return false;
	}
	if (gate === null || WITHOUT_COMPLAINT.has(gate.cause)) return false;
	return isAfter(readAt, gate.closedAt, INDEXER_SETTLED_MS) && (await openGate(tx, owner, 'indexer'));
}

async function noteClientHealth(tx: DbOrTx, owner: GateOwner, reading: HealthReading): Promise<boolean> {
	const { readAt, clientRowsAt } = reading;
	const gate = await findGate(tx, owner.connector.id, 'download_client');
	const complaint = noClientAnswers(reading.issues, reading.enabledClients);
	if (gate === null) {
		if (complaint !== null && !rowsOutweigh(reading))
			await closeGate(tx, owner, 'download_client', { cause: 'client_away' });
		return false;
	}
	const well = complaint === null && isAfter(readAt, gate.closedAt, CLIENT_SETTLED_MS);
	const works = clientRowsAt !== null && isAfter(clientRowsAt, gate.closedAt, CLIENT_SETTLED_MS);
	return (well || works) && (await openGate(tx, owner, 'download_client'));
}

/** Rows of a download client, read with a complaint, show that the complaint is an old one. */
export const rowsOutweigh = ({
	readAt,
	clientRowsAt,
}: Pick<HealthReading, 'readAt' | 'clientRowsAt'>): boolean =>
	clientRowsAt !== null && isAfter(clientRowsAt, readAt, -SAME_READING_MS);

const isAfter = (date: Date, since: Date, byMs: number): boolean => date.getTime() - since.getTime() > byMs;
