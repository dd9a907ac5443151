// `/indexer` and `/downloadclient`.
import type { App } from '../app.ts';
import { typeOf } from '../downloads/history.ts';
import { list, missing, ok, unknownId, type Answer } from '../http/answer.ts';
import type { Call, Router } from '../http/router.ts';
import { isObject, textOf, type Json, type JsonObject } from '../json.ts';
import type { DownloadClient, Indexer } from '../state/model.ts';
import { fieldsOf, savedFields, type FieldSpec } from './fields.ts';

const languages: FieldSpec = {
	name: 'multiLanguages',
	label: 'Multi Languages',
	type: 'select',
	value: [],
	advanced: true,
	selectOptions: [
		{ value: -2, name: 'Original', order: 0 },
		{ value: 1, name: 'English', order: 0 },
	],
};

const failDownloads: FieldSpec = {
	name: 'failDownloads',
	label: 'Fail Downloads',
	type: 'select',
	value: [],
	advanced: true,
	selectOptions: [{ value: 0, name: 'Executables', order: 7, hint: '(0)' }],
};

const requiredFlags: FieldSpec = {
	name: 'requiredFlags',
	label: 'Required Flags',
	type: 'select',
	helpLink: 'https://wiki.servarr.com/radarr/settings#indexer-flags',
	value: [],
	advanced: true,
	selectOptions: [{ value: 1, name: 'G Freeleech', order: 1 }],
};

const priorities = [
	{ value: 0, name: 'Last', order: 0 },
	{ value: 1, name: 'First', order: 1 },
];

const states = [
	{ value: 0, name: 'Started', order: 7, hint: '(0)' },
	{ value: 1, name: 'Force Started', order: 10, hint: '(1)' },
	{ value: 2, name: 'Stopped', order: 13, hint: '(2)' },
];

function indexerFields(app: App, indexer: Indexer): FieldSpec[] {
	const isSeries = app.traits.shape === 'series';
	const anime: FieldSpec[] = [
		{
			name: 'animeCategories',
			label: 'Anime Categories',
			type: 'select',
			value: [5070],
			provider: 'newznabCategories',
		},
		{
			name: 'animeStandardFormatSearch',
			label: 'Anime Standard Format Search',
			type: 'checkbox',
			value: indexer.animeStandardFormatSearch,
		},
	];
	const isW2 = app.traits.family === 'whisparr2';
	return [
		{ name: 'baseUrl', label: 'URL', type: 'textbox', value: `http://indexer.example/${indexer.id}` },
		{
			name: 'apiPath',
			label: 'API Path',
			type: 'textbox',
			value: '/api',
			helpText: 'Path to the api',
			advanced: true,
		},
		{ name: 'apiKey', label: 'API Key', type: 'textbox', value: 'INDEXERSECRET', privacy: 'apiKey' },
		{
			name: 'categories',
			label: 'Categories',
			type: 'select',
			value: isSeries ? [5000, 5040] : [2000, 2040],
			provider: 'newznabCategories',
		},
		...(isSeries && app.traits.family === 'sonarr' ? anime : []),
		{ name: 'additionalParameters', label: 'Additional Parameters', type: 'textbox', advanced: true },
		...(isW2 ? [] : [languages, failDownloads]),
		...(isSeries ? [] : [requiredFlags]),
		{ name: 'minimumSeeders', label: 'Minimum Seeders', type: 'number', value: 1, advanced: true },
		{ name: 'seedCriteria.seedRatio', label: 'Seed Ratio', type: 'number', isFloat: true },
		{ name: 'seedCriteria.seedTime', label: 'Seed Time', type: 'number', unit: 'minutes', advanced: true },
	];
}

export function indexerResource(app: App, indexer: Indexer): JsonObject {
	const kind = indexer.protocol === 'usenet' ? 'Newznab' : 'Torznab';
	const name = app.traits.appName.toLowerCase();
	return {
		enableRss: indexer.rss,
		enableAutomaticSearch: indexer.automatic,
		enableInteractiveSearch: indexer.interactive,
		supportsRss: true,
		supportsSearch: true,
		protocol: indexer.protocol,
		priority: indexer.priority,
		seasonSearchMaximumSingleEpisodeAge: app.traits.shape === 'series' && !app.traits.nancy ? 0 : undefined,
		downloadClientId: app.traits.nancy ? undefined : 0,
		name: indexer.name,
		fields: fieldsOf(app, indexerFields(app, indexer), indexer.fields),
		implementationName: kind,
		implementation: kind,
		configContract: `${kind}Settings`,
		infoLink: `https://wiki.servarr.com/${name}/supported#${kind.toLowerCase()}`,
		tags: indexer.tags,
		id: indexer.id,
	};
}

