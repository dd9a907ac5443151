/**
 * The plan: the ranking of all searches that could be sent, each with reason and cost; computed, never stored. Seasons
 * are decided first; what a season search stands for is not planned a second time.
 */
import { compareRank, score, type Ranked, type ScoreInput } from '$lib/domain/priority';
import { whyHere } from '$lib/domain/priority-words';
import { decideSeason } from '$lib/domain/season-decision';
import { meanGapMs } from '$lib/domain/throttle';
import type { ConnectorKind, TargetKind, WantedReason } from '$lib/domain/words';
import type { AppContext } from '../../app-context';
import type { DbOrTx } from '../../db/client';
import { listConnectorRows } from '../../db/queries/connectors';
import { rankSingles, readTitles, type SingleRow } from '../../db/queries/plan';
import { readSeasonFacts, seasonsWithWanted, type SeasonRow } from '../../db/queries/plan-seasons';
import { readQueued, readRun, type QueuedRow } from '../../db/queries/queue';
import { EXPLAIN_SLACK_MS, readConnectorFacts, type ConnectorFacts } from './facts';
import { askThrottle } from './gates-budget';
import { lineOrder, type InLine } from './line';

const DAY_MS = 86_400_000;
/** The queue holds at least so many, however small the budget. */
const SHORTEST_LINE = 50;

/** A search that could be sent. */
export interface Candidate extends InLine {
	targetKey: string;
	/** What the score was made of. */
	input: ScoreInput;
}

/** The head of the plan that the queue holds: `max(daily cost, 50)`. */
export const lineLength = (facts: ConnectorFacts): number =>
	Math.max(facts.profile.costPerDay, SHORTEST_LINE);

/** The best `limit` searches of a connector, seasons and singles together, best first. */
export async function rankCandidates(tx: DbOrTx, facts: ConnectorFacts, limit: number): Promise<Candidate[]> {
	const seasons = await decideSeasons(tx, facts);
	const without = seasons.map(({ seriesId, seasonNumber }) => ({ seriesId, seasonNumber }));
	const maxCost = facts.seasons.maxCost;
	const singles = await rankSingles(tx, facts.rules, { without, maxCost, limit });
	const all = [
		...seasons.map((season) => seasonCandidate(season, facts)),
		...singles.map((single) => singleCandidate(single, facts)),
	];
	return all.sort(compareRank).slice(0, limit);
}

type DecidedSeason = SeasonRow & { cost: number };

/** The seasons that are searched as a whole. */
async function decideSeasons(tx: DbOrTx, facts: ConnectorFacts): Promise<DecidedSeason[]> {
	const { settings } = facts.seasons;
	if (!settings.enabled || facts.rules.kind !== 'episode') return [];
	const which = seasonsWithWanted(facts.rules.connectorId, settings.minWanted);
	const rows = await readSeasonFacts(tx, facts.rules, which);
	return rows.flatMap((row) => {
		const decision = decideSeason(row, facts.seasons);
		return decision.kind === 'season' ? [{ ...row, cost: decision.cost }] : [];
	});
}

/**
 * The line as the next planning round makes it: what the user asked for, then the best of the plan. What stands in
 * the queue already keeps its postponement.
 */
export async function planLine(tx: DbOrTx, facts: ConnectorFacts, limit: number): Promise<Line> {
	const queued = await readQueued(tx, facts.connector.id);
	const planned = await rankCandidates(tx, facts, limit);
	const known = new Map(queued.map((row) => [row.registryId, row]));
	const pinned = queued.filter((row) => row.pinned);
	const candidates = planned.map((candidate) => ({
		...candidate,
		notBefore: known.get(candidate.registryId ?? 0)?.notBefore ?? null,
	}));
	return { queued, pinned, candidates };
}

export interface Line {
	/** The queue as it is. */
	queued: QueuedRow[];
	pinned: QueuedRow[];
	/** What stands behind the pinned, by rank. */
	candidates: Candidate[];
}

/** Those in line in the order in which they would be asked for, group batches considered. */
export async function inOrder<T extends InLine>(
	tx: DbOrTx,
	facts: ConnectorFacts,
	rows: readonly T[],
): Promise<T[]> {
	const { groupSize } = facts.profile;
	const since = new Date(facts.now.getTime() - DAY_MS);
	const run = await readRun(tx, facts.connector.id, { since, atMost: groupSize });
	return lineOrder(rows, run, groupSize);
}

