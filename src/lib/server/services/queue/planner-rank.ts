/**
 * The ranking of all searches that could be sent: seasons are decided first, and what a season search stands for is not
 * ranked a second time. Computed, never stored; the queue holds its head.
 */
import { compareRank, score, type Ranked, type ScoreInput } from '$lib/domain/priority';
import { decideSeason } from '$lib/domain/season-decision';
import { meanGapMs } from '$lib/domain/throttle';
import type { DbOrTx } from '../../db/client';
import { rankSingles, type SingleRow } from '../../db/queries/plan';
import {
	readSeasonFacts,
	readSeasonKeys,
	seasonsWorthALook,
	theseSeasons,
	type SeasonRow,
} from '../../db/queries/plan-seasons';
import { readQueued, readRun, type QueuedRow } from '../../db/queries/queue';
import type { ConnectorFacts } from './facts';
import { askThrottle, type Pace } from './gates-budget';
import { lineOrder, type InLine } from './line';

const DAY_MS = 86_400_000;
/** The queue holds at least so many, however small the budget. */
const SHORTEST_LINE = 50;
/** Up to so many wanted items the line is planned anew for every answer; beyond, the queue stands for it. */
export const COUNTED_EXACTLY = 3_000;

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

/** The facts of all seasons of a large library would take more memory than reading it. */
const SEASONS_AT_ONCE = 2_000;

/** The seasons that are searched as a whole. */
async function decideSeasons(tx: DbOrTx, facts: ConnectorFacts): Promise<DecidedSeason[]> {
	const { settings } = facts.seasons;
	if (!settings.enabled || facts.rules.kind !== 'episode') return [];
	const keys = await readSeasonKeys(tx, seasonsWorthALook(facts.rules, settings));
	const decided: DecidedSeason[] = [];
	for (let at = 0; at < keys.length; at += SEASONS_AT_ONCE) {
		const some = theseSeasons(keys.slice(at, at + SEASONS_AT_ONCE));
		for (const row of await readSeasonFacts(tx, facts.rules, some)) {
			const decision = decideSeason(row, facts.seasons);
			if (decision.kind === 'season') decided.push({ ...row, cost: decision.cost });
		}
	}
	return decided;
}

/**
 * The line as the next planning round makes it: what the user asked for, then the best of the plan. What stands in
 * the queue already keeps its postponement.
 */
export async function planLine(tx: DbOrTx, facts: ConnectorFacts, limit: number): Promise<Line> {
	const queued = await readQueued(tx, facts.connector.id);
	const planned = limit === 0 ? [] : await rankCandidates(tx, facts, limit);
	const known = new Map(queued.map((row) => [row.registryId, row]));
	const pinned = queued.filter((row) => row.pinned);
	const candidates = planned.map((candidate) => {
		const row = known.get(candidate.registryId ?? 0);
		return { ...candidate, notBefore: row?.notBefore ?? null, queueId: row?.queueId ?? null };
	});
	return { queued, pinned, candidates };
}

/** The same as one list, in no order. */
export async function readLine(
	tx: DbOrTx,
	facts: ConnectorFacts,
	limit: number,
): Promise<(InLine | Candidate)[]> {
	const { pinned, candidates } = await planLine(tx, facts, limit);
	return [...pinned, ...candidates];
}

export interface Line {
	/** The queue as it is. */
	queued: QueuedRow[];
	pinned: QueuedRow[];
	/** What stands behind the pinned, by rank. */
	candidates: Candidate[];
}

/** Those in line in the order in which they would be asked for, group batches considered. */
export async function inOrder<T extends InLine>(tx: DbOrTx, facts: Pace, rows: readonly T[]): Promise<T[]> {
	return lineOrder(rows, await readOwnRun(tx, facts), facts.profile.groupSize);
}

/** The queue as it stands, in that order. */
export async function readOrder(tx: DbOrTx, facts: Pace): Promise<QueuedRow[]> {
	const [rows, run] = await Promise.all([readQueued(tx, facts.connector.id), readOwnRun(tx, facts)]);
	return lineOrder(rows, run, facts.profile.groupSize);
}

const readOwnRun = (tx: DbOrTx, { connector, now, profile }: Pace): ReturnType<typeof readRun> =>
	readRun(tx, connector.id, { since: new Date(now.getTime() - DAY_MS), atMost: profile.groupSize });

/** When each would be sent if nothing came between: from the first moment the throttle allows, at the mean pace. */
export function estimateTurns(facts: Pace, order: readonly InLine[]): Date[] {
	const answer = askThrottle(facts, { cost: 1, reason: 'gap', byUser: true });
	const first = answer.open ? facts.now : (answer.until ?? facts.now);
	let before = 0;
	return order.map((row) => {
		const at = new Date(first.getTime() + before * meanGapMs(facts.profile));
		before += row.cost;
		return at;
	});
}

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
