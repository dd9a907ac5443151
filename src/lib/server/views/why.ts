/** "Why, and until when" for the rows of a list: the same facts as the explanation of one item, read for all at once. */
import { inArray } from 'drizzle-orm';
import type { AppContext } from '../app-context';
import { itemFacts } from '../db/queries/discovery-facts';
import { itemsById, readItemFacts } from '../db/queries/plan-items';
import { arrQueue } from '../db/schema';
import { rulesOf } from '../services/discovery/rules';
import { EXPLAIN_SLACK_MS, readConnectorFacts, type ConnectorFacts } from '../services/queue/facts';
import { itemGates } from '../services/queue/gates';
import { estimateTurns, readOrder, targetName } from '../services/queue/planner-rank';
import { firstClosed } from '$lib/domain/explanation';
import type { WhyFacts } from '$lib/domain/views';
import type { ItemKind } from '$lib/domain/words';
import { judgeItem } from '$lib/domain/wanted';
import { NO_WHY, type RawItem } from './item-rows';

type Asked = Pick<RawItem, 'kind' | 'id' | 'connector_id' | 'wanted_id'>;

/** In the order of the rows. */
export const whyOf = (ctx: AppContext, rows: readonly Asked[]): Promise<WhyFacts[]> =>
	whyReader(ctx).read(rows);

/** Reads what rows share once, however many rows come one after the other. */
export interface WhyReader {
	read(rows: readonly Asked[]): Promise<WhyFacts[]>;
	facts(connectorId: number): Promise<ConnectorFacts | null>;
}

export function whyReader(ctx: AppContext): WhyReader {
	const shared: Shared = {
		facts: remembered((id) => readConnectorFacts(ctx, ctx.db, id, { slackMs: EXPLAIN_SLACK_MS })),
		line: remembered(async (id) => {
			const facts = await shared.facts(id);
			return facts === null ? new Map<string, Place>() : await placesInLine(ctx, facts);
		}),
		rules: remembered((id) => rulesOf(ctx.sql, id, ctx.clock.date())),
	};
	return {
		facts: shared.facts,
		read: async (rows) => {
			const found = new Map<string, WhyFacts>();
			const questions = Map.groupBy(rows, (row) => `${row.kind} ${String(row.connector_id)}`);
			await Promise.all([...questions.values()].map((asked) => answer(ctx, shared, { asked, found })));
			return rows.map((row) => found.get(nameOf(row)) ?? NO_WHY);
		},
	};
}

interface Shared {
	facts: (connectorId: number) => Promise<ConnectorFacts | null>;
	line: (connectorId: number) => Promise<Map<string, Place>>;
	rules: (connectorId: number) => ReturnType<typeof rulesOf>;
}

function remembered<T>(read: (id: number) => Promise<T>): (id: number) => Promise<T> {
	const known = new Map<number, Promise<T>>();
	return (id) => {
		const before = known.get(id);
		if (before !== undefined) return before;
		const now = read(id);
		known.set(id, now);
		return now;
	};
}

const nameOf = (row: Pick<Asked, 'kind' | 'id'>): string => `${row.kind} ${String(row.id)}`;

/** Rows of one connector and kind, and where their answers go. */
interface Question {
	connectorId: number;
	kind: ItemKind;
	asked: readonly Asked[];
	found: Map<string, WhyFacts>;
}

async function answer(
	ctx: AppContext,
	shared: Shared,
	{ asked, found }: Pick<Question, 'asked' | 'found'>,
): Promise<void> {
	const [first] = asked;
	if (first === undefined) return;
	const about = { connectorId: first.connector_id, kind: first.kind, found };
	const wanted = asked.filter((row) => row.wanted_id !== null);
	const others = asked.filter((row) => row.wanted_id === null);
	await Promise.all([
		wanted.length > 0 ? answerWanted(ctx, shared, { ...about, asked: wanted }) : null,
		others.length > 0 ? answerOthers(ctx, shared, { ...about, asked: others }) : null,
	]);
}

async function answerWanted(
	ctx: AppContext,
	shared: Shared,
	{ connectorId, kind, asked, found }: Question,
): Promise<void> {
	const facts = await shared.facts(connectorId);
	if (facts === null) return;
	const ids = asked.map((row) => row.id);
	const [items, line, progress] = await Promise.all([
		readItemFacts(ctx.db, itemsById({ ...facts.rules, kind }, ids)),
		shared.line(connectorId),
		readProgress(ctx, kind, ids),
	]);
	for (const item of items) {
		const gates = itemGates(facts, item, { cost: item.cost, reason: item.reason, byUser: item.pinned });
		const closed = firstClosed(gates);
		const place = line.get(targetName({ targetKind: item.kind, targetId: item.id }));
		found.set(nameOf(item), {
			...NO_WHY,
			gate: closed?.gate ?? 'turn',
			until: closed?.until ?? null,
			detail: closed?.detail ?? null,
			position: place?.position ?? null,
			estimateAt: place?.estimateAt ?? null,
			progress: progress.get(item.id) ?? null,
			searchingSince:
				facts.openDispatch !== null && item.inFlight === 'searching' ? facts.openDispatch.at : null,
		});
	}
}

interface Place {
	position: number;
	estimateAt: Date | null;
}

async function placesInLine(ctx: AppContext, facts: ConnectorFacts): Promise<Map<string, Place>> {
	const order = await readOrder(ctx.db, facts);
	const estimates = estimateTurns(facts, order);
	return new Map(
		order.map((row, at) => [targetName(row), { position: at + 1, estimateAt: estimates[at] ?? null }]),
	);
}

async function readProgress(
	ctx: AppContext,
	kind: ItemKind,
	ids: readonly number[],
): Promise<Map<number, number>> {
	const column = kind === 'episode' ? arrQueue.episodeId : arrQueue.movieId;
	const rows = await ctx.db
		.select({ id: column, size: arrQueue.size, left: arrQueue.sizeLeft })
		.from(arrQueue)
		.where(inArray(column, [...ids]));
	return new Map(
		rows.flatMap(({ id, size, left }) =>
			id === null || size <= 0 ? [] : [[id, Math.min(1, Math.max(0, 1 - left / size))] as const],
		),
	);
}

async function answerOthers(
	ctx: AppContext,
	shared: Shared,
	{ connectorId, kind, asked, found }: Question,
): Promise<void> {
	const rules = await shared.rules(connectorId);
	if (rules === null) return;
	const ids = asked.map((row) => row.id);
	for (const item of await itemFacts(ctx.sql, rules.statements, kind, ids)) {
		const { why } = judgeItem(item.facts, rules.judgement);
		found.set(nameOf({ kind, id: item.id }), {
			...NO_WHY,
			gate: why === null ? null : 'wanted',
			notWanted: why,
		});
	}
}