export interface PlannedSearch {
	/** From 1, in its connector. */
	position: number;
	connector: { id: number; name: string; kind: ConnectorKind };
	target: { kind: TargetKind; id: number; title: string; subtitle: string | null };
	reason: WantedReason;
	score: number;
	cost: number;
	pinned: boolean;
	/** Wanted items that the search stands for. */
	items: number;
	/** Plain sentence: why it stands here. */
	why: string;
	/** At the present pace; null while nothing is sent (observing, paused, switched off). */
	estimateAt: Date | null;
}

/** What would be sent next, with reason and cost. Sends nothing, and tells the same in every mode. */
export async function planNext(
	ctx: AppContext,
	{ connectorId, limit }: { connectorId?: number; limit: number },
): Promise<PlannedSearch[]> {
	const ids =
		connectorId === undefined ? (await listConnectorRows(ctx.db)).map((row) => row.id) : [connectorId];
	const plans: PlannedSearch[] = [];
	for (const id of ids) plans.push(...(await planConnector(ctx, id, limit)));
	const inTurn = plans.sort(
		(a, b) => a.position - b.position || b.score - a.score || a.connector.id - b.connector.id,
	);
	return inTurn.slice(0, limit);
}

async function planConnector(ctx: AppContext, connectorId: number, limit: number): Promise<PlannedSearch[]> {
	const facts = await readConnectorFacts(ctx, ctx.db, connectorId, { slackMs: EXPLAIN_SLACK_MS });
	if (facts === null) return [];
	const { pinned, candidates } = await planLine(ctx.db, facts, limit);
	const order = (await inOrder<InLine>(ctx.db, facts, [...pinned, ...candidates])).slice(0, limit);
	const titles = await readTitles(ctx.db, order);
	const inputs = new Map(candidates.map((candidate) => [targetName(candidate), candidate.input]));
	const estimates = estimateTurns(facts, order);
	const { id, name, kind } = facts.connector;
	return order.map((row, index) => {
		const title = titles.get(targetName(row));
		const input = inputs.get(targetName(row));
		return {
			position: index + 1,
			connector: { id, name, kind },
			target: {
				kind: row.targetKind,
				id: row.targetId,
				title: title?.title ?? '',
				subtitle: title?.subtitle ?? null,
			},
			reason: row.reason,
			score: row.score,
			cost: row.cost,
			pinned: row.pinned,
			items: input?.items ?? 1,
			why: input === undefined ? 'You asked for it.' : whyHere(input, facts.rules.weights),
			estimateAt: isSending(facts) ? (estimates[index] ?? null) : null,
		};
	});
}

/** When each would be sent if nothing came between: from the first moment the throttle allows, at the mean pace. */
export function estimateTurns(facts: ConnectorFacts, order: readonly InLine[]): Date[] {
	const answer = askThrottle(facts, { cost: 1, reason: 'gap', byUser: true });
	const first = answer.open ? facts.now : (answer.until ?? facts.now);
	let before = 0;
	return order.map((row) => {
		const at = new Date(first.getTime() + before * meanGapMs(facts.profile));
		before += row.cost;
		return at;
	});
}

const isSending = ({ connector, pausedGlobally }: ConnectorFacts): boolean =>
	connector.enabled && connector.mode === 'active' && !connector.paused && !pausedGlobally;

export const targetName = (of: Pick<Ranked, 'targetKind' | 'targetId'>): string =>
	`${of.targetKind} ${of.targetId}`;

function seasonCandidate(season: DecidedSeason, { rules }: ConnectorFacts): Candidate {
	const input: ScoreInput = {
		now: rules.now,
		reason: season.reason,
		availableAt: season.availableAt,
		since: season.since,
		waitingSince: season.waitingSince,
		attempts: season.attempts,
		items: season.ready,
		cost: season.cost,
		boost: season.boost,
	};
	return {
		targetKind: 'season',
		targetId: season.seasonId,
		targetKey: season.targetKey,
		seriesId: season.seriesId,
		seasonNumber: season.seasonNumber,
		reason: season.reason,
		cost: season.cost,
		score: score(input, rules.weights),
		lastSearchTime: season.lastSearchTime,
		pinned: false,
		notBefore: null,
		registryId: season.registryId,
		queueId: null,
		input,
	};
}

function singleCandidate(single: SingleRow, { rules }: ConnectorFacts): Candidate {
	const { since, availableAt, waitingSince, attempts, boost, ...row } = single;
	const { reason, cost } = row;
	const input = { now: rules.now, reason, availableAt, since, waitingSince, attempts, items: 1, cost, boost };
	return { ...row, pinned: false, notBefore: null, input };
}
