/** The signs of states, outcomes, evidence and health: icon, word and colour, in one place. */
import Ban from '@lucide/svelte/icons/ban';
import CircleAlert from '@lucide/svelte/icons/circle-alert';
import CircleArrowUp from '@lucide/svelte/icons/circle-arrow-up';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleDashed from '@lucide/svelte/icons/circle-dashed';
import CircleMinus from '@lucide/svelte/icons/circle-minus';
import CircleEllipsis from '@lucide/svelte/icons/circle-ellipsis';
import CircleQuestionMark from '@lucide/svelte/icons/circle-question-mark';
import CircleX from '@lucide/svelte/icons/circle-x';
import ClockArrowDown from '@lucide/svelte/icons/clock-arrow-down';
import Download from '@lucide/svelte/icons/download';
import Film from '@lucide/svelte/icons/film';
import Hourglass from '@lucide/svelte/icons/hourglass';
import ListOrdered from '@lucide/svelte/icons/list-ordered';
import LoaderCircle from '@lucide/svelte/icons/loader-circle';
import Merge from '@lucide/svelte/icons/merge';
import Moon from '@lucide/svelte/icons/moon';
import PackagePlus from '@lucide/svelte/icons/package-plus';
import PowerOff from '@lucide/svelte/icons/power-off';
import Radar from '@lucide/svelte/icons/radar';
import SearchAlert from '@lucide/svelte/icons/search-alert';
import SearchSlash from '@lucide/svelte/icons/search-slash';
import SearchX from '@lucide/svelte/icons/search-x';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import ShieldQuestionMark from '@lucide/svelte/icons/shield-question-mark';
import TriangleAlert from '@lucide/svelte/icons/triangle-alert';
import Tv from '@lucide/svelte/icons/tv';
import Undo2 from '@lucide/svelte/icons/undo-2';
import Unplug from '@lucide/svelte/icons/unplug';
import Users from '@lucide/svelte/icons/users';
import VenetianMask from '@lucide/svelte/icons/venetian-mask';
import type { Component } from 'svelte';
import type {
	ConnectorKind,
	HealthStatus,
	Outcome,
	SearchState,
	Strength,
	WantedReason,
} from '$lib/domain/words';
import type { Tone } from '../ui/variants';

export type Icon = Component<{ size?: number; class?: string; strokeWidth?: number }>;

export interface Sign {
	word: string;
	icon: Icon;
	tone: Tone;
}

export const stateSigns: Record<SearchState, Sign> = {
	pending: { word: 'Pending', icon: CircleEllipsis, tone: 'pending' },
	queued: { word: 'Queued', icon: ListOrdered, tone: 'info' },
	searching: { word: 'Searching', icon: Radar, tone: 'primary' },
	grabbed: { word: 'Grabbed', icon: Download, tone: 'grabbed' },
	cooldown: { word: 'Cooldown', icon: Hourglass, tone: 'cooldown' },
	done: { word: 'Done', icon: CircleCheck, tone: 'success' },
	failed: { word: 'Failed', icon: CircleX, tone: 'destructive' },
	exhausted: { word: 'Exhausted', icon: Moon, tone: 'exhausted' },
};

/** A rule of the user, shown in the place of a state. */
export const excludedSign: Sign = { word: 'Excluded', icon: Ban, tone: 'neutral' };
/** Nothing is wanted of it, and it has no file: not monitored, not out yet, … */
export const idleSign: Sign = { word: 'Not wanted', icon: CircleMinus, tone: 'neutral' };
/** Nothing is wanted of it: the state of most of a library. */
export const completeSign: Sign = { word: 'Complete', icon: CircleCheck, tone: 'neutral' };

export const outcomeSigns: Record<Outcome, Sign> = {
	grabbed: { word: 'Grabbed', icon: Download, tone: 'grabbed' },
	nothing_found: { word: 'Nothing found', icon: SearchX, tone: 'pending' },
	not_searched: { word: 'Not searched', icon: SearchSlash, tone: 'warning' },
	inconclusive: { word: 'Inconclusive', icon: SearchAlert, tone: 'warning' },
	pending: { word: 'Pending in the application', icon: ClockArrowDown, tone: 'info' },
	merged: { word: 'Merged', icon: Merge, tone: 'cooldown' },
	error: { word: 'Error', icon: CircleAlert, tone: 'destructive' },
	lost: { word: 'Lost', icon: CircleQuestionMark, tone: 'lost' },
	withdrawn: { word: 'Taken back', icon: Undo2, tone: 'neutral' },
};

export const strengthSigns: Record<Strength, Sign> = {
	strong: { word: 'Strong', icon: ShieldCheck, tone: 'success' },
	shared: { word: 'Shared', icon: Users, tone: 'info' },
	weak: { word: 'Weak', icon: ShieldQuestionMark, tone: 'warning' },
};

export const byCatchSign: Sign = { word: 'By-catch', icon: PackagePlus, tone: 'neutral' };

export const healthSigns: Record<HealthStatus | 'disabled', Sign> = {
	healthy: { word: 'Healthy', icon: CircleCheck, tone: 'success' },
	degraded: { word: 'Degraded', icon: TriangleAlert, tone: 'warning' },
	unhealthy: { word: 'Unhealthy', icon: CircleAlert, tone: 'destructive' },
	offline: { word: 'Offline', icon: Unplug, tone: 'destructive' },
	unknown: { word: 'Starting up', icon: LoaderCircle, tone: 'neutral' },
	disabled: { word: 'Disabled', icon: PowerOff, tone: 'neutral' },
};

export const reasonSigns: Record<WantedReason, { word: string; icon: Icon }> = {
	gap: { word: 'Gap', icon: CircleDashed },
	quality: { word: 'Quality upgrade', icon: CircleArrowUp },
	format: { word: 'Format upgrade', icon: CircleArrowUp },
};

export const kindSigns: Record<
	ConnectorKind,
	{ name: string; holds: string; icon: Icon; text: string; tile: string }
> = {
	sonarr: {
		name: 'Sonarr',
		holds: 'series and anime',
		icon: Tv,
		text: 'text-chart-4',
		tile: 'bg-chart-4/14',
	},
	radarr: { name: 'Radarr', holds: 'movies', icon: Film, text: 'text-chart-3', tile: 'bg-chart-3/14' },
	whisparr: {
		name: 'Whisparr',
		holds: 'scenes',
		icon: VenetianMask,
		text: 'text-chart-5',
		tile: 'bg-chart-5/14',
	},
};
