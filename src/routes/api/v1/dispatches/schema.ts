/** Searches on the wire. */
import * as v from 'valibot';
import { instant, nullableInstant } from '$lib/server/api/schemas';
import {
	CONNECTOR_KINDS,
	DISPATCH_STATES,
	GRAB_RESULTS,
	OUTCOMES,
	STRENGTHS,
	TARGET_KINDS,
	WANTED_REASONS,
} from '$lib/domain/words';

const grab = v.object({
	title: v.string(),
	claim: v.picklist(['ours', 'shared', 'by_catch', 'find']),
	releaseSource: v.nullable(v.string()),
	indexer: v.nullable(v.string()),
	protocol: v.nullable(v.string()),
	size: v.nullable(v.number()),
	quality: v.string(),
	formatScore: v.nullable(v.number()),
	qualityBefore: v.nullable(v.string()),
	grabbedAt: instant,
	historyArrId: v.number(),
	result: v.picklist(GRAB_RESULTS),
	resultAt: nullableInstant,
	resultDetail: v.nullable(v.string()),
	progress: v.nullable(v.number()),
	etaAt: nullableInstant,
});
const dispatchFields = {
	id: v.string(),
	connector: v.object({ id: v.nullable(v.number()), name: v.string(), kind: v.picklist(CONNECTOR_KINDS) }),
	target: v.object({
		kind: v.picklist(TARGET_KINDS),
		ref: v.nullable(v.string()),
		seasonId: v.nullable(v.number()),
		title: v.string(),
		subtitle: v.nullable(v.string()),
	}),
	reason: v.picklist(WANTED_REASONS),
	byUser: v.boolean(),
	state: v.picklist(DISPATCH_STATES),
	outcome: v.nullable(v.picklist(OUTCOMES)),
	provisional: v.nullable(v.picklist(OUTCOMES)),
	strength: v.nullable(v.picklist(STRENGTHS)),
	cost: v.number(),
	costReturned: v.boolean(),
	claimedAt: instant,
	sentAt: nullableInstant,
	watchingSince: nullableInstant,
	endedAt: nullableInstant,
	concludedAt: nullableInstant,
	commandId: v.nullable(v.number()),
	releasesSeen: v.nullable(v.number()),
	proof: v.array(v.string()),
	nextEligibleAt: nullableInstant,
	grabs: v.array(grab),
};
export const dispatchSchema = v.object(dispatchFields);

export const detailSchema = v.object({
	...dispatchFields,
	command: v.object({
		id: v.nullable(v.number()),
		status: v.nullable(v.string()),
		message: v.nullable(v.string()),
		started: nullableInstant,
		ended: nullableInstant,
		durationMs: v.nullable(v.number()),
		messages: v.array(v.string()),
	}),
	items: v.array(v.object({ id: v.number(), arrId: v.number(), label: v.string(), wanted: v.boolean() })),
	evidence: v.nullable(v.looseObject({})),
});
