/**
 * Lists narrowed to what waits for one thing. Why an item waits is reckoned for the rows of a page; so what could be
 * meant is found by what the database knows, and looked through until a page is full.
 */
import type { AppContext } from '../app-context';
import { listConnectorRows } from '../db/queries/connectors';
import { closedConnectorGate } from '../services/queue/gates';
import type { ItemFilter, WhyFacts } from '$lib/domain/views';
import { GATES, type Gate } from '$lib/domain/words';
import type { NarrowedFilter } from './item-conditions';
import { readItemKeys, type ItemCursor, type ItemKey, type ListedFrom } from './item-keys';
import type { RawItem } from './item-rows';
import { whyReader, type WhyReader } from './why';

const AT_ONCE = 500;
/** Rows that are looked through for one answer; the list goes on from there. */
const LOOKED_THROUGH = 5_000;

export interface WaitingItem {
	key: ItemKey;
	row: RawItem;
	why: WhyFacts;
}

export interface Waiting {
	/** At most one more than the page holds. */
	items: WaitingItem[];
	/** Where the looking ended, if not at the end of the list. */
	lookedTo: ItemKey | null;
}

/** Rows of some keys, in their order. */
export type RowReader = (keys: readonly ItemKey[]) => Promise<RawItem[]>;

export async function itemsThatWait(
	ctx: AppContext,
	filter: ItemFilter & { why: Gate },
	from: ListedFrom,
	start: ItemCursor | null,
	rowsOf: RowReader,
): Promise<Waiting> {
	const reader = whyReader(ctx);
	const narrowed = await narrow(ctx, filter, reader);
	const items: WaitingItem[] = [];
	let after = start;
	for (let looked = 0; looked < LOOKED_THROUGH; looked += AT_ONCE) {
		const found = await readItemKeys(ctx, { ...narrowed, limit: AT_ONCE }, from, after);
		const keys = found.slice(0, AT_ONCE);
		items.push(...(await those(filter.why, keys, rowsOf, reader)));
		const last = keys.at(-1);
		if (items.length > filter.limit || found.length <= AT_ONCE || last === undefined)
			return { items: items.slice(0, filter.limit + 1), lookedTo: null };
		after = last.at;
		if (looked + AT_ONCE >= LOOKED_THROUGH) return { items, lookedTo: last };
	}
	return { items, lookedTo: null };
}

async function those(
	why: Gate,
	keys: readonly ItemKey[],
	rowsOf: RowReader,
	reader: WhyReader,
): Promise<WaitingItem[]> {
	const rows = await rowsOf(keys);
	const facts = await reader.read(rows);
	const nameOf = ({ kind, id }: { kind: string; id: number }): string => `${kind} ${String(id)}`;
	const keyOf = new Map(keys.map((key) => [nameOf(key), key]));
	return rows.flatMap((row, at) => {
		const [key, fact] = [keyOf.get(nameOf(row)), facts[at]];
		return key !== undefined && fact !== undefined && waitsFor(fact.gate, why)
			? [{ key, row, why: fact }]
			: [];
	});
}

/** What waits its turn waits for budget and spacing too: the line is told as one. */
const waitsFor = (gate: Gate | null, why: Gate): boolean =>
	gate === why || (why === 'turn' && gate === 'budget_and_spacing');

/** Connectors whose items can wait for it: nothing before it in the order of the gates holds the whole connector. */
async function narrow(
	ctx: AppContext,
	filter: ItemFilter & { why: Gate },
	reader: WhyReader,
): Promise<NarrowedFilter> {
	const asked = GATES.indexOf(filter.why);
	const possible: number[] = [];
	const queueUnknown: number[] = [];
	for (const { id } of await listConnectorRows(ctx.db)) {
		if (filter.connectorIds?.includes(id) === false) continue;
		const facts = await reader.facts(id);
		if (facts === null) continue;
		const closed = closedConnectorGate(facts);
		if (closed === null || GATES.indexOf(closed.gate) >= asked || filter.why === 'wanted') possible.push(id);
		if (!facts.queueKnown) queueUnknown.push(id);
	}
	return { ...filter, connectorIds: possible, now: ctx.clock.date(), queueUnknown };
}
