/**
 * The closed lists of words that tables, rules, REST and pages share. One concept, one word: a list here is the
 * only place where its members are written out, and the database checks against the same list.
 */

export const CONNECTOR_KINDS = ['sonarr', 'radarr', 'whisparr'] as const;
export type ConnectorKind = (typeof CONNECTOR_KINDS)[number];

/** What a library is made of: Sonarr and Whisparr 2 have series, Radarr and Whisparr 3 have movies. */
export const SHAPES = ['series', 'movies'] as const;
export type Shape = (typeof SHAPES)[number];

/** `observe`: sync, discovery, plan, explanation and health run; nothing is queued or sent. */
export const MODES = ['observe', 'active'] as const;
export type Mode = (typeof MODES)[number];

export const HEALTH_STATUSES = ['unknown', 'healthy', 'degraded', 'unhealthy', 'offline'] as const;
export type HealthStatus = (typeof HEALTH_STATUSES)[number];

/** Why an item is wanted, which is also the kind of search that is made for it. */
export const WANTED_REASONS = ['gap', 'quality', 'format'] as const;
export type WantedReason = (typeof WANTED_REASONS)[number];

export const TARGET_KINDS = ['episode', 'season', 'movie'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** Library items of which a user can ask "why?" and that can be wanted. */
export const ITEM_KINDS = ['episode', 'movie'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** What a mirrored row's absence from the arr's answers means so far. */
export const PRESENCES = ['present', 'unconfirmed', 'deleted'] as const;
export type Presence = (typeof PRESENCES)[number];

export const SEARCH_STATES = [
	'pending',
	'queued',
	'searching',
	'grabbed',
	'cooldown',
	'failed',
	'exhausted',
	'done',
] as const;
export type SearchState = (typeof SEARCH_STATES)[number];

/** A dispatch's own life. `ended`: the command ended with nothing found, and health is still to be read again. */
export const DISPATCH_STATES = ['claimed', 'sending', 'watching', 'ended', 'parked', 'concluded'] as const;
export type DispatchState = (typeof DISPATCH_STATES)[number];

/** `withdrawn`: taken back before anything was sent (a live check said no, or it provably never arrived). */
export const OUTCOMES = [
	'grabbed',
	'nothing_found',
	'not_searched',
	'inconclusive',
	'pending',
	'merged',
	'error',
	'lost',
	'withdrawn',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** How well the evidence of an outcome proves it. `shared`: another search of the item ran at the same time. */
export const STRENGTHS = ['strong', 'weak', 'shared'] as const;
export type Strength = (typeof STRENGTHS)[number];

/** What became of a grab. `vanished`: nowhere for 24 h while the clients were well. */
export const GRAB_RESULTS = ['following', 'imported', 'manual', 'failed', 'vanished'] as const;
export type GrabResult = (typeof GRAB_RESULTS)[number];

export const SYNC_MODES = ['incremental', 'full'] as const;
export type SyncMode = (typeof SYNC_MODES)[number];

export const JOB_STATUSES = ['queued', 'running', 'done', 'failed'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const THROTTLE_PRESETS = ['conservative', 'moderate', 'aggressive'] as const;
export type ThrottlePreset = (typeof THROTTLE_PRESETS)[number];

export const SEVERITIES = ['info', 'success', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The facts of design §4.7 in the order in which they are asked; the first closed one is the reason shown. */
export const GATES = [
	'connector_enabled',
	'mode_active',
	'not_paused',
	'reachable',
	'kind_enabled',
	'search_window',
	'wanted',
	'not_excluded',
	'grace_and_delay',
	'not_in_flight',
	'not_covered_by_season',
	'state',
	'usable_indexer',
	'download_client',
	'budget_and_spacing',
	'turn',
] as const;
export type Gate = (typeof GATES)[number];

/** Why a mirrored item is not wanted: the first that holds, in this order. */
export const NOT_WANTED_REASONS = [
	'gone_from_arr',
	'unconfirmed',
	'unreadable',
	'unmonitored',
	'series_unmonitored',
	'special',
	'filtered',
	'no_air_date',
	'not_available',
	'in_grace',
	'not_searchable',
	'kind_off',
	'upgrades_not_allowed',
	'cutoff_met',
	'shared_file',
] as const;
export type NotWantedReason = (typeof NOT_WANTED_REASONS)[number];
