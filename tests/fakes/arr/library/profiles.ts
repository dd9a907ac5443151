// The custom formats and the two profiles that all presets share.
import type { CustomFormat, Profile } from '../state/model.ts';
import type { Builder } from './builder.ts';

export interface Formats {
	good: CustomFormat;
	fine: CustomFormat;
	bad: CustomFormat;
}

export function addFormats(builder: Builder): Formats {
	return {
		good: builder.format('Group X', '^GRPX$', 'group'),
		fine: builder.format('x265', '\\bx265\\b'),
		bad: builder.format('Bad Group', '^BADGRP$', 'group'),
	};
}

/** A single quality as cutoff, upgrades on, no scores. */
export function addPlainProfile(builder: Builder): Profile {
	return builder.profile({
		name: 'Plain',
		allowed: [4, 1001, 6, 9, 1002, 7],
		cutoff: 7,
		upgradeAllowed: true,
	});
}

/** A group as cutoff, and a custom format score to reach. */
export function addGroupProfile(builder: Builder, formats: Formats): Profile {
	return builder.profile({
		name: 'Group Cutoff',
		allowed: [4, 9, 1001, 6, 1002, 7],
		cutoff: 1002,
		upgradeAllowed: true,
		cutoffFormatScore: 60,
		minUpgradeFormatScore: 5,
		scores: { [formats.good.id]: 50, [formats.fine.id]: 20, [formats.bad.id]: -1000 },
	});
}
