// Root folders, delay profiles and the `/config/*` documents.
import type { App } from '../app.ts';
import { invalid, list, ok, unknownId, type Answer } from '../http/answer.ts';
import type { Call, Router } from '../http/router.ts';
import { isObject, textOf, type JsonObject } from '../json.ts';
import type { DelayProfile } from '../state/model.ts';

function rootFolder(app: App, folder: { id: number; path: string }): JsonObject {
	const total = app.traits.kind === 'sonarr5' ? 500107862016 : undefined;
	return {
		path: folder.path,
		accessible: true,
		freeSpace: 83045531648,
		totalSpace: total,
		unmappedFolders: [],
		id: folder.id,
	};
}

function delayProfile(app: App, profile: DelayProfile): JsonObject {
	const scored = !app.traits.nancy;
	return {
		enableUsenet: profile.enableUsenet,
		enableTorrent: profile.enableTorrent,
		preferredProtocol: profile.preferredProtocol,
		usenetDelay: profile.usenetDelay,
		torrentDelay: profile.torrentDelay,
		bypassIfHighestQuality: profile.bypassIfHighestQuality,
		bypassIfAboveCustomFormatScore: scored ? false : undefined,
		minimumCustomFormatScore: scored ? 0 : undefined,
		order: profile.order,
		tags: profile.tags,
		id: profile.id,
	};
}

function indexerConfig(app: App): JsonObject {
	const { shape, family } = app.traits;
	const shared = {
		minimumAge: 0,
		retention: 0,
		maximumSize: 0,
		rssSyncInterval: shape === 'series' ? 15 : 30,
	};
	if (shape === 'series') return { ...shared, id: 1 };
	const own = {
		preferIndexerFlags: false,
		availabilityDelay: app.options.availabilityDelay,
		allowHardcodedSubs: false,
		whitelistedHardcodedSubs: '',
	};
	if (family === 'radarr') return { ...shared, ...own, id: 1 };
	const searches = {
		searchStudioCode: false,
		searchTitleOnly: app.options.searchTitle,
		searchTitleDate: false,
		searchStudioDate: true,
		searchStudioTitle: false,
		searchDateFormat: 'yymmdd',
		searchStudioFormat: 'clean',
	};
	return { ...shared, ...own, ...searches, id: 1 };
}

function downloadClientConfig(app: App): JsonObject {
	return {
		downloadClientWorkingFolders: '_UNPACK_|_FAILED_',
		enableCompletedDownloadHandling: true,
		checkForFinishedDownloadInterval: app.traits.shape === 'movie' ? 1 : undefined,
		autoRedownloadFailed: app.options.autoRedownloadFailed,
		autoRedownloadFailedFromInteractiveSearch: true,
		id: 1,
	};
}

function hostConfig(app: App): JsonObject {
	return {
		bindAddress: '*',
		port: 8989,
		authenticationMethod: app.options.auth,
		authenticationRequired: 'enabled',
		apiKey: app.options.apiKey,
		urlBase: app.options.urlBase,
		instanceName: app.options.instanceName,
		whisparrCacheMovieAPI: app.traits.family === 'whisparr3' ? app.options.cacheMovieApi : undefined,
		id: 1,
	};
}

function mediaConfig(app: App): JsonObject {
	const isNew = app.traits.kind === 'sonarr5';
	return {
		autoUnmonitorPreviouslyDownloadedEpisodes: app.options.unmonitorDeleted,
		recycleBin: '',
		recycleBinCleanupDays: 7,
		downloadPropersAndRepacks: 'preferAndUpgrade',
		createEmptySeriesFolders: false,
		deleteEmptyFolders: false,
		fileDate: 'none',
		rescanAfterRefresh: 'always',
		setPermissionsLinux: false,
		chmodFolder: '755',
		chownGroup: '',
		episodeTitleRequired: 'always',
		skipFreeSpaceCheckWhenImporting: false,
		minimumFreeSpaceWhenImporting: 100,
		copyUsingHardlinks: true,
		useScriptImport: false,
		scriptImportPath: '',
		importExtraFiles: false,
		extraFileExtensions: 'srt',
		enableMediaInfo: true,
		userRejectedExtensions: isNew ? '' : undefined,
		seasonPackUpgrade: isNew ? app.options.seasonPackUpgrade : undefined,
		seasonPackUpgradeThreshold: isNew ? app.options.seasonPackUpgradeThreshold : undefined,
		id: 1,
	};
}

