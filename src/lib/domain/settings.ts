/** Settings of a connector and of the product: their shape, limits and defaults, validated wherever they come in. */
import * as v from 'valibot';
import { THROTTLE_PRESETS } from './words';

/** Least and most of each number, as the pages and the interface take it. */
export const SETTING_LIMITS = {
	graceHours: [0, 24 * 30],
	maxAttempts: [1, 100],
	exhaustedRestDays: [7, 3650],
	minWanted: [2, 100],
	minShare: [1, 100],
	orMoreThan: [1, 1000],
	syncMinutes: [1, 1440],
	sweepMinutes: [5, 1440],
	timeoutSeconds: [5, 300],
} as const satisfies Record<string, readonly [least: number, most: number]>;
export type NumberSetting = keyof typeof SETTING_LIMITS;

const within = (name: NumberSetting) =>
	v.pipe(v.number(), v.minValue(SETTING_LIMITS[name][0]), v.maxValue(SETTING_LIMITS[name][1]));
const whole = (name: NumberSetting) => v.pipe(within(name), v.integer());

const kindSettings = (on: boolean, share: number) =>
	v.optional(
		v.object({
			enabled: v.optional(v.boolean(), on),
			/** Per cent of each budget window that this kind may use. */
			share: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), share),
		}),
		{},
	);

/** Labels, not ids: they are re-bound by name when the arr's ids change. Empty = no filter. */
const filterList = v.optional(v.array(v.pipe(v.string(), v.maxLength(500))), []);

export const connectorSettingsSchema = v.object({
	throttle: v.optional(v.picklist(THROTTLE_PRESETS), 'conservative'),
	/** Hours after air time or availability before a search makes sense. */
	graceHours: v.optional(within('graceHours'), 12),
	specials: v.optional(v.boolean(), false),
	kinds: v.optional(
		v.object({
			gap: kindSettings(true, 100),
			quality: kindSettings(true, 20),
			format: kindSettings(false, 10),
		}),
		{},
	),
	seasonSearch: v.optional(
		v.object({
			enabled: v.optional(v.boolean(), true),
			/** Fewest wanted episodes for a season search. */
			minWanted: v.optional(whole('minWanted'), 3),
			/** Per cent of monitored, aired episodes that must be wanted … */
			minShare: v.optional(whole('minShare'), 50),
			/** … or this many, whatever the share. */
			orMoreThan: v.optional(whole('orMoreThan'), 5),
		}),
		{},
	),
	filters: v.optional(
		v.object({
			includeTags: filterList,
			excludeTags: filterList,
			qualityProfiles: filterList,
			seriesTypes: filterList,
			rootFolders: filterList,
		}),
		{},
	),
	/** Attempts after which an item is given up. */
	maxAttempts: v.optional(whole('maxAttempts'), 10),
	/** Days an exhausted item rests before one more attempt. */
	exhaustedRestDays: v.optional(whole('exhaustedRestDays'), 90),
	schedule: v.optional(
		v.object({
			/** Minutes between incremental syncs. */
			syncMinutes: v.optional(whole('syncMinutes'), 15),
			/** Cron expression of the full reconciliation, in `timezone`; null spreads it by connector id. */
			fullSyncCron: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(100))), null),
			/** Minutes between sweeps. */
			sweepMinutes: v.optional(whole('sweepMinutes'), 30),
			timezone: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(64))), null),
		}),
		{},
	),
	connection: v.optional(
		v.object({
			timeoutSeconds: v.optional(whole('timeoutSeconds'), 30),
			allowSelfSigned: v.optional(v.boolean(), false),
			/** PEM of an own CA. */
			ca: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(100_000))), null),
		}),
		{},
	),
	/** Used by the instance switcher: TV, anime, movies, … */
	group: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(50))), null),
});

export type ConnectorSettings = v.InferOutput<typeof connectorSettingsSchema>;
export type ConnectorSettingsInput = v.InferInput<typeof connectorSettingsSchema>;

/** Every setting at its default. */
export const defaultConnectorSettings = (): ConnectorSettings => v.parse(connectorSettingsSchema, {});
