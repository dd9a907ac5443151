// Quality profiles: how they are made, and the order they give to qualities.
import type { Profile, ProfileItem } from './model.ts';
import type { QualityTable } from './qualities.ts';

export interface ProfileSetup {
	name: string;
	allowed: number[];
	cutoff: number;
	upgradeAllowed?: boolean;
	minFormatScore?: number;
	cutoffFormatScore?: number;
	minUpgradeFormatScore?: number;
	/** Custom format id to score. */
	scores?: Record<number, number>;
}

export function makeProfile(table: QualityTable, id: number, setup: ProfileSetup): Profile {
	const items: ProfileItem[] = table.ladder.map((item) => {
		const key = item.quality ?? item.group ?? -1;
		const allowed =
			setup.allowed.includes(key) || item.members.some((member) => setup.allowed.includes(member));
		return { ...item, members: [...item.members], allowed };
	});
	return {
		id,
		name: setup.name,
		upgradeAllowed: setup.upgradeAllowed ?? false,
		cutoff: setup.cutoff,
		items,
		minFormatScore: setup.minFormatScore ?? 0,
		cutoffFormatScore: setup.cutoffFormatScore ?? 0,
		minUpgradeFormatScore: setup.minUpgradeFormatScore ?? 1,
		scores: { ...setup.scores },
	};
}

/** The profiles of a fresh installation: upgrades are off in all of them. */
export function freshProfiles(table: QualityTable, firstId = 1): Profile[] {
	const all = table.ladder.map((item) => item.quality ?? item.group ?? 0).filter((id) => id !== 0);
	const setups: ProfileSetup[] = [
		{ name: 'Any', allowed: all, cutoff: 1 },
		{ name: 'SD', allowed: [1, 1000, 2], cutoff: 1 },
		{ name: 'HD-720p', allowed: [4, 1001, 6], cutoff: 4 },
		{ name: 'HD-1080p', allowed: [9, 1002, 7], cutoff: 9 },
		{ name: 'Ultra-HD', allowed: [16, 1003, 19], cutoff: 16 },
		{ name: 'HD - 720p/1080p', allowed: [4, 1001, 6, 9, 1002, 7], cutoff: 4 },
	];
	return setups.map((setup, index) => makeProfile(table, firstId + index, setup));
}

/** Place of a quality in the profile; all members of a group share one. -1 when it is not in the profile. */
export function rankOf(profile: Profile, quality: number): number {
	return profile.items.findIndex((item) => item.quality === quality || item.members.includes(quality));
}

export function isAllowed(profile: Profile, quality: number): boolean {
	return profile.items[rankOf(profile, quality)]?.allowed ?? false;
}

/** The cutoff that counts: with upgrades off the first allowed quality takes its place. */
export function effectiveCutoffRank(profile: Profile): number {
	if (!profile.upgradeAllowed) {
		const first = profile.items.findIndex((item) => item.allowed);
		return first < 0 ? 0 : first;
	}
	return profile.items.findIndex(
		(item) =>
			item.quality === profile.cutoff ||
			item.group === profile.cutoff ||
			item.members.includes(profile.cutoff),
	);
}

export function isBelowCutoff(profile: Profile, quality: number): boolean {
	return rankOf(profile, quality) < effectiveCutoffRank(profile);
}

export function scoreOf(profile: Profile, formats: readonly number[]): number {
	let score = 0;
	for (const format of formats) score += profile.scores[format] ?? 0;
	return score;
}

export function cutoffName(profile: Profile): string {
	const item = profile.items[effectiveCutoffRank(profile)];
	return item?.name ?? String(item?.quality ?? 'Unknown');
}
