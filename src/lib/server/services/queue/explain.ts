/**
 * "Why is this not being searched, and when will it be?" for any item of the library: the same facts, by the same
 * definitions, that choose the next search.
 */
import { allOpenAt, firstClosed, type Explanation, type GateFact } from '$lib/domain/explanation';
import { decideSeason } from '$lib/domain/season-decision';
import { meanGapMs } from '$lib/domain/throttle';
import type { Judgement } from '$lib/domain/wanted';
import type { ItemKind } from '$lib/domain/words';
import type { AppContext } from '../../app-context';
import type { DbOrTx } from '../../db/client';
import { itemsById, readItemFacts, type ItemFacts } from '../../db/queries/plan-items';
import { oneSeason, readSeasonFacts } from '../../db/queries/plan-seasons';
import { readQueued } from '../../db/queries/queue';
import { connectorOfItem } from '../../db/queries/registry';
import { readWantedCounts, wantedInAll } from '../../db/queries/wanted-counts';
import { pick } from './candidates';
import { EXPLAIN_SLACK_MS, readConnectorFacts, type ConnectorFacts } from './facts';
import { itemGates, type Ask } from './gates';
import type { InLine } from './line';
import { readHead } from './planner-head';
import { COUNTED_EXACTLY, estimateTurns, inOrder, lineLength, readLine, targetName } from './planner-rank';

/** Discovery's judgement of one item; handed in by whoever composes the two services. */
export type Judge = (ctx: AppContext, ref: ItemRef) => Promise<Judgement | null>;

interface ItemRef {
	kind: ItemKind;
	id: number;
}

/** Null if the mirror has no such item. With `judge`, what discovery left out is told by its exact reason. */
export async function explain(
	ctx: AppContext,
	ref: ItemRef,
	{ judge }: { judge?: Judge } = {},
): Promise<Explanation | null> {
	const connectorId = await connectorOfItem(ctx.db, ref);
	if (connectorId === null) return null;
	const facts = await readConnectorFacts(ctx, ctx.db, connectorId, { slackMs: EXPLAIN_SLACK_MS });
	if (facts === null) return null;
	const rules = { ...facts.rules, kind: ref.kind };
	const [item] = await readItemFacts(ctx.db, itemsById(rules, [ref.id]));
	if (item === undefined) return null;
	const target = await targetOf(ctx.db, facts, item);
	const judgement = item.wantedId === null ? ((await judge?.(ctx, ref)) ?? null) : null;
	const gates = itemGates(facts, item, { ...target.ask, judgement });
	const turn = isInLine(gates) ? fromSweepOn(ctx, facts, await turnOf(ctx.db, facts, target)) : notYet(gates);
	const all = [...gates, turn.fact];
	const next = nextAttempt(facts, gates, turn);
	return {
		gates: all,
		...(next === null ? {} : { nextAttemptAt: next }),
		estimatedCost: target.ask.cost,
		wanted: item.wantedId === null ? null : item.reason,
		target: { kind: target.targetKind, id: target.targetId },
		position: turn.position,
		pinned: item.pinned,
	};
}

interface Target {
	targetKind: InLine['targetKind'];
	targetId: number;
	ask: Ask;
}

/** The search that would be made for the item: one of its whole season, if that is decided, or its own. */
async function targetOf(tx: DbOrTx, facts: ConnectorFacts, item: ItemFacts): Promise<Target> {
	const own: Target = {
		targetKind: item.kind,
		targetId: item.id,
		ask: { cost: item.cost, reason: item.reason, byUser: item.pinned },
	};
	if (item.seriesId === null || item.seasonNumber === null || item.pinned || !isReady(item)) return own;
	const [season] = await readSeasonFacts(tx, facts.rules, oneSeason(item.seriesId, item.seasonNumber));
	if (season === undefined) return own;
	const decision = decideSeason(season, facts.seasons);
	if (decision.kind === 'episodes') return own;
	const ask = { cost: decision.cost, reason: season.reason, byUser: false };
	return { targetKind: 'season', targetId: season.seasonId, ask };
}

/** Nothing of its own keeps it from being searched with its season. */
const isReady = (item: ItemFacts): boolean =>
	item.wantedOpen &&
	item.kindOpen &&
	item.indexerOpen &&
	item.excludedBy === null &&
	item.graceOpen &&
	item.inFlight === null &&
	item.coveredBy === null &&
	item.stateOpen;

interface Turn {
	fact: GateFact;
	position: number | null;
	estimateAt: Date | null;
	/** It stands in the queue, and not only among those that a planning round would take up. */
	queued: boolean;
}

