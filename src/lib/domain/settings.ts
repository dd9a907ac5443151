/** Settings of a connector and of the product: their shape, limits and defaults, validated wherever they come in. */
import * as v from 'valibot';
import { THROTTLE_PRESETS } from './words';

const hours = (min: number, max: number) => v.pipe(v.number(), v.minValue(min), v.maxValue(max));

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
	graceHours: v.optional(hours(0, 24 * 30), 12),
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
			minWanted: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(100)), 3),
			/** Per cent of monitored, aired episodes that must be wanted … */
			minShare: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 50),
			/** … or this many, whatever the share. */
			orMoreThan: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)), 5),
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
	maxAttempts: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 10),
	/** Days an exhausted item rests before one more attempt. */
	exhaustedRestDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(7), v.maxValue(3650)), 90),
	schedule: v.optional(
		v.object({
			/** Minutes between incremental syncs. */
			syncMinutes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1440)), 15),
			/** Cron expression of the full reconciliation, in `timezone`; null spreads it by connector id. */
			fullSyncCron: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(100))), null),
			/** Minutes between sweeps. */
			sweepMinutes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(1440)), 30),
			timezone: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(64))), null),
		}),
		{},
	),
	connection: v.optional(
		v.object({
			timeoutSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(5), v.maxValue(300)), 30),
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
