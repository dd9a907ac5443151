/**
 * Is an item wanted, and if not, why not? One judgement for one item, the same that discovery makes for a whole
 * connector by set-based statements; a test holds them together.
 */
import { episodeAvailableAt, movieAvailableAt, type EpisodeTiming, type MovieTiming } from './availability';
import type { NotWantedReason, Presence, WantedReason } from './words';

/** What a file would have to be better than; null where the profile is unknown. */
export interface FileFacts {
	/** Rank of its quality in the profile; null if the profile does not have it. */
	rank: number | null;
	formatScore: number | null;
	/** The arr's own verdict, used where the profile does not have the quality. */
	arrCutoffNotMet: boolean | null;
	/** Of the episodes that share the file, this one stands for it. */
	carriesFile: boolean;
}

export interface ProfileFacts {
	upgradeAllowed: boolean;
	effectiveCutoffRank: number;
	cutoffFormatScore: number;
}

/** Everything the judgement needs to know of an item. */
export interface ItemFacts {
	/** The worse of the item's and its series'. */
	presence: Presence;
	unreadable: boolean;
	monitored: boolean;
	/** True for movies. */
	seriesMonitored: boolean;
	special: boolean;
	/** Left out by the connector's filters. */
	filtered: boolean;
	timing: ({ kind: 'episode' } & EpisodeTiming) | ({ kind: 'movie' } & MovieTiming);
	/** Why a search would ask nobody. */
	notSearchable: string | null;
	hasFile: boolean;
	file: FileFacts | null;
	profile: ProfileFacts | null;
}

export interface WantedRules {
	now: Date;
	graceMs: number;
	specials: boolean;
	kinds: Readonly<Record<WantedReason, boolean>>;
}

export interface Judgement {
	wanted: WantedReason | null;
	/** The first that holds; null if it is wanted. */
	why: NotWantedReason | null;
	availableAt: Date | null;
	/** When a reason that is only a matter of time is over. */
	until: Date | null;
	/** With `kind_off`: the kind of search that is switched off. */
	off?: WantedReason;
}

/** Judges one item by what the mirror knows of it. */
export function judgeItem(facts: ItemFacts, rules: WantedRules): Judgement {
	const availableAt = availabilityOf(facts, rules.now);
	const no = (why: NotWantedReason, until: Date | null = null): Judgement => ({
		wanted: null,
		why,
		availableAt,
		until,
	});
	const general = generalReason(facts, rules);
	if (general !== null) return no(general);
	const timing = timingReason(facts, rules, availableAt);
	if (timing !== null) return no(timing.why, timing.until);
	if (facts.notSearchable !== null) return no('not_searchable');
	if (facts.hasFile) return judgeUpgrade(facts, rules, availableAt);
	if (!rules.kinds.gap) return { ...no('kind_off'), off: 'gap' };
	return { wanted: 'gap', why: null, availableAt, until: null };
}

function availabilityOf({ timing }: ItemFacts, now: Date): Date | null {
	return timing.kind === 'episode' ? episodeAvailableAt(timing) : movieAvailableAt(timing, now);
}

function generalReason(facts: ItemFacts, rules: WantedRules): NotWantedReason | null {
	if (facts.presence === 'deleted') return 'gone_from_arr';
	if (facts.presence === 'unconfirmed') return 'unconfirmed';
	if (facts.unreadable) return 'unreadable';
	if (!facts.monitored) return 'unmonitored';
	if (!facts.seriesMonitored) return 'series_unmonitored';
	if (facts.special && !rules.specials) return 'special';
	return facts.filtered ? 'filtered' : null;
}

function timingReason(
	{ timing }: ItemFacts,
	{ now, graceMs }: WantedRules,
	availableAt: Date | null,
): { why: NotWantedReason; until: Date | null } | null {
	const isFuture = timing.kind === 'movie' ? !timing.isAvailable : availableAt !== null && availableAt > now;
	if (timing.kind === 'episode' && availableAt === null) return { why: 'no_air_date', until: null };
	if (isFuture) return { why: 'not_available', until: availableAt };
	if (availableAt === null) return null;
	const graceEnds = new Date(availableAt.getTime() + graceMs);
	return graceEnds > now ? { why: 'in_grace', until: graceEnds } : null;
}

/** Below the quality cutoff, or at it with a score that is too low; only where an upgrade can be accepted. */
function judgeUpgrade(facts: ItemFacts, rules: WantedRules, availableAt: Date | null): Judgement {
	const no = (why: NotWantedReason): Judgement => ({ wanted: null, why, availableAt, until: null });
	if (facts.profile?.upgradeAllowed !== true) return no('upgrades_not_allowed');
	const kind = upgradeKind(facts.file, facts.profile);
	if (kind === null) return no('cutoff_met');
	if (!rules.kinds[kind]) return { ...no('kind_off'), off: kind };
	if (facts.file?.carriesFile !== true) return no('shared_file');
	return { wanted: kind, why: null, availableAt, until: null };
}

function upgradeKind(file: FileFacts | null, profile: ProfileFacts): 'quality' | 'format' | null {
	if (file === null) return null;
	const below = file.rank === null ? file.arrCutoffNotMet === true : file.rank < profile.effectiveCutoffRank;
	if (below) return 'quality';
	return file.formatScore !== null && file.formatScore < profile.cutoffFormatScore ? 'format' : null;
}
