/** Library items on the wire. */
import * as v from 'valibot';
import { cursorQuery, instant, limitQuery, nullableInstant, queryId } from '$lib/server/api/schemas';
import type { Explanation } from '$lib/domain/explanation';
import type { ItemFilter } from '$lib/domain/views';
import {
	CONNECTOR_KINDS,
	GATES,
	ITEM_KINDS,
	NOT_WANTED_REASONS,
	SEARCH_STATES,
	TARGET_KINDS,
	WANTED_REASONS,
} from '$lib/domain/words';

export const connectorRef = v.object({ id: v.number(), name: v.string(), kind: v.picklist(CONNECTOR_KINDS) });

export const itemSchema = v.object({
	ref: v.string(),
	kind: v.picklist(ITEM_KINDS),
	connector: connectorRef,
	title: v.string(),
	subtitle: v.nullable(v.string()),
	reason: v.nullable(v.picklist(WANTED_REASONS)),
	has: v.nullable(v.string()),
	state: v.picklist(SEARCH_STATES),
	excluded: v.boolean(),
	pinned: v.boolean(),
	unconfirmed: v.boolean(),
	unreadable: v.boolean(),
	airedAt: nullableInstant,
	why: v.object({
		gate: v.nullable(v.picklist(GATES)),
		until: nullableInstant,
		position: v.nullable(v.number()),
		estimateAt: nullableInstant,
		notWanted: v.nullable(v.picklist(NOT_WANTED_REASONS)),
		detail: v.nullable(v.string()),
		progress: v.nullable(v.number()),
		searchingSince: nullableInstant,
	}),
});

const gateSchema = v.object({
	gate: v.picklist(GATES),
	open: v.boolean(),
	detail: v.string(),
	until: v.optional(instant),
	asOf: v.optional(instant),
});

export const explanationSchema = v.object({
	gates: v.array(gateSchema),
	nextAttemptAt: v.optional(instant),
	estimatedCost: v.number(),
	wanted: v.nullable(v.picklist(WANTED_REASONS)),
	notWanted: v.nullable(v.picklist(NOT_WANTED_REASONS)),
	target: v.object({ kind: v.picklist(TARGET_KINDS), id: v.number() }),
	position: v.nullable(v.number()),
	pinned: v.boolean(),
});

export const searchSent = v.object({ sent: v.literal(true), dispatchId: v.string() });
export const searchWaits = v.object({
	sent: v.literal(false),
	gate: v.nullable(gateSchema),
	estimatedAt: nullableInstant,
	queueId: v.number(),
});

export const SORTS = ['priority', 'title', 'age', 'state'] as const;

export const itemQuery = v.object({
	connector: queryId,
	reason: v.optional(v.picklist(WANTED_REASONS)),
	kind: v.optional(v.picklist(ITEM_KINDS)),
	state: v.optional(v.picklist([...SEARCH_STATES, 'excluded'])),
	why: v.optional(
		v.pipe(
			v.picklist(GATES),
			v.description('The first closed gate; `turn` includes those that wait for budget and spacing'),
		),
	),
	q: v.optional(v.pipe(v.string(), v.maxLength(200))),
	sort: v.optional(v.picklist(SORTS)),
	limit: limitQuery,
	cursor: cursorQuery,
});

export function filterOf(query: v.InferOutput<typeof itemQuery>): ItemFilter {
	return {
		connectorIds: query.connector === undefined ? null : [query.connector],
		reason: query.reason ?? null,
		kind: query.kind ?? null,
		state: query.state ?? null,
		why: query.why ?? null,
		q: query.q ?? null,
		sort: query.sort ?? null,
		limit: query.limit,
		cursor: query.cursor ?? null,
	};
}

export const explanationOut = (explanation: Explanation, notWanted: string | null) => ({
	...explanation,
	notWanted,
});
