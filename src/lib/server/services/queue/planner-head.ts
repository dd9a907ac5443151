/**
 * The head of the plan of a large library, as the last planning round made it: it is shown where the whole plan takes
 * longer than a page may. Where searches are sent it is the queue; where a connector is only observed nothing is queued,
 * and the head is kept beside. What has been closed since is left out when it is read.
 */
import type { ScoreInput } from '$lib/domain/priority';
import { decideSeason } from '$lib/domain/season-decision';
import type { DbOrTx } from '../../db/client';
import { findReading } from '../../db/queries/connectors';
import { putReading } from '../../db/queries/dispatches-mirror';
import { isOpen, itemsById, readItemFacts } from '../../db/queries/plan-items';
import { readSeasonFacts, theseSeasons } from '../../db/queries/plan-seasons';
import type { ConnectorFacts } from './facts';
import type { Candidate } from './planner-rank';

const PLANNED = 'planned';

/** Dates become texts on their way through the database. */
type Stored<T> = {
	[K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K];
};
type StoredCandidate = Omit<Stored<Candidate>, 'input'> & { input: Stored<ScoreInput> };

/** Kept by each planning round; of nothing, where the queue stands for it. */
export async function keepHead(
	tx: DbOrTx,
	facts: ConnectorFacts,
	candidates: readonly Candidate[],
): Promise<void> {
	await putReading(tx, facts.connector.id, PLANNED, { candidates }, facts.now);
}

/** The first `limit` of what was kept that could still be sent; null if nothing was kept yet. */
export async function readHead(
	tx: DbOrTx,
	facts: ConnectorFacts,
	limit: number,
): Promise<Candidate[] | null> {
	const kept = await findReading<{ candidates: StoredCandidate[] }>(tx, facts.connector.id, PLANNED);
	if (kept === undefined) return null;
	return await stillOpen(tx, facts, kept.value.candidates.slice(0, limit).map(revived));
}

async function stillOpen(
	tx: DbOrTx,
	facts: ConnectorFacts,
	candidates: readonly Candidate[],
): Promise<Candidate[]> {
	const [open, decided] = await Promise.all([
		openItems(tx, facts, candidates),
		decidedSeasons(tx, facts, candidates),
	]);
	return candidates.filter((one) => (one.targetKind === 'season' ? decided : open).has(one.targetId));
}

async function openItems(
	tx: DbOrTx,
	{ rules }: ConnectorFacts,
	candidates: readonly Candidate[],
): Promise<Set<number>> {
	const ids = candidates.filter((one) => one.targetKind !== 'season').map((one) => one.targetId);
	const items = await readItemFacts(tx, itemsById(rules, ids));
	return new Set(items.filter(isOpen).map((item) => item.id));
}

async function decidedSeasons(
	tx: DbOrTx,
	{ rules, seasons }: ConnectorFacts,
	candidates: readonly Candidate[],
): Promise<Set<number>> {
	const keys = candidates.flatMap(({ targetKind, seriesId, seasonNumber }) =>
		targetKind === 'season' && seriesId !== null && seasonNumber !== null ? [{ seriesId, seasonNumber }] : [],
	);
	if (keys.length === 0) return new Set();
	const rows = await readSeasonFacts(tx, rules, theseSeasons(keys));
	return new Set(
		rows.filter((row) => decideSeason(row, seasons).kind === 'season').map((row) => row.seasonId),
	);
}

function revived({ input, lastSearchTime, notBefore, ...rest }: StoredCandidate): Candidate {
	return {
		...rest,
		lastSearchTime: dateOrNull(lastSearchTime),
		notBefore: dateOrNull(notBefore),
		input: {
			...input,
			now: new Date(input.now),
			availableAt: dateOrNull(input.availableAt),
			since: new Date(input.since),
			waitingSince: new Date(input.waitingSince),
		},
	};
}

const dateOrNull = (text: string | null): Date | null => (text === null ? null : new Date(text));
