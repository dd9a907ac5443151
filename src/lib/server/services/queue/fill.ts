/**
 * Filling the queue: rests that are over end, what changed is counted anew, the plan is made, and its head takes the
 * place of what stood in line. In `observe` nothing is queued. A row that the user pinned stays.
 */
import type { AppContext } from '../../app-context';
import type { Tx } from '../../db/client';
import { itemsById, readItemFacts, type ItemFacts } from '../../db/queries/plan-items';
import { lockLine, rerank, type QueuedRow } from '../../db/queries/queue';
import { recordEvent } from '../../events';
import { readConnectorFacts, type ConnectorFacts } from './facts';
import { keepHead } from './planner-head';
import { lineLength, planLine, type Candidate, type Line } from './planner-rank';
import {
	giveBirth,
	queueTargets,
	recountChanged,
	reviveFailed,
	takeOutOfLine,
	wakeRested,
	type TargetRef,
} from './states';

export interface FillReport {
	/** In line now. */
	queued: number;
	added: number;
	removed: number;
}

/** So long a head is kept where nothing is queued. */
const KEPT_AT_LEAST = 200;

/** Fills and re-ranks the queue of one connector. */
export async function fillQueue(ctx: AppContext, connectorId: number): Promise<FillReport> {
	const at = ctx.clock.date();
	return await ctx.db.transaction(async (tx) => {
		// Sync, sweep, a change of settings and a live check may all fill at the same time, and a claim takes rows of
		// the line and of the registry in the other order: one after the other.
		await lockLine(tx, connectorId);
		await wakeRested(tx, connectorId, { at });
		await reviveFailed(tx, connectorId, { at });
		await recountChanged(tx, connectorId, { at });
		const facts = await readConnectorFacts(ctx, tx, connectorId);
		if (facts === null) return { queued: 0, added: 0, removed: 0 };
		const active = facts.connector.mode === 'active' && facts.connector.enabled;
		const length = lineLength(facts);
		const plan = await planLine(tx, facts, active ? length : Math.max(length, KEPT_AT_LEAST));
		const report = await takeUp(tx, facts, plan, active ? length : 0);
		await keepHead(tx, facts, active ? [] : plan.candidates);
		await tell(tx, facts, report, at);
		return report;
	});
}

/** Puts the best `length` searches in line, and takes out of it whatever is not among them. */
async function takeUp(tx: Tx, facts: ConnectorFacts, plan: Line, length: number): Promise<FillReport> {
	const at = facts.now;
	const { queued } = plan;
	const candidates = plan.candidates.slice(0, length);
	const hopeless = await withoutHope(tx, facts, queued);
	const chosen = new Set(candidates.map((candidate) => candidate.registryId));
	const stays = (row: QueuedRow): boolean =>
		chosen.has(row.registryId) || (row.pinned && length > 0 && !hopeless.has(row.registryId));
	const leaving = queued.filter((row) => !stays(row));
	await takeOutOfLine(
		tx,
		leaving.map((row) => row.registryId),
		{ at, notBefore: null, reason: 'replanned' },
	);
	const inLine = new Set(queued.filter(stays).map((row) => row.registryId));
	const isKnown = (candidate: Candidate): boolean => inLine.has(candidate.registryId ?? 0);
	await rerank(tx, candidates.filter(isKnown).map(rankOf));
	const added = await lineUpNew(
		tx,
		facts,
		candidates.filter((candidate) => !isKnown(candidate)),
		at,
	);
	return { queued: inLine.size + added, added, removed: leaving.length };
}

/**
 * What the user asked for and the application would not search any more: gone, not monitored, not out, or on its way
 * by another hand. It would wait for ever, and be sent when nobody remembers having asked.
 */
async function withoutHope(
	tx: Tx,
	facts: ConnectorFacts,
	queued: readonly QueuedRow[],
): Promise<Set<number>> {
	const pinned = queued.filter((row) => row.pinned && row.targetKind !== 'season');
	if (pinned.length === 0) return new Set();
	const ids = pinned.map((row) => row.targetId);
	const items = new Map(
		(await readItemFacts(tx, itemsById(facts.rules, ids))).map((item) => [item.id, item]),
	);
	const isHopeless = (item: ItemFacts | undefined): boolean =>
		item === undefined ||
		item.presence === 'deleted' ||
		!item.monitored ||
		(item.presence === 'present' && !item.available) ||
		item.inFlight !== null;
	return new Set(pinned.filter((row) => isHopeless(items.get(row.targetId))).map((row) => row.registryId));
}

/** First act of a target: its registry row is born, then it is queued. */
async function lineUpNew(
	tx: Tx,
	facts: ConnectorFacts,
	candidates: readonly Candidate[],
	at: Date,
): Promise<number> {
	const connectorId = facts.connector.id;
	const born = await giveBirth(
		tx,
		candidates.map((candidate) => targetRef(connectorId, candidate)),
		at,
	);
	const ids = new Map(born.map((row) => [`${row.targetKind} ${row.targetKey}`, row.id]));
	const entries = candidates.flatMap((candidate) => {
		const registryId = ids.get(`${candidate.targetKind} ${candidate.targetKey}`);
		if (registryId === undefined) return [];
		const { targetKind, seriesId, reason, score, cost, lastSearchTime } = candidate;
		return [{ connectorId, registryId, targetKind, seriesId, reason, score, cost, lastSearchTime }];
	});
	return (await queueTargets(tx, entries, { at })).length;
}

const targetRef = (connectorId: number, candidate: Candidate): TargetRef => ({
	connectorId,
	kind: candidate.targetKind,
	key: candidate.targetKey,
	rowId: candidate.targetId,
});

const rankOf = ({ registryId, score, cost, reason, lastSearchTime }: Candidate) => ({
	registryId: registryId ?? 0,
	score,
	cost,
	reason,
	lastSearchTime,
});

/** Told when an empty line got something or a line lost everything; what is replaced in between is daily work. */
async function tell(tx: Tx, facts: ConnectorFacts, report: FillReport, at: Date): Promise<void> {
	const before = report.queued - report.added + report.removed;
	if ((before === 0) === (report.queued === 0)) return;
	const { id, name } = facts.connector;
	const message =
		before === 0
			? `${name}: ${searches(report.queued)} put in line.`
			: `${name}: the line is empty, ${searches(report.removed)} taken out.`;
	await recordEvent(tx, { at, type: 'queue.filled', connector: { id, name }, message, data: { ...report } });
}

const searches = (count: number): string => (count === 1 ? '1 search was' : `${String(count)} searches were`);
