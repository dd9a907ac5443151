/**
 * "Nobody was asked", and nothing explains it: two different items in a row speak against the connector, three against
 * the proof itself; a single one is the item's own matter.
 */
import type { Tx } from '../../db/client';
import type { ConnectorRow } from '../../db/queries/connectors';
import type { DispatchRow } from '../../db/queries/dispatches';
import { putReading } from '../../db/queries/dispatches-mirror';
import { recordEvent } from '../../events';

type Known = Pick<DispatchRow, 'registryId' | 'outcome' | 'evidence'>;

export interface Row {
	/** It rests, and has failed at the third time in a row. */
	ownMatter: boolean;
	/** The indexer gate closes. */
	closes: boolean;
	/** `lastSearchTime` can not be relied on here. */
	proofMisleads: boolean;
}

/** `earlier`: the connector's concluded dispatches before this one, newest first. */
export function notSearchedInARow(
	current: Pick<Known, 'registryId' | 'evidence'>,
	earlier: readonly Known[],
): Row {
	const items = new Set([current.registryId]);
	for (const one of earlier) {
		if (one.outcome !== 'not_searched' || isExplained(one)) break;
		items.add(one.registryId);
	}
	const proof = current.evidence?.proof;
	const proofMisleads = items.size >= 3 && proof === 'last_search_time';
	return { ownMatter: items.size < 2, closes: items.size >= 2 && !proofMisleads, proofMisleads };
}

const isExplained = (one: Known): boolean => one.evidence?.cause === 'no_indexer';

/** From now on the next best proof is used for this connector, and the user knows it. */
export async function markProofUnreliable(tx: Tx, connector: ConnectorRow, at: Date): Promise<void> {
	await putReading(tx, connector.id, 'proof', { unreliable: true, since: at.toISOString() }, at);
	await recordEvent(tx, {
		at,
		type: 'connector.notice',
		severity: 'warning',
		connector,
		message:
			`Three searches in a row left no trace in ${connector.name} while it reports no trouble. ` +
			'Its search times are no longer taken as proof; outcomes are less certain from here on.',
		data: { code: 'proof_unreliable' },
	});
}
