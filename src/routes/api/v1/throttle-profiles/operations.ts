/** REST: the throttle profiles, which are limits under which a connector may be asked. */
import * as v from 'valibot';
import { operation } from '$lib/server/api/operation';
import { effectiveProfile, FLOOR, PROFILES } from '$lib/domain/throttle';
import { THROTTLE_PRESETS } from '$lib/domain/words';

const profile = v.object({
	id: v.picklist(THROTTLE_PRESETS),
	spacingSeconds: v.number(),
	costPerHour: v.number(),
	costPerDay: v.number(),
	groupSize: v.number(),
	errorPauseSeconds: v.number(),
	warning: v.nullable(v.string()),
});

export const getThrottleProfiles = operation({
	method: 'GET',
	path: '/throttle-profiles',
	summary: 'The presets and the floor that no profile may fall below',
	tag: 'Throttle',
	answers: {
		200: v.object({
			items: v.array(profile),
			nextCursor: v.null(),
			floor: v.object({
				spacingSeconds: v.number(),
				itemSpacingSeconds: v.number(),
				costPerHour: v.number(),
				costPerDay: v.number(),
			}),
		}),
	},
	run: ({ ctx }) => ({
		body: {
			items: THROTTLE_PRESETS.map((id) => {
				const limits = effectiveProfile(PROFILES[id], ctx.limits.spacingFloorMs);
				return {
					id,
					spacingSeconds: limits.spacingMs / 1000,
					costPerHour: limits.costPerHour,
					costPerDay: limits.costPerDay,
					groupSize: limits.groupSize,
					errorPauseSeconds: limits.errorPauseMs / 1000,
					warning: id === 'aggressive' ? 'Some indexers ban accounts that ask this often.' : null,
				};
			}),
			nextCursor: null,
			floor: {
				spacingSeconds: ctx.limits.spacingFloorMs / 1000,
				itemSpacingSeconds: ctx.limits.itemSpacingFloorMs / 1000,
				costPerHour: FLOOR.costPerHour,
				costPerDay: FLOOR.costPerDay,
			},
		},
	}),
});