function change(call: Call, document: (app: App) => JsonObject): Answer {
	const { app, body } = call;
	const values = isObject(body) ? body : {};
	const names: Record<string, keyof App['options']> = {
		availabilityDelay: 'availabilityDelay',
		autoRedownloadFailed: 'autoRedownloadFailed',
		whisparrCacheMovieAPI: 'cacheMovieApi',
		searchTitleOnly: 'searchTitle',
		seasonPackUpgrade: 'seasonPackUpgrade',
		seasonPackUpgradeThreshold: 'seasonPackUpgradeThreshold',
	};
	for (const [name, option] of Object.entries(names)) {
		if (values[name] !== undefined) Object.assign(app.options, { [option]: values[name] });
	}
	app.store.touch();
	return { status: 202, headers: {}, json: document(app) };
}

function saveDelayProfile({ app, body, prefix }: Call, before: DelayProfile | null): Answer {
	const sent = isObject(body) ? body : {};
	const id = before?.id ?? app.store.nextId('delayProfiles');
	const profile: DelayProfile = {
		id,
		enableUsenet: sent.enableUsenet !== false,
		enableTorrent: sent.enableTorrent !== false,
		usenetDelay: Number(sent.usenetDelay ?? 0),
		torrentDelay: Number(sent.torrentDelay ?? 0),
		preferredProtocol: sent.preferredProtocol === 'torrent' ? 'torrent' : 'usenet',
		bypassIfHighestQuality: sent.bypassIfHighestQuality === true,
		order: Number(sent.order ?? id),
		tags: Array.isArray(sent.tags) ? sent.tags.map(Number) : [],
	};
	app.store.delayProfiles.set(id, profile);
	const location = `${prefix}/delayprofile/${id}`;
	return { status: before === null ? 201 : 202, headers: { location }, json: delayProfile(app, profile) };
}

function addRootFolder({ app, body }: Call): Answer {
	const path = isObject(body) ? body.path : undefined;
	const known = [...app.store.rootFolders.values()].find((folder) => folder.path === path);
	if (known !== undefined) return { status: 201, headers: {}, json: rootFolder(app, known) };
	throw invalid({
		propertyName: 'Path',
		errorMessage: `Path '${textOf(path)}' does not exist`,
		attemptedValue: path,
		errorCode: 'PathExistsValidator',
		placeholders: { path },
	});
}

export function addSettingRoutes(router: Router, withDocuments = true): void {
	router.get('rootfolder', ({ app }) =>
		list([...app.store.rootFolders.values()], (folder) => rootFolder(app, folder)),
	);
	router.post('rootfolder', addRootFolder);
	router.get('delayprofile', ({ app }) =>
		list([...app.store.delayProfiles.values()], (profile) => delayProfile(app, profile)),
	);
	router.get('delayprofile/{id}', ({ app, id }) => {
		const profile = app.store.delayProfiles.get(id);
		if (profile === undefined) throw unknownId(app.traits);
		return ok(delayProfile(app, profile));
	});
	router.post('delayprofile', (call) => saveDelayProfile(call, null));
	router.put('delayprofile/{id}', (call) => {
		const profile = call.app.store.delayProfiles.get(call.id);
		if (profile === undefined) throw unknownId(call.app.traits);
		return saveDelayProfile(call, profile);
	});
	const documents: [string, (app: App) => JsonObject][] = [
		['config/indexer', indexerConfig],
		['config/downloadclient', downloadClientConfig],
		['config/host', hostConfig],
		['config/mediamanagement', mediaConfig],
	];
	for (const [path, document] of withDocuments ? documents : []) {
		router.get(path, ({ app }) => ok(document(app)));
		router.put(path, (call) => change(call, document));
		router.put(`${path}/{id}`, (call) => change(call, document));
	}
}
