// All commands an application knows, and the reading of their bodies.
import type { App } from '../app.ts';
import { failure } from '../http/answer.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Traits } from '../kinds.ts';
import type { Process } from '../process.ts';
import { rssSync } from '../life/rss.ts';
import type { Definition, Property } from './command.ts';
import { MOVIE_SEARCHES, PEOPLE_SEARCHES, SERIES_SEARCHES } from './searches.ts';

function* pause(ms: number): Process<string | null> {
	yield ms;
	return null;
}

function simple(name: string, extra: Partial<Definition> = {}): Definition {
	return { name, properties: [], run: () => pause(30), ...extra };
}

const SHARED: Definition[] = [
	simple('RefreshMonitoredDownloads', {
		suppressMessages: true,
		run: function* (app: App) {
			yield* app.downloads.refresh();
			app.own('ProcessMonitoredDownloads');
			return null;
		},
	}),
	simple('ProcessMonitoredDownloads', {
		diskAccess: true,
		longRunning: true,
		suppressMessages: true,
		run: function* (app: App) {
			yield* app.downloads.process();
			return null;
		},
	}),
	simple('MessagingCleanup', {
		suppressMessages: true,
		run: function* (app: App) {
			yield 10;
			app.commands.cleanUp();
			return null;
		},
	}),
	simple('CheckHealth', {
		run: function* (app: App) {
			yield 200;
			app.health.checkAll();
			return null;
		},
	}),
	simple('RssSync', { longRunning: true, run: rssSync }),
	simple('ImportListSync', { typeExclusive: true }),
	simple('Backup'),
	simple('Housekeeping'),
	simple('ApplicationUpdate', { exclusive: true }),
	simple('ApplicationUpdateCheck'),
	simple('CleanUpRecycleBin'),
	simple('DownloadedEpisodesScan', { diskAccess: true }),
	simple('RenameFiles', { diskAccess: true }),
	simple('ManualImport', { diskAccess: true }),
];

const SERIES_ONLY: Definition[] = [
	...SERIES_SEARCHES,
	simple('RefreshSeries', { longRunning: true, properties: [{ name: 'seriesIds', type: 'ints' }] }),
	simple('RescanSeries', { diskAccess: true, properties: [{ name: 'seriesId', type: 'int' }] }),
	simple('UpdateSceneMapping'),
];

const MOVIE_ONLY: Definition[] = [
	...MOVIE_SEARCHES,
	simple('RefreshMovie', { longRunning: true, properties: [{ name: 'movieIds', type: 'ints' }] }),
	simple('RescanMovie', { diskAccess: true, properties: [{ name: 'movieId', type: 'int' }] }),
];

function definitionsFor(traits: Traits): Definition[] {
	const own = traits.shape === 'series' ? SERIES_ONLY : MOVIE_ONLY;
	const people = traits.family === 'whisparr3' ? PEOPLE_SEARCHES : [];
	const extra = traits.kind === 'sonarr5' ? SONARR5_PROPERTIES : {};
	return [...SHARED, ...own, ...people].map((definition) => {
		const isHousekeeping = traits.kind === 'sonarr5' && definition.name === 'Housekeeping';
		const more = extra[definition.name] ?? [];
		return {
			...definition,
			properties: [...definition.properties, ...more],
			exclusive: definition.exclusive ?? isHousekeeping,
		};
	});
}

const SONARR5_PROPERTIES: Record<string, Property[]> = {
	MissingEpisodeSearch: [
		{ name: 'seriesIds', type: 'ints', fallback: [] },
		{ name: 'qualityProfileIds', type: 'ints', fallback: [] },
		{ name: 'seriesType', type: 'ints', fallback: [] },
		{ name: 'seriesTags', type: 'ints', fallback: [] },
	],
};

const cache = new Map<string, Map<string, Definition>>();

export function definition(traits: Traits, name: string): Definition | null {
	let known = cache.get(traits.kind);
	if (known === undefined) {
		known = new Map(definitionsFor(traits).map((one) => [one.name.toLowerCase(), one]));
		cache.set(traits.kind, known);
	}
	return known.get(name.toLowerCase()) ?? null;
}

/** The command's own properties out of a request body; a wrong JSON type is an error of the deserializer. */
export function readProps(wanted: Definition, body: JsonObject): JsonObject {
	const lower = new Map(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value]));
	const props: JsonObject = {};
	for (const property of wanted.properties) {
		const value = lower.get(property.name.toLowerCase());
		if (value === undefined || value === null) props[property.name] = property.fallback;
		else props[property.name] = checked(property, value);
	}
	return props;
}

function checked(property: Property, value: Json): Json {
	const { name, type } = property;
	if (type === 'int' && typeof value !== 'number') throw unconvertible('System.Int32', name);
	if (type === 'bool' && typeof value !== 'boolean') throw unconvertible('System.Boolean', name);
	if (type !== 'ints') return value;
	if (!Array.isArray(value)) throw unconvertible('System.Collections.Generic.List`1[System.Int32]', name);
	const wrong = value.findIndex((entry) => typeof entry !== 'number');
	if (wrong >= 0) throw unconvertible('System.Int32', `${name}[${wrong}]`);
	return value;
}

function unconvertible(type: string, path: string) {
	const message = `The JSON value could not be converted to ${type}. Path: $.${path} | LineNumber: 0 | BytePositionInLine: 43.`;
	return failure(500, message, 'System.Text.Json.JsonException');
}