function clientFields(app: App, client: DownloadClient): FieldSpec[] {
	const stem = app.traits.shape === 'series' ? 'tv' : 'movie';
	const capital = stem === 'tv' ? 'Tv' : 'Movie';
	const withKey: FieldSpec[] =
		app.traits.family === 'sonarr'
			? [{ name: 'apiKey', label: 'API Key', type: 'textbox', privacy: 'apiKey' }]
			: [];
	return [
		{ name: 'host', label: 'Host', type: 'textbox', value: 'client.example' },
		{ name: 'port', label: 'Port', type: 'textbox', value: 8080 },
		{
			name: 'useSsl',
			label: 'Use SSL',
			type: 'checkbox',
			value: false,
			helpText: 'Use a secure connection.',
		},
		{ name: 'urlBase', label: 'URL Base', type: 'textbox', advanced: true },
		...withKey,
		{ name: 'username', label: 'Username', type: 'textbox', value: 'admin', privacy: 'userName' },
		{ name: 'password', label: 'Password', type: 'password', value: 'CLIENTSECRET', privacy: 'password' },
		{ name: `${stem}Category`, label: 'Category', type: 'textbox', value: client.category },
		{ name: `${stem}ImportedCategory`, label: 'Post-Import Category', type: 'textbox', advanced: true },
		{
			name: `recent${capital}Priority`,
			label: 'Recent Priority',
			type: 'select',
			value: 0,
			selectOptions: priorities,
		},
		{
			name: `older${capital}Priority`,
			label: 'Older Priority',
			type: 'select',
			value: 0,
			selectOptions: priorities,
		},
		{
			name: 'initialState',
			label: 'Initial State',
			type: 'select',
			value: client.addsPaused ? 2 : 0,
			selectOptions:
				app.traits.family === 'whisparr2' ? states.map((one) => ({ ...one, hint: undefined })) : states,
		},
		{ name: 'sequentialOrder', label: 'Sequential Order', type: 'checkbox', value: false },
		{ name: 'firstAndLast', label: 'First and Last First', type: 'checkbox', value: false },
	];
}

export function clientResource(app: App, client: DownloadClient): JsonObject {
	const name = app.traits.appName.toLowerCase();
	const { implementation } = client;
	return {
		enable: client.enabled,
		protocol: client.protocol,
		priority: client.priority,
		removeCompletedDownloads: app.traits.nancy ? undefined : true,
		removeFailedDownloads: app.traits.nancy ? undefined : true,
		name: client.name,
		fields: fieldsOf(app, implementation === 'QBittorrent' ? clientFields(app, client) : [], client.fields),
		implementationName: typeOf(client),
		implementation,
		configContract: `${implementation}Settings`,
		infoLink: `https://wiki.servarr.com/${name}/supported#${implementation.toLowerCase()}`,
		tags: client.tags,
		id: client.id,
	};
}

function bool(value: Json, fallback: boolean): boolean {
	return typeof value === 'boolean' ? value : fallback;
}

function numbersIn(value: Json): number[] {
	return Array.isArray(value) ? value.map(Number) : [];
}

function saveIndexer(call: Call, before: Indexer | null): Answer {
	const { app, prefix } = call;
	const body = isObject(call.body) ? call.body : {};
	const indexer = before ?? app.acts.addIndexer({});
	indexer.name = textOf(body.name, indexer.name);
	indexer.rss = bool(body.enableRss, indexer.rss);
	indexer.automatic = bool(body.enableAutomaticSearch, indexer.automatic);
	indexer.interactive = bool(body.enableInteractiveSearch, indexer.interactive);
	indexer.priority = Number(body.priority ?? indexer.priority);
	indexer.tags = numbersIn(body.tags);
	indexer.fields = savedFields(body, indexer.fields);
	if (before === null) app.indexers.ask(indexer, 'test', 'caps', null);
	app.health.settingsChanged();
	const location: Record<string, string> =
		before === null ? { location: `${prefix}/indexer/${indexer.id}` } : {};
	return { status: before === null ? 201 : 202, headers: location, json: indexerResource(app, indexer) };
}

function saveClient(call: Call, before: DownloadClient | null): Answer {
	const { app, prefix } = call;
	const body = isObject(call.body) ? call.body : {};
	const client = before ?? app.acts.addDownloadClient({});
	client.name = textOf(body.name, client.name);
	client.enabled = bool(body.enable, client.enabled);
	client.priority = Number(body.priority ?? client.priority);
	client.tags = numbersIn(body.tags);
	client.fields = savedFields(body, client.fields);
	app.health.settingsChanged();
	const location: Record<string, string> =
		before === null ? { location: `${prefix}/downloadclient/${client.id}` } : {};
	return { status: before === null ? 201 : 202, headers: location, json: clientResource(app, client) };
}

function addCrud<T>(
	router: Router,
	path: string,
	table: (app: App) => Map<number, T>,
	resource: (app: App, item: T) => JsonObject,
	save: (call: Call, before: T | null) => Answer,
): void {
	const find = (app: App, id: number): T => {
		const item = table(app).get(id);
		if (item === undefined) throw unknownId(app.traits);
		return item;
	};
	router.get(path, ({ app }) => list([...table(app).values()], (item) => resource(app, item)));
	router.get(`${path}/{id}`, ({ app, id }) => ok(resource(app, find(app, id))));
	router.post(path, (call) => save(call, null));
	router.put(`${path}/{id}`, (call) => save(call, find(call.app, call.id)));
	router.delete(`${path}/{id}`, ({ app, id }) => {
		if (!table(app).delete(id)) throw missing(path, id);
		app.health.settingsChanged();
		return ok({});
	});
}

/** A test is a real request: it raises or clears the back-off. */
function testAll({ app }: Call): Answer {
	const results = [...app.store.indexers.values()].map((indexer) => {
		const good = app.indexers.ask(indexer, 'test', 'caps', null);
		if (good) app.acts.setIndexer(indexer.id, { blocked: false });
		else app.indexers.failed(indexer, indexer.answers, indexer.retryAfter);
		return { id: indexer.id, isValid: good, validationFailures: [] };
	});
	return ok(results);
}

export function addProviderRoutes(router: Router): void {
	addCrud(router, 'indexer', (app) => app.store.indexers, indexerResource, saveIndexer);
	addCrud(router, 'downloadclient', (app) => app.store.clients, clientResource, saveClient);
	router.post('indexer/testall', testAll, false);
}
