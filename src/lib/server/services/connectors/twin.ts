/**
 * Two connectors to one application would search each item twice, each within its own budget. The same address is the
 * same application, and is refused. Under another address it can only be guessed at, by what it says of itself; that is
 * told and left to the user, since instances may well be made as copies of one another.
 */
import { sql } from 'drizzle-orm';
import type { AppContext } from '../../app-context';
import { AppError } from '../../app-error';
import { isSameAddress } from '../../connectors';
import type { Instance } from '../../connectors/common/types';
import type { DbOrTx, Tx } from '../../db/client';
import { listConnectorRows, type ConnectorRow } from '../../db/queries/connectors';
import { recordEvent } from '../../events';
import { hasKey, readApiKey } from './clients';

/** First key of the advisory lock under which connectors get their addresses; the second is 0. */
const ADDRESS_LOCK_SPACE = 0x74776e73;

/**
 * Refuses an address that another connector has; everybody else who connects waits until the transaction ends.
 * `except`: the connector that is changed, which may stay where it is.
 * @throws AppError `already_connected` (409), with the other connector in its details
 */
export async function refuseTwin(tx: Tx, url: string, except?: number): Promise<void> {
	await tx.execute(sql`select pg_advisory_xact_lock(${ADDRESS_LOCK_SPACE}::int, 0)`);
	const twin = (await others(tx, except)).find((row) => isSameAddress(row.url, url));
	if (twin === undefined) return;
	const { id, name } = twin;
	throw new AppError('already_connected', 409, `This application is already connected, as "${name}".`, {
		connector: { id, name },
	});
}

/** Tells of another connector that answers as this one does. */
export async function tellOfLookalike(
	ctx: AppContext,
	tx: Tx,
	row: ConnectorRow,
	apiKey: string,
	instance: Instance | undefined,
): Promise<void> {
	if (instance === undefined || instance.startTime === null) return;
	const other = (await others(tx, row.id)).find((one) => isLike(ctx, one, row, apiKey, instance));
	if (other === undefined) return;
	await recordEvent(tx, {
		at: ctx.clock.date(),
		type: 'connector.notice',
		severity: 'warning',
		connector: row,
		message: `${row.name} seems to be the same application as ${other.name}: key, folders and start are the same. If it is, delete one of the two, or everything is searched twice.`,
		data: { other: other.id },
	});
}

async function others(db: DbOrTx, except: number | undefined): Promise<ConnectorRow[]> {
	return (await listConnectorRows(db)).filter(({ id }) => id !== except);
}

/** The same key, name and folders are also those of a copy of an instance; the same start is not. */
function isLike(
	ctx: AppContext,
	one: ConnectorRow,
	row: ConnectorRow,
	apiKey: string,
	instance: Instance,
): boolean {
	if (one.kind !== row.kind || one.instanceName !== instance.instanceName || !hasKey(ctx, one)) return false;
	if (one.arrStartTime?.getTime() !== instance.startTime?.getTime()) return false;
	return Bun.deepEquals(one.fingerprint, instance.fingerprint) && readApiKey(ctx, one) === apiKey.trim();
}
