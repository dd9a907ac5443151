/**
 * What a dispatch writes down on its way, as JSON in its row: the facts right before sending, and what was noticed
 * while watching. Read back through schemas, since the process that reads may not be the one that wrote.
 */
import * as v from 'valibot';
import type { Verdict } from '$lib/domain/outcome';
import type { HistoryRecord } from '../../connectors/common/types';

const date = v.pipe(
	v.string(),
	v.transform((text) => new Date(text)),
);
const healthFact = v.object({
	source: v.string(),
	type: v.string(),
	fragment: v.string(),
	message: v.optional(v.string(), ''),
});
const abilities = v.object({
	lastSearchTime: v.boolean(),
	lastSearchTimeWeak: v.boolean(),
	durationProof: v.boolean(),
	releaseSource: v.boolean(),
});
const fileFacts = v.object({
	fileArrId: v.number(),
	quality: v.nullable(v.string()),
	score: v.nullable(v.number()),
});

const beforeSchema = v.object({
	abilities,
	trustLastSearchTime: v.boolean(),
	trustDuration: v.boolean(),
	/** The item whose `lastSearchTime` is compared. */
	probe: v.nullable(v.number()),
	lastSearchTime: v.nullable(date),
	health: v.array(healthFact),
	enabledClients: v.nullable(v.number()),
	/** Queue rows of the item that were there already. */
	queueRows: v.array(v.number()),
	/** By the arr's item id. */
	files: v.record(v.string(), fileFacts),
	/** Half-open gates that let this one through. */
	probing: v.array(v.string()),
});
export type BeforeFacts = v.InferOutput<typeof beforeSchema>;

const reading = v.object({
	afterMs: v.number(),
	issues: v.array(healthFact),
	clientRows: v.optional(v.boolean(), false),
});

const notesSchema = v.object({
	/** The POST was answered with a command that was there already. */
	merged: v.optional(v.boolean(), false),
	/** Found again by recovery, and how. */
	adopted: v.optional(v.nullable(v.string()), null),
	exception: v.optional(v.nullable(v.string()), null),
	/** Of the probed item, at the first look after the end; undefined = not read yet. */
	lastSearchAfter: v.optional(v.nullable(date)),
	readings: v.optional(v.array(reading), []),
	/** Failed looks in a row. */
	failedLooks: v.optional(v.number(), 0),
});
export type WatchNotes = v.InferOutput<typeof notesSchema>;

/** Throws if a dispatch that was sent has no facts: it never happens to rows this product wrote. */
export const readBefore = (value: unknown): BeforeFacts => v.parse(beforeSchema, value);
export const readNotes = (value: unknown): WatchNotes => v.parse(notesSchema, value ?? {});

/** As JSON: what goes into the row. */
export const asJson = (facts: BeforeFacts | WatchNotes): Record<string, unknown> => {
	const plain: unknown = JSON.parse(JSON.stringify(facts));
	return v.parse(v.record(v.string(), v.unknown()), plain);
};

/** A verdict with what it rests on, ready to be written. */
export interface Conclusion {
	verdict: Verdict;
	notes: WatchNotes;
	/** Grabbed rows of the covered items, for what is kept of them. */
	history: HistoryRecord[];
}
