/**
 * The choice of the next search: the first in line whose facts are all open. Whoever is held back by something of its
 * own is passed over; whoever only waits for budget or spacing is waited for, so that no cheap search ever starves a
 * dear one.
 */
import { firstClosed, type GateFact } from '$lib/domain/explanation';
import { decideSeason } from '$lib/domain/season-decision';
import type { AppContext } from '../../app-context';
import type { DbOrTx } from '../../db/client';
import { itemsById, readItemFacts, type ItemFacts } from '../../db/queries/plan-items';
import { oneSeason, readSeasonFacts } from '../../db/queries/plan-seasons';
import type { QueuedRow } from '../../db/queries/queue';
import { readConnectorFacts, type ConnectorFacts } from './facts';
import { closedConnectorGate, itemGates, type Ask } from './gates';
import { throttleGate } from './gates-budget';
import { queueUnknownGate } from './gates-item';
import type { InLine } from './line';
import { readOrder } from './planner-rank';

/** Facts of the line are read for so many at once: mostly the first is taken, and where it is not, many are passed. */
const FIRST_LOOK = 3;
const FURTHER_LOOK = 25;

export type Choice<T> = { open: true; candidate: T } | { open: false; gate: GateFact };

/** The queue row to claim now, or the first closed gate and, where known, until when. */
export async function chooseNext(
	ctx: AppContext,
	connectorId: number,
	tx: DbOrTx = ctx.db,
): Promise<Choice<QueuedRow>> {
	const facts = await readConnectorFacts(ctx, tx, connectorId);
	if (facts === null) return nobody('connector_enabled', 'There is no such connector.');
	const early = closedForAll(facts);
	if (early !== null) return { open: false, gate: early };
	return await pick(tx, facts, await readOrder(tx, facts));
}

/** What keeps everybody waiting: the connector's own facts, a search under way, or the cheapest not being affordable. */
export function closedForAll(facts: ConnectorFacts): GateFact | null {
	const closed = closedConnectorGate(facts);
	if (closed !== null) return closed;
	if (!facts.queueKnown) return { gate: 'not_in_flight', ...queueUnknownGate(facts) };
	const cheapest = throttleGate(facts, { cost: 1, reason: 'gap', byUser: true });
	return cheapest.open ? null : { gate: 'budget_and_spacing', ...cheapest };
}

/** The first of the line that may be sent now. */
export async function pick<T extends InLine>(
	tx: DbOrTx,
	facts: ConnectorFacts,
	line: readonly T[],
): Promise<Choice<T>> {
	let earliest: GateFact | null = null;
	let end = 0;
	while (end < line.length) {
		const some = line.slice(end, end + (end === 0 ? FIRST_LOOK : FURTHER_LOOK));
		end += some.length;
		const items = await readItems(tx, facts, some);
		for (const row of some) {
			const closed = await closedFor(tx, facts, row, items);
			if (closed === null) return { open: true, candidate: row };
			if (isWaitedFor(closed, facts, row)) return { open: false, gate: closed };
			earliest = sooner(earliest, closed);
		}
	}
	return earliest === null ? nobody('turn', 'Nothing is in line.') : { open: false, gate: earliest };
}

/** What keeps this one from being sent, if anything. */
async function closedFor(
	tx: DbOrTx,
	facts: ConnectorFacts,
	row: InLine,
	items: ReadonlyMap<number, ItemFacts>,
): Promise<GateFact | null> {
	if (row.notBefore !== null && row.notBefore > facts.now) {
		return {
			gate: 'turn',
			open: false,
			detail: 'Postponed: a check could not be made.',
			until: row.notBefore,
		};
	}
	const ask: Ask = { cost: row.cost, reason: row.reason, byUser: row.pinned };
	if (row.targetKind === 'season') return await closedForSeason(tx, facts, row, ask);
	const item = items.get(row.targetId);
	if (item === undefined)
		return { gate: 'wanted', open: false, detail: 'The mirror does not have it any more.' };
	return firstClosed(itemGates(facts, item, ask));
}

/** The season is decided again: since it was queued, one of its episodes may have been searched or grabbed. */
async function closedForSeason(
	tx: DbOrTx,
	facts: ConnectorFacts,
	row: InLine,
	ask: Ask,
): Promise<GateFact | null> {
	const [season] = await readSeasonFacts(
		tx,
		facts.rules,
		oneSeason(row.seriesId ?? 0, row.seasonNumber ?? 0),
	);
	const decision = season === undefined ? null : decideSeason(season, facts.seasons);
	if (decision?.kind !== 'season' || decision.cost > row.cost) {
		return { gate: 'turn', open: false, detail: 'Its episodes are asked for one by one now.' };
	}
	const budget = throttleGate(facts, ask);
	return budget.open ? null : { gate: 'budget_and_spacing', ...budget };
}

/** Only the budget of all is waited for; the share of a kind holds back that kind, and nobody else. */
function isWaitedFor(closed: GateFact, facts: ConnectorFacts, row: InLine): boolean {
	if (closed.gate !== 'budget_and_spacing') return false;
	return !throttleGate(facts, { cost: row.cost, reason: row.reason, byUser: true }).open;
}

async function readItems(
	tx: DbOrTx,
	facts: ConnectorFacts,
	rows: readonly InLine[],
): Promise<Map<number, ItemFacts>> {
	const ids = rows.filter((row) => row.targetKind !== 'season').map((row) => row.targetId);
	if (ids.length === 0) return new Map();
	const items = await readItemFacts(tx, itemsById(facts.rules, ids));
	return new Map(items.map((item) => [item.id, item]));
}

function sooner(a: GateFact | null, b: GateFact): GateFact {
	if (a === null || b.until === undefined) return a ?? b;
	return a.until === undefined || b.until < a.until ? b : a;
}

const nobody = (gate: GateFact['gate'], detail: string): Choice<never> => ({
	open: false,
	gate: { gate, open: false, detail },
});