/** An item stands in line if all that is its own is open; facts of the connector hold the whole line. */
function isInLine(gates: readonly GateFact[]): boolean {
	const own = new Set([
		'kind_enabled',
		'wanted',
		'not_excluded',
		'grace_and_delay',
		'not_covered_by_season',
		'state',
	]);
	return gates.every((fact) => fact.open || !own.has(fact.gate));
}

const notYet = (gates: readonly GateFact[]): Turn => {
	const closed = firstClosed(gates);
	const detail = closed === null ? 'It is not in line.' : 'It gets in line once the facts above are open.';
	return { fact: { gate: 'turn', open: false, detail }, position: null, estimateAt: null, queued: false };
};

/** Its place in the line as the next planning round makes it, and whether it is the one that would be taken. */
async function turnOf(tx: DbOrTx, facts: ConnectorFacts, target: Target): Promise<Turn> {
	const wanted = wantedInAll(await readWantedCounts(tx, [facts.connector.id]));
	const line = await lineFor(tx, facts, wanted);
	const order = await inOrder(tx, facts, line);
	const index = order.findIndex((row) => targetName(row) === targetName(target));
	if (index === -1) return behind(facts, wanted, order.length);
	const choice = await pick(tx, facts, order);
	const estimateAt = estimateTurns(facts, order.slice(0, index + 1))[index] ?? null;
	const queued = (order[index]?.queueId ?? null) !== null;
	const place = { position: index + 1, queued };
	if (choice.open && targetName(choice.candidate) === targetName(target)) {
		return { fact: { gate: 'turn', open: true, detail: 'It is next.' }, ...place, estimateAt };
	}
	const postponed = order[index]?.notBefore ?? null;
	const later = postponed !== null && postponed > facts.now;
	const detail = later ? 'Postponed: a check could not be made.' : `Number ${index + 1} in line.`;
	const until = later ? postponed : estimateAt;
	return {
		fact: { gate: 'turn', open: false, detail, ...(until === null ? {} : { until }) },
		...place,
		estimateAt: until,
	};
}

/**
 * The queue is filled by sweeps: what has come to the end of its rest since the last one is not sent before the next,
 * although a planning round would take it now.
 */
function fromSweepOn(ctx: AppContext, facts: ConnectorFacts, turn: Turn): Turn {
	const { connector, now } = facts;
	const isInHead = turn.position !== null && turn.position <= lineLength(facts);
	if (turn.queued || !isInHead || connector.mode !== 'active') return turn;
	const sweepAt = ctx
		.scheduled()
		.find(({ name, connectorId }) => name === 'sweep' && connectorId === connector.id)?.nextRunAt;
	if (sweepAt === undefined || sweepAt <= now.getTime()) return turn;
	const until = new Date(Math.max(sweepAt, turn.estimateAt?.getTime() ?? 0));
	const detail = 'The next sweep puts it in line.';
	return { ...turn, fact: { gate: 'turn', open: false, detail, until }, estimateAt: until };
}

/** The line itself; in a small library as the next round makes it, in a large one as it stands. */
async function lineFor(tx: DbOrTx, facts: ConnectorFacts, wanted: number): Promise<InLine[]> {
	if (wanted <= COUNTED_EXACTLY)
		return await readLine(tx, facts, Math.max(COUNTED_EXACTLY, lineLength(facts)));
	const queued = await readQueued(tx, facts.connector.id);
	return queued.length > 0 ? queued : ((await readHead(tx, facts, lineLength(facts))) ?? []);
}

/** Not among the first: behind them, and before everything wanted has been asked for once. */
function behind(facts: ConnectorFacts, wanted: number, ahead: number): Turn {
	const estimateAt = new Date(facts.now.getTime() + wanted * meanGapMs(facts.profile));
	const detail = `Behind the first ${ahead} in line; ${wanted} items are wanted in all.`;
	return {
		fact: { gate: 'turn', open: false, detail, until: estimateAt },
		position: null,
		estimateAt,
		queued: false,
	};
}

/** The latest of the closed facts' times; if all are open, now. */
function nextAttempt(facts: ConnectorFacts, gates: readonly GateFact[], turn: Turn): Date | null {
	const own = allOpenAt(gates);
	const closed = firstClosed(gates) !== null;
	if (closed && own === null) return null;
	const times = [own, turn.fact.open ? facts.now : turn.estimateAt].flatMap((at) =>
		at === null ? [] : [at.getTime()],
	);
	return times.length === 0 ? null : new Date(Math.max(...times));
}
