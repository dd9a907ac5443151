/**
 * What would be sent next, with reason and cost: the plan as it is shown. Sends nothing, and tells the same in every
 * mode. In a large library it is the head of the plan, as the last planning round made it.
 */
import type { ScoreInput } from '$lib/domain/priority';
import { whyHere } from '$lib/domain/priority-words';
import type { ConnectorKind, TargetKind, WantedReason } from '$lib/domain/words';
import type { AppContext } from '../../app-context';
import { listConnectorRows } from '../../db/queries/connectors';
import { readTitles } from '../../db/queries/plan';
import { readQueued } from '../../db/queries/queue';
import { readWantedCounts, wantedInAll } from '../../db/queries/wanted-counts';
import { EXPLAIN_SLACK_MS, readConnectorFacts, type ConnectorFacts } from './facts';
import type { InLine } from './line';
import { readHead } from './planner-head';
import { estimateTurns, inOrder, readLine, targetName, COUNTED_EXACTLY } from './planner-rank';

export interface PlannedSearch {
	/** From 1, in its connector. */
	position: number;
	connector: { id: number; name: string; kind: ConnectorKind };
	target: { kind: TargetKind; id: number; title: string; subtitle: string | null };
	reason: WantedReason;
	score: number;
	cost: number;
	pinned: boolean;
	/** Wanted items that the search stands for; null where the queue alone was read. */
	items: number | null;
	/** Plain sentence: why it stands here. */
	why: string;
	/** At the present pace; null while nothing is sent (observing, paused, switched off). */
	estimateAt: Date | null;
}

/** The next searches of one connector, or of all by turns. */
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
	const rows = (await inOrder(ctx.db, facts, await upcoming(ctx, facts, limit))).slice(0, limit);
	const titles = await readTitles(ctx.db, rows);
	const estimates = estimateTurns(facts, rows);
	const { id, name, kind } = facts.connector;
	return rows.map((row, index) => {
		const title = titles.get(targetName(row));
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
			items: row.input?.items ?? (row.targetKind === 'season' ? null : 1),
			why: whyOf(row, facts),
			estimateAt: isSending(facts) ? (estimates[index] ?? null) : null,
		};
	});
}

/** A search in line; what its score is made of is known where it was just planned. */
type Upcoming = InLine & { input?: ScoreInput };

async function upcoming(ctx: AppContext, facts: ConnectorFacts, limit: number): Promise<Upcoming[]> {
	const wanted = wantedInAll(await readWantedCounts(ctx.db, [facts.connector.id]));
	if (wanted <= COUNTED_EXACTLY) return await readLine(ctx.db, facts, limit);
	const queued = await readQueued(ctx.db, facts.connector.id);
	if (queued.length > 0) return queued;
	return (await readHead(ctx.db, facts, limit)) ?? (await readLine(ctx.db, facts, limit));
}

function whyOf(row: Upcoming, facts: ConnectorFacts): string {
	if (row.pinned) return 'You asked for it.';
	if (row.input !== undefined) return whyHere(row.input, facts.rules.weights);
	return row.targetKind === 'season'
		? 'One search for many episodes.'
		: 'The highest score of those that wait.';
}

const isSending = ({ connector, pausedGlobally }: ConnectorFacts): boolean =>
	connector.enabled && connector.mode === 'active' && !connector.paused && !pausedGlobally;
