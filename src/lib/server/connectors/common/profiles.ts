/** Quality profiles: the rank of each quality and of the cutoff, as the applications compute them (arr §5). */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { absent, line, orElse, parse, whole } from './schema';
import type { QualityProfileRecord } from './types';

const quality = v.object({ id: whole, name: orElse(line, '') });
const plain = v.object({ quality: absent(quality), allowed: orElse(v.boolean(), false) });
const item = v.object({
	...plain.entries,
	/** Of groups only. */
	id: absent(whole),
	name: absent(line),
	items: orElse(v.array(plain), []),
});
const profile = v.object({
	id: whole,
	name: line,
	upgradeAllowed: orElse(v.boolean(), true),
	cutoff: orElse(whole, 0),
	items: v.array(item),
	minFormatScore: orElse(whole, 0),
	cutoffFormatScore: orElse(whole, 0),
	minUpgradeFormatScore: orElse(whole, 1),
	formatItems: orElse(
		v.array(v.object({ format: whole, name: orElse(line, ''), score: orElse(whole, 0) })),
		[],
	),
});
type Item = v.InferOutput<typeof item>;
type Profile = v.InferOutput<typeof profile>;

export function readProfiles(endpoint: string, body: unknown): QualityProfileRecord[] {
	return parse(endpoint, v.array(profile), body).map(profileOf);
}

function profileOf(raw: Profile): QualityProfileRecord {
	const cutoff = cutoffOf(raw);
	// without upgrades the first allowed quality takes the cutoff's place (arr §5.2)
	const firstAllowed = raw.items.findIndex((one) => one.allowed);
	return {
		arrId: raw.id,
		name: raw.name,
		upgradeAllowed: raw.upgradeAllowed,
		minFormatScore: raw.minFormatScore,
		cutoffFormatScore: raw.cutoffFormatScore,
		minUpgradeFormatScore: raw.minUpgradeFormatScore,
		qualities: raw.items.flatMap(qualitiesOf),
		effectiveCutoffRank: raw.upgradeAllowed ? cutoff.rank : Math.max(0, firstAllowed),
		cutoffRank: cutoff.rank,
		cutoffName: cutoff.name,
		formatsHash: hashOf(raw),
	};
}

function qualitiesOf(one: Item, rank: number): QualityProfileRecord['qualities'] {
	if (one.quality !== null) return [{ ...one.quality, rank, allowed: one.allowed }];
	// the group decides, whatever its members say
	return one.items.flatMap((member) =>
		member.quality === null ? [] : [{ ...member.quality, rank, allowed: one.allowed }],
	);
}

/** `cutoff` is a quality's or a group's id; one that names nothing lets every file count as good enough. */
function cutoffOf({ items, cutoff }: Profile): { rank: number; name: string } {
	const rank = items.findIndex(
		(one) =>
			(one.quality === null ? one.id : one.quality.id) === cutoff ||
			one.items.some((member) => member.quality?.id === cutoff),
	);
	const found = items[rank];
	return found === undefined
		? { rank: 0, name: '' }
		: { rank, name: found.quality?.name ?? found.name ?? '' };
}

function hashOf({ formatItems }: Profile): string {
	const parts = formatItems
		.toSorted((a, b) => a.format - b.format)
		.map(({ format, name, score }) => [format, name, score]);
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
